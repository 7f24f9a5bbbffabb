using System.Text;
using Microsoft.Data.Sqlite;
using Soundings.Depth;
using Soundings.Training;

namespace Soundings.Storage;

/// <summary>What was stored of one item, with its score and what the user said of it. <c>Text</c> is null once it was let go.</summary>
internal sealed record StoredItem(
    long Row, string Id, string Site, Kind Kind, string? Text, string? Parent, string? ParentId, Author? Author, bool Mine, bool Sponsored,
    long? At, long FirstSeen, long LastSeen, long Moment,
    int Depth, double Probability, Verdict Verdict, Facets Facets, string? Language, string Model, Verdict? Label);

/// <summary>A page of items and where the next one begins; null: this was the last.</summary>
internal sealed record ItemPage(IReadOnlyList<StoredItem> Items, string? Next);

/// <summary>Pages of stored items, each found by the place of the one before it: the millionth costs as much as the first.</summary>
internal sealed class ItemPages(Database database)
{
    public const int MaxLimit = 200;

    /// <summary>
    /// Texts up to which a search fetches every item that has its words, and sorts them; above, it walks the items in their order and looks
    /// whether they have them. A rare word would have the walk pass by a million, a frequent one the sorting.
    /// </summary>
    private const int FewMatches = 20_000;

    private const string StandingLabel = "l.label IS NOT NULL AND NOT EXISTS (SELECT 1 FROM labels w WHERE w.withdraws = l.id)";

    private const string Selected = $"""
        SELECT i.item, i.id, i.site, i.kind, t.body, p.body, i.parentId, a.name, a.url, i.mine, i.sponsored, i.at, i.firstSeen, i.lastSeen, i.moment,
          i.depth, i.probability, i.verdict, i.reveal, i.wisdom, i.solicit, i.engage, i.language, m.version,
          (SELECT l.label FROM labels l WHERE l.site = i.site AND l.item = i.id AND {StandingLabel} ORDER BY l.seq DESC LIMIT 1)
        FROM items i JOIN texts t ON t.text = i.text JOIN models m ON m.model = i.model
          LEFT JOIN texts p ON p.text = i.parent LEFT JOIN people a ON a.person = i.person
        """;

    /// <summary>Certain items by their rows, the newest first; a row that is gone is left out.</summary>
    public IReadOnlyList<StoredItem> Read(IEnumerable<long> rows) => database.Read(connection => connection.Query(
        $"{Selected} WHERE i.item IN ({string.Join(',', rows)}) ORDER BY i.moment DESC, i.item DESC", Row));

    public ItemPage Read(ItemFilter filter, string? cursor, int limit) => database.Read(connection =>
    {
        ItemPlace? place = cursor is null ? null : ItemPlace.Parse(cursor) ?? throw new ArgumentException("not a cursor", nameof(cursor));
        if (filter.Words is not null && filter.Match is null) return new ItemPage([], null);
        List<long> rows = Find(connection, filter, place, limit + 1);
        bool more = rows.Count > limit;
        if (more) rows.RemoveAt(limit);
        Dictionary<long, StoredItem> items = connection.Query($"{Selected} WHERE i.item IN ({string.Join(',', rows)})", Row).ToDictionary(item => item.Row);
        StoredItem? last = more ? items[rows[^1]] : null;
        return new ItemPage([.. rows.Select(row => items[row])], last is null ? null : new ItemPlace(last.Depth, last.Moment, last.Row).ToString());
    });

    /// <summary>The versions under which stored items stand now.</summary>
    public IReadOnlyList<string> Models() => database.Read(connection => connection.Query(
        "SELECT version FROM models WHERE model IN (SELECT DISTINCT model FROM days) ORDER BY model", row => row.GetString(0)));

    /// <summary>What a person is called; null where there is none of the number.</summary>
    public string? NameOf(long person) => database.Read(connection => connection.Scalar<string>(
        "SELECT coalesce(alias, name) FROM people WHERE person = $person", ("$person", person)));

    public static bool IsCursor(string text) => ItemPlace.Parse(text) is not null;

    /// <summary>The rows of a page in their order. Values are always parameters; only the conditions that are asked for stand in the question.</summary>
    private static List<long> Find(SqliteConnection connection, ItemFilter filter, ItemPlace? place, int count)
    {
        (string key, string direction) = (filter.ByDepth ? "i.depth, i.moment, i.item" : "i.moment, i.item", filter.Ascending ? "ASC" : "DESC");
        (string Name, object? Value)[] values =
        [
            ("$depth", place?.Depth), ("$moment", place?.Moment), ("$item", place?.Row), ("$count", count), ("$match", filter.Match), ("$from", filter.From), ("$to", filter.To),
            ("$site", filter.Site), ("$kind", (int?)filter.Kind), ("$mine", filter.Mine is { } mine ? mine ? 1 : 0 : null), ("$verdict", (int?)filter.Verdict),
            ("$person", filter.Person), ("$model", filter.Model), ("$few", FewMatches),
        ];
        bool few = filter.Words is not null
            && connection.Scalar<long>("SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH $match LIMIT $few)", values) < FewMatches;
        string after = place is null ? "" : $"AND ({key}) {(filter.Ascending ? ">" : "<")} ({(filter.ByDepth ? "$depth, " : "")}$moment, $item)";
        return connection.Query($"""
            SELECT i.item FROM {Source(filter, few)} WHERE 1 {after} {Conditions(filter)} {(filter.Words is not null && !few ? "AND i.text IN (SELECT rowid FROM search WHERE search MATCH $match)" : "")}
            ORDER BY {key.Replace(",", " " + direction + ",", StringComparison.Ordinal)} {direction} LIMIT $count
            """, row => row.GetInt64(0), values);
    }

    /// <summary>
    /// Where the looking begins: at the fewest. Left to itself SQLite takes the index of sites, and sorts a third of all items by time to show fifty.
    /// </summary>
    private static string Source(ItemFilter filter, bool few) =>
        few ? "(SELECT rowid FROM search WHERE search MATCH $match) s CROSS JOIN items i INDEXED BY itemsByText ON i.text = s.rowid"
        : filter.Labelled == true ? $"(SELECT DISTINCT l.site, l.item FROM labels l WHERE {StandingLabel}) l CROSS JOIN items i ON i.site = l.site AND i.id = l.item"
        : filter.Person is not null ? "items i INDEXED BY itemsByPerson"
        : filter.ByDepth ? "items i INDEXED BY itemsByDepth"
        : "items i INDEXED BY itemsForStats";

    private static string Conditions(ItemFilter filter)
    {
        StringBuilder sql = new();
        if (filter.From is not null) sql.Append("AND i.moment >= $from ");
        if (filter.To is not null) sql.Append("AND i.moment < $to ");
        if (filter.Site is not null) sql.Append("AND +i.site = $site ");
        if (filter.Kind is not null) sql.Append("AND i.kind = $kind ");
        if (filter.Mine is not null) sql.Append("AND i.mine = $mine ");
        if (filter.Verdict is not null) sql.Append("AND i.verdict = $verdict ");
        if (filter.Person is not null) sql.Append("AND i.person IN (SELECT person FROM people WHERE person = $person OR human = $person) ");
        if (filter.Model is not null) sql.Append("AND i.model = (SELECT model FROM models WHERE version = $model) ");
        if (filter.Facet is { } facet) sql.Append("AND i.").Append(Column(facet)).Append(" >= 0.5 ");
        if (filter.Labelled is { } labelled)
            sql.Append(labelled ? "AND EXISTS " : "AND NOT EXISTS ").Append("(SELECT 1 FROM labels l WHERE l.site = i.site AND l.item = i.id AND ").Append(StandingLabel).Append(')');
        return sql.ToString();
    }

    private static string Column(Facet facet) => facet switch
    {
        Facet.Reveal => "reveal",
        Facet.Wisdom => "wisdom",
        Facet.Solicit => "solicit",
        _ => "engage",
    };

    private static StoredItem Row(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), (Kind)row.GetInt32(3), Text(row, 4), Text(row, 5), Text(row, 6),
        row.IsDBNull(7) ? null : new Author(row.GetString(7), Text(row, 8)), row.GetBoolean(9), row.GetBoolean(10),
        row.IsDBNull(11) ? null : row.GetInt64(11), row.GetInt64(12), row.GetInt64(13), row.GetInt64(14),
        row.GetInt32(15), row.GetDouble(16), (Verdict)row.GetInt32(17),
        new Facets(row.GetDouble(18), row.GetDouble(19), row.GetDouble(20), row.GetDouble(21)), Text(row, 22), row.GetString(23),
        row.IsDBNull(24) ? null : (Verdict)row.GetInt32(24));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
