using System.Text;
using System.Text.RegularExpressions;

namespace Soundings.Reading.Exports;

/// <summary>
/// Owns pages of the sites that were saved from the browser: the items on them, the user's and others', by the extension's own rules. Which page
/// it was, the file says itself (browsers note the address, and the sites name their own); else the rules that recognise something decide.
/// </summary>
internal static partial class SavedPage
{
    public static IEnumerable<ExportRecord> Read(Stream stream, string file, SiteCatalogue sites)
    {
        string html = Markup(stream, file);
        (SiteRules rules, List<PageItem> items) = Recognise(html, sites) ?? throw new ImportRefused(file, "there are no posts or comments of LinkedIn's or Facebook's on it.");
        Dictionary<string, PageItem> byId = new(StringComparer.Ordinal);
        foreach (PageItem item in items)
        {
            if (item.Id is not null) byId.TryAdd(item.Id, item);
        }
        foreach (PageItem item in items)
        {
            PageItem? parent = item.ParentId is null ? null : byId.GetValueOrDefault(item.ParentId);
            yield return item.Text.Length == 0 ? ExportRecord.Skip(1, LeftOut.NoText) : new ExportRecord(1, new Item(item.Key, item.Kind, item.Text)
            {
                Site = rules.Site,
                Author = item.Author.Length > 0 ? new Author(item.Author) : null,
                Mine = item.Mine,
                Sponsored = item.Sponsored,
                Parent = parent is { Text.Length: > 0 } ? parent.Text : null,
                ParentId = parent?.Key ?? (item.ParentId is { } id ? $"{rules.Site}:{id}" : null),
                At = LinkedInExport.MadeAt(item.Key) is { } made && rules.Site == "linkedin" ? WrittenTime.Format(made) : null,
            });
        }
    }

    private static (SiteRules Rules, List<PageItem> Items)? Recognise(string html, SiteCatalogue sites)
    {
        foreach (Uri address in Addresses(html))
        {
            if (sites.For(address) is { } rules && PageReader.Read(html, address, rules) is { Count: > 0 } items) return (rules, items);
        }
        // Rules without hosts are those for any page; they would find posts on what is of neither site.
        foreach (SiteRules rules in sites.Sites.Where(rules => rules.Hosts.Count > 0))
        {
            if (PageReader.Read(html, new Uri($"https://{rules.Hosts[0]}/"), rules) is { Count: > 0 } items) return (rules, items);
        }
        return null;
    }

    private static IEnumerable<Uri> Addresses(string html)
    {
        foreach (Match match in Address().Matches(html[..Math.Min(html.Length, 1 << 20)]))
        {
            if (Uri.TryCreate(System.Net.WebUtility.HtmlDecode(match.Groups["url"].Value), UriKind.Absolute, out Uri? address) && address.Scheme is "https" or "http") yield return address;
        }
    }

    private static string Markup(Stream stream, string file)
    {
        using StreamReader reader = new(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
        StringBuilder html = new();
        char[] buffer = new char[1 << 16];
        try
        {
            for (int read; (read = reader.Read(buffer)) > 0;)
            {
                if (html.Append(buffer, 0, read).Length > ImportLimits.PageBytes) throw new ImportRefused(file, $"the page is larger than {ImportLimits.PageBytes >> 20} MiB.");
            }
        }
        catch (DecoderFallbackException)
        {
            throw new ImportRefused(file, "the page is not UTF-8. Save it again as 'web page, HTML only'.");
        }
        return html.ToString();
    }

    /// <summary>Chromium's comment at the top; the page's own canonical and social addresses; Firefox keeps only those.</summary>
    [GeneratedRegex("""<!-- saved from url=\(\d+\)(?<url>https?://[^\s>]{1,2000}) -->|<link[^>]{0,300}rel="canonical"[^>]{0,300}href="(?<url>[^"]{1,2000})"|<meta[^>]{0,300}property="og:url"[^>]{0,300}content="(?<url>[^"]{1,2000})"|<link[^>]{0,300}href="(?<url>[^"]{1,2000})"[^>]{0,300}rel="canonical"[^>]{0,300}>""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
