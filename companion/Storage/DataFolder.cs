using System.Runtime.InteropServices;

namespace Soundings.Storage;

/// <summary>
/// The data folder and its files, for their owner's eyes only: 0700 and 0600 from the moment they exist.
/// On Windows the folder lies in the user's profile and inherits its access list.
/// </summary>
internal sealed class DataFolder
{
    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public const string JournalName = "labels.jsonl";

    private DataFolder(string path) => Path = path;

    public string Path { get; }
    public string DatabaseFile => System.IO.Path.Combine(Path, "soundings.db");
    public string StateFile => System.IO.Path.Combine(Path, "state.json");
    public string RunFolder => System.IO.Path.Combine(Path, "run");
    public string LockFile => System.IO.Path.Combine(RunFolder, "lock");
    public string CompanionFile => System.IO.Path.Combine(RunFolder, "companion.json");
    public string ModelsFolder => System.IO.Path.Combine(Path, "models");

    /// <summary>Every label as it was said, beside the database.</summary>
    public string JournalFile => System.IO.Path.Combine(Path, JournalName);

    /// <summary>Room kept for deleting on a full disk; see <see cref="Reserve"/>.</summary>
    public string ReserveFile => System.IO.Path.Combine(Path, "reserve");

    /// <summary>Stands there once damage was found while the companion ran: the next start saves what it can.</summary>
    public string DamageMark => System.IO.Path.Combine(Path, "damaged");

    /// <summary>The backups that are made by themselves.</summary>
    public string BackupsFolder => System.IO.Path.Combine(Path, "backups");

    /// <summary>What a restore is about to put in place; see <see cref="Restore"/>.</summary>
    public string RestoringFolder => System.IO.Path.Combine(Path, "restoring");

    /// <summary>What restores replaced, one folder each.</summary>
    public string ReplacedFolder => System.IO.Path.Combine(Path, "replaced");

    /// <summary>The folder named, or <c>soundings</c> in the user's application data. Nothing is created yet.</summary>
    public static DataFolder At(string? path)
    {
        if (path is not null) return new DataFolder(System.IO.Path.GetFullPath(path));
        string home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (home.Length == 0) throw new MendableError("Soundings found no application-data folder (is HOME set?). Name one with --data DIR.");
        return new DataFolder(System.IO.Path.Combine(home, "soundings"));
    }

    /// <summary>Creates what is missing, and refuses a folder that others can look into or that belongs to somebody else.</summary>
    public void Prepare()
    {
        try
        {
            CreateFolder(Path);
            CloseIfEmpty(Path);
            RefuseIfShared(Path);
            CreateFolder(RunFolder);
            RefuseIfShared(RunFolder);
            foreach (string file in Directory.EnumerateFiles(Path)) RefuseIfShared(file);
            ProbeWriting();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MendableError($"The data folder {Path} cannot be written: {error.Message} Mend that, or name another folder with --data DIR.", error);
        }
    }

    /// <summary>A file that only its owner may read, there completely or not at all.</summary>
    public static void WriteFile(string path, ReadOnlySpan<byte> content)
    {
        string fresh = path + ".new";
        File.Delete(fresh);
        using (FileStream stream = new(fresh, Options(FileMode.CreateNew, FileAccess.Write)))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        MoveInto(fresh, path);
    }

    /// <summary>Raised with both paths before a file takes another's place, for the tests that cut the power there.</summary>
    internal static event Action<string, string>? Moving;

    /// <summary>Gives a file that is whole and on disk its name; after a power cut there is the one or the other under that name.</summary>
    public static void MoveInto(string fresh, string path)
    {
        Moving?.Invoke(fresh, path);
        File.Move(fresh, path, overwrite: true);
        SyncFolder(System.IO.Path.GetDirectoryName(path)!);
    }

    /// <summary>Puts the names in a folder on disk, as flushing a file does with its content. Windows keeps them by itself.</summary>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        int opened = Unix.Open(path, 0);
        if (opened < 0) throw new IOException($"The folder {path} cannot be opened (error {Marshal.GetLastPInvokeError()}).");
        // Some file systems refuse it for folders; they have nothing more to offer.
        _ = Unix.Sync(opened);
        _ = Unix.Close(opened);
    }

    public static FileStreamOptions Options(FileMode mode, FileAccess access, FileShare share = FileShare.Read)
    {
        FileStreamOptions options = new() { Mode = mode, Access = access, Share = share };
        if (!OperatingSystem.IsWindows() && mode is not (FileMode.Open or FileMode.Truncate)) options.UnixCreateMode = OwnerFile;
        return options;
    }

    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerFolder);
    }

    /// <summary>Every file this process makes, by whatever library, is its owner's alone. Called first thing in Main.</summary>
    public static void RestrictNewFiles()
    {
        if (!OperatingSystem.IsWindows()) _ = Unix.Umask(0x3F /* 077 */);
    }

    private void ProbeWriting()
    {
        string probe = System.IO.Path.Combine(RunFolder, $"probe-{Environment.ProcessId}");
        using (File.Create(probe, 1, FileOptions.DeleteOnClose)) { }
    }

    /// <summary>A folder made by hand is open to others by habit; with nothing in it there was nothing to see, so it is closed and not refused.</summary>
    private static void CloseIfEmpty(string path)
    {
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Others) == 0 || Directory.EnumerateFileSystemEntries(path).Any()) return;
        if (Unix.OwnerOf(path) == Unix.EffectiveUser()) File.SetUnixFileMode(path, OwnerFolder);
    }

    public static bool IsOpenToOthers(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0;

    /// <summary>Takes a file or folder of the user's own away from everybody else; one of another user's stays as it is, and is refused when it is opened.</summary>
    public void CloseToOthers(string path)
    {
        if (!OperatingSystem.IsWindows() && path.StartsWith(Path, StringComparison.Ordinal) && Unix.OwnerOf(path) == Unix.EffectiveUser()) File.SetUnixFileMode(path, File.GetUnixFileMode(path) & ~Others);
    }

    private static void RefuseIfShared(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        UnixFileMode mode = File.GetUnixFileMode(path);
        if ((mode & Others) != 0)
        {
            string mend = Directory.Exists(path) ? $"chmod 700 \"{path}\"" : $"chmod 600 \"{path}\"";
            throw new MendableError($"Other users of this machine can get at {path}. Close it to them ({mend}), or name another folder with --data DIR.");
        }
        if (Unix.OwnerOf(path) is { } owner && owner != Unix.EffectiveUser())
            throw new MendableError($"{path} belongs to another user (number {owner}). Start Soundings as that user, or name another folder with --data DIR.");
    }

    private static class Unix
    {
        [DllImport("libc", EntryPoint = "umask")]
        public static extern uint Umask(uint mask);

        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "fsync")]
        public static extern int Sync(int descriptor);

        [DllImport("libc", EntryPoint = "close")]
        public static extern int Close(int descriptor);

        [DllImport("libc", EntryPoint = "geteuid")]
        public static extern uint EffectiveUser();

        /// <summary>
        /// The owner's number. .NET has no call for it, and <c>stat</c> differs between systems, so its runtime's own wrapper is asked:
        /// flags, mode, owner, group are its first four 32-bit fields. A test holds this true. Null if it cannot be told.
        /// </summary>
        public static uint? OwnerOf(string path)
        {
            uint[] status = new uint[64];
            return Stat(path, status) == 0 ? status[2] : null;
        }

        [DllImport("libSystem.Native", EntryPoint = "SystemNative_Stat", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        private static extern int Stat([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [Out] uint[] status);
    }
}
