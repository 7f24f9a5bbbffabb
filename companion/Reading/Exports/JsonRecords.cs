using System.Text.Json;

namespace Soundings.Reading.Exports;

/// <summary>One element of a list in a JSON file: the line it begins in, and the list's name where it has one. Good until the next is asked for.</summary>
internal readonly record struct JsonRecord(int Line, string List, JsonElement Value);

/// <summary>
/// Owns walking through a JSON file of any size with memory for one record: the elements of the list at its root, or of the lists that the
/// object at its root holds, directly or one object further in. A record over the limit, or a file that is no sound JSON to its end, refuses the import.
/// </summary>
internal sealed class JsonRecords(Stream stream, string file)
{
    private const int MaxDepth = 64;

    /// <summary>How deep a list of records may lie: until 2020, <c>{"group_posts":{"activity_log_data":[…]}}</c>.</summary>
    private const int MaxListDepth = 3;

    private byte[] _buffer = new byte[1 << 16];
    private int _start, _end, _lines, _counted;
    private int? _listDepth;
    private bool _final;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = MaxDepth });
    private string _list = "";

    public IEnumerable<JsonRecord> Read()
    {
        Fill();
        if (_buffer.AsSpan(0, _end).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) _start = _counted = 3;
        while (Next() is { } document)
        {
            using (document) yield return new JsonRecord(_lines + 1, _list, document.RootElement);
        }
    }

    private JsonDocument? Next()
    {
        while (true)
        {
            try
            {
                if (TryStep(out JsonDocument? record)) return record;
            }
            catch (JsonException error)
            {
                bool deep = error.Message.Contains("depth", StringComparison.Ordinal);
                throw new ImportRefused(file, (int)(error.LineNumber ?? 0) + 1, deep ? $"it is nested more than {MaxDepth} levels deep." : _final ? "it is not valid JSON; the file may have been cut." : "it is not valid JSON.");
            }
            Fill();
        }
    }

    /// <summary>Reads on in the buffer. True: at a record, or (null) at the end of the file; false: more bytes are needed.</summary>
    private bool TryStep(out JsonDocument? record)
    {
        record = null;
        Utf8JsonReader reader = new(_buffer.AsSpan(_start, _end - _start), _final, _state);
        while (true)
        {
            Utf8JsonReader before = reader;
            if (!reader.Read())
            {
                Keep(before);
                return _final;
            }
            if (_listDepth is { } depth)
            {
                if (reader.CurrentDepth == depth) return TryTake(before, reader, out record);
                _listDepth = null; // its end: within it, nothing else is met at another depth
            }
            else if (reader.TokenType == JsonTokenType.StartArray && reader.CurrentDepth < MaxListDepth)
            {
                _listDepth = reader.CurrentDepth + 1;
            }
            else if (reader.TokenType == JsonTokenType.PropertyName)
            {
                _list = NameOf(reader);
            }
            else if (reader.TokenType == JsonTokenType.StartObject && reader.CurrentDepth == 0)
            {
                // A person with a single post gets that post alone, without a list around it.
                Utf8JsonReader first = reader;
                if (first.Read() && first.TokenType == JsonTokenType.PropertyName && first.ValueTextEquals("timestamp"u8)) return TryTake(before, reader, out record);
            }
        }
    }

    private string NameOf(Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // The reader's way to say: half a surrogate pair.
            CountTo(_start + (int)reader.TokenStartIndex);
            throw new ImportRefused(file, _lines + 1, "a name in it is not valid Unicode.");
        }
    }

    private bool TryTake(Utf8JsonReader before, Utf8JsonReader at, out JsonDocument? record)
    {
        record = null;
        Utf8JsonReader whole = at;
        if (!whole.TrySkip())
        {
            Keep(before);
            return false;
        }
        int from = _start + (int)at.TokenStartIndex, to = _start + (int)whole.BytesConsumed;
        record = JsonDocument.Parse(_buffer.AsMemory(from, to - from), new JsonDocumentOptions { MaxDepth = MaxDepth });
        CountTo(from);
        Keep(whole);
        return true;
    }

    private void Keep(Utf8JsonReader reader)
    {
        _start += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    private void Fill()
    {
        CountTo(_start);
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_end, _start, _counted) = (_end - _start, 0, 0);
        if (_end >= ImportLimits.RecordBytes) throw new ImportRefused(file, _lines + 1, $"the record that begins here is longer than {ImportLimits.RecordBytes >> 20} MiB.");
        if (_end == _buffer.Length) Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, ImportLimits.RecordBytes));
        int read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _final = read == 0;
        _end += read;
    }

    /// <summary>Counts the line ends before a place in the buffer; the blanks before a record are part of what comes before it.</summary>
    private void CountTo(int position)
    {
        if (position <= _counted) return;
        _lines += _buffer.AsSpan(_counted, position - _counted).Count((byte)'\n');
        _counted = position;
    }
}
