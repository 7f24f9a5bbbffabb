using System.Globalization;
using Soundings.Reading;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Cli;

/// <summary>What was found of one thing. <c>IsWell</c> null: nothing to mend, but worth knowing. <c>Said</c> names the way back where there is something to mend.</summary>
internal sealed record Finding(string What, bool? IsWell, string Said);

/// <summary>
/// Looks a data folder over: its modes, its files one by one, the disk. It only reads, so it may look while a companion has the folder, and asks
/// that one for nothing.
/// </summary>
internal static class Doctor
{
    public static IReadOnlyList<Finding> Examine(DataFolder folder) => Directory.Exists(folder.Path)
        ? [.. Checks.Select(check => Guarded(check.What, () => check.Look(folder)))]
        : [new Finding("folder", null, $"There is no data folder {folder.Path} yet; it is made at the first start.")];

    /// <summary>What can be mended without anybody's judgement: modes, leftovers, the database (by <see cref="Recovery"/>) with its journal, and a pointer to a model that cannot be read.</summary>
    public static void Repair(DataFolder folder)
    {
        foreach (string path in Open(folder)) folder.CloseToOthers(path);
        // Known to the next who opens it, here and now: that one saves what can be read.
        if (StorageCheck.Look(folder).Fault is not null) DataFolder.WriteFile(folder.DamageMark, []);
        using Vault vault = Vault.Open(folder);
        Copies.ForgetLeftovers(folder);
        ModelCatalogue models = ModelCatalogue.Open(folder);
        string serving = models.LoadServing(out string? fault).Version;
        if (fault is not null) models.Point(serving);
    }

    private static readonly (string What, Func<DataFolder, Finding> Look)[] Checks =
    [
        ("folder", Modes), ("companion", Companion), ("database", DatabaseFile), ("journal", JournalFile), ("models", Models), ("rules", Rules), ("backups", BackupFiles), ("disk", Disk), ("set aside", Aside),
    ];

    private static Finding Guarded(string what, Func<Finding> look)
    {
        try
        {
            return look();
        }
        catch (MendableError error)
        {
            return new Finding(what, false, error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Data.Common.DbException)
        {
            return new Finding(what, false, $"It cannot be read: {error.Message} See who may read the folder, and whether its disk is there.");
        }
    }

    private static Finding Modes(DataFolder folder)
    {
        List<string> open = Open(folder);
        return open.Count == 0
            ? new Finding("folder", true, $"{folder.Path} is its owner's alone.")
            : new Finding("folder", false, $"Other users of this machine can get at {open[0]}{(open.Count > 1 ? $" and {open.Count - 1} more" : "")}. 'soundings doctor --repair' closes them.");
    }

    private static List<string> Open(DataFolder folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Prepend(folder.Path).Where(DataFolder.IsOpenToOthers)];

    private static Finding Companion(DataFolder folder) => Vault.IsHeld(folder)
        ? new Finding("companion", null, RunningCompanion.Read(folder) is { } running ? $"It is running at {running.Address}." : "Another Soundings has the folder now.")
        : new Finding("companion", null, "None is running on this folder.");

    private static Finding DatabaseFile(DataFolder folder)
    {
        const string way = "Stop Soundings and run 'soundings doctor --repair': what can be read is saved, the damaged file is kept. Or put a backup back: soundings restore FILE.";
        if (!File.Exists(folder.DatabaseFile) && !File.Exists(folder.StateFile)) return new Finding("database", null, "There is none yet; it is made at the first start.");
        (string? fault, string holds) = StorageCheck.Look(folder);
        return fault is null ? new Finding("database", true, holds) : new Finding("database", false, $"{fault} {way}");
    }

    private static Finding JournalFile(DataFolder folder)
    {
        (int whole, int bad) = Journal.Count(folder.JournalFile);
        if (bad > 0) return new Finding("journal", false, $"{bad} lines of the labels' journal are damaged, {whole} are whole. It is written anew from the database at the next start.");
        return new Finding("journal", true, $"{whole} labels are in it.");
    }

    private static Finding Models(DataFolder folder)
    {
        ModelCatalogue models = ModelCatalogue.Open(folder);
        foreach (string version in models.Versions.Append(models.ActiveVersion).Distinct())
        {
            try
            {
                models.Load(version);
            }
            catch (MendableError error)
            {
                return new Finding("models", false, $"{error.Message}{(version == models.ActiveVersion ? " 'soundings doctor --repair' makes the newest that can be read the active one." : "")}");
            }
        }
        return new Finding("models", true, $"{models.Versions.Count} can be read; version {models.ActiveVersion} is active.");
    }

    private static Finding Rules(DataFolder folder)
    {
        SiteCatalogue sites = SiteCatalogue.Open(SiteCatalogue.OwnFolder(folder.Path));
        return sites.Refused is [var (file, reason), ..]
            ? new Finding("rules", false, $"The file {file} is not used: {reason}. Mend it or remove it; the rules it would replace are in use.")
            : new Finding("rules", true, $"Rules for {sites.Sites.Count} sites are in use.");
    }

    private static Finding BackupFiles(DataFolder folder)
    {
        IReadOnlyList<string> all = Backups.All(folder);
        string[] broken = [.. all.Where(path => BackupFile.Look(path) is null)];
        if (broken.Length > 0) return new Finding("backups", false, $"The backup {broken[^1]} cannot be read. Delete it; the next is made by itself.");
        return all.Count == 0
            ? new Finding("backups", null, "There is none yet; one is made each day while Soundings runs. 'soundings backup FILE' makes one now.")
            : new Finding("backups", true, $"{all.Count}, the newest is {all[^1]}.");
    }

    private static Finding Disk(DataFolder folder)
    {
        DriveInfo drive = new(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder.Path)! : folder.Path);
        string free = string.Create(CultureInfo.InvariantCulture, $"{drive.AvailableFreeSpace >> 20} MB are free.");
        return drive.AvailableFreeSpace < 64 << 20 || new FileInfo(folder.ReserveFile) is { Exists: true, Length: 0 }
            ? new Finding("disk", false, $"{free} Labels are refused on a full disk: free some space, or forget what you no longer need (soundings forget --help).")
            : new Finding("disk", true, free);
    }

    private static Finding Aside(DataFolder folder)
    {
        string[] kept = [.. Directory.EnumerateFiles(folder.Path, "*.damaged-*"), .. Directory.Exists(folder.ReplacedFolder) ? Directory.EnumerateDirectories(folder.ReplacedFolder) : []];
        return new Finding("set aside", null, kept.Length == 0 ? "Nothing." : $"{string.Join(", ", kept.Select(path => Path.GetRelativePath(folder.Path, path)))}: delete it once you do not need it.");
    }
}
