using System.Text;
using System.Text.Json;

namespace Soundings.Reading.Exports;

/// <summary>What a file is, as far as importing goes.</summary>
internal enum ImportFormat
{
    Zip,

    /// <summary>One of LinkedIn's tables; which one, its columns tell.</summary>
    LinkedInTable,
    FacebookJson,
    FacebookHtml,

    /// <summary>A page of a site, saved from the browser.</summary>
    SavedPage,

    /// <summary>Our own lines: items or labels, one JSON object each.</summary>
    OwnLines,
}

/// <summary>Owns telling what a file is by its first bytes; its name, which anybody can choose, decides nothing here.</summary>
internal static class ImportFormats
{
    /// <summary>As many bytes as are looked at.</summary>
    public const int HeadBytes = 64 * 1024;

    private static readonly string[] OwnFields = ["kind", "text", "label", "labels", "pair", "item", "version", "soundings"];

    public static ImportFormat Recognise(string file, ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty) throw new ImportRefused(file, "it is an empty file.");
        if (head.StartsWith("PK\x03\x04"u8) || head.StartsWith("PK\x05\x06"u8)) return ImportFormat.Zip;
        if (OtherKind(head) is { } other) throw new ImportRefused(file, $"it is {other}, which is not imported. Give the export's zip, its unpacked folder, or one of its CSV, JSON or HTML files.");
        if (head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) head = head[3..];
        ReadOnlySpan<byte> start = head.TrimStart(" \t\r\n"u8);
        if (start.IsEmpty) throw new ImportRefused(file, "there is nothing in it but blanks.");
        return start[0] switch
        {
            (byte)'<' => IsExportHtml(start) ? ImportFormat.FacebookHtml : ImportFormat.SavedPage,
            (byte)'[' => ImportFormat.FacebookJson,
            (byte)'{' => HasOwnField(start) ? ImportFormat.OwnLines : HoldsList(start) ? ImportFormat.FacebookJson
                : throw new ImportRefused(file, "it is JSON, but neither a list out of an export nor labels of yours.") { IsOtherJson = true },
            _ => ImportFormat.LinkedInTable,
        };
    }

    /// <summary>Whether there is a list in it, as far as one can see: exports are lists under a name. What is broken is told when it is read.</summary>
    private static bool HoldsList(ReadOnlySpan<byte> start)
    {
        var reader = new Utf8JsonReader(start, isFinalBlock: false, default);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.StartArray) return true;
            }
            return reader.BytesConsumed < start.TrimEnd(" \t\r\n"u8).Length;
        }
        catch (JsonException)
        {
            return true;
        }
    }

    private static string? OtherKind(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])) return "packed with gzip";
        if (head.StartsWith("SQLite format 3"u8)) return "a database";
        if (head.StartsWith("7z\xBC\xAF"u8) || head.StartsWith("Rar!"u8)) return "an archive other than zip";
        if (head.StartsWith("%PDF"u8)) return "a PDF";
        return null;
    }

    /// <summary>The class names of the records in both generations of Facebook's export pages. No page of a site carries them.</summary>
    private static bool IsExportHtml(ReadOnlySpan<byte> head)
    {
        string text = Encoding.Latin1.GetString(head);
        return text.Contains("_a6-g", StringComparison.Ordinal) || text.Contains("_a706", StringComparison.Ordinal) || text.Contains("_2lej", StringComparison.Ordinal);
    }

    /// <summary>Whether the first object has, at its own level, one of the fields of our lines.</summary>
    private static bool HasOwnField(ReadOnlySpan<byte> start)
    {
        var reader = new Utf8JsonReader(start, isFinalBlock: false, default);
        try
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                if (reader.TokenType != JsonTokenType.PropertyName) continue;
                foreach (string field in OwnFields)
                {
                    if (reader.ValueTextEquals(field)) return true;
                }
                if (!reader.Read() || !reader.TrySkip()) return false;
            }
        }
        catch (JsonException)
        {
            // Broken: whoever reads it says where. By its looks it is one of our lines if its first line is a whole object.
            int end = start.IndexOf((byte)'\n');
            return end > 0 && start[..end].TrimEnd("\r "u8).EndsWith("}"u8);
        }
        return false;
    }
}
