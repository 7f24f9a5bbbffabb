using Microsoft.Data.Sqlite;

namespace Soundings.Storage;

/// <summary>
/// Reads the whole file in the background after each start and says aloud what is damaged: SQLite itself would go on answering from a damaged page,
/// with wrong counts, and sees nothing of a value that rotted. What is found is mended at the next start, while nobody writes.
/// </summary>
internal sealed class StorageCheck(Database database, DataFolder folder, ILogger<StorageCheck> log) : BackgroundService
{
    /// <summary>After a clean stop nobody waits for it.</summary>
    private static readonly TimeSpan AfterCleanStop = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (!database.StoppedUncleanly) await Task.Delay(AfterCleanStop, stoppingToken);
            await Task.Run(Check, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    public void Check()
    {
        try
        {
            // The whole check: the quick one leaves out whether the indexes hold what the tables do, and counts are read from indexes.
            string found = database.Read(connection => connection.Scalar<string>("PRAGMA integrity_check(1)")) ?? "nothing";
            if (found != "ok") Say(found);
            else if (database.Read(LabelStore.Rotten).Count is > 0 and int rotten) Say($"{rotten} labels are not what was said");
        }
        catch (SqliteException error) when (error.SqliteErrorCode is 11 or 26)
        {
            Say("the file cannot be read through");
        }
        catch (Exception error) when (error is SqliteException or InvalidCastException or FormatException)
        {
            log.LogWarning("The database could not be checked: {Fault}", error.GetType().Name);
        }
    }

    private void Say(string found)
    {
        database.Damage = found;
        DataFolder.WriteFile(folder.DamageMark, []);
        log.LogError("The database is damaged ({Found}). Stop Soundings and start it again: it then saves what can be read, and keeps the damaged file.", found);
    }
}
