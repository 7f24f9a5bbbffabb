using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Soundings.Storage;

/// <summary>
/// A backup put back in two steps. <see cref="Stage"/> unpacks and checks it beside the data, touching nothing; <see cref="Finish"/> changes places,
/// file by file, each step of which can be taken again after a kill. What was there before stays in a folder of its own.
/// </summary>
internal static class Restore
{
    private const string Ready = "ready.json";

    /// <summary>Checks a backup wholly and lays it ready. The folder is locked by the caller, or is its own running companion's.</summary>
    public static BackupManifest Stage(DataFolder folder, string backup, DateTimeOffset now)
    {
        string room = folder.RestoringFolder;
        if (Directory.Exists(room)) Directory.Delete(room, recursive: true);
        DataFolder.CreateFolder(room);
        try
        {
            BackupManifest manifest = BackupFile.Unpack(Path.GetFullPath(backup), room);
            string staged = Path.Combine(room, Path.GetFileName(folder.DatabaseFile));
            Prove(staged, backup);
            KeepBrowsers(staged, folder);
            // Last, and whole: without it a restore never began.
            DataFolder.WriteFile(Path.Combine(room, Ready), JsonSerializer.SerializeToUtf8Bytes(new RestoreReady(now), StorageJson.Default.RestoreReady));
            return manifest;
        }
        catch
        {
            Directory.Delete(room, recursive: true);
            throw;
        }
    }

    /// <summary>Puts what lies ready in place, or goes on with it after a kill. Only under the folder's lock, with its database closed.</summary>
    /// <returns>Where the files that were replaced are now; null where nothing lay ready.</returns>
    public static string? Finish(DataFolder folder)
    {
        string room = folder.RestoringFolder, ready = Path.Combine(room, Ready);
        if (!Directory.Exists(room)) return null;
        if (!File.Exists(ready))
        {
            // Cut short while it was unpacked: nothing of it counts.
            Directory.Delete(room, recursive: true);
            return null;
        }
        DateTimeOffset began = JsonSerializer.Deserialize(File.ReadAllBytes(ready), StorageJson.Default.RestoreReady)!.Began;
        string aside = Path.Combine(folder.ReplacedFolder, Path.GetFileNameWithoutExtension(BackupFile.NameFor(began)));
        DataFolder.CreateFolder(folder.ReplacedFolder);
        DataFolder.CreateFolder(aside);
        // First everything of the old goes, the database before its log and its journal; a file that has gone already stays gone.
        string placed = Path.Combine(room, "placed");
        if (!File.Exists(placed))
        {
            foreach (string file in (string[])[folder.DatabaseFile, folder.DatabaseFile + "-wal", folder.DatabaseFile + "-journal", folder.JournalFile]) MoveAside(folder, file, aside);
            File.Delete(folder.DatabaseFile + "-shm");
            foreach ((string _, string file) in BackupFile.WorthKeeping(folder).ToList()) MoveAside(folder, file, aside);
            DataFolder.WriteFile(placed, []);
        }
        // Then the new comes, the database last: before that the folder reads as one whose database is missing, never as an empty one.
        string database = Path.Combine(room, Path.GetFileName(folder.DatabaseFile));
        foreach (string file in Directory.EnumerateFiles(room, "*", SearchOption.AllDirectories).Where(file => file != ready && file != placed && file != database).ToList())
            Place(file, Path.Combine(folder.Path, Path.GetRelativePath(room, file)));
        if (File.Exists(database)) Place(database, folder.DatabaseFile);
        File.Delete(ready);
        DataFolder.SyncFolder(room);
        Directory.Delete(room, recursive: true);
        return aside;
    }

    /// <summary>
    /// Opens a database from outside as its next owner will, and brings it up to date: it must hold together, and be shaped as we shape ours, for a trigger in it would run.
    /// </summary>
    public static void Prove(string database, string backup)
    {
        Database.CheckHeader(database, mustExist: true);
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = database, Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON");
            int version = (int)connection.Scalar<long>("PRAGMA user_version");
            if (!Schema.ShapeOf(connection).SequenceEqual(Schema.ShapeOf(version)))
                throw new MendableError($"The database in the backup {backup} is not shaped as Soundings shapes it, so it was not taken. Take another backup.");
            if (connection.Scalar<string>("PRAGMA integrity_check(1)") != "ok" || connection.Query("PRAGMA foreign_key_check", row => row.GetString(0)).Count > 0)
                throw new MendableError($"The database in the backup {backup} is damaged. Nothing was restored; take another one.");
            Schema.Migrate(connection);
        }
        catch (SqliteException error)
        {
            throw new MendableError($"The database in the backup {backup} cannot be read ({error.SqliteErrorCode}). Nothing was restored; take another one.", error);
        }
    }

    /// <summary>Browsers that are connected now stay connected: a restore brings back data, and does not change who this companion is to them.</summary>
    private static void KeepBrowsers(string database, DataFolder folder)
    {
        if (!File.Exists(folder.DatabaseFile)) return;
        string? serverId;
        List<object?[]> clients;
        try
        {
            using SqliteConnection now = new(new SqliteConnectionStringBuilder { DataSource = folder.DatabaseFile, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 5 }.ToString());
            now.Open();
            serverId = now.Scalar<string>("SELECT value FROM meta WHERE name = 'serverId'");
            clients = now.Query("SELECT client, secret, origin, name, words, created, lastSeen FROM clients", row =>
            {
                object?[] values = new object?[row.FieldCount];
                for (int i = 0; i < values.Length; i++) values[i] = row.IsDBNull(i) ? null : row.GetValue(i);
                return values;
            });
        }
        catch (SqliteException)
        {
            // What is replaced cannot be read: its browsers have to be connected again, unless the backup knows them.
            return;
        }
        if (serverId is null || clients.Count == 0) return;
        using SqliteConnection staged = Salvage.Open(database, SqliteOpenMode.ReadWrite);
        if (staged.Scalar<string>("SELECT value FROM meta WHERE name = 'serverId'") != serverId)
        {
            staged.Execute("DELETE FROM clients");
            staged.Execute("UPDATE meta SET value = $id WHERE name = 'serverId'", ("$id", serverId));
        }
        foreach (object?[] client in clients)
        {
            staged.Execute("INSERT OR REPLACE INTO clients VALUES ($a, $b, $c, $d, $e, $f, $g)", ("$a", client[0]), ("$b", client[1]), ("$c", client[2]),
                ("$d", client[3]), ("$e", client[4]), ("$f", client[5]), ("$g", client[6]));
        }
    }

    private static void MoveAside(DataFolder folder, string file, string aside)
    {
        if (!File.Exists(file)) return;
        Place(file, Path.Combine(aside, Path.GetRelativePath(folder.Path, file)));
    }

    private static void Place(string from, string to)
    {
        for (string? parent = Path.GetDirectoryName(to); parent is not null && !Directory.Exists(parent);)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(parent)!);
            DataFolder.CreateFolder(parent);
        }
        DataFolder.MoveInto(from, to);
    }
}

/// <summary>Stands beside what lies ready to be restored once all of it does; <c>Began</c> names the folder the replaced goes to.</summary>
internal sealed record RestoreReady(DateTimeOffset Began);
