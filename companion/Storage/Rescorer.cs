using Microsoft.Data.Sqlite;
using Soundings.Depth;

namespace Soundings.Storage;

/// <summary>What is judged anew when another model becomes the active one.</summary>
internal sealed record RescoreOptions
{
    /// <summary>The newest items, judged at once: what the dashboard shows first. Some 2 s of one core.</summary>
    public int AtOnce { get; init; } = 20_000;

    /// <summary>How long a model must have served before the older items follow: while labels are given, each brings a model of its own.</summary>
    public TimeSpan Settled { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Items between two looks at whether yet another model serves, and in one transaction: a label waits for no more.</summary>
    public int BatchSize { get; init; } = 200;

    /// <summary>How often it looks which model serves; a look is one comparison.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(300);
}

/// <summary>Judges stored items anew under the active model, newest first. An item whose text is gone keeps its score.</summary>
internal sealed class Rescorer(Database database, RescoreOptions options)
{
    /// <summary>An item with the place from which the next batch goes on.</summary>
    private readonly record struct Stale(long Row, long Moment, Item Item);

    /// <summary>Up to <paramref name="limit"/> items; ends early when <paramref name="goOn"/> says that another model serves. Returns how many.</summary>
    public async Task<int> RunAsync(Scorer scorer, int limit, Func<bool> goOn)
    {
        int done = 0;
        (long moment, long row) = (long.MaxValue, long.MaxValue);
        while (done < limit && goOn())
        {
            List<Stale> batch = Read(scorer.Version, moment, row, Math.Min(options.BatchSize, limit - done));
            if (batch.Count == 0) break;
            IReadOnlyList<Score> scores = scorer.Score([.. batch.Select(stale => stale.Item)]);
            await database.WriteAsync(connection => Write(connection, batch, scores));
            (row, moment, _) = batch[^1];
            done += batch.Count;
        }
        return done;
    }

    private List<Stale> Read(string version, long moment, long row, int limit) => database.Read(connection => connection.Query("""
        SELECT i.item, i.moment, i.id, i.kind, t.body, p.body
        FROM (SELECT item FROM items INDEXED BY itemsForStats
              WHERE moment <= $moment AND gone = 0 AND model IS NOT (SELECT model FROM models WHERE version = $version) AND (moment, item) < ($moment, $row)
              ORDER BY moment DESC, item DESC LIMIT $limit) stale
          JOIN items i ON i.item = stale.item JOIN texts t ON t.text = i.text LEFT JOIN texts p ON p.text = i.parent
        ORDER BY i.moment DESC, i.item DESC
        """, reader => new Stale(reader.GetInt64(0), reader.GetInt64(1), new Item(reader.GetString(2), (Kind)reader.GetInt32(3), reader.GetString(4))
    {
        Parent = reader.IsDBNull(5) ? null : reader.GetString(5),
    }), ("$version", version), ("$moment", moment), ("$row", row), ("$limit", limit)));

    private static int Write(SqliteConnection connection, List<Stale> batch, IReadOnlyList<Score> scores)
    {
        long model = ItemStore.ModelOf(connection, scores[0].Model);
        using SqliteCommand keep = connection.Prepare(
            "INSERT OR REPLACE INTO scores SELECT item, model, depth, probability, verdict FROM items WHERE item = $item AND depth <> $depth",
            ("$item", null), ("$depth", null));
        // A text let go since it was read stays with the score it had.
        using SqliteCommand update = connection.Prepare("""
            UPDATE items SET model = $model, depth = $depth, probability = $probability, verdict = $verdict,
              reveal = $reveal, wisdom = $wisdom, solicit = $solicit, engage = $engage, language = $language
            WHERE item = $item AND gone = 0
            """,
            ("$item", null), ("$model", model), ("$depth", null), ("$probability", null), ("$verdict", null),
            ("$reveal", null), ("$wisdom", null), ("$solicit", null), ("$engage", null), ("$language", null));
        for (int i = 0; i < batch.Count; i++)
        {
            Score score = scores[i];
            (keep.Parameters[0].Value, keep.Parameters[1].Value) = (batch[i].Row, score.Depth);
            keep.ExecuteNonQuery();
            object?[] values =
            [
                batch[i].Row, model, score.Depth, score.Probability, (int)score.Verdict,
                score.Facets.Reveal, score.Facets.Wisdom, score.Facets.Solicit, score.Facets.Engage, score.Language,
            ];
            for (int v = 0; v < values.Length; v++) update.Parameters[v].Value = values[v] ?? DBNull.Value;
            update.ExecuteNonQuery();
        }
        return batch.Count;
    }
}

/// <summary>Watches which model serves, and has the stored items follow it.</summary>
internal sealed class RescoreService(Rescorer rescorer, RescoreOptions options, ActiveModel active, TimeProvider clock, ILogger<RescoreService> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(options.Interval);
        (string? version, long since, bool all) = (null, 0, true);
        while (await NextAsync(timer, stoppingToken))
        {
            Scorer scorer = active.Current;
            bool GoOn() => ReferenceEquals(active.Current, scorer) && !stoppingToken.IsCancellationRequested;
            try
            {
                if (scorer.Version != version)
                {
                    await rescorer.RunAsync(scorer, options.AtOnce, GoOn);
                    (version, since, all) = (scorer.Version, clock.GetTimestamp(), false);
                }
                else if (!all && clock.GetElapsedTime(since) >= options.Settled)
                {
                    await rescorer.RunAsync(scorer, int.MaxValue, GoOn);
                    all = true;
                }
            }
            catch (Exception error) when (error is SqliteException or TimeoutException or ObjectDisposedException)
            {
                // The scores on the dashboard stay pending, and are tried again after a while.
                log.LogWarning("Stored items could not be judged anew: {Fault}", error.GetType().Name);
                (version, since, all) = (scorer.Version, clock.GetTimestamp(), false);
            }
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
