using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Soundings.Tests.Fuzz;

/// <summary>
/// Makes hostile inputs out of good ones, by their structure: a value of a JSON tree, a cell, a tag, an entry of an archive is changed, and now and then
/// plain bytes. The same seed makes the same inputs.
/// </summary>
internal sealed class Mutator(int seed)
{
    /// <summary>What has broken parsers, stores and views before.</summary>
    private static readonly string[] Words =
    [
        "", " ", "\0", "a\0b", "\ufeff", "\ufffe", "\u202Eabc", "\u2066\u2066", "e\u0301\u0301\u0301", "👩‍👩‍👧‍👦", HalfPair, "İI", "ß", "ﷺ", "\U000E0041", "%s%n", "{0}", "${x}", "' OR 1=1--",
        "\"; DROP TABLE items;--", "<script>alert(1)</script>", "--></script><img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "../../etc/passwd", "C:\\CON", "http://[::1", "urn:li:activity:", "javascript:1",
        "NaN", "-0", "1e999", "99999999999999999999", "-1", "null", "true", "2026-13-45T99:99:99Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "\r", "\n", "\r\n", "\t", ";", ",", "\"", "\"\"", "\\u0000", "__proto__", "constructor", "$ref", "id",
    ];

    /// <summary>Stands for half a surrogate pair, which no writer writes and which JSON can say all the same.</summary>
    private const string HalfPair = "half a pair";

    private readonly Random _random = new(seed);

    public string OneOf(params ReadOnlySpan<string> choices) => choices[_random.Next(choices.Length)];

    public int Below(int end) => _random.Next(end);

    /// <summary>A body: mostly a changed tree, sometimes a changed text of it.</summary>
    public byte[] Json(string good)
    {
        if (_random.Next(4) == 0) return Bytes(Encoding.UTF8.GetBytes(good));
        JsonNode root = JsonNode.Parse(good)!;
        for (int i = _random.Next(1, 4); i > 0; i--) root = Changed(root);
        return Encoding.UTF8.GetBytes(root.ToJsonString().Replace(HalfPair, "\\ud83d", StringComparison.Ordinal));
    }

    /// <summary>A text of lines, cells or tags: parts are dropped, doubled, swapped, cut, filled with hostile words.</summary>
    public byte[] Text(string good, params ReadOnlySpan<char> separators)
    {
        StringBuilder text = new(good);
        for (int i = _random.Next(1, 6); i > 0 && text.Length > 0; i--)
        {
            int at = Boundary(text, separators), next = Math.Min(text.Length, at + 1 + _random.Next(60));
            switch (_random.Next(7))
            {
                case 0: text.Remove(at, next - at); break;
                case 1: text.Insert(at, text.ToString(at, next - at)); break;
                case 2: text.Insert(at, Word()); break;
                case 3: text.Remove(at, next - at).Insert(at, Word()); break;
                case 4: text.Length = at; break;
                case 5: text.Insert(at, Repeated(text.ToString(at, Math.Min(8, text.Length - at)), 20_000)); break;
                default: text.Insert(at, separators.Length > 0 ? new string(separators[_random.Next(separators.Length)], _random.Next(1, 50)) : Word()); break;
            }
        }
        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        return _random.Next(5) == 0 ? Bytes(bytes) : bytes;
    }

    /// <summary>An archive in which a file's content, a name or the container itself is changed.</summary>
    public byte[] Zip(IReadOnlyList<(string Name, byte[] Content)> files)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in files)
            {
                using Stream entry = archive.CreateEntry(_random.Next(12) == 0 ? name + Word() : name).Open();
                entry.Write(_random.Next(files.Count) == 0 ? Bytes(content) : content);
            }
        }
        return _random.Next(3) == 0 ? Bytes(stream.ToArray()) : stream.ToArray();
    }

    /// <summary>Bytes flipped, dropped, doubled or cut, without a look at what they mean.</summary>
    public byte[] Bytes(byte[] good)
    {
        List<byte> bytes = [.. good];
        for (int i = _random.Next(1, 8); i > 0 && bytes.Count > 0; i--)
        {
            int at = _random.Next(bytes.Count);
            switch (_random.Next(5))
            {
                case 0: bytes[at] ^= (byte)(1 << _random.Next(8)); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.Insert(at, (byte)_random.Next(256)); break;
                case 3 when i == 1: bytes.RemoveRange(at, bytes.Count - at); break;
                default: bytes[at] = (byte)_random.Next(256); break;
            }
        }
        return [.. bytes];
    }

    private JsonNode Changed(JsonNode root)
    {
        List<JsonNode> nodes = [];
        Collect(root, nodes);
        JsonNode one = nodes[_random.Next(nodes.Count)];
        switch (one.Parent)
        {
            case JsonObject parent:
                string name = one.GetPropertyName();
                switch (_random.Next(5))
                {
                    case 0: parent.Remove(name); break;
                    case 1: parent[Word()] = one.DeepClone(); break;
                    case 2: parent[name] = new JsonArray(one.DeepClone()); break;
                    default: parent[name] = Value(one); break;
                }
                return root;
            case JsonArray parent:
                int index = one.GetElementIndex();
                switch (_random.Next(4))
                {
                    case 0: parent.RemoveAt(index); break;
                    case 1: for (int i = _random.Next(1, 150); i > 0; i--) parent.Add(one.DeepClone()); break;
                    default: parent[index] = Value(one); break;
                }
                return root;
            default:
                return Value(root) ?? new JsonObject();
        }
    }

    private JsonNode? Value(JsonNode was) => _random.Next(10) switch
    {
        0 => null,
        1 => JsonValue.Create(_random.Next(2) == 0),
        2 => JsonValue.Create(_random.NextInt64(long.MinValue, long.MaxValue)),
        3 => JsonValue.Create(_random.Next(-2, 300)),
        4 => new JsonArray(),
        5 => new JsonObject { ["a"] = was.DeepClone() },
        6 => Nested(_random.Next(1, 90)),
        7 => JsonValue.Create(Repeated(Word(), _random.Next(3) == 0 ? 200_000 : 600)),
        8 when was is JsonValue value && value.TryGetValue(out string? text) => JsonValue.Create(text + Word()),
        _ => JsonValue.Create(Word()),
    };

    private static JsonNode Nested(int levels)
    {
        JsonNode node = new JsonArray();
        for (int i = 0; i < levels; i++) node = new JsonArray(node);
        return node;
    }

    private static void Collect(JsonNode node, List<JsonNode> nodes)
    {
        nodes.Add(node);
        foreach (JsonNode? child in node switch { JsonObject of => of.Select(member => member.Value), JsonArray of => of, _ => Enumerable.Empty<JsonNode?>() })
        {
            if (child is not null) Collect(child, nodes);
        }
    }

    private string Word() => Words[_random.Next(Words.Length)];

    private static string Repeated(string part, int length) => part.Length == 0 ? "" : string.Concat(Enumerable.Repeat(part, Math.Max(1, length / part.Length)));

    /// <summary>A place in the text, mostly at one of the separators.</summary>
    private int Boundary(StringBuilder text, ReadOnlySpan<char> separators)
    {
        int at = _random.Next(text.Length);
        if (separators.Length == 0 || _random.Next(3) == 0) return at;
        for (int i = at; i < Math.Min(text.Length, at + 500); i++)
        {
            if (separators.Contains(text[i])) return i;
        }
        return at;
    }
}
