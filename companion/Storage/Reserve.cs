using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Soundings.Storage;

/// <summary>
/// A file that does nothing but hold room on the disk. On a full disk SQLite cannot even delete (it writes its log first, measured), so what frees
/// room may spend this; while it is spent nothing else is written, and it is made again as soon as there is room for more than itself.
/// An empty file says that it is spent.
/// </summary>
internal sealed class Reserve
{
    /// <summary>More than the log grows by while one batch is forgotten; on a small disk an eighth of it.</summary>
    private const long Most = 16 << 20;

    private readonly string _file;
    private volatile bool _isSpent;

    public Reserve(DataFolder folder)
    {
        _file = folder.ReserveFile;
        _isSpent = new FileInfo(_file) is { Exists: true, Length: 0 };
    }

    public bool IsSpent => _isSpent;

    /// <summary>Whether the disk is full, whichever of them says so: SQLite, its shared memory, or a plain file (by the numbers of Windows and of the others).</summary>
    public static bool IsFull(Exception? error) => error switch
    {
        SqliteException { SqliteErrorCode: 13 } or SqliteException { SqliteExtendedErrorCode: 4874 } => true,
        IOException io => (io.HResult & 0xFFFF) is 28 or 39 or 112 or 122,
        _ => false,
    };

    /// <summary>Whether anything may be written that does not free room; makes the reserve where it is missing and there is room for it.</summary>
    public bool Allows()
    {
        if (!_isSpent && File.Exists(_file)) return true;
        try
        {
            DriveInfo drive = new(OperatingSystem.IsWindows() ? Path.GetPathRoot(_file)! : Path.GetDirectoryName(_file)!);
            long size = Math.Min(Most, drive.TotalSize / 8);
            // With as much again beside it: else the next label would fill the disk up anew.
            if (drive.AvailableFreeSpace >= 2 * size)
            {
                Make(size);
                _isSpent = false;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The folder is gone, or another program took the room in this very moment: the write that was asked for says what it meets.
            return !_isSpent;
        }
        return !_isSpent;
    }

    /// <summary>Gives the room away; false where there is none to give.</summary>
    public bool Spend()
    {
        if (new FileInfo(_file) is not { Exists: true, Length: > 0 }) return false;
        try
        {
            using (FileStream file = new(_file, FileMode.Truncate)) file.Flush(flushToDisk: true);
            return _isSpent = true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Then it frees nothing, and the disk stays as full as it is.
            return false;
        }
    }

    /// <summary>Of chance, for a file system that packs or leaves out zeros would hold nothing.</summary>
    private void Make(long size)
    {
        string fresh = _file + ".new";
        try
        {
            Fill(fresh, size);
            File.Move(fresh, _file, overwrite: true);
        }
        finally
        {
            File.Delete(fresh);
        }
    }

    private static void Fill(string path, long size)
    {
        using FileStream file = new(path, DataFolder.Options(FileMode.Create, FileAccess.Write));
        byte[] block = RandomNumberGenerator.GetBytes(1 << 16);
        for (long written = 0; written < size; written += block.Length) file.Write(block);
        file.Flush(flushToDisk: true);
    }
}
