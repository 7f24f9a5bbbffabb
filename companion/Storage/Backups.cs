using Microsoft.Data.Sqlite;

namespace Soundings.Storage;

/// <summary>How often a backup is made by itself, and how many stay.</summary>
internal sealed record BackupOptions
{
    /// <summary>Between two backups. Labels said since the last one are in the journal besides.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Backups kept; the oldest goes first.</summary>
    public int Keep { get; init; } = 5;

    /// <summary>All of them together at most; the newest stays whatever its size.</summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>Room on the disk beyond the copy itself, below which none is made: a backup must not be what fills the disk.</summary>
    public long RoomToLeave { get; init; } = 256L << 20;

    public TimeSpan FirstLook { get; init; } = TimeSpan.FromMinutes(1);
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>Owns DATA/backups: what is made there by itself, what stays, and that what was forgotten leaves it.</summary>
internal sealed class Backups(Vault vault, BackupOptions options)
{
    private readonly Lock _gate = new();

    /// <summary>The daily ones, oldest first. Those made before an upgrade stand beside them under another name.</summary>
    public static IReadOnlyList<string> All(DataFolder folder) => Directory.Exists(folder.BackupsFolder)
        ? [.. Directory.EnumerateFiles(folder.BackupsFolder, "2*" + BackupFile.Ending).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>A backup to wherever the user wants it.</summary>
    public BackupManifest Write(string target, DateTimeOffset now)
    {
        lock (_gate) return BackupFile.Write(vault.Folder, vault.Database.CopyTo, target, now);
    }

    /// <summary>Makes one if the last is old enough and there is something to keep and room for it; returns its path, or null.</summary>
    public string? MakeIfDue(DateTimeOffset now)
    {
        lock (_gate)
        {
            DataFolder folder = vault.Folder;
            string name = BackupFile.NameFor(now);
            // By their names: a clock that was set back does not stop backups, and one that was ahead makes one more.
            string? last = All(folder).Select(Path.GetFileName).LastOrDefault(made => string.CompareOrdinal(made, name) <= 0);
            if (last is not null && string.CompareOrdinal(last, BackupFile.NameFor(now - options.Every)) > 0) return null;
            long rows = vault.Database.Read(connection => connection.Scalar<long>("SELECT (SELECT count(*) FROM (SELECT 1 FROM items LIMIT 1)) + (SELECT count(*) FROM (SELECT 1 FROM labels LIMIT 1))"));
            if (rows == 0) return null;
            long size = new FileInfo(folder.DatabaseFile).Length;
            if (new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder.Path)! : folder.Path).AvailableFreeSpace < size * 2 + options.RoomToLeave) return null;
            DataFolder.CreateFolder(folder.BackupsFolder);
            string target = Path.Combine(folder.BackupsFolder, name);
            BackupFile.Write(folder, vault.Database.CopyTo, target, now);
            Prune(folder);
            return target;
        }
    }

    private void Prune(DataFolder folder)
    {
        List<FileInfo> left = [.. All(folder).Select(path => new FileInfo(path))];
        while (left.Count > 1 && (left.Count > options.Keep || left.Sum(file => file.Length) > options.MaxBytes))
        {
            left[0].Delete();
            left.RemoveAt(0);
        }
    }
}

/// <summary>Looks shortly after the start and then every hour whether a backup is due, and whether the reserve stands.</summary>
internal sealed class BackupService(Backups backups, Vault vault, BackupOptions options, TimeProvider clock, ILogger<BackupService> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan wait = options.FirstLook;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(wait, stoppingToken);
                vault.Reserve.Allows();
                backups.MakeIfDue(clock.GetUtcNow());
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is MendableError or SqliteException or IOException or UnauthorizedAccessException)
            {
                log.LogWarning("No backup was made: {Fault}; tried again at the next look", error is MendableError ? error.Message : error.GetType().Name);
            }
            wait = options.Interval;
        }
    }
}
