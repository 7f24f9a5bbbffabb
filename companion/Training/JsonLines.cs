using System.Text.Json;

namespace Soundings.Training;

/// <summary>
/// Owns reading items from JSON Lines: byte-order mark, CRLF and blank lines are tolerated, unknown fields are ignored, and a bad line
/// is reported with its number while the rest is still read.
/// </summary>
internal static class JsonLines
{
    /// <summary>Far more than a text with its parent; past it a file is something else, and would only fill the memory.</summary>
    private const int MaxLineBytes = 16 * 1024 * 1024;

    /// <summary>One line: an item, a labelled example, or what is wrong with it. <c>Label</c> is null where the line has none.</summary>
    public readonly record struct Line(int Number, Item? Item, Example? Example, string? Problem);

    public static IEnumerable<Line> Read(Stream stream, string slice, bool labelled)
    {
        var number = 0;
        foreach (var (bytes, isTooLong) in Split(stream))
        {
            number++;
            if (isTooLong)
            {
                yield return new(number, null, null, $"longer than {MaxLineBytes >> 20} MiB, which is no text somebody wrote");
                continue;
            }
            var line = bytes.Span;
            if (number == 1 && line.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
                line = line[3..];
            if (line.Trim(" \t\r"u8).IsEmpty)
                continue;
            // What Windows PowerShell writes with '>'.
            if (number == 1 && (line.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || line.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])))
            {
                yield return new(number, null, null, "the file is written in UTF-16; save it as UTF-8");
                yield break;
            }
            yield return Parse(line, number, slice, labelled);
        }
    }

    private static Line Parse(ReadOnlySpan<byte> line, int number, string slice, bool labelled)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return new(number, null, null, "not a JSON object");
            if (reader.Read())
                return new(number, null, null, "more than one JSON value on the line");
            var item = ItemOf(root);
            if (!labelled)
                return new(number, item, null, null);
            return new(number, item, ExampleOf(root, item, slice), null);
        }
        catch (JsonException e)
        {
            var at = e.BytePositionInLine is { } position ? $" at byte {position + 1}" : "";
            return new(number, null, null, $"not valid JSON{at}");
        }
        catch (InvalidOperationException)
        {
            return new(number, null, null, "holds half of a surrogate pair, which is no text");
        }
        catch (FormatException e)
        {
            return new(number, null, null, e.Message);
        }
    }

    private static Item ItemOf(JsonElement root)
    {
        var kind = Required(root, "kind") switch
        {
            "post" => Kind.Post,
            "comment" => Kind.Comment,
            "reply" => Kind.Reply,
            var other => throw new FormatException($"kind is \"{Short(other)}\"; it must be post, comment or reply"),
        };
        return new(Required(root, "id"), kind, Required(root, "text"))
        {
            Site = Optional(root, "site"),
            Parent = Optional(root, "parent"),
        };
    }

    private static Example ExampleOf(JsonElement root, Item item, string slice)
    {
        var substantive = Required(root, "label") switch
        {
            "substantive" => true,
            "superficial" => false,
            var other => throw new FormatException($"label is \"{Short(other)}\"; it must be substantive or superficial"),
        };
        Facet? facets = null;
        if (root.TryGetProperty("facets", out var list) && list.ValueKind == JsonValueKind.Array)
        {
            facets = Facet.None;
            foreach (var facet in list.EnumerateArray())
            {
                facets |= facet.GetString() switch
                {
                    "reveal" => Facet.Reveal,
                    "wisdom" => Facet.Wisdom,
                    "solicit" => Facet.Solicit,
                    "engage" => Facet.Engage,
                    var other => throw new FormatException($"facet \"{Short(other ?? "null")}\" is none of reveal, wisdom, solicit, engage"),
                };
            }
        }
        return new(item, substantive, facets, Optional(root, "lang"), slice);
    }

    private static string Required(JsonElement root, string name) =>
        !root.TryGetProperty(name, out var value) ? throw new FormatException($"{name} is missing")
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw new FormatException($"{name} must be a string");

    private static string? Optional(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value.ValueKind == JsonValueKind.String ? value.GetString() : throw new FormatException($"{name} must be a string or null")
            : null;

    private static string Short(string value) => value.Length <= 40 ? value : value[..40] + "…";

    private static IEnumerable<(ReadOnlyMemory<byte> Bytes, bool IsTooLong)> Split(Stream stream)
    {
        var isTooLong = false;
        var buffer = new byte[1 << 16];
        var (start, end) = (0, 0);
        while (true)
        {
            var newline = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                yield return (isTooLong ? default : buffer.AsMemory(start, newline), isTooLong);
                isTooLong = false;
                start += newline + 1;
                continue;
            }
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            // The rest of such a line is passed over, not kept.
            if (end >= MaxLineBytes)
                (end, isTooLong) = (0, true);
            if (end == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            var read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0)
                break;
            end += read;
        }
        if (end > 0 || isTooLong)
            yield return (isTooLong ? default : buffer.AsMemory(0, end), isTooLong);
    }
}
