using System.Text.Json;

namespace Soundings.Storage;

/// <summary>
/// The data folder while one companion (or one verb) has it: the lock that keeps a second one out, the database, and this companion's identity.
/// </summary>
internal sealed class Vault : IDisposable
{
    private readonly FileStream _lock;

    private Vault(DataFolder folder, FileStream folderLock, Database database, Reserve reserve, string serverId)
    {
        Reserve = reserve;
        Folder = folder;
        _lock = folderLock;
        Database = database;
        ServerId = serverId;
    }

    public DataFolder Folder { get; }
    public Database Database { get; }

    /// <summary>Made by a companion once it has run for a while; a verb does without.</summary>
    public Reserve Reserve { get; }

    /// <summary>Names this companion to the browsers it is paired with; made once per data folder.</summary>
    public string ServerId { get; }

    public static Vault Open(DataFolder folder)
    {
        folder.Prepare();
        FileStream folderLock = TakeLock(folder);
        try
        {
            Restore.Finish(folder);
            Recovery.Finish(folder);
            Reserve reserve = new(folder);
            Database database = OpenDatabase(folder, reserve);
            string serverId = database.ServerId;
            if (StateOf(folder)?.ServerId != serverId) DataFolder.WriteFile(folder.StateFile, JsonSerializer.SerializeToUtf8Bytes(new State(serverId), StorageJson.Default.State));
            return new Vault(folder, folderLock, database, reserve, serverId);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>Whether a companion, or another verb, has the folder now. What a killed one left behind holds nothing.</summary>
    public static bool IsHeld(DataFolder folder)
    {
        if (!File.Exists(folder.LockFile)) return false;
        try
        {
            using FileStream free = new(folder.LockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose()
    {
        Database.Dispose();
        _lock.Dispose();
    }

    /// <summary>The database, or what can be saved of it; said aloud then.</summary>
    private static Database OpenDatabase(DataFolder folder, Reserve reserve)
    {
        bool known = File.Exists(folder.StateFile) || File.Exists(folder.JournalFile);
        try
        {
            if (File.Exists(folder.DamageMark)) throw new DamagedException($"The database {folder.DatabaseFile} was found to be damaged.");
            return Open(folder, known, reserve);
        }
        catch (DamagedException error) when (known)
        {
            Recovered saved = Recovery.Run(folder, error, DateTimeOffset.UtcNow);
            Database database = Open(folder, known, reserve);
            Console.Error.WriteLine(saved.Said(database.Journal.PutBack));
            return database;
        }
    }

    /// <summary>A newer Soundings brings the tables up to date; what was there before stays as a backup that the older one reads.</summary>
    private static Database Open(DataFolder folder, bool known, Reserve reserve) => Database.Open(folder.DatabaseFile, known, reserve, (connection, version) =>
    {
        DataFolder.CreateFolder(folder.BackupsFolder);
        BackupFile.Write(folder, file => Database.CopyTo(connection, file), Path.Combine(folder.BackupsFolder, $"before-schema-{version + 1}{BackupFile.Ending}"), DateTimeOffset.UtcNow);
    });

    /// <summary>Null where there is none that can be read; the database itself says the same.</summary>
    public static State? StateOf(DataFolder folder)
    {
        try
        {
            return File.Exists(folder.StateFile) ? JsonSerializer.Deserialize(File.ReadAllBytes(folder.StateFile), StorageJson.Default.State) is { ServerId: { Length: > 0 } id } state && id.All(char.IsAsciiLetterOrDigit) ? state : null : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps everybody else out of the folder until it is disposed.</summary>
    public static FileStream TakeLock(DataFolder folder)
    {
        try
        {
            return new FileStream(folder.LockFile, DataFolder.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            string where = RunningCompanion.Read(folder) is { } running ? $" at {running.Address}" : "";
            throw new MendableError($"Soundings is already running{where} on the folder {folder.Path}. Use that one, or name another folder with --data DIR.");
        }
    }
}

/// <summary>Written beside the database once it exists: a database that vanishes after that is damage, not a first start.</summary>
internal sealed record State(string ServerId);
