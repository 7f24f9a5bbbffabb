using Microsoft.Data.Sqlite;

namespace Soundings.Storage;

/// <summary>What is kept how long.</summary>
internal sealed record RetentionOptions
{
    /// <summary>
    /// Others' texts, from when they were last seen; past it only their scores and hashes stay. Labelled texts and the user's own are kept.
    /// Null: always; zero: no text is, not even the user's own, save for labelled ones.
    /// </summary>
    public static TimeSpan? OthersTexts(Keeping keeping) => keeping switch
    {
        Keeping.Week => TimeSpan.FromDays(7),
        Keeping.Month => TimeSpan.FromDays(30),
        Keeping.Quarter => TimeSpan.FromDays(90),
        Keeping.Always => null,
        _ => TimeSpan.Zero,
    };

    /// <summary>How often the companion looks for what has grown too old.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Items in one transaction, so that labels never wait long for it.</summary>
    public int BatchSize { get; init; } = 500;
}

/// <summary>Lets others' texts go when their time has come. What is too old is a pure question; the clock comes in by the call.</summary>
internal sealed class Retention(Database database, RetentionOptions options)
{
    /// <summary>How far the clock is believed to have gone on since the last look.</summary>
    private static readonly TimeSpan MaxStep = TimeSpan.FromHours(36);

    /// <summary>
    /// The time to reckon with: a clock set a year ahead must not let a year of texts go at once, so it is followed by <see cref="MaxStep"/>
    /// at each look (hourly while the companion runs, so a month away is caught up within a day). A clock set back lets nothing go.
    /// </summary>
    public static DateTimeOffset Believe(DateTimeOffset now, DateTimeOffset? before) =>
        before is not { } last || now <= last ? now : now - last > MaxStep ? last + MaxStep : now;

    /// <summary>One look; returns how many items let their text go.</summary>
    public async Task<int> RunAsync(DateTimeOffset now)
    {
        DateTimeOffset believed = await database.WriteAsync(connection =>
        {
            DateTimeOffset? before = connection.Scalar<string>("SELECT value FROM meta WHERE name = 'retentionLooked'") is { } text && Moment.Parse(text) is { } time
                ? Moment.From(time)
                : null;
            DateTimeOffset step = Believe(now, before);
            connection.Execute("INSERT OR REPLACE INTO meta VALUES ('retentionLooked', $time)", ("$time", Moment.Format(step.ToUnixTimeMilliseconds())));
            return step;
        });
        Keeping keeping = database.Read(KeepingStore.Of);
        if (RetentionOptions.OthersTexts(keeping) is not { } span) return 0;
        // What nobody wants kept goes whatever the clock says.
        long cutoff = keeping == Keeping.Never ? long.MaxValue : (believed - span).ToUnixTimeMilliseconds();
        int all = 0, batch;
        do
        {
            batch = await database.WriteAsync(connection => LetGo(connection, cutoff, keeping == Keeping.Never), freesRoom: true);
            all += batch;
        }
        while (batch == options.BatchSize);
        return all;
    }

    private int LetGo(SqliteConnection connection, long cutoff, bool mineToo)
    {
        connection.Execute("CREATE TEMP TABLE IF NOT EXISTS going (item INTEGER PRIMARY KEY, text INTEGER, parent INTEGER)");
        connection.Execute("DELETE FROM going");
        int count = connection.Execute("""
            INSERT INTO going SELECT item, text, parent FROM items i WHERE gone = 0 AND lastSeen < $cutoff AND (mine = 0 OR $mineToo OR parent IS NOT NULL)
              AND NOT EXISTS (SELECT 1 FROM labels l WHERE l.site = i.site AND l.item = i.id AND l.label IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM labels w WHERE w.withdraws = l.id))
            LIMIT $batch
            """, ("$cutoff", cutoff), ("$mineToo", mineToo), ("$batch", options.BatchSize));
        if (count == 0) return 0;
        // One's own words stay; what they answered was another's.
        connection.Execute("UPDATE items SET gone = 1 WHERE (mine = 0 OR $mineToo) AND item IN (SELECT item FROM going)", ("$mineToo", mineToo));
        connection.Execute("UPDATE items SET parent = NULL WHERE item IN (SELECT item FROM going)");
        connection.Execute("""
            UPDATE texts SET body = NULL WHERE text IN (SELECT text FROM going UNION SELECT parent FROM going)
              AND NOT EXISTS (SELECT 1 FROM items i WHERE i.text = texts.text AND i.gone = 0)
              AND NOT EXISTS (SELECT 1 FROM items i WHERE i.parent = texts.text)
            """);
        return count;
    }
}

/// <summary>Looks for what has grown too old, shortly after the start and then every hour.</summary>
internal sealed class RetentionService(Retention retention, RetentionOptions options, TimeProvider clock, ILogger<RetentionService> log) : BackgroundService
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMinutes(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan wait = FirstLook;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(wait, stoppingToken);
                await retention.RunAsync(clock.GetUtcNow());
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is SqliteException or TimeoutException)
            {
                log.LogWarning("Texts past their time were not let go: {Fault}; tried again at the next look", error.GetType().Name);
            }
            wait = options.Interval;
        }
    }
}
