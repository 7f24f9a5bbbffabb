using System.Text.Json;

namespace Soundings.Reading;

/// <summary>A rule file was refused: the reason, and the line it stands on.</summary>
internal sealed class RuleFileException(string reason, int line) : Exception($"line {line}: {reason}")
{
    public int Line { get; } = line;
}

/// <summary>A JSON value that remembers its line, so that a refusal can name it. Repeated names are refused while reading.</summary>
internal sealed class RuleNode(JsonTokenType type, int line)
{
    private const int MaxDepth = 16;

    public JsonTokenType Type { get; } = type;
    public int Line { get; } = line;
    public string Text { get; private init; } = "";
    public List<RuleNode> Items { get; } = [];
    public Dictionary<string, RuleNode> Properties { get; } = new(StringComparer.Ordinal);

    public static RuleNode Parse(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        var lines = new LineCounter();
        try
        {
            if (!reader.Read())
                throw new RuleFileException("the file is empty", 1);
            var root = ReadValue(ref reader, json, lines);
            if (reader.Read())
                throw new RuleFileException("more follows after the end of the rules", lines.At(json, reader.TokenStartIndex));
            return root;
        }
        catch (JsonException error)
        {
            throw new RuleFileException("not JSON: " + error.Message.Split(". LineNumber")[0], (int)(error.LineNumber ?? 0) + 1);
        }
        catch (InvalidOperationException)
        {
            throw new RuleFileException("a text holds bytes that are no UTF-8", lines.Last);
        }
    }

    private static RuleNode ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, LineCounter lines)
    {
        var line = lines.At(json, reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                RuleNode map = new(JsonTokenType.StartObject, line);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!;
                    var at = lines.At(json, reader.TokenStartIndex);
                    reader.Read();
                    if (!map.Properties.TryAdd(name, ReadValue(ref reader, json, lines)))
                        throw new RuleFileException($"\"{Shown(name)}\" stands twice", at);
                }
                return map;
            case JsonTokenType.StartArray:
                RuleNode list = new(JsonTokenType.StartArray, line);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    list.Items.Add(ReadValue(ref reader, json, lines));
                return list;
            case JsonTokenType.String:
                return new RuleNode(JsonTokenType.String, line) { Text = reader.GetString()! };
            case JsonTokenType.Number:
                return new RuleNode(JsonTokenType.Number, line) { Text = reader.TryGetInt32(out var number) ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : "" };
            default:
                return new RuleNode(reader.TokenType, line);
        }
    }

    /// <summary>A name from the file as it may stand in a message.</summary>
    public static string Shown(string text) => new(text.Take(60).Select(character => char.IsControl(character) ? ' ' : character).ToArray());

    /// <summary>Lines are counted forward only: one pass over the file.</summary>
    private sealed class LineCounter
    {
        private int _position;

        public int Last { get; private set; } = 1;

        public int At(ReadOnlySpan<byte> json, long position)
        {
            if (position > _position)
            {
                Last += json[_position..(int)position].Count((byte)'\n');
                _position = (int)position;
            }
            return Last;
        }
    }
}
