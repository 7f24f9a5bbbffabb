using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Soundings.Storage;

namespace Soundings.Tests.Durability;

internal enum Deed
{
    Write,
    Truncate,
    Sync,
    Delete,
    Rename,

    /// <summary>Not done to a file: the user was told something, or asked for something.</summary>
    Mark,
}

/// <summary><c>Path</c> as the companion names it; of a rename, <c>Text</c> is the new one; of a mark, what it says.</summary>
internal sealed record Done(Deed Deed, string Path, long Offset = 0, byte[]? Data = null, string Text = "");

/// <summary>
/// Writes down, in order, everything that SQLite and the journal do to the files of one folder. SQLite is watched by a file system of its own (a VFS)
/// that passes every call on to the real one; files elsewhere are handed to the real one whole, so other tests do not notice.
/// </summary>
internal sealed unsafe class PowerRecorder : IDisposable
{
    private static readonly ConcurrentDictionary<string, PowerRecorder> Recorders = new();
    private static readonly ConcurrentDictionary<nint, (nint Methods, string Path, PowerRecorder Recorder)> Open = new();
    private static readonly Vfs* Real = sqlite3_vfs_find(null);
    private static readonly Methods* Ours = Register();
    private readonly string _folder;
    private readonly List<Done> _log = [];

    public PowerRecorder(string folder)
    {
        _folder = folder + Path.DirectorySeparatorChar;
        // Read, so that the watching file system is registered.
        if (Ours is null || !Recorders.TryAdd(_folder, this)) throw new InvalidOperationException("recorded twice");
        Journal.OpenFile = (file, mode) => RecorderOf(file) is { } recorder ? new RecordedStream(file, mode, recorder) : new FileStream(file, Journal.Options(mode));
        DataFolder.Moving += OnMoving;
    }

    public IReadOnlyList<Done> Log
    {
        get
        {
            lock (_log) return [.. _log];
        }
    }

    public void Mark(string text) => Add(new Done(Deed.Mark, "", Text: text));

    public void Dispose()
    {
        Recorders.TryRemove(_folder, out _);
        DataFolder.Moving -= OnMoving;
    }

    private void OnMoving(string from, string to)
    {
        if (RecorderOf(from) == this && RecorderOf(to) == this) Add(new Done(Deed.Rename, from, Text: to));
    }

    private void Add(Done done)
    {
        lock (_log) _log.Add(done);
    }

    private static PowerRecorder? RecorderOf(string path) =>
        Path.GetDirectoryName(path) is { } folder && Recorders.TryGetValue(folder + Path.DirectorySeparatorChar, out PowerRecorder? recorder) ? recorder : null;

    private sealed class RecordedStream(string file, FileMode mode, PowerRecorder recorder) : FileStream(file, Journal.Options(mode))
    {
        /// <summary>A stream derived from a file's hands spans on to this one.</summary>
        public override void Write(byte[] buffer, int offset, int count)
        {
            long at = Position;
            base.Write(buffer, offset, count);
            recorder.Add(new Done(Deed.Write, Name, at, buffer.AsSpan(offset, count).ToArray()));
        }

        public override void SetLength(long value)
        {
            base.SetLength(value);
            recorder.Add(new Done(Deed.Truncate, Name, value));
        }

        public override void Flush(bool flushToDisk)
        {
            base.Flush(flushToDisk);
            if (flushToDisk) recorder.Add(new Done(Deed.Sync, Name));
        }
    }

    [DllImport("e_sqlite3")]
    private static extern Vfs* sqlite3_vfs_find(byte* name);

    [DllImport("e_sqlite3")]
    private static extern int sqlite3_vfs_register(Vfs* vfs, int makeDefault);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnOpen(Vfs* vfs, byte* name, SqliteFile* file, int flags, int* outFlags)
    {
        int result = Real->Open(Real, name, file, flags, outFlags);
        if (result != 0 || name is null || file->Methods is null) return result;
        string path = Marshal.PtrToStringUTF8((nint)name)!;
        if (RecorderOf(path) is not { } recorder) return result;
        Open[(nint)file] = ((nint)file->Methods, path, recorder);
        file->Methods = Ours;
        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnDelete(Vfs* vfs, byte* name, int sync)
    {
        int result = Real->Delete(Real, name, sync);
        string path = Marshal.PtrToStringUTF8((nint)name)!;
        if (result == 0 && RecorderOf(path) is { } recorder) recorder.Add(new Done(Deed.Delete, path));
        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnClose(SqliteFile* file)
    {
        Open.TryRemove((nint)file, out var open);
        file->Methods = (Methods*)open.Methods;
        return file->Methods->Close(file);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnWrite(SqliteFile* file, byte* data, int length, long offset)
    {
        (nint methods, string path, PowerRecorder recorder) = Open[(nint)file];
        int result = ((Methods*)methods)->Write(file, data, length, offset);
        if (result == 0) recorder.Add(new Done(Deed.Write, path, offset, new ReadOnlySpan<byte>(data, length).ToArray()));
        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnTruncate(SqliteFile* file, long length)
    {
        (nint methods, string path, PowerRecorder recorder) = Open[(nint)file];
        int result = ((Methods*)methods)->Truncate(file, length);
        if (result == 0) recorder.Add(new Done(Deed.Truncate, path, length));
        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnSync(SqliteFile* file, int flags)
    {
        (nint methods, string path, PowerRecorder recorder) = Open[(nint)file];
        int result = ((Methods*)methods)->Sync(file, flags);
        if (result == 0) recorder.Add(new Done(Deed.Sync, path));
        return result;
    }

    /// <summary>
    /// A file opened by the real system keeps its own state and only has its table of functions changed for ours, which is that table with four
    /// entries replaced. It is read off a file that is opened for that alone.
    /// </summary>
    private static Methods* Register()
    {
        string probe = Path.GetTempFileName();
        SqliteFile* file = (SqliteFile*)NativeMemory.AllocZeroed((nuint)Real->FileSize);
        const int readWriteMain = 0x2 | 0x100;
        int flags;
        // The name must be followed by an empty list of parameters.
        byte* padded = (byte*)NativeMemory.AllocZeroed((nuint)(Encoding.UTF8.GetByteCount(probe) + 8));
        Encoding.UTF8.GetBytes(probe, new Span<byte>(padded, Encoding.UTF8.GetByteCount(probe)));
        if (Real->Open(Real, padded, file, readWriteMain, &flags) != 0) throw new InvalidOperationException("SQLite opens no file here");
        Methods* ours = (Methods*)NativeMemory.Alloc((nuint)sizeof(Methods));
        *ours = *file->Methods;
        ours->Close = &OnClose;
        ours->Write = &OnWrite;
        ours->Truncate = &OnTruncate;
        ours->Sync = &OnSync;
        file->Methods->Close(file);
        NativeMemory.Free(file);
        NativeMemory.Free(padded);
        File.Delete(probe);

        Vfs* vfs = (Vfs*)NativeMemory.Alloc((nuint)sizeof(Vfs));
        *vfs = *Real;
        vfs->Next = null;
        vfs->Name = (byte*)Marshal.StringToCoTaskMemUTF8("recording");
        vfs->Open = &OnOpen;
        vfs->Delete = &OnDelete;
        if (sqlite3_vfs_register(vfs, 1) != 0) throw new InvalidOperationException("SQLite takes no file system");
        return ours;
    }

    /// <summary>sqlite3_file: what follows the table is the real system's own.</summary>
    private struct SqliteFile
    {
        public Methods* Methods;
    }

    /// <summary>sqlite3_io_methods, of which four functions are of interest here.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Methods
    {
        public int Version;
        public delegate* unmanaged[Cdecl]<SqliteFile*, int> Close;
        public nint Read;
        public delegate* unmanaged[Cdecl]<SqliteFile*, byte*, int, long, int> Write;
        public delegate* unmanaged[Cdecl]<SqliteFile*, long, int> Truncate;
        public delegate* unmanaged[Cdecl]<SqliteFile*, int, int> Sync;
        public nint Size, Lock, Unlock, CheckLock, Control, SectorSize, Characteristics, ShmMap, ShmLock, ShmBarrier, ShmUnmap, Fetch, Unfetch;
    }

    /// <summary>sqlite3_vfs, likewise.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Vfs
    {
        public int Version, FileSize, MaxPath;
        public Vfs* Next;
        public byte* Name;
        public nint Data;
        public delegate* unmanaged[Cdecl]<Vfs*, byte*, SqliteFile*, int, int*, int> Open;
        public delegate* unmanaged[Cdecl]<Vfs*, byte*, int, int> Delete;
        public nint Access, FullPath, DlOpen, DlError, DlSym, DlClose, Randomness, Sleep, Time, LastError, Time64, SetCall, GetCall, NextCall;
    }
}
