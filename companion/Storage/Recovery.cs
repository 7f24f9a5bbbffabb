using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Soundings.Storage;

/// <summary>What a recovery saved, and where the damaged file is kept.</summary>
internal sealed record Recovered(DateTimeOffset At, long Labels, long Items, string Source, string Aside)
{
    public string Said(int fromJournal) => string.Create(CultureInfo.InvariantCulture,
        $"The database was damaged. {Items} items and {Labels + fromJournal} labels were saved from {Source}{(fromJournal > 0 && Labels > 0 ? $" and {fromJournal} of the labels from their journal" : "")}; the damaged file is kept as {Aside}.");
}

/// <summary>
/// The way back from a damaged database: what reads of it is saved into a new one, else the newest backup that proves itself; labels that either
/// lacks come from the other and from the journal. The damaged files are set aside as they are, and only when the new one is whole.
/// A kill at any moment leaves either the damaged database in its place or the new one.
/// </summary>
internal static class Recovery
{
    /// <summary>Takes the damaged database's place, or throws <paramref name="why"/> again where there is nothing to save: then all stays as it is.</summary>
    public static Recovered Run(DataFolder folder, MendableError why, DateTimeOffset now)
    {
        string room = Path.Combine(folder.RunFolder, "recovery");
        if (Directory.Exists(room)) Directory.Delete(room, recursive: true);
        DataFolder.CreateFolder(room);
        try
        {
            List<(string File, string Source, long Labels, long Items)> found = [.. Salvaged(folder, room), .. FromBackup(folder, room)];
            bool journal = Journal.Count(folder.JournalFile).Whole > 0;
            if (found.Count == 0 && !journal) throw new MendableError(why.Message + " Nothing in it could be read, and there is neither a backup nor a journal of labels.", why);
            string best = Path.Combine(room, "best.db"), source = "the journal of labels";
            // Of two that hold as much, what was read from the database itself is the newer.
            if (found.OrderByDescending(one => one.Items).ThenByDescending(one => one.Labels).FirstOrDefault() is { File: not null } chosen)
            {
                (best, source) = (chosen.File, chosen.Source);
                foreach ((string file, _, _, _) in found.Where(one => one.File != best)) Salvage.Fill(file, best);
            }
            else Salvage.Empty(best);
            (long labels, long items) = Salvage.Count(best);
            string stamp = "." + "damaged-" + now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
            Recovered recovered = new(now, labels, items, source, Path.GetFileName(folder.DatabaseFile) + stamp);
            Complete(best, folder, recovered);
            DataFolder.MoveInto(best, folder.DatabaseFile + ".rebuilt");
            Finish(folder);
            return recovered;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new MendableError($"{why.Message} What can be read of it could not be saved into a new file ({error.Message}); everything was left as it is. Free some space and start again.", error);
        }
        finally
        {
            Directory.Delete(room, recursive: true);
        }
    }

    /// <summary>Changes places once the new database is whole; after a kill, at the next start.</summary>
    public static void Finish(DataFolder folder)
    {
        string rebuilt = folder.DatabaseFile + ".rebuilt";
        if (!File.Exists(rebuilt)) return;
        string aside = Look(rebuilt)?.Aside is { } name ? Path.Combine(folder.Path, name) : folder.DatabaseFile + ".damaged-unknown";
        string stamp = aside[folder.DatabaseFile.Length..];
        // Those that have gone already are aside already.
        foreach (string end in (string[])["", "-wal", "-journal"])
        {
            if (File.Exists(folder.DatabaseFile + end)) DataFolder.MoveInto(folder.DatabaseFile + end, folder.DatabaseFile + end + stamp);
        }
        File.Delete(folder.DatabaseFile + "-shm");
        DataFolder.MoveInto(rebuilt, folder.DatabaseFile);
        File.Delete(folder.DamageMark);
    }

    /// <summary>What the last recovery of a database noted in it; null where there was none.</summary>
    public static Recovered? Of(SqliteConnection connection) =>
        connection.Scalar<string>("SELECT value FROM meta WHERE name = 'recovered'") is { } json ? JsonSerializer.Deserialize(json, StorageJson.Default.Recovered) : null;

    private static Recovered? Look(string file)
    {
        using SqliteConnection connection = Salvage.Open(file, SqliteOpenMode.ReadOnly);
        return Of(connection);
    }

    /// <summary>With its log and without: a log of another database beside it spoils what was whole. Read from copies, so that the damaged stay as they are.</summary>
    private static IEnumerable<(string, string, long, long)> Salvaged(DataFolder folder, string room)
    {
        if (!File.Exists(folder.DatabaseFile)) yield break;
        bool log = File.Exists(folder.DatabaseFile + "-wal") && new FileInfo(folder.DatabaseFile + "-wal").Length > 0;
        foreach (bool withLog in log ? (bool[])[true, false] : [false])
        {
            string copy = Path.Combine(room, withLog ? "with-log.db" : "alone.db"), into = copy + ".saved";
            Copy(folder.DatabaseFile, copy);
            if (withLog) Copy(folder.DatabaseFile + "-wal", copy + "-wal");
            if (File.Exists(folder.DatabaseFile + "-journal")) Copy(folder.DatabaseFile + "-journal", copy + "-journal");
            if (TryRead(copy, into, Vault.StateOf(folder)?.ServerId) is var (labels, items)) yield return (into, "the damaged database", labels, items);
        }
    }

    /// <summary>Null too where it turns out to be another companion's: a log can bring in the pages of another database.</summary>
    private static (long Labels, long Items)? TryRead(string copy, string into, string? serverId)
    {
        try
        {
            if (!Salvage.Read(copy, into)) return null;
            using (SqliteConnection connection = Salvage.Open(into, SqliteOpenMode.ReadOnly))
            {
                if (serverId is not null && connection.Scalar<string>("SELECT value FROM meta WHERE name = 'serverId'") is { } read && read != serverId) return null;
            }
            return Salvage.Count(into);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is 1 or 10 or 11 or 14 or 26)
        {
            // Nothing of it can be read.
            return null;
        }
    }

    private static IEnumerable<(string, string, long, long)> FromBackup(DataFolder folder, string room)
    {
        foreach (string backup in Backups.All(folder).Reverse())
        {
            string into = Path.Combine(room, Path.GetFileName(backup) + ".unpacked"), database = Path.Combine(into, Path.GetFileName(folder.DatabaseFile));
            DataFolder.CreateFolder(into);
            try
            {
                BackupFile.Unpack(backup, into);
                Restore.Prove(database, backup);
            }
            catch (MendableError)
            {
                // Damaged too: an older one may do.
                continue;
            }
            (long labels, long items) = Salvage.Count(database);
            return [(database, "the backup " + Path.GetFileName(backup), labels, items)];
        }
        return [];
    }

    private static void Complete(string file, DataFolder folder, Recovered recovered)
    {
        using SqliteConnection connection = Salvage.Open(file, SqliteOpenMode.ReadWrite);
        if (connection.Scalar<string>("SELECT value FROM meta WHERE name = 'serverId'") is null && Vault.StateOf(folder) is { } state)
            connection.Execute("INSERT INTO meta VALUES ('serverId', $id)", ("$id", state.ServerId));
        if (connection.Scalar<string>("SELECT value FROM meta WHERE name = 'serverId'") is null)
            connection.Execute("INSERT INTO meta VALUES ('serverId', $id)", ("$id", Guid.NewGuid().ToString("n")));
        connection.Execute("INSERT OR REPLACE INTO meta VALUES ('recovered', $what)", ("$what", JsonSerializer.Serialize(recovered, StorageJson.Default.Recovered)));
        if (connection.Scalar<string>("PRAGMA integrity_check(1)") != "ok") throw new IOException("the new database does not hold together");
    }

    private static void Copy(string from, string to)
    {
        using FileStream source = new(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using FileStream target = new(to, DataFolder.Options(FileMode.CreateNew, FileAccess.Write));
        source.CopyTo(target);
    }
}
