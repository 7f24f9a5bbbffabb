using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Soundings.Reading.Exports;

/// <summary>
/// Owns LinkedIn's tables Comments.csv, Shares.csv and Reactions.csv: what each record says, and under which key it is stored.
/// <para>Times stand in UTC: the same export writes the word behind the times of its messages, and a share's time is that inside its id.</para>
/// <para>Keys: a share by the URN in its address. A comment's address names the post it stands under, and in some exports also a comment
/// (<c>commentUrn</c>): if that one's id holds the record's time it is the comment itself, else the comment it answers. Where no own id is known,
/// the key is made of post, time and text, so that the same record is the same item in the next export.</para>
/// </summary>
internal static partial class LinkedInExport
{
    /// <summary>Between the id's time and the one in the table; more apart they are two things.</summary>
    private static readonly TimeSpan SameMoment = TimeSpan.FromMinutes(2);

    public static IEnumerable<ExportRecord> Read(Stream stream, string file)
    {
        using IEnumerator<StrictLines.Line> lines = StrictLines.Read(stream, file).GetEnumerator();
        do
        {
            if (!lines.MoveNext()) throw new ImportRefused(file, "there is nothing in it but blanks.");
        }
        while (string.IsNullOrWhiteSpace(lines.Current.Text));
        TableHeader header = TableHeader.Read(lines.Current, file);
        foreach (TableRecord record in TableRecords.Read(Rest(lines), header, file)) yield return Of(record, header);
    }

    private static IEnumerable<StrictLines.Line> Rest(IEnumerator<StrictLines.Line> lines)
    {
        while (lines.MoveNext()) yield return lines.Current;
    }

    private static ExportRecord Of(TableRecord record, TableHeader header)
    {
        if (record.Values is not { } values) return ExportRecord.Skip(record.Line, LeftOut.NoColumns);
        DateTimeOffset? at = WrittenTime.Parse(values[header.Date], TimeZoneInfo.Utc);
        string link = Unescaped(values[header.Link].Trim());
        if (at is { } time && !WrittenTime.IsPossible(time)) return ExportRecord.Skip(record.Line, LeftOut.ImpossibleTime);
        ExportRecord result = header.Table switch
        {
            LinkedInTable.Comments => Comment(record.Line, at, link, values[header.TextColumn]),
            LinkedInTable.Shares => Share(record.Line, at, link, Unwrapped(values[header.TextColumn])),
            _ => Reacted(record.Line, at, link, header.TextColumn < 0 ? "" : values[header.TextColumn]),
        };
        return result with { Repaired = record.Repaired };
    }

    private static ExportRecord Comment(int line, DateTimeOffset? at, string link, string message)
    {
        string text = OwnText.Clean(message);
        if (text.Length == 0) return ExportRecord.Skip(line, LeftOut.NoText);
        string? post = PostOf(link), named = CommentIn(link, "commentUrn"), reply = CommentIn(link, "replyUrn");
        string? own = reply ?? (named is not null && IsItself(named, at) ? named : null);
        string? answered = own == named ? null : named;
        string parent = answered ?? post ?? "";
        return new(line, new Item(
            own ?? ExportKey.Of("linkedin", "comment", post ?? link, At(at) ?? "", text), answered is null ? Kind.Comment : Kind.Reply, text)
        {
            Site = "linkedin",
            Mine = true,
            At = At(at) ?? At(MadeAt(own)),
            ParentId = parent.Length > 0 ? parent : null,
        });
    }

    private static ExportRecord Share(int line, DateTimeOffset? at, string link, string commentary)
    {
        string text = OwnText.Clean(commentary);
        if (text.Length == 0) return ExportRecord.Skip(line, LeftOut.NoText);
        string? id = PostOf(link);
        return new(line, new Item(id ?? ExportKey.Of("linkedin", "post", link, At(at) ?? "", text), Kind.Post, text)
        {
            Site = "linkedin",
            Mine = true,
            At = At(at) ?? At(MadeAt(id)),
        });
    }

    private static ExportRecord Reacted(int line, DateTimeOffset? at, string link, string type)
    {
        string? target = CommentIn(link, "replyUrn") ?? CommentIn(link, "commentUrn") ?? PostOf(link);
        string kind = type.Trim().ToLowerInvariant();
        if (target is null && at is null) return ExportRecord.Skip(line, LeftOut.NoTarget);
        string id = target is null ? ExportKey.Of("linkedin", "reaction", At(at)!, kind, link) : ExportKey.Of("linkedin", "reaction", target);
        return new(line, Reaction: new Reaction("linkedin", id, kind.Length is 0 or > 40 ? "like" : kind, target, At(at)));
    }

    /// <summary>Shares put quotes round every line of a text; after reading the table they still stand at its line ends.</summary>
    private static string Unwrapped(string text)
    {
        int wrapped = WrappedEnd().Count(text);
        if (wrapped == 0 || wrapped != text.Count(c => c == '\n')) return text;
        text = WrappedEnd().Replace(text, "\n");
        if (text.StartsWith('"')) text = text[1..];
        if (text.EndsWith('"')) text = text[..^1];
        return text.Replace("\"\"", "\"", StringComparison.Ordinal);
    }

    /// <summary>The key of the post an address leads to.</summary>
    private static string? PostOf(string link)
    {
        int query = link.IndexOf('?', StringComparison.Ordinal);
        Match urn = PostUrn().Match(query < 0 ? link : link[..query]);
        return urn.Success ? $"linkedin:urn:li:{urn.Groups["type"].Value}:{urn.Groups["id"].Value}" : null;
    }

    /// <summary>The key of the comment an address names, in the spelling that both generations of the site fold to.</summary>
    private static string? CommentIn(string link, string parameter)
    {
        Match urn = CommentUrn().Match(link);
        for (; urn.Success; urn = urn.NextMatch())
        {
            if (string.Equals(urn.Groups["name"].Value, parameter, StringComparison.Ordinal))
                return $"linkedin:urn:li:comment:({urn.Groups["type"].Value}:{urn.Groups["post"].Value},{urn.Groups["id"].Value})";
        }
        return null;
    }

    private static bool IsItself(string comment, DateTimeOffset? at) =>
        at is null || MadeAt(comment) is not { } made || Apart(made, at.Value) < SameMoment || made > at;

    // A table that was written in a local zone is off by whole quarter hours.
    private static TimeSpan Apart(DateTimeOffset one, DateTimeOffset other)
    {
        TimeSpan apart = (one - other).Duration();
        TimeSpan quarter = TimeSpan.FromMinutes(15);
        TimeSpan rest = TimeSpan.FromTicks(apart.Ticks % quarter.Ticks);
        return apart > TimeSpan.FromHours(14) ? apart : rest > quarter / 2 ? quarter - rest : rest;
    }

    /// <summary>When an id was made: LinkedIn's ids hold the milliseconds since 1970 in their upper bits.</summary>
    public static DateTimeOffset? MadeAt(string? key)
    {
        Match last = key is null ? Match.Empty : LastNumber().Match(key);
        if (!last.Success || !long.TryParse(last.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long id)) return null;
        DateTimeOffset made = DateTimeOffset.FromUnixTimeMilliseconds(id >> 22);
        return WrittenTime.IsPossible(made) ? made : null;
    }

    private static string? At(DateTimeOffset? at) => at is { } time ? WrittenTime.Format(time) : null;

    private static string Unescaped(string link)
    {
        // Escaped once in most exports, twice where a tool passed the address on.
        for (int i = 0; i < 2 && link.Contains('%', StringComparison.Ordinal); i++) link = Uri.UnescapeDataString(link);
        return link;
    }

    [GeneratedRegex(@"(urn:li:)?(?<type>activity|ugcPost|share|groupPost)[:-](?<id>\d{1,20}(-\d{1,20})?)", RegexOptions.CultureInvariant)]
    private static partial Regex PostUrn();

    [GeneratedRegex(@"[?&](?<name>commentUrn|replyUrn)=urn:li:comment:\((urn:li:)?(?<type>[A-Za-z]+):(?<post>\d{1,20}),(?<id>\d{1,20})\)", RegexOptions.CultureInvariant)]
    private static partial Regex CommentUrn();

    [GeneratedRegex(@"\d{16,20}(?=\)?$)", RegexOptions.CultureInvariant)]
    private static partial Regex LastNumber();

    [GeneratedRegex("\"\n\"", RegexOptions.CultureInvariant)]
    private static partial Regex WrappedEnd();
}

/// <summary>Owns the keys of records that bring no id: a hash of what makes the record itself, marked so that a true id can take its place.</summary>
internal static class ExportKey
{
    public static string Of(string site, params string[] parts) =>
        $"{site}:#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)))[..12])}";
}
