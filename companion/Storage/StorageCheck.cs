using Microsoft.Data.Sqlite;

namespace Soundings.Storage;

/// <summary>
/// After an unclean stop, reads the whole file once in the background and says aloud what is damaged: SQLite itself would go on answering from
/// a damaged page, with wrong counts. Nothing is repaired or moved here.
/// </summary>
internal sealed class StorageCheck(Database database, ILogger<StorageCheck> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        database.StoppedUncleanly ? Task.Run(Check, stoppingToken) : Task.CompletedTask;

    public void Check()
    {
        try
        {
            string found = database.Read(connection => connection.Scalar<string>("PRAGMA quick_check(1)")) ?? "nothing";
            if (found != "ok") Say(found);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is 11 or 26)
        {
            Say("the file cannot be read through");
        }
        catch (SqliteException error)
        {
            log.LogWarning("The database could not be checked after the unclean stop: {Code}", error.SqliteErrorCode);
        }
    }

    private void Say(string found)
    {
        database.Damage = found;
        log.LogError("The database is damaged ({Found}). Stop Soundings and put a copy of it back; the file is left as it is.", found);
    }
}
