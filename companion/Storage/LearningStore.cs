using Microsoft.Data.Sqlite;

namespace Soundings.Storage;

/// <summary>What was thought of an item just before it was labelled. Probabilities that it is substantive.</summary>
internal sealed record Prediction(string Label, double Starter, double Head, double Served, string Model);

/// <summary>What learning needs beside the labels: how often they changed, and what was predicted before each.</summary>
internal sealed class LearningStore(Database database)
{
    /// <summary>
    /// Grows with every label, every withdrawal and every forgetting, and never falls: labels that differ have different numbers.
    /// </summary>
    public long Revision() => database.Read(connection => connection.Scalar<long>("""
        SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'labels'), 0) + coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'labelsForgotten'), 0)
        """));

    /// <summary>Called in the transaction that removes rows of labels for good.</summary>
    public static void NoteForgetting(SqliteConnection connection) => connection.Execute(
        "INSERT INTO meta VALUES ('labelsForgotten', '1') ON CONFLICT DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)");

    /// <summary>The first prediction on a label stays: what came later has seen it.</summary>
    public Task PredictedAsync(IReadOnlyList<Prediction> predictions) => database.WriteAsync(connection =>
    {
        foreach (Prediction p in predictions)
        {
            connection.Execute("INSERT INTO predictions VALUES ($label, $starter, $head, $served, $model) ON CONFLICT DO NOTHING",
                ("$label", p.Label), ("$starter", p.Starter), ("$head", p.Head), ("$served", p.Served), ("$model", p.Model));
        }
        return predictions.Count;
    });

    public IReadOnlyDictionary<string, Prediction> Predictions() => database.Read(connection => connection.Query(
        "SELECT label, starter, head, served, model FROM predictions",
        row => new Prediction(row.GetString(0), row.GetDouble(1), row.GetDouble(2), row.GetDouble(3), row.GetString(4)))).ToDictionary(p => p.Label);

    /// <summary>Newest items whose text is still here, none of them labelled, sponsored or empty: what may be asked about.</summary>
    public IReadOnlyList<Item> Unlabelled(int limit) => database.Read(connection => connection.Query("""
        SELECT i.id, i.kind, t.body, i.site, p.body, i.parentId, a.name, a.url, i.mine FROM items i JOIN texts t ON t.text = i.text
          LEFT JOIN texts p ON p.text = i.parent LEFT JOIN people a ON a.person = i.person
        WHERE i.counted = 1 AND t.body IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM labels l WHERE l.site = i.site AND l.item = i.id AND l.label IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM labels w WHERE w.withdraws = l.id))
        ORDER BY i.lastSeen DESC, i.item DESC LIMIT $limit
        """, Item, ("$limit", limit)));

    /// <summary>Newest items whose text is still here.</summary>
    public IReadOnlyList<Item> Newest(int limit) => database.Read(connection => connection.Query("""
        SELECT i.id, i.kind, t.body, i.site, p.body, i.parentId, a.name, a.url, i.mine FROM items i JOIN texts t ON t.text = i.text
          LEFT JOIN texts p ON p.text = i.parent LEFT JOIN people a ON a.person = i.person
        WHERE i.counted = 1 AND t.body IS NOT NULL ORDER BY i.lastSeen DESC, i.item DESC LIMIT $limit
        """, Item, ("$limit", limit)));

    private static Item Item(Microsoft.Data.Sqlite.SqliteDataReader row) => new(row.GetString(0), (Kind)row.GetInt32(1), row.GetString(2))
    {
        Site = row.GetString(3) is { Length: > 0 } site ? site : null,
        Parent = row.IsDBNull(4) ? null : row.GetString(4),
        ParentId = row.IsDBNull(5) ? null : row.GetString(5),
        Author = row.IsDBNull(6) && row.IsDBNull(7) ? null : new Author(row.IsDBNull(6) ? null : row.GetString(6), row.IsDBNull(7) ? null : row.GetString(7)),
        Mine = row.GetInt32(8) == 1 ? true : null,
    };
}
