using Soundings.Depth;

namespace Soundings.Storage;

/// <summary>A person by what was read of theirs. Texts are judged, never persons: these are counts of texts.</summary>
internal sealed record PersonSummary(long Person, string Site, string Name, string? Url, int N, int Substantive, int Superficial, int Unsure, long LastMoment);

/// <summary>Who wrote what was read.</summary>
internal sealed class PeopleStore(Database database)
{
    /// <summary>A page of people in the order they were first met, after the one named.</summary>
    public IReadOnlyList<PersonSummary> Read(long after, int limit) => database.Read(connection => connection.Query($"""
        SELECT p.person, p.site, p.name, p.url, count(i.item),
          coalesce(sum(i.verdict = {(int)Verdict.Substantive}), 0), coalesce(sum(i.verdict = {(int)Verdict.Superficial}), 0),
          coalesce(sum(i.verdict = {(int)Verdict.Unsure}), 0), coalesce(max(i.moment), 0)
        FROM (SELECT * FROM people WHERE person > $after ORDER BY person LIMIT $limit) p
          LEFT JOIN items i ON i.person = p.person AND i.counted = 1
        GROUP BY p.person ORDER BY p.person
        """, row => new PersonSummary(
            row.GetInt64(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetInt32(4),
            row.GetInt32(5), row.GetInt32(6), row.GetInt32(7), row.GetInt64(8)),
        ("$after", after), ("$limit", limit)));
}
