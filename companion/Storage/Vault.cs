using System.Text.Json;

namespace Soundings.Storage;

/// <summary>
/// The data folder while one companion (or one verb) has it: the lock that keeps a second one out, the database, and this companion's identity.
/// </summary>
internal sealed class Vault : IDisposable
{
    private readonly FileStream _lock;

    private Vault(DataFolder folder, FileStream folderLock, Database database, string serverId)
    {
        Folder = folder;
        _lock = folderLock;
        Database = database;
        ServerId = serverId;
    }

    public DataFolder Folder { get; }
    public Database Database { get; }

    /// <summary>Names this companion to the browsers it is paired with; made once per data folder.</summary>
    public string ServerId { get; }

    public static Vault Open(DataFolder folder)
    {
        folder.Prepare();
        FileStream folderLock = TakeLock(folder);
        try
        {
            Restore.Finish(folder);
            bool known = File.Exists(folder.StateFile);
            Database database = Database.Open(folder.DatabaseFile, mustExist: known);
            string serverId = database.ServerId;
            if (!known) DataFolder.WriteFile(folder.StateFile, JsonSerializer.SerializeToUtf8Bytes(new State(serverId), StorageJson.Default.State));
            return new Vault(folder, folderLock, database, serverId);
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
