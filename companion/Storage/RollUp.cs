using Microsoft.Data.Sqlite;

namespace Soundings.Storage;

/// <summary>
/// Keeps the tables of daily and hourly counts in the zone of this machine. Triggers (<see cref="SchemaTallies"/>) keep them true from one write
/// to the next; only where the zone is another than the last time, or its rules are, everything is counted anew.
/// </summary>
internal sealed class RollUp(Database database, TimeProvider clock, ILogger<RollUp> log) : BackgroundService
{
    /// <summary>1 January 1970 as <see cref="DateOnly.DayNumber"/>: days in the tables are counted from there.</summary>
    public static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>Whether the tables are in this zone.</summary>
    public static bool Follows(SqliteConnection connection, LocalTime local) =>
        connection.Scalar<string>("SELECT value FROM meta WHERE name = 'zone'") == local.Name;

    /// <summary>One transaction. True: everything was counted anew.</summary>
    public static Task<bool> FollowAsync(Database database, TimeZoneInfo zone) => database.WriteAsync(connection =>
    {
        LocalTime local = LocalTime.In(zone);
        if (Follows(connection, local)) return false;
        connection.Execute("DELETE FROM zone");
        using (SqliteCommand add = connection.Prepare("INSERT INTO zone VALUES ($start, $offset)", ("$start", null), ("$offset", null)))
        {
            foreach ((long start, long offset) in local.Changes)
            {
                (add.Parameters[0].Value, add.Parameters[1].Value) = (start, offset);
                add.ExecuteNonQuery();
            }
        }
        connection.Execute(SchemaTallies.Recount);
        connection.Execute("INSERT OR REPLACE INTO meta VALUES ('zone', $name)", ("$name", local.Name));
        return true;
    });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await FollowAsync(database, clock.LocalTimeZone);
        }
        catch (Exception error) when (error is SqliteException or TimeoutException or ObjectDisposedException)
        {
            // Figures are right all the same: what is not counted by day is counted item by item, which only takes longer.
            log.LogWarning("The counts by day could not be brought to this zone: {Fault}", error.GetType().Name);
        }
    }
}
