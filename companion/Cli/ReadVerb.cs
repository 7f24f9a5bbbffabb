using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Soundings.Reading;

namespace Soundings.Cli;

/// <summary>The verb <c>read</c>: the items on a saved page, as JSON Lines, by the same site rules the extension uses.</summary>
internal static class ReadVerb
{
    /// <summary>A saved feed of 150 posts is some 5 MB; past this a file is not a page one looked at.</summary>
    private const long MaxPageBytes = 64 * 1024 * 1024;

    public static Command Build()
    {
        var page = new Argument<FileInfo>("PAGE") { Description = "A page saved from the browser (.html)." };
        var url = new Option<string>("--url") { Description = "The address the page was saved from.", HelpName = "URL", Required = true };
        var data = CommonOptions.Data();
        var command = new Command("read", "Reads the items on a saved page: one JSON object a line.") { page, url, data };
        command.SetAction(parsed => Read(parsed.GetValue(page)!, parsed.GetValue(url)!, parsed.Folder(data).Path));
        return command;
    }

    private static int Read(FileInfo page, string address, string data)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
            throw new MendableError($"'{address}' is no web address. Give the one the page was saved from, like https://www.linkedin.com/feed/.");
        var catalogue = SiteCatalogue.Open(SiteCatalogue.OwnFolder(data));
        foreach (var (file, reason) in catalogue.Refused)
            Console.Error.WriteLine($"The rules in {file} are not used: {reason}.");
        var rules = catalogue.For(url);
        var items = rules is null ? [] : PageReader.Read(Markup(page), url, rules);
        if (rules is null || (rules.IsFallback && items.Count == 0))
            throw new MendableError($"No rules are known for {url.Host}{(rules is null ? "" : ", and the page marks up no posts or comments")}. "
                + $"There are rules for: {string.Join(", ", catalogue.Sites.SelectMany(site => site.Hosts).Order())}.");
        using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
        foreach (var item in items)
        {
            JsonSerializer.Serialize(output, item, PageItemJson.Plain.PageItem);
            output.WriteByte((byte)'\n');
        }
        return 0;
    }

    private static string Markup(FileInfo page)
    {
        if (Directory.Exists(page.FullName))
            throw new MendableError($"{page} is a folder. Name the saved page itself.");
        if (!page.Exists)
            throw new MendableError($"There is no file {page}.");
        if (page.Length > MaxPageBytes)
            throw new MendableError($"{page} is larger than {MaxPageBytes / 1024 / 1024} MB, more than a page one looked at. Nothing was read.");
        using var stream = LineFiles.Open(page);
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        var html = reader.ReadToEnd();
        if (html.Contains('\0') || !html.Contains('<') || html.TrimStart().StartsWith('{'))
            throw new MendableError($"{page} is not an HTML page. Save the page in the browser as 'web page, HTML only'.");
        return html;
    }
}

/// <summary>How a read item is written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PageItem))]
internal sealed partial class PageItemJson : JsonSerializerContext
{
    /// <summary>With letters and emoji as they are: the output is UTF-8 and goes to no web page.</summary>
    public static PageItemJson Plain { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
