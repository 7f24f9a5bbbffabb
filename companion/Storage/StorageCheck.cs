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

    /// <summary>
    /// The same for a folder that nobody has open here: what is wrong with its database, or null and what it holds. Writes nothing. Throws
    /// <see cref="MendableError"/> for one that is somebody else's or newer.
    /// </summary>
    public static (string? Fault, string Holds) Look(DataFolder folder)
    {
        try
        {
            Database.CheckHeader(folder.DatabaseFile, mustExist: File.Exists(folder.StateFile));
            if (!File.Exists(folder.DatabaseFile)) return (null, "There is none yet.");
            using SqliteConnection connection = Salvage.Open(folder.DatabaseFile, SqliteOpenMode.ReadOnly);
            if (connection.Scalar<string>("PRAGMA integrity_check(1)") is var found and not "ok") return ($"It is damaged ({found?.ReplaceLineEndings(" ")}).", "");
            if (LabelStore.Rotten(connection).Count is > 0 and int rotten) return ($"{rotten} labels are not what was said.", "");
            if (File.Exists(folder.DamageMark)) return ("It was found to be damaged while the companion ran.", "");
            return (null, string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"It holds together: {connection.Scalar<long>("SELECT count(*) FROM items")} items, {connection.Scalar<long>("SELECT count(*) FROM labels")} labels, schema {connection.Scalar<long>("PRAGMA user_version")}."));
        }
        catch (DamagedException)
        {
            return ("It is damaged, empty or missing.", "");
        }
        catch (SqliteException error) when (error.SqliteErrorCode is 11 or 26)
        {
            return ("It is damaged.", "");
        }
    }

    private void Say(string found)
    {
        database.Damage = found;
        DataFolder.WriteFile(folder.DamageMark, []);
        log.LogError("The database is damaged ({Found}). Stop Soundings and start it again: it then saves what can be read, and keeps the damaged file.", found);
    }
}
