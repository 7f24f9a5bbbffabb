using Microsoft.Data.Sqlite;
using Soundings.Depth;

namespace Soundings.Storage;

/// <summary>Where a record came from. An export that holds the same comment twice means two; two exports of the same comment mean one.</summary>
internal enum Origin
{
    LinkedInTable = 1,
    FacebookJson = 2,
    FacebookHtml = 3,
    SavedPage = 4,
}

/// <summary>One record read and scored, waiting to be stored: an item with its score, or a reaction.</summary>
internal sealed record StagedRecord(Origin Origin, Item? Item, Score? Score, Reaction? Reaction);

/// <summary>What storing came to: new here, or here before.</summary>
internal sealed record ImportCounts(int Added, int Known);

/// <summary>
/// Stores an import wholly or not at all, and each record once: known by its key, else by being the user's own words of the same kind at the
/// same time and place, under whatever key another export or the page gave them.
/// </summary>
internal sealed class ImportStore(Database database)
{
    /// <summary>Facebook's HTML tells the time without a zone: a day and its margins lie between two readings of one clock.</summary>
    private const long SameTimeMs = 26 * 60 * 60 * 1000L;

    /// <summary>One transaction. <paramref name="records"/> is read on the writer's thread; when it throws or is cancelled nothing was stored.</summary>
    public Task<ImportCounts> AddAsync(IEnumerable<StagedRecord> records, long now, CancellationToken stop) => database.WriteAsync(connection =>
    {
        using ItemStore.Pen pen = new(connection, now);
        int added = 0, known = 0;
        foreach (StagedRecord record in records)
        {
            stop.ThrowIfCancellationRequested();
            bool isNew = record.Reaction is { } reaction ? AddReaction(connection, reaction, now) : AddItem(connection, pen, record);
            if (isNew) added++;
            else known++;
        }
        return new ImportCounts(added, known);
    });

    /// <summary>Reactions from inclusive, to exclusive, in milliseconds since 1970; by their own time, else by when they were imported.</summary>
    public int CountReactions(long? from, long? to) => database.Read(connection => (int)connection.Scalar<long>(
        "SELECT count(*) FROM reactions WHERE moment >= $from AND moment < $to", ("$from", from ?? long.MinValue), ("$to", to ?? long.MaxValue)));

    /// <summary>In the order in which they came.</summary>
    public IEnumerable<Reaction> All()
    {
        for (long after = 0; ;)
        {
            var some = database.Read(connection => connection.Query("SELECT reaction, site, id, kind, target, at FROM reactions WHERE reaction > $after ORDER BY reaction LIMIT 1000", row => (
                Row: row.GetInt64(0),
                Reaction: new Reaction(row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4), row.IsDBNull(5) ? null : Moment.Format(row.GetInt64(5)))), ("$after", after)));
            foreach ((_, Reaction reaction) in some) yield return reaction;
            if (some.Count == 0) yield break;
            after = some[^1].Row;
        }
    }

    /// <summary>
    /// The page shows an item of the user's under its true id for the first time: if an export brought it under a key made of its words, that
    /// row becomes it, with its labels. True: there is a row under the id now.
    /// </summary>
    internal static bool TryAdopt(SqliteConnection connection, Item item)
    {
        if (item.Mine != true || item.Id.Contains(":#", StringComparison.Ordinal)) return false;
        const string Imported = "i.id LIKE '%:#%' AND EXISTS (SELECT 1 FROM imported m WHERE m.item = i.item)";
        if (Twin(connection, item, Imported) is not { } twin) return false;
        string site = item.Site ?? "", old = connection.Scalar<string>("SELECT id FROM items WHERE item = $item", ("$item", twin))!;
        connection.Execute("UPDATE items SET id = $id WHERE item = $item", ("$id", item.Id), ("$item", twin));
        connection.Execute("UPDATE labels SET item = $id WHERE site = $site AND item = $old", ("$id", item.Id), ("$site", site), ("$old", old));
        return true;
    }

    private static bool AddItem(SqliteConnection connection, ItemStore.Pen pen, StagedRecord record)
    {
        Item item = record.Item!;
        string site = item.Site ?? "";
        if (connection.Scalar<long>("SELECT item FROM imported WHERE site = $site AND id = $id", ("$site", site), ("$id", item.Id)) != 0) return false;
        long row = RowOf(connection, site, item.Id);
        if (row == 0 && item.Mine == true)
            row = Twin(connection, item, "NOT EXISTS (SELECT 1 FROM imported m WHERE m.item = i.item AND m.origin = $origin)", ("$origin", (int)record.Origin)) ?? 0;
        bool isNew = row == 0;
        if (isNew)
        {
            pen.Write(item, record.Score!);
            row = RowOf(connection, site, item.Id);
        }
        else
        {
            // The export knows that it is the user's, and when it was written; the page often shows neither.
            connection.Execute("UPDATE items SET mine = max(mine, $mine), at = coalesce(at, $at), moment = coalesce(at, $at, firstSeen) WHERE item = $item",
                ("$mine", item.Mine == true ? 1 : 0), ("$at", Moment.Parse(item.At)), ("$item", row));
        }
        connection.Execute("INSERT INTO imported VALUES ($site, $id, $origin, $item)", ("$site", site), ("$id", item.Id), ("$origin", (int)record.Origin), ("$item", row));
        return isNew;
    }

    private static bool AddReaction(SqliteConnection connection, Reaction reaction, long now)
    {
        long? at = Moment.Parse(reaction.At);
        if (at is { } time && ReactionStore.TryAdopt(connection, reaction.Site, reaction.Id, time)) return false;
        return connection.Execute(
            "INSERT INTO reactions (site, id, kind, target, at, moment) VALUES ($site, $id, $kind, $target, $at, $moment) ON CONFLICT DO NOTHING",
            ("$site", reaction.Site), ("$id", reaction.Id), ("$kind", reaction.Kind), ("$target", reaction.Target), ("$at", at), ("$moment", at ?? now)) == 1;
    }

    /// <summary>
    /// The one row with the same words of the user's that can be the same item: nothing that is known of both contradicts, and either time or
    /// place speaks for it, or there is no other such row.
    /// </summary>
    private static long? Twin(SqliteConnection connection, Item item, string condition, params ReadOnlySpan<(string Name, object? Value)> more)
    {
        long? at = Moment.Parse(item.At);
        var rows = connection.Query($"""
            SELECT i.item, i.at, i.parentId FROM items i JOIN texts t ON t.text = i.text
            WHERE t.hash = $hash AND i.site = $site AND i.mine = 1 AND (i.kind = 0) = $post AND {condition}
            """, row => (Row: row.GetInt64(0), At: row.IsDBNull(1) ? (long?)null : row.GetInt64(1), Parent: row.IsDBNull(2) ? null : row.GetString(2)),
            [("$hash", ItemStore.HashOf(item.Text)), ("$site", item.Site ?? ""), ("$post", item.Kind == Kind.Post ? 1 : 0), .. more]);
        var possible = rows.Where(row => !(row.At is { } other && at is { } own && Math.Abs(other - own) > SameTimeMs) && !Contradict(row.Parent, item.ParentId)).ToList();
        var sure = possible.Where(row => (row.At is not null && at is not null) || (row.Parent is not null && row.Parent == item.ParentId)).ToList();
        return sure.Count > 0 ? sure.OrderBy(row => Math.Abs((row.At ?? at ?? 0) - (at ?? row.At ?? 0))).First().Row
            : possible.Count == 1 ? possible[0].Row
            : null;
    }

    /// <summary>Two places of the same sort that differ. LinkedIn knows one post under up to three sorts of URN, and a comment's place may be the post.</summary>
    private static bool Contradict(string? one, string? other) =>
        one is not null && other is not null && one != other && SortOf(one) == SortOf(other);

    private static string SortOf(string id)
    {
        int digits = id.AsSpan().IndexOfAnyInRange('0', '9');
        return digits < 0 ? id : id[..digits];
    }

    private static long RowOf(SqliteConnection connection, string site, string id) =>
        connection.Scalar<long>("SELECT item FROM items WHERE site = $site AND id = $id", ("$site", site), ("$id", id));
}
