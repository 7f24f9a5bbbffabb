using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace Soundings.Reading;

/// <summary>
/// A pattern of a site rule: literals with named classes, never a regular expression. <c>{class}</c> is matched, <c>&lt;class&gt;</c> is kept.
/// Every class is bounded and the engine does not backtrack, so that no rule file can make a match slow. find.js holds the same table.
/// </summary>
internal sealed partial class RulePattern
{
    private static readonly Dictionary<string, string> Classes = new(StringComparer.Ordinal)
    {
        ["digits"] = "[0-9]{1,25}",
        ["token"] = "[A-Za-z0-9_-]{43}",
        ["prefix"] = "[a-z][A-Za-z0-9_-]{0,60}",
        ["base64"] = "[A-Za-z0-9+/_=-]{2,400}",
        ["slug"] = @"[^/?#&\s]{1,200}",
        ["id"] = "[A-Za-z0-9_-]{1,200}",
        ["any"] = @"[^\s]{1,300}",
        ["json"] = @"(?:[^""\\]|\\.){1,200}",
    };

    private const int MaxInputLength = 4000;

    // Built at first use, and once: an engine that does not backtrack takes milliseconds to build, and rules name the same pattern often.
    private static readonly ConcurrentDictionary<string, Regex> Built = new(StringComparer.Ordinal);
    private readonly string _source;

    private RulePattern(string source) => _source = source;

    /// <summary>Null when the pattern names a class that is not in the table.</summary>
    public static RulePattern? TryParse(string pattern)
    {
        StringBuilder source = new();
        foreach (var part in Parts().Split(pattern).Where(part => part.Length > 0))
        {
            var name = part.Length > 2 ? part[1..^1] : "";
            if (part is "^" or "$")
                source.Append(part);
            else if (part[0] == '{' && part[^1] == '}')
                if (Classes.TryGetValue(name, out var matched)) source.Append(matched); else return null;
            else if (part[0] == '<' && part[^1] == '>')
                if (Classes.TryGetValue(name, out var kept)) source.Append('(').Append(kept).Append(')'); else return null;
            else
                source.Append(Regex.Escape(part));
        }
        return new RulePattern(source.ToString());
    }

    /// <summary>What the pattern keeps of the text, or null.</summary>
    public string? Capture(string text)
    {
        var regex = Built.GetOrAdd(_source, source => new Regex(source, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        var hit = regex.Match(text.Length > MaxInputLength ? text[..MaxInputLength] : text);
        return !hit.Success ? null : hit.Groups.Count > 1 ? hit.Groups[1].Value : hit.Value;
    }

    [GeneratedRegex(@"(\{[a-z0-9]+\}|<[a-z0-9]+>|^\^|\$$)")]
    private static partial Regex Parts();
}

/// <summary>One value from one element: which attribute, how to pick it out, how to write it.</summary>
internal sealed record ValueRecipe(
    Selectors? Select, string? Attribute, string? Query, string? Decode, RulePattern? Pattern, string? Value, bool Anywhere, Selectors? Outside, bool Beside = false)
{
    public string? ValueFrom(string text)
    {
        string? value = text;
        if (Query is not null)
            value = UrlParts.Query(text, Query);
        if (value is not null && Decode is not null)
        {
            // The pattern comes first when it picks the encoded part out of an attribute, last when it reads the decoded text.
            value = Pattern is not null && Query is null ? Pattern.Capture(value) : value;
            value = value is null ? null : Decoded(value, Decode);
            if (value is not null && Pattern is not null && Query is not null)
                value = Pattern.Capture(value);
        }
        else if (value is not null && Pattern is not null)
        {
            value = Pattern.Capture(value);
        }
        if (string.IsNullOrEmpty(value))
            return null;
        if (Value is null)
            return value;
        var star = Value.IndexOf('*', StringComparison.Ordinal);
        return star < 0 ? Value : string.Concat(Value.AsSpan(0, star), value, Value.AsSpan(star + 1));
    }

    private static string? Decoded(string text, string decoder)
    {
        var normal = text.TrimEnd('=').Replace('-', '+').Replace('_', '/');
        var bytes = new byte[normal.Length];
        if (!Convert.TryFromBase64String(normal.PadRight((normal.Length + 3) / 4 * 4, '='), bytes, out var length))
            return null;
        return decoder == "linkedin-urn" ? LinkedInUrn(bytes.AsSpan(0, length)) : Encoding.Latin1.GetString(bytes, 0, Math.Min(length, 400));
    }

    /// <summary>LinkedIn writes a post's URN as a two-level protobuf: field 1 activity, 2 ugcPost; inside, field 1 a zigzag varint.</summary>
    private static string? LinkedInUrn(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is < 4 or > 14 || bytes[1] != bytes.Length - 2 || bytes[2] != 8)
            return null;
        var kind = bytes[0] switch { 10 => "activity", 18 => "ugcPost", _ => null };
        var value = BigInteger.Zero;
        for (var at = 3; at < bytes.Length; at++)
            value |= new BigInteger(bytes[at] & 0x7f) << (7 * (at - 3));
        return kind is null ? null : string.Create(CultureInfo.InvariantCulture, $"urn:li:{kind}:{value / 2}");
    }
}

/// <summary>The parts of an address, read from its text: pages hold addresses that no URL parser takes.</summary>
internal static class UrlParts
{
    public static string? Query(string href, string name)
    {
        var start = href.IndexOf('?', StringComparison.Ordinal);
        if (start < 0)
            return null;
        foreach (var pair in href[(start + 1)..].Split('#')[0].Split('&'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && pair.AsSpan(0, equals).SequenceEqual(name))
                return Uri.UnescapeDataString(pair[(equals + 1)..]);
        }
        return null;
    }

    public static string Path(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.AbsolutePath : "/";
}
