using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Soundings.Depth;
using Soundings.Training;

namespace Soundings.Storage;

/// <summary>
/// One thing the user said, to be stored: a verdict on an item, or which of two goes deeper. <c>Content</c> is the item (or both) as it was
/// labelled, in JSON: what was judged stays with the judgement, whatever becomes of the item.
/// </summary>
internal sealed record NewLabel(
    string Id, string? Site, string? ItemId, Verdict? Label, Facet? Facets, int? Deeper, string Content, string? At, string Source, string? ClientId);

/// <summary>A label that counts: not withdrawn, and the latest on its item.</summary>
internal sealed record StoredLabel(long Seq, string Id, Verdict? Label, Facet? Facets, int? Deeper, string Content, string? At, long SavedAt, string Source);

/// <summary>An id came back with another content. Nothing of its batch was stored.</summary>
internal sealed class LabelConflictException(string id) : Exception($"label {id} exists with another content")
{
    public string LabelId { get; } = id;
}

/// <summary>The labels: append-only. A change of mind is a new row, an undoing a row that withdraws one.</summary>
internal sealed class LabelStore(Database database)
{
    private const string Counting = """
        FROM labels l WHERE l.withdraws IS NULL AND NOT EXISTS (SELECT 1 FROM labels w WHERE w.withdraws = l.id)
        """;

    /// <summary>Stores a batch wholly or not at all; says for each whether it was there already.</summary>
    public Task<IReadOnlyList<bool>> AddAsync(IReadOnlyList<NewLabel> labels, long now) => database.WriteAsync<IReadOnlyList<bool>>(connection =>
        [.. labels.Select(label => Add(connection, label, now))]);

    /// <summary>True: withdrawn now; false: it was already; null: there is no such label.</summary>
    public Task<bool?> WithdrawAsync(string id, string withdrawalId, string source, string? clientId, long now) => database.WriteAsync<bool?>(connection =>
    {
        if (connection.Scalar<long>("SELECT count(*) FROM labels WHERE id = $id AND withdraws IS NULL", ("$id", id)) == 0) return null;
        return connection.Execute("""
            INSERT INTO labels (id, digest, savedAt, source, client, withdraws) VALUES ($own, $digest, $now, $source, $client, $id)
            ON CONFLICT (withdraws) DO NOTHING
            """, ("$own", withdrawalId), ("$digest", Digest(withdrawalId, id)), ("$now", now), ("$source", source), ("$client", clientId), ("$id", id)) == 1;
    });

    /// <summary>What the user says now, oldest first: the latest label on each item, and every pair, without what was withdrawn.</summary>
    public IReadOnlyList<StoredLabel> Current() => database.Read(connection => connection.Query($"""
        SELECT seq, id, label, facets, deeper, content, at, savedAt, source FROM (
          SELECT l.*, row_number() OVER (PARTITION BY l.site, l.item, CASE WHEN l.label IS NULL THEN l.seq END ORDER BY l.seq DESC) AS age {Counting})
        WHERE age = 1 ORDER BY seq
        """, row => new StoredLabel(
            row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : (Verdict)row.GetInt32(2), row.IsDBNull(3) ? null : (Facet)row.GetInt32(3),
            row.IsDBNull(4) ? null : row.GetInt32(4), row.GetString(5), row.IsDBNull(6) ? null : row.GetString(6), row.GetInt64(7), row.GetString(8))));

    /// <summary>The id of what the user says of an item now; null where nothing stands.</summary>
    public string? StandingOn(string? site, string itemId) => database.Read(connection => connection.Scalar<string>(
        $"SELECT l.id {Counting} AND l.site IS $site AND l.item = $item AND l.label IS NOT NULL ORDER BY l.seq DESC LIMIT 1", ("$site", site), ("$item", itemId)));

    public int Count() => database.Read(connection => (int)connection.Scalar<long>($"SELECT count(*) {Counting}"));

    private static bool Add(SqliteConnection connection, NewLabel label, long now)
    {
        byte[] digest = Digest(label);
        if (connection.Scalar<byte[]>("SELECT digest FROM labels WHERE id = $id", ("$id", label.Id)) is { } known)
            return known.AsSpan().SequenceEqual(digest) ? true : throw new LabelConflictException(label.Id);
        connection.Execute("""
            INSERT INTO labels (id, site, item, label, facets, deeper, content, at, digest, savedAt, source, client)
            VALUES ($id, $site, $item, $label, $facets, $deeper, $content, $at, $digest, $now, $source, $client)
            """,
            ("$id", label.Id), ("$site", label.Site), ("$item", label.ItemId), ("$label", (int?)label.Label), ("$facets", (int?)label.Facets),
            ("$deeper", label.Deeper), ("$content", label.Content), ("$at", label.At), ("$digest", digest), ("$now", now),
            ("$source", label.Source), ("$client", label.ClientId));
        return false;
    }

    /// <summary>Another content under the same judgement: what was forgotten of the item is left out of it.</summary>
    internal static void Rewrite(SqliteConnection connection, string id, string content)
    {
        NewLabel label = connection.Query("SELECT site, item, label, facets, deeper, at, source, client FROM labels WHERE id = $id", row => new NewLabel(
            id, Text(row, 0), Text(row, 1), row.IsDBNull(2) ? null : (Verdict)row.GetInt32(2), row.IsDBNull(3) ? null : (Facet)row.GetInt32(3),
            row.IsDBNull(4) ? null : row.GetInt32(4), content, Text(row, 5), row.GetString(6), Text(row, 7)), ("$id", id)).Single();
        connection.Execute("UPDATE labels SET content = $content, digest = $digest WHERE id = $id", ("$content", content), ("$digest", Digest(label)), ("$id", id));
    }

    /// <summary>The ids of rows that are no longer what was said: bit rot that SQLite itself does not see.</summary>
    internal static IReadOnlyList<string> Rotten(SqliteConnection connection)
    {
        List<string> rotten = [];
        connection.Query("SELECT id, label, facets, deeper, content, at, withdraws, digest FROM labels", row =>
        {
            string id = row.GetString(0);
            byte[] digest = Text(row, 6) is { } withdraws ? Digest(id, withdraws) : Digest(new NewLabel(
                id, null, null, row.IsDBNull(1) ? null : (Verdict)row.GetInt32(1), row.IsDBNull(2) ? null : (Facet)row.GetInt32(2),
                row.IsDBNull(3) ? null : row.GetInt32(3), Text(row, 4) ?? "", Text(row, 5), "", null));
            if (!digest.AsSpan().SequenceEqual(row.GetFieldValue<byte[]>(7))) rotten.Add(id);
            return id;
        });
        return rotten;
    }

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static byte[] Digest(NewLabel label) =>
        Digest(label.Id, label.Label?.ToString(), label.Facets?.ToString(), label.Deeper?.ToString(null, null), label.Content, label.At);

    /// <summary>Over everything that was said, so that the same id with another content is told from a repetition, and bit rot can be found.</summary>
    private static byte[] Digest(params string?[] parts) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts.Select(part => part is null ? "-" : "+" + part))));
}
