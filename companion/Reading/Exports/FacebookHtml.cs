using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Soundings.Reading.Exports;

/// <summary>
/// Owns Facebook's HTML files, whose class names came in two generations: since 2021 a block <c>_a6-g</c> with heading <c>_a6-h</c>, content
/// <c>_a6-p</c> and time <c>_a72d</c>; before, <c>_2lej</c> with <c>_2lel</c>, <c>_2let</c> and <c>_2lem</c>. A file is one line of many megabytes, so it is
/// cut into blocks before it is parsed. Times are wall clock without a zone: they are read in the zone of this machine.
/// </summary>
internal static partial class FacebookHtml
{
    private const int LongestOpening = 1024;

    private static readonly HtmlParser Parser = new();

    public static IEnumerable<ExportRecord> Read(Stream stream, string file, TimeZoneInfo zone)
    {
        Kind? kind = KindOf(file);
        bool reactions = file.Contains("reactions", StringComparison.OrdinalIgnoreCase) && !file.EndsWith("comments.html", StringComparison.OrdinalIgnoreCase);
        foreach ((int line, string block) in Blocks(stream, file)) yield return Of(line, block, kind, reactions, zone);
    }

    private static Kind? KindOf(string file)
    {
        string name = file.Split('/')[^1];
        return name.Contains("comments", StringComparison.OrdinalIgnoreCase) && !name.Contains("posts", StringComparison.OrdinalIgnoreCase) ? Kind.Comment
            : name.Contains("posts", StringComparison.OrdinalIgnoreCase) ? Kind.Post
            : null;
    }

    private static ExportRecord Of(int line, string block, Kind? kind, bool reactions, TimeZoneInfo zone)
    {
        IElement record = Parser.ParseDocument(block).Body!;
        string title = OwnText.Clean(record.QuerySelector("._a6-h, ._2lel")?.TextContent ?? "");
        string clock = record.QuerySelectorAll("._a72d, ._2lem, ._a6-o").Select(time => time.TextContent).FirstOrDefault(text => text.Any(char.IsDigit)) ?? "";
        IElement? content = record.QuerySelector("._a6-p, ._2let");
        List<string> parts = content is null ? [] : Parts(content);
        if (clock.Length == 0) clock = parts.Select(part => Updated().Match(part)).FirstOrDefault(match => match.Success)?.Groups["clock"].Value ?? "";
        DateTimeOffset? time = WrittenTime.Parse(clock, zone);
        string? at = time is { } known ? WrittenTime.Format(known) : null;
        if (time is { } impossible && !WrittenTime.IsPossible(impossible)) return ExportRecord.Skip(line, LeftOut.ImpossibleTime);
        if (reactions || (kind is null && FacebookTitles.IsReaction(title))) return FacebookKeys.Reaction(line, KindOfReaction(parts, title), null, Address(record), at, title);

        string text = OwnText.Clean(parts.FirstOrDefault(part => !IsNote(part, zone)) ?? "");
        if (text.Length == 0) return ExportRecord.Skip(line, LeftOut.NoText);
        bool comment = kind == Kind.Comment || FacebookTitles.IsComment(title) || FacebookTitles.IsReply(title);
        return new(line, FacebookKeys.Item(!comment ? Kind.Post : FacebookTitles.IsReply(title) ? Kind.Reply : Kind.Comment, at, text, ""));
    }

    /// <summary>The texts in a record's content, one for each block without blocks in it; addresses alone (what was shared) are left out.</summary>
    private static List<string> Parts(IElement content)
    {
        List<string> parts = [];
        foreach (IElement element in content.QuerySelectorAll("div, td, p, span").Prepend(content))
        {
            if (element.QuerySelector("div, td, p, table") is not null) continue;
            if (element.LocalName == "span" && element.ParentElement is { } parent && parent.QuerySelector("div, td, p, table") is null) continue;
            string text = TextOf(element).Trim();
            bool shared = element.QuerySelector("a") is { } link && string.Equals(TextOf(link).Trim(), text, StringComparison.Ordinal);
            if (text.Length > 0 && !shared && element.Closest("a") is null) parts.Add(text);
        }
        return parts;
    }

    private static string TextOf(IElement element)
    {
        StringBuilder text = new();
        foreach (INode node in element.GetDescendants())
        {
            if (node is IText piece) text.Append(piece.Data);
            else if (node is IElement { LocalName: "br" }) text.Append('\n');
        }
        return text.ToString();
    }

    /// <summary>"Updated May 02, 2011 8:12:17 am", or a time alone: Facebook's note, nobody's words.</summary>
    private static bool IsNote(string part, TimeZoneInfo zone) => Updated().IsMatch(part) || (part.Length < 40 && WrittenTime.Parse(part, zone) is not null);

    private static string KindOfReaction(List<string> parts, string title) =>
        parts.FirstOrDefault(part => part.Length <= 40) ?? (title.Contains("loved", StringComparison.OrdinalIgnoreCase) ? "love" : "like");

    // Links of the footer lead back into Facebook's own log of the download and name nothing.
    private static string? Address(IElement record) =>
        record.QuerySelectorAll("a[href]").Select(link => link.GetAttribute("href")!).FirstOrDefault(href => href.StartsWith("http", StringComparison.Ordinal) && !href.Contains("/dyi/", StringComparison.Ordinal));

    /// <summary>The blocks of the file, each from one opening tag of a record to the next.</summary>
    private static IEnumerable<(int Line, string Block)> Blocks(Stream stream, string file)
    {
        using StreamReader reader = new(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
        StringBuilder open = new();
        char[] buffer = new char[1 << 16];
        int line = 1;
        bool inRecord = false;
        while (true)
        {
            int read = Characters(reader, buffer, file, line);
            string text = open.Append(buffer, 0, read).ToString();
            List<int> openings = Openings(text);
            int from = 0;
            foreach (int opening in openings)
            {
                if (inRecord && opening > from) yield return (line, text[from..opening]);
                line += text.AsSpan(from, opening - from).Count('\n');
                (from, inRecord) = (opening, true);
            }
            if (read == 0)
            {
                if (inRecord) yield return (line, text[from..]);
                yield break;
            }
            if (!inRecord && text.Length > LongestOpening)
            {
                // Styles and pictures before the first record; an opening may just have begun.
                from = text.Length - LongestOpening;
                line += text.AsSpan(0, from).Count('\n');
            }
            open.Clear().Append(text, from, text.Length - from);
            if (open.Length > ImportLimits.RecordBytes) throw new ImportRefused(file, line, $"the record that begins here is longer than {ImportLimits.RecordBytes >> 20} MiB.");
        }
    }

    private static List<int> Openings(string text)
    {
        List<int> found = [];
        foreach (ValueMatch match in Opening().EnumerateMatches(text)) found.Add(match.Index);
        return found;
    }

    private static int Characters(StreamReader reader, char[] buffer, string file, int line)
    {
        try
        {
            return reader.ReadBlock(buffer);
        }
        catch (DecoderFallbackException)
        {
            throw new ImportRefused(file, line, "it is not UTF-8 from here on. Give the export as the site sent it.");
        }
    }

    [GeneratedRegex("""<(div|section)\b[^>]{0,200}\bclass="[^"]{0,200}(?<![\w-])(_a6-g|_2lej)(?![\w-])[^>]{0,200}>""", RegexOptions.CultureInvariant)]
    private static partial Regex Opening();

    [GeneratedRegex(@"^(Updated|Aktualisiert|Mis à jour|Última actualización|Atualizado|Aggiornato|Bijgewerkt)\b:?\s*(?<clock>.*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Updated();
}
