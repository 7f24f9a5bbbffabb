namespace Soundings.Storage;

/// <summary>Owns the copies of the data that lie about in the folder: what is forgotten must leave them too.</summary>
internal static class Copies
{
    /// <summary>
    /// Removes every backup made here, what restores replaced and what recoveries set aside: they cannot be told apart row by row, and the next
    /// backup is made within the hour. Backups that the user keeps elsewhere are the user's.
    /// </summary>
    public static void Forget(DataFolder folder)
    {
        foreach (string room in (string[])[folder.BackupsFolder, folder.ReplacedFolder])
        {
            if (Directory.Exists(room)) Directory.Delete(room, recursive: true);
        }
        foreach (string file in Directory.EnumerateFiles(folder.Path, "*.damaged-*")) File.Delete(file);
    }

    /// <summary>What a kill left half done: nobody would look for it again.</summary>
    public static void ForgetLeftovers(DataFolder folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder.RunFolder, "backup-*.db*").Concat(Directory.EnumerateFiles(folder.Path, "*.new"))) File.Delete(file);
        if (Directory.Exists(folder.BackupsFolder)) foreach (string file in Directory.EnumerateFiles(folder.BackupsFolder, "*.new")) File.Delete(file);
    }
}
