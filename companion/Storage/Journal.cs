using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace Soundings.Storage;

/// <summary>
/// Every row of labels once more, beside the database: a line of JSON each with its own checksum, flushed to disk before its commit and so before
/// it is acknowledged. Labels exist nowhere else, so they must outlive the loss of the database or of its log.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly string _file;
    private FileStream _stream;
    private long _last, _written, _length;

    private Journal(string file, FileStream stream, long last)
    {
        (_file, _stream, _last, _length) = (file, stream, last, stream.Length);
        _stream.Position = _length;
    }

    /// <summary>Labels that the journal had and the database did not: they are in it again.</summary>
    public int PutBack { get; private init; }

    /// <summary>Lines that were not what was written; the journal was written anew from the database then.</summary>
    public int BadLines { get; private init; }

    /// <summary>For the simulation of power cuts: opens the file, and may note what is written to it.</summary>
    internal static Func<string, FileMode, FileStream> OpenFile { get; set; } =
        (file, mode) => new FileStream(file, Options(mode));

    /// <summary>Without a buffer: one that could not be written on a full disk would be written again at the next chance.</summary>
    internal static FileStreamOptions Options(FileMode mode)
    {
        FileStreamOptions options = DataFolder.Options(mode, FileAccess.ReadWrite);
        options.BufferSize = 0;
        return options;
    }

    /// <summary>
    /// Brings journal and database together: what only the journal has goes into the database, and it is written anew where lines are bad or missing.
    /// While a forgetting is not finished the database alone is believed, lest the journal bring back what was forgotten.
    /// </summary>
    public static Journal Open(string file, SqliteConnection connection)
    {
        HashSet<string> stored = [.. connection.Query("SELECT id FROM labels", row => row.GetString(0))];
        bool forgetting = connection.Scalar<string>("SELECT value FROM meta WHERE name = 'forgettingOwed'") is not null;
        (List<JsonObject> missing, int known, int bad, long good) = forgetting ? ([], 0, 0, 0) : ReadAll(file, stored);
        int putBack = 0;
        if (missing.Count > 0)
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            IReadOnlyDictionary<string, bool> columns = Columns(connection);
            putBack = missing.Count(row => Insert(connection, row, columns));
            transaction.Commit();
        }
        bool complete = bad == 0 && known == stored.Count && putBack == missing.Count;
        if (!complete) WriteAnew(file, connection);
        FileStream stream = OpenFile(file, FileMode.OpenOrCreate);
        // The line that a kill cut short.
        if (complete && stream.Length > good) stream.SetLength(good);
        if (complete && good == 0) DataFolder.SyncFolder(Path.GetDirectoryName(file)!);
        return new Journal(file, stream, connection.Scalar<long>("SELECT coalesce(max(seq), 0) FROM labels")) { PutBack = putBack, BadLines = bad };
    }

    /// <summary>Writes down the rows that this transaction adds. They are on disk when it returns; <see cref="Keep"/> or <see cref="Undo"/> follows.</summary>
    public void Append(SqliteConnection connection)
    {
        // A file that was removed goes on taking writes on Unix, and they are gone with it.
        if (!File.Exists(_file)) throw new IOException("The data folder is gone.");
        if (_stream.Position != _length) Undo();
        _written = _last;
        List<(long Seq, byte[] Line)> rows = connection.Query("SELECT * FROM labels WHERE seq > $last ORDER BY seq", Line, ("$last", _last));
        if (rows.Count == 0) return;
        _stream.Write([.. rows.SelectMany(row => row.Line)]);
        _stream.Flush(flushToDisk: true);
        _written = rows[^1].Seq;
    }

    public void Keep() => (_last, _length) = (_written, _stream.Position);

    /// <summary>The transaction failed: so its rows were never said. Where that fails too, it is done before the next line.</summary>
    public void Undo()
    {
        if (_stream.Length != _length) _stream.SetLength(_length);
        _stream.Position = _length;
    }

    /// <summary>After rows were removed or changed: the database as it is now, and nothing else. On the writer's thread.</summary>
    public void Rewrite(SqliteConnection connection)
    {
        _stream.Dispose();
        WriteAnew(_file, connection);
        _stream = OpenFile(_file, FileMode.OpenOrCreate);
        _length = _stream.Length;
        _stream.Position = _length;
        _last = connection.Scalar<long>("SELECT coalesce(max(seq), 0) FROM labels");
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>How many lines of a journal are whole and how many are not; for whoever only looks.</summary>
    public static (int Whole, int Bad) Count(string file)
    {
        (List<JsonObject> rows, _, int bad, _) = ReadAll(file, []);
        return (rows.Count, bad);
    }

    private static void WriteAnew(string file, SqliteConnection connection)
    {
        string fresh = file + ".new";
        File.Delete(fresh);
        using (FileStream stream = OpenFile(fresh, FileMode.CreateNew))
        {
            foreach ((long _, byte[] line) in connection.Query("SELECT * FROM labels ORDER BY seq", Line)) stream.Write(line);
            stream.Flush(flushToDisk: true);
        }
        DataFolder.MoveInto(fresh, file);
    }

    private static (long Seq, byte[] Line) Line(SqliteDataReader row)
    {
        JsonObject values = [];
        for (int i = 0; i < row.FieldCount; i++)
        {
            values[row.GetName(i)] = row.IsDBNull(i) ? null : row.GetValue(i) switch
            {
                long number => JsonValue.Create(number),
                byte[] bytes => JsonValue.Create(Convert.ToHexStringLower(bytes)),
                object other => JsonValue.Create((string)other),
            };
        }
        string json = values.ToJsonString();
        return (row.GetInt64(row.GetOrdinal("seq")), Encoding.UTF8.GetBytes($$"""{"sum":"{{Sum(Encoding.UTF8.GetBytes(json))}}","row":{{json}}}""" + "\n"));
    }

    private static string Sum(ReadOnlySpan<byte> json) => Convert.ToHexStringLower(SHA256.HashData(json)[..8]);

    /// <summary>The rows whose id is not among those stored, and how many are; <c>Good</c>: the length up to the last whole line, if none before it is bad.</summary>
    private static (List<JsonObject> Missing, int Known, int Bad, long Good) ReadAll(string file, HashSet<string> stored)
    {
        List<JsonObject> missing = [];
        if (!File.Exists(file)) return (missing, 0, 0, 0);
        HashSet<string> seen = [];
        int bad = 0;
        long good = 0;
        byte[] all = File.ReadAllBytes(file);
        for (ReadOnlySpan<byte> rest = all; rest.Length > 0;)
        {
            int end = rest.IndexOf((byte)'\n');
            // Without its end it was never acknowledged.
            if (end < 0) break;
            if (Row(rest[..end]) is { } row && row["id"]?.GetValue<string>() is { } id)
            {
                if (seen.Add(id) && !stored.Contains(id)) missing.Add(row);
            }
            else bad++;
            rest = rest[(end + 1)..];
            good += end + 1;
        }
        return (missing, seen.Count - missing.Count, bad, good);
    }

    private static JsonObject? Row(ReadOnlySpan<byte> line)
    {
        // {"sum":"0123456789abcdef","row":{…}}
        const int start = 32;
        if (line.Length <= start + 1 || !line.StartsWith("{\"sum\":\""u8) || !line[24..start].SequenceEqual("\",\"row\":"u8)) return null;
        ReadOnlySpan<byte> json = line[start..^1];
        return Encoding.ASCII.GetString(line[8..24]) == Sum(json) ? JsonNode.Parse(json) as JsonObject : null;
    }

    /// <summary>The columns of labels, and whether each holds bytes.</summary>
    private static Dictionary<string, bool> Columns(SqliteConnection connection) =>
        connection.Query("SELECT name, type = 'BLOB' FROM pragma_table_info('labels')", row => (row.GetString(0), row.GetBoolean(1))).ToDictionary(column => column.Item1, column => column.Item2);

    /// <summary>Under its old number where that is free: versions of the model are named by it. False: it withdraws a label that is nowhere.</summary>
    private static bool Insert(SqliteConnection connection, JsonObject row, IReadOnlyDictionary<string, bool> columns)
    {
        if (row["withdraws"]?.GetValue<string>() is { } withdraws && connection.Scalar<long>("SELECT count(*) FROM labels WHERE id = $id", ("$id", withdraws)) == 0) return false;
        string[] names = [.. row.Select(value => value.Key).Where(columns.ContainsKey)];
        if (connection.Scalar<long>("SELECT count(*) FROM labels WHERE seq = $seq", ("$seq", row["seq"]!.GetValue<long>())) > 0) names = [.. names.Where(name => name != "seq")];
        return connection.Execute(
            $"INSERT OR IGNORE INTO labels ({string.Join(", ", names)}) VALUES ({string.Join(", ", names.Select(name => "$" + name))})",
            [.. names.Select(name => ("$" + name, Value(row[name], columns[name])))]) == 1;
    }

    private static object? Value(JsonNode? node, bool isBytes) => node is null ? null
        : node.GetValueKind() == JsonValueKind.Number ? node.GetValue<long>()
        : isBytes ? Convert.FromHexString(node.GetValue<string>()) : node.GetValue<string>();
}
