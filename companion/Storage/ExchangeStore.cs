using Soundings.Depth;

namespace Soundings.Storage;

/// <summary>
/// An item that was exchanged, in its conversation: named by the id of the topmost item that is known above it; <c>Top</c> is the row of the
/// topmost that is stored.
/// </summary>
internal readonly record struct ExchangeRow(long Row, string Conversation, long Top);

/// <summary>
/// One text of a conversation with one human. <c>Answered</c>: the user wrote after it, to it. <c>Liked</c>: the user's reaction to it, null where
/// none is known. <c>PutOff</c>: until when the user wants to hear nothing of it; <see cref="long.MaxValue"/> for good.
/// </summary>
internal sealed record ThreadText(
    long Row, string Conversation, long Human, bool Mine, Verdict Verdict, double Solicit, long Moment, bool HasText, bool Answered, string? Liked, long? PutOff);

/// <summary>The texts that were exchanged, in their conversations.</summary>
internal sealed class ExchangeStore(Database database)
{
    /// <summary>How many of the newest exchanges are looked at for what to return to.</summary>
    private const int Looked = 1000;

    /// <summary>From each row of <c>chosen</c> up through its parents, as far as they are stored; the highest names the conversation.</summary>
    private const string Climb = """
        up (item, top, site, id, parentId, height) AS (
          SELECT i.item, i.item, i.site, i.id, i.parentId, 0 FROM chosen c JOIN items i ON i.item = c.item
          UNION ALL
          SELECT up.item, y.item, up.site, y.id, y.parentId, height + 1 FROM up JOIN items y ON y.site = up.site AND y.id = up.parentId WHERE height < 30),
        conversations AS (SELECT item, top, site || ' ' || coalesce(parentId, id) AS name, max(height) FROM up GROUP BY item)
        """;

    /// <summary>What was exchanged with a human, the newest first.</summary>
    public IReadOnlyList<ExchangeRow> Read(long human, int skip, int take) => database.Read(connection => connection.Query($"""
        WITH RECURSIVE chosen AS (
          SELECT e.item, e.moment FROM people p JOIN exchanges e ON e.person = p.person WHERE p.person = $human OR p.human = $human
          ORDER BY e.moment DESC, e.item DESC LIMIT $take OFFSET $skip),
        {Climb}
        SELECT c.item, v.name, v.top FROM chosen c JOIN conversations v ON v.item = c.item ORDER BY c.moment DESC, c.item DESC
        """, row => new ExchangeRow(row.GetInt64(0), row.GetString(1), row.GetInt64(2)), ("$human", human), ("$skip", skip), ("$take", take)));

    /// <summary>The newest exchanges since a moment, with what is known of each, in no order.</summary>
    public IReadOnlyList<ThreadText> Recent(long from) => database.Read(connection => connection.Query($"""
        WITH RECURSIVE chosen AS (SELECT item, person FROM exchanges WHERE moment >= $from ORDER BY moment DESC, item DESC LIMIT {Looked}),
        {Climb}
        SELECT i.item, v.name, coalesce(p.human, p.person), i.mine, i.verdict, i.solicit, i.moment, t.body IS NOT NULL,
          i.mine = 0 AND (
            EXISTS (SELECT 1 FROM items m WHERE m.parentId = i.id AND +m.site = i.site AND m.mine = 1)
            OR EXISTS (SELECT 1 FROM items m WHERE m.parent = i.text AND +m.site = i.site AND m.mine = 1)
            OR (i.kind = {(int)Kind.Reply} AND EXISTS (SELECT 1 FROM items m
              WHERE m.parentId = i.parentId AND +m.site = i.site AND m.mine = 1 AND m.moment > i.moment))),
          (SELECT r.kind FROM reactions r WHERE r.target = i.id AND +r.site = i.site LIMIT 1),
          (SELECT coalesce(r.until, {long.MaxValue}) FROM returns r WHERE r.item = i.item)
        FROM chosen c JOIN items i ON i.item = c.item JOIN people p ON p.person = c.person JOIN texts t ON t.text = i.text
          JOIN conversations v ON v.item = c.item
        """,
        row => new ThreadText(
            row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetBoolean(3), (Verdict)row.GetInt32(4), row.GetDouble(5), row.GetInt64(6),
            row.GetBoolean(7), row.GetBoolean(8), row.IsDBNull(9) ? null : row.GetString(9), row.IsDBNull(10) ? null : row.GetInt64(10)),
        ("$from", from)));

    /// <summary>The user has done with a text (<paramref name="until"/> null), or wants to hear of it no earlier.</summary>
    public Task<int> PutOffAsync(long row, long? until) => database.WriteAsync(connection =>
        connection.Execute("INSERT OR REPLACE INTO returns VALUES ($row, $until)", ("$row", row), ("$until", until)));

    public Task<int> TakeBackAsync(long row) => database.WriteAsync(connection => connection.Execute("DELETE FROM returns WHERE item = $row", ("$row", row)));
}
