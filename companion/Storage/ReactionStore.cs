using Microsoft.Data.Sqlite;
using Soundings.Api;

namespace Soundings.Storage;

/// <summary>
/// Likes that were seen to be given. An export brings the same ones again, under its own ids and the second they were given: those are known
/// by site and time.
/// </summary>
internal sealed class ReactionStore(Database database)
{
    private const string SeenPrefix = "seen:";

    /// <summary>The site's clock and the user's may differ by this; nobody gives two likes of a site that an export tells apart by less.</summary>
    private const long SameTimeMs = 5_000;

    /// <summary>Each item once, however often its like is taken back and given again. The number that are new.</summary>
    public Task<int> AddSeenAsync(IReadOnlyList<SeenReaction> reactions, long now) => database.WriteAsync(connection =>
    {
        int added = 0;
        foreach (SeenReaction reaction in reactions)
        {
            long? at = Moment.Parse(reaction.At);
            added += connection.Execute(
                "INSERT INTO reactions (site, id, kind, target, at, moment) SELECT $site, $id, $kind, $target, $at, $moment WHERE NOT EXISTS (SELECT 1 FROM reactions WHERE site = $site AND target = $target)",
                ("$site", reaction.Site), ("$id", SeenPrefix + reaction.Item), ("$kind", reaction.Kind), ("$target", reaction.Item), ("$at", at), ("$moment", at ?? now));
        }
        return added;
    });

    /// <summary>Whether a like of an export is one that was seen to be given. It takes that one's place, so that each stands for one.</summary>
    internal static bool TryAdopt(SqliteConnection connection, string site, string id, long at) => connection.Execute("""
        UPDATE reactions SET id = $id WHERE reaction = (
          SELECT reaction FROM reactions WHERE site = $site AND id LIKE 'seen:%' AND abs(at - $at) <= $same ORDER BY abs(at - $at) LIMIT 1)
          AND NOT EXISTS (SELECT 1 FROM reactions WHERE site = $site AND id = $id)
        """, ("$site", site), ("$id", id), ("$at", at), ("$same", SameTimeMs)) == 1;
}
