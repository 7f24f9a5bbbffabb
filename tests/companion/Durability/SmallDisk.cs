using System.Diagnostics;
using Soundings.Storage;

namespace Soundings.Tests.Durability;

/// <summary>
/// A disk that can be filled: a file system in memory of its own where this process may mount one (as root on Linux), else an ordinary folder whose
/// database is told by SQLite's own limit that the disk is full.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly List<string> _fillers = [];

    public SmallDisk(int megabytes)
    {
        Path = Directory.CreateTempSubdirectory("soundings-disk-").FullName;
        IsReal = OperatingSystem.IsLinux() && Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0700", "tmpfs", Path) == 0;
    }

    public string Path { get; }

    /// <summary>Whether the disk itself can be filled, and the reserve on it matters.</summary>
    public bool IsReal { get; }

    /// <summary>Takes whatever room is left, to the last byte.</summary>
    public async Task FillAsync(Vault vault)
    {
        if (!IsReal)
        {
            await vault.Database.WriteAsync(connection => connection.Execute($"PRAGMA max_page_count = {connection.Scalar<long>("PRAGMA page_count")}"));
            return;
        }
        string filler = System.IO.Path.Combine(Path, $"filler-{_fillers.Count}");
        _fillers.Add(filler);
        using FileStream file = new(filler, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (int size = 1 << 20; size > 0; size /= 4)
        {
            try
            {
                while (true) file.Write(new byte[size]);
            }
            catch (IOException)
            {
                // Full for pieces of this size; smaller ones may still fit.
                continue;
            }
        }
    }

    public async Task FreeAsync(Vault vault)
    {
        foreach (string filler in _fillers) File.Delete(filler);
        _fillers.Clear();
        if (!IsReal) await vault.Database.WriteAsync(connection => connection.Execute("PRAGMA max_page_count = 1073741823"));
    }

    public void Dispose()
    {
        if (IsReal) Run("umount", "-l", Path);
        Directory.Delete(Path, recursive: true);
    }

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
