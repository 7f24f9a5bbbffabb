using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace Soundings.Storage;

/// <summary>
/// The SQLite file: how it is opened, checked and brought up to date, its one writer, and short reads.
/// Labels exist nowhere else, hence <c>synchronous=FULL</c>: what was acknowledged outlives a power cut (NORMAL lost up to 125 commits, measured).
/// </summary>
internal sealed class Database : IDisposable
{
    /// <summary>"Sndg": marks the file as ours in its header.</summary>
    public const int ApplicationId = 0x536E6467;

    private readonly string _file;
    private readonly string _readString;
    private readonly Writer _writer;

    private Database(string file, SqliteConnection writer, Journal journal, Reserve? reserve, bool stoppedUncleanly)
    {
        _file = file;
        Journal = journal;
        Recovered = Recovery.Of(writer);
        StoppedUncleanly = stoppedUncleanly;
        _readString = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = true,
            DefaultTimeout = 5,
        }.ToString();
        ServerId = writer.Scalar<string>("SELECT value FROM meta WHERE name = 'serverId'") ?? throw Damaged(file, null);
        _writer = new Writer(writer, journal, reserve);
    }

    public string ServerId { get; }

    /// <summary>The last companion was killed, or the machine was: its log still lay beside the file.</summary>
    public bool StoppedUncleanly { get; }

    /// <summary>What <see cref="StorageCheck"/> found wrong with the file; null when nothing was, or before it has looked.</summary>
    public string? Damage { get; set; }

    /// <summary>The labels once more, beside the file.</summary>
    public Journal Journal { get; }

    /// <summary>The last recovery from damage; null where there was none.</summary>
    public Recovered? Recovered { get; }

    /// <summary>Why the last write failed; null when it went well.</summary>
    public Exception? LastFault => _writer.LastFault;

    /// <summary>Raised after each write that is on disk, on the thread of whoever wrote: the dashboard reads anew.</summary>
    public event Action? Written;

    /// <summary>Up to this size a file is read through before it is opened after an unclean stop; a larger one while the companion already serves.</summary>
    private const long MaxBytesToProve = 64 << 20;

    /// <summary>
    /// Opens or creates the file; a file that is not ours, damaged or from a newer version stays untouched. <paramref name="beforeUpgrade"/> is
    /// given the database, and its schema's number, before that is brought up to date.
    /// </summary>
    public static Database Open(string file, bool mustExist, Reserve? reserve = null, Action<SqliteConnection, long>? beforeUpgrade = null)
    {
        CheckHeader(file, mustExist);
        bool stoppedUncleanly = new FileInfo(file + "-wal") is { Exists: true, Length: > 0 };
        if (stoppedUncleanly && new FileInfo(file).Length <= MaxBytesToProve) Prove(file);
        // Created by us with its mode; SQLite gives the files beside it the same.
        using (new FileStream(file, DataFolder.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite))) { }

        // Unpooled: a pooled connection keeps the pragmas of its last user.
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            connection.Open();
            RefuseForeignSchema(connection, file);
            connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768");
            RefuseUnsafeMode(connection);
            long version = connection.Scalar<long>("PRAGMA user_version");
            if (version > 0 && version < Schema.Version) beforeUpgrade?.Invoke(connection, version);
            Schema.Migrate(connection);
            Journal journal = Journal.Open(Path.Combine(Path.GetDirectoryName(file)!, DataFolder.JournalName), connection);
            try
            {
                return new Database(file, connection, journal, reserve, stoppedUncleanly);
            }
            catch
            {
                journal.Dispose();
                throw;
            }
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw error.SqliteErrorCode switch
            {
                11 or 26 => Damaged(file, error),
                5 or 6 => new MendableError($"Another program holds the database {file}. Close it and start Soundings again.", error),
                13 => new MendableError($"The disk is full, so the database {file} cannot be opened. Free some space and start Soundings again.", error),
                _ => new MendableError($"The database {file} cannot be opened ({error.SqliteErrorCode}). See that the folder can be written, or name another with --data DIR.", error),
            };
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs <paramref name="work"/> on the one writer, in a transaction of its own: it is on disk when the task ends, or nothing of it is.</summary>
    /// <remarks>What <paramref name="freesRoom"/> may spend the reserve on a full disk.</remarks>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, bool freesRoom = false)
    {
        T result = await _writer.RunAsync(work, freesRoom);
        Written?.Invoke();
        return result;
    }

    /// <summary>Ends when everything handed to the writer before is done, or after a second: so that a read sees what was just observed.</summary>
    public async Task SettleAsync()
    {
        Task settled = _writer.RunAsync(_ => true);
        await Task.WhenAny(settled, Task.Delay(TimeSpan.FromSeconds(1)));
    }

    /// <summary>A short read on a connection of its own. Never keep it open over an await: a long reader lets the journal grow.</summary>
    public T Read<T>(Func<SqliteConnection, T> work)
    {
        using SqliteConnection connection = new(_readString);
        connection.Open();
        connection.Execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY");
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
        return work(connection);
    }

    /// <summary>
    /// Writes the file anew without the bytes that deleted rows left in it, and empties the log beside it: deleting with <c>secure_delete</c> zeroes
    /// what it frees, but not the copies that moved within a page. False: somebody was reading all the while, so the log could not be emptied.
    /// </summary>
    public async Task<bool> CompactAsync()
    {
        // Not in memory: the file may be larger than that. In its own folder: the system's may be another disk, and is not ours.
        string folder = Path.GetDirectoryName(_file)!;
        bool emptied = await _writer.RunAloneAsync(connection =>
        {
            // One at a time, and without a value bound: pragmas take none, and this path is the user's own.
            connection.Execute($"PRAGMA temp_store = FILE; PRAGMA temp_store_directory = '{folder.Replace("'", "''", StringComparison.Ordinal)}'");
            try
            {
                connection.Execute("VACUUM");
            }
            finally
            {
                connection.Execute("PRAGMA temp_store_directory = ''; PRAGMA temp_store = MEMORY");
            }
            return connection.Scalar<long>("PRAGMA wal_checkpoint(TRUNCATE)") == 0;
        });
        Written?.Invoke();
        return emptied;
    }

    /// <summary>
    /// A whole copy as of one moment, into a file that must be empty or not be there, while reads and writes go on. Without the pages that were
    /// freed: what was deleted is not in it.
    /// </summary>
    public void CopyTo(string file)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder(_readString) { Pooling = false }.ToString());
        connection.Open();
        CopyTo(connection, file);
    }

    public static void CopyTo(SqliteConnection connection, string file)
    {
        using (new FileStream(file, DataFolder.Options(FileMode.CreateNew, FileAccess.Write))) { }
        connection.Execute("VACUUM INTO $file", ("$file", file));
    }

    /// <summary>After rows of labels were removed or changed for good: the journal must not bring them back.</summary>
    public Task RewriteJournalAsync() => _writer.RunAloneAsync(connection =>
    {
        Journal.Rewrite(connection);
        return true;
    });

    /// <summary>
    /// Reads the file through with the log beside it, on a connection that writes nothing. A log of another database would be moved into this one as
    /// soon as it is opened, and spoil it for good.
    /// </summary>
    private static void Prove(string file)
    {
        try
        {
            using SqliteConnection connection = Salvage.Open(file, SqliteOpenMode.ReadOnly);
            if (connection.Scalar<string>("PRAGMA integrity_check(1)") != "ok") throw Damaged(file, null);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is 11 or 26)
        {
            throw Damaged(file, error);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is 5 or 6 or 8 or 14)
        {
            // Held by another, or not to be read without writing: whoever opens it next says so.
            return;
        }
    }

    public void Dispose()
    {
        using (SqliteConnection pool = new(_readString)) SqliteConnection.ClearPool(pool);
        // Last, so that it moves the log into the file as it closes.
        _writer.Dispose();
    }

    /// <summary>
    /// Reads the first 100 bytes as bytes, before SQLite opens anything: opening can already write (a journal rolled back, a log checkpointed),
    /// and a file we refuse must stay as it is.
    /// </summary>
    public static void CheckHeader(string file, bool mustExist)
    {
        Span<byte> header = stackalloc byte[100];
        long length = 0;
        if (File.Exists(file))
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            length = stream.Length;
            if (length > 0 && stream.ReadAtLeast(header, 100, throwOnEndOfStream: false) < 100) throw mustExist ? Damaged(file, null) : NotOurs(file);
        }
        else if (Directory.Exists(file))
        {
            throw NotOurs(file);
        }
        if (length == 0)
        {
            if (!mustExist) return;
            throw new DamagedException($"The database {file} is missing or empty although this folder was in use. Put it back from a copy; to begin anew, remove state.json beside it.");
        }
        if (!header.StartsWith("SQLite format 3\0"u8)) throw mustExist ? Damaged(file, null) : NotOurs(file);
        int applicationId = BinaryPrimitives.ReadInt32BigEndian(header[68..]), version = BinaryPrimitives.ReadInt32BigEndian(header[60..]);
        // Both 0: created, and killed before the first checkpoint; the schema is then looked at through SQLite.
        if (applicationId != ApplicationId && (applicationId != 0 || version != 0)) throw NotOurs(file);
        if (version > Schema.Version) throw TooNew(file, version);
    }

    private static void RefuseForeignSchema(SqliteConnection connection, string file)
    {
        long version = connection.Scalar<long>("PRAGMA user_version"), applicationId = connection.Scalar<long>("PRAGMA application_id");
        if (version > Schema.Version) throw TooNew(file, version);
        bool empty = connection.Scalar<long>("SELECT count(*) FROM sqlite_schema") == 0;
        if (applicationId != ApplicationId && !(empty && applicationId == 0)) throw NotOurs(file);
    }

    private static void RefuseUnsafeMode(SqliteConnection connection)
    {
        string journal = connection.Scalar<string>("PRAGMA journal_mode")!;
        if (journal != "wal")
            throw new MendableError($"The database cannot keep its write-ahead log here (it answers '{journal}'); network folders often cannot. Name a folder on this machine with --data DIR.");
        if (connection.Scalar<long>("PRAGMA synchronous") != 2) throw new InvalidOperationException("synchronous is not FULL");
    }

    private static MendableError NotOurs(string file) =>
        new($"{file} is not a Soundings database; it was left as it is. Move it away, or name another folder with --data DIR.");

    private static MendableError TooNew(string file, long version) =>
        new($"The database {file} was written by a newer Soundings (schema {version}, this one knows {Schema.Version}); it was left as it is. Start the newer one.");

    private static DamagedException Damaged(string file, Exception? error) =>
        new($"The database {file} is damaged and was left as it is. Put a backup back (soundings restore FILE), or name another folder with --data DIR.", error);
}

/// <summary>Small calls on a connection, so that a store's method reads as its SQL.</summary>
internal static class Sql
{
    public static int Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using SqliteCommand command = connection.Prepare(sql, values);
        return command.ExecuteNonQuery();
    }

    public static T? Scalar<T>(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using SqliteCommand command = connection.Prepare(sql, values);
        return command.ExecuteScalar() is T value ? value : default;
    }

    public static List<T> Query<T>(
        this SqliteConnection connection, string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using SqliteCommand command = connection.Prepare(sql, values);
        using SqliteDataReader reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read()) rows.Add(row(reader));
        return rows;
    }

    public static SqliteCommand Prepare(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object? value) in values) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}
