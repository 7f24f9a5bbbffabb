using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Soundings.Depth;

namespace Soundings.Storage;

/// <summary>What was stored of one item, with its score and what the user said of it. <c>Text</c> is null once it was let go.</summary>
internal sealed record StoredItem(
    long Row, string Id, string Site, Kind Kind, string? Text, string? Parent, string? ParentId, Author? Author, bool Mine, bool Sponsored,
    long? At, long FirstSeen, long LastSeen, long Moment,
    int Depth, double Probability, Verdict Verdict, Facets Facets, string? Language, string Model, Verdict? Label);

/// <summary>Which items: null takes all. Times in milliseconds since 1970, from inclusive, to exclusive.</summary>
internal sealed record ItemFilter
{
    public long? From { get; init; }
    public long? To { get; init; }
    public string? Site { get; init; }
    public Kind? Kind { get; init; }
    public bool? Mine { get; init; }
    public Verdict? Verdict { get; init; }
    public long? Person { get; init; }

    /// <summary>Whether the user has said something of it.</summary>
    public bool? Labelled { get; init; }
}

/// <summary>A page of items and where the next one begins; null: this was the last.</summary>
internal sealed record ItemPage(IReadOnlyList<StoredItem> Items, string? Next);

/// <summary>Pages of stored items, newest first, each found by the place of the one before it: the millionth costs as much as the first.</summary>
internal sealed class ItemPages(Database database)
{
    public const int MaxLimit = 200;

    private const string StandingLabel = """
        (SELECT 1 FROM labels l WHERE l.site = i.site AND l.item = i.id AND l.label IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM labels w WHERE w.withdraws = l.id))
        """;

    private const string Selected = """
        SELECT i.item, i.id, i.site, i.kind, t.body, p.body, i.parentId, a.name, a.url, i.mine, i.sponsored, i.at, i.firstSeen, i.lastSeen, i.moment,
          i.depth, i.probability, i.verdict, i.reveal, i.wisdom, i.solicit, i.engage, i.language, m.version,
          (SELECT l.label FROM labels l WHERE l.site = i.site AND l.item = i.id AND l.label IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM labels w WHERE w.withdraws = l.id) ORDER BY l.seq DESC LIMIT 1)
        FROM items i JOIN texts t ON t.text = i.text JOIN models m ON m.model = i.model
          LEFT JOIN texts p ON p.text = i.parent LEFT JOIN people a ON a.person = i.person
        """;

    /// <summary>Certain items by their rows, the newest first; a row that is gone is left out.</summary>
    public IReadOnlyList<StoredItem> Read(IEnumerable<long> rows) => database.Read(connection => connection.Query(
        $"{Selected} WHERE i.item IN ({string.Join(',', rows)}) ORDER BY i.moment DESC, i.item DESC", Row));

    public ItemPage Read(ItemFilter filter, string? cursor, int limit) => database.Read(connection =>
    {
        (long moment, long item) = cursor is null ? (long.MaxValue, long.MaxValue) : Place(cursor) ?? throw new ArgumentException("not a cursor", nameof(cursor));
        // The end of the span is a place as well; as a condition of its own SQLite would walk to it from the newest item.
        if (filter.To <= moment) (moment, item) = (filter.To.Value, 0);
        List<StoredItem> rows = connection.Query($"""
            {Selected}
            WHERE (i.moment, i.item) < ($moment, $item) {Conditions(filter)}
            ORDER BY i.moment DESC, i.item DESC LIMIT $limit
            """, Row,
            ("$moment", moment), ("$item", item), ("$limit", limit + 1), ("$from", filter.From), ("$site", filter.Site),
            ("$kind", (int?)filter.Kind), ("$mine", filter.Mine is { } mine ? mine ? 1 : 0 : null), ("$verdict", (int?)filter.Verdict), ("$person", filter.Person));
        bool more = rows.Count > limit;
        if (more) rows.RemoveAt(limit);
        return new ItemPage(rows, more ? Cursor(rows[^1]) : null);
    });

    public static bool IsCursor(string text) => Place(text) is not null;

    /// <summary>
    /// Only the conditions that are asked for; values are always parameters. The plus keeps SQLite from the index of sites, under which it would
    /// sort a third of all items by time to show fifty.
    /// </summary>
    private static string Conditions(ItemFilter filter)
    {
        StringBuilder sql = new();
        if (filter.From is not null) sql.Append("AND i.moment >= $from ");
        if (filter.Site is not null) sql.Append("AND +i.site = $site ");
        if (filter.Kind is not null) sql.Append("AND i.kind = $kind ");
        if (filter.Mine is not null) sql.Append("AND i.mine = $mine ");
        if (filter.Verdict is not null) sql.Append("AND i.verdict = $verdict ");
        if (filter.Person is not null) sql.Append("AND i.person = $person ");
        if (filter.Labelled is { } labelled) sql.Append(labelled ? "AND EXISTS " : "AND NOT EXISTS ").Append(StandingLabel);
        return sql.ToString();
    }

    private static string Cursor(StoredItem last) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.Moment}.{last.Row}")));

    private static (long Moment, long Item)? Place(string cursor)
    {
        Span<byte> bytes = stackalloc byte[64];
        if (cursor.Length > 60 || !Base64Url.IsValid(cursor) || !Base64Url.TryDecodeFromChars(cursor, bytes, out int length)) return null;
        string[] parts = Encoding.ASCII.GetString(bytes[..length]).Split('.');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long moment)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long item)
                ? (moment, item)
                : null;
    }

    private static StoredItem Row(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), (Kind)row.GetInt32(3), Text(row, 4), Text(row, 5), Text(row, 6),
        row.IsDBNull(7) ? null : new Author(row.GetString(7), Text(row, 8)), row.GetBoolean(9), row.GetBoolean(10),
        row.IsDBNull(11) ? null : row.GetInt64(11), row.GetInt64(12), row.GetInt64(13), row.GetInt64(14),
        row.GetInt32(15), row.GetDouble(16), (Verdict)row.GetInt32(17),
        new Facets(row.GetDouble(18), row.GetDouble(19), row.GetDouble(20), row.GetDouble(21)), Text(row, 22), row.GetString(23),
        row.IsDBNull(24) ? null : (Verdict)row.GetInt32(24));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
