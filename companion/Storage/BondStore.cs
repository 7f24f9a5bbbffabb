using Microsoft.Data.Sqlite;
using Soundings.Depth;

namespace Soundings.Storage;

/// <summary>Counts of the texts that went one way. Texts are judged, never persons.</summary>
internal sealed record Way(int N, int Substantive, int Unsure);

/// <summary>
/// What passed between the user and one human: <c>Given</c> by the user, <c>Received</c> from them. <c>Name</c>: the user's own for them, else the site's.
/// Times in milliseconds since 1970; <c>LastDeep</c>: of the last substantive text either way, null where there was none.
/// </summary>
internal sealed record Bond(long Human, string Name, IReadOnlyList<string> Sites, Way Given, Way Received, long Last, long? LastDeep);

/// <summary>One profile of a human on one site.</summary>
internal sealed record Profile(long Person, string Site, string Handle, string Name, string? Url, string? Alias, long? Human);

/// <summary>In which order people are shown: none of them is a rank of persons.</summary>
internal enum BondOrder
{
    Last,
    LastDeep,
    Name,
    Texts,
}

/// <summary>A month's exchanges with one human, texts by whose they are; <c>Month</c> is its first day in the local zone.</summary>
internal sealed record BondMonth(long Human, DateOnly Month, Way Given, Way Received);

/// <summary>
/// With whom the user exchanged texts, in figures. They count as the shares do (neither sponsored nor empty, under the active model) and are worked
/// out beforehand: what a write touched is noted by triggers, and <see cref="RefreshAsync"/> catches up.
/// </summary>
internal sealed class BondStore(Database database)
{
    private const int BatchSize = 500;

    private const string Columns = """
        b.human, coalesce(p.alias, p.name), (SELECT group_concat(DISTINCT q.site) FROM people q WHERE q.person = b.human OR q.human = b.human),
        b.given, b.givenDeep, b.givenUnsure, b.received, b.receivedDeep, b.receivedUnsure, b.last, b.lastDeep
        """;

    /// <summary>Works out anew what changed since the last time; after another model took over, everything.</summary>
    public async Task RefreshAsync(string model)
    {
        bool same = database.Read(connection => connection.Scalar<string>("SELECT value FROM meta WHERE name = 'bondsModel'")) == model;
        if (!same) await database.WriteAsync(connection => AllStale(connection, model));
        while (database.Read(connection => connection.Scalar<long>("SELECT EXISTS (SELECT 1 FROM bondsStale)")) == 1)
            await database.WriteAsync(connection => RefreshSome(connection, model));
    }

    /// <summary>A page of people, and how many there are in all. <paramref name="search"/>: a part of any of a human's names; null takes all.</summary>
    public (IReadOnlyList<Bond> Bonds, int All) List(string? search, BondOrder order, int skip, int take) => database.Read(connection =>
    {
        string where = search is null ? "" : """
            WHERE EXISTS (SELECT 1 FROM people q WHERE (q.person = b.human OR q.human = b.human)
              AND (q.name LIKE $search ESCAPE '\' OR q.alias LIKE $search ESCAPE '\'))
            """;
        string by = order switch
        {
            BondOrder.LastDeep => "b.lastDeep DESC NULLS LAST, b.human",
            BondOrder.Name => "coalesce(p.alias, p.name) COLLATE NOCASE, b.human",
            BondOrder.Texts => "b.given + b.received DESC, b.human",
            _ => "b.last DESC, b.human",
        };
        string like = "%" + search?.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_") + "%";
        List<Bond> bonds = connection.Query(
            $"SELECT {Columns} FROM bonds b JOIN people p ON p.person = b.human {where} ORDER BY {by} LIMIT $take OFFSET $skip", Row,
            ("$search", like), ("$take", take), ("$skip", skip));
        return ((IReadOnlyList<Bond>)bonds, (int)connection.Scalar<long>($"SELECT count(*) FROM bonds b {where}", ("$search", like)));
    });

    /// <summary>Null: nothing was exchanged with them, or there is no such person.</summary>
    public Bond? Find(long human) => database.Read(connection => connection.Query(
        $"SELECT {Columns} FROM bonds b JOIN people p ON p.person = b.human WHERE b.human = $human", Row, ("$human", human)).SingleOrDefault());

    /// <summary>The profiles of a human, their own first.</summary>
    public IReadOnlyList<Profile> Profiles(long human) => database.Read(connection => connection.Query(
        "SELECT person, site, handle, name, url, alias, human FROM people WHERE person = $human OR human = $human ORDER BY human IS NOT NULL, person",
        row => new Profile(
            row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4),
            row.IsDBNull(5) ? null : row.GetString(5), row.IsDBNull(6) ? null : row.GetInt64(6)), ("$human", human)));

    /// <summary>The exchanges of some humans by month since a moment, under one model.</summary>
    public IReadOnlyList<BondMonth> Months(IReadOnlyCollection<long> humans, long from, string model, TimeZoneInfo zone) => database.Read(connection =>
        humans.SelectMany(human => connection.Query("""
            SELECT e.moment, i.mine, i.verdict FROM people p JOIN exchanges e ON e.person = p.person AND e.moment >= $from JOIN items i ON i.item = e.item
            WHERE (p.person = $human OR p.human = $human) AND i.counted = 1 AND (i.gone OR i.model = (SELECT model FROM models WHERE version = $model))
            """,
            row => (Month: MonthOf(row.GetInt64(0), zone), Mine: row.GetBoolean(1), Verdict: (Verdict)row.GetInt32(2)),
            ("$human", human), ("$from", from), ("$model", model))
            .GroupBy(text => text.Month)
            .Select(month => new BondMonth(human, month.Key, Count(month.Where(text => text.Mine)), Count(month.Where(text => !text.Mine)))))
        .ToList());

    /// <summary>The user's own name for a human; null or empty takes it back.</summary>
    public Task<int> RenameAsync(long human, string? alias) => database.WriteAsync(connection => connection.Execute(
        "UPDATE people SET alias = $alias WHERE person = $human",
        ("$alias", string.IsNullOrWhiteSpace(alias) ? null : alias.Trim()), ("$human", human)));

    /// <summary>Both are one human from now on. Returns the profiles of the other, which <see cref="SeparateAsync"/> takes to undo it.</summary>
    public Task<List<long>> MergeAsync(long human, long other) => database.WriteAsync(connection =>
    {
        const string Two = "SELECT count(*) FROM people WHERE person IN ($human, $other) AND human IS NULL";
        if (connection.Scalar<long>(Two, ("$human", human), ("$other", other)) != 2) throw new ArgumentException("not two humans", nameof(other));
        return connection.Query(
            "UPDATE people SET human = $human WHERE person = $other OR human = $other RETURNING person", row => row.GetInt64(0),
            ("$human", human), ("$other", other));
    });

    /// <summary>Profiles become a human of their own again: the first of them stands for the others.</summary>
    public Task<int> SeparateAsync(IReadOnlyList<long> profiles) => database.WriteAsync(connection =>
    {
        foreach (long profile in profiles)
        {
            long? human = profile == profiles[0] ? null : profiles[0];
            connection.Execute("UPDATE people SET human = $human WHERE person = $person", ("$human", human), ("$person", profile));
        }
        return profiles.Count;
    });

    private static int AllStale(SqliteConnection connection, string model)
    {
        connection.Execute("INSERT OR REPLACE INTO meta VALUES ('bondsModel', $model)", ("$model", model));
        return connection.Execute("INSERT INTO bondsStale SELECT DISTINCT person FROM exchanges WHERE true ON CONFLICT DO NOTHING");
    }

    private static int RefreshSome(SqliteConnection connection, string model)
    {
        connection.Execute($"""
            CREATE TEMP TABLE IF NOT EXISTS some (person INTEGER PRIMARY KEY, human INTEGER);
            DELETE FROM some;
            INSERT INTO some SELECT s.person, coalesce(p.human, p.person) FROM bondsStale s LEFT JOIN people p ON p.person = s.person LIMIT {BatchSize};
            DELETE FROM bonds WHERE human IN (SELECT person FROM some UNION ALL SELECT human FROM some);
            DELETE FROM bondsStale WHERE person IN (SELECT person FROM some);
            """);
        return connection.Execute($"""
            INSERT INTO bonds
            SELECT h.human,
              coalesce(sum(c AND i.mine), 0), coalesce(sum(c AND i.mine AND deep), 0), coalesce(sum(c AND i.mine AND unsure), 0),
              coalesce(sum(c AND NOT i.mine), 0), coalesce(sum(c AND NOT i.mine AND deep), 0), coalesce(sum(c AND NOT i.mine AND unsure), 0),
              max(moment), max(CASE WHEN c AND deep THEN moment END)
            FROM (SELECT DISTINCT human FROM some WHERE human IS NOT NULL) h JOIN people p ON p.person = h.human OR p.human = h.human
              JOIN exchanges e ON e.person = p.person
              JOIN (SELECT item, mine, verdict = {(int)Verdict.Substantive} AS deep, verdict = {(int)Verdict.Unsure} AS unsure,
                      counted AND (gone OR model = (SELECT model FROM models WHERE version = $model)) IS TRUE AS c FROM items) i ON i.item = e.item
            GROUP BY h.human
            """, ("$model", model));
    }

    private static Way Count(IEnumerable<(DateOnly Month, bool Mine, Verdict Verdict)> texts)
    {
        var all = texts.ToList();
        return new Way(all.Count, all.Count(text => text.Verdict == Verdict.Substantive), all.Count(text => text.Verdict == Verdict.Unsure));
    }

    private static DateOnly MonthOf(long moment, TimeZoneInfo zone)
    {
        DateOnly day = LocalTime.In(zone).DayOf(moment);
        return new DateOnly(day.Year, day.Month, 1);
    }

    private static Bond Row(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2).Split(','),
        new Way(row.GetInt32(3), row.GetInt32(4), row.GetInt32(5)), new Way(row.GetInt32(6), row.GetInt32(7), row.GetInt32(8)),
        row.GetInt64(9), row.IsDBNull(10) ? null : row.GetInt64(10));
}
