using System.Text.Json;
using System.Text.Json.Nodes;
using AngleSharp.Dom;

namespace Soundings.Reading;

/// <summary>Owns who is who on a saved page: a person's identifier in a profile address, who is signed in, and whether an author is that person.</summary>
internal sealed class PagePerson
{
    private readonly SiteRules _rules;
    private readonly List<string> _ids = [];
    private readonly List<string> _names = [];
    private readonly List<string> _labels;

    public PagePerson(IDocument document, SiteRules rules)
    {
        _rules = rules;
        if (rules.Me.Links.BelowInOrder(document).Select(link => ProfileOf(link.GetAttribute("href"))).FirstOrDefault(id => id is not null) is { } slug)
            _ids.Add(slug);
        if (rules.Me.Script is { } script
            && Tree.Elements(document).FirstOrDefault(element => element.LocalName == "script" && element.TextContent.Contains(script.Contains, StringComparison.Ordinal)) is { } holder)
        {
            var text = holder.TextContent;
            var part = PageText.Start(text[text.IndexOf(script.Contains, StringComparison.Ordinal)..], 2000);
            if (script.Id.Capture(part) is { } id)
                _ids.Add(id);
            if (script.Name.Capture(part) is { } name)
                _names.Add(Unescape(name));
        }
        _names.AddRange(Read(document, rules.Me.Names));
        _labels = Read(document, rules.Me.Labels);
    }

    public string? ProfileOf(string? url)
    {
        if (url is null)
            return null;
        return _rules.Profile.Select(pattern => pattern.Capture(url)).FirstOrDefault(id => id is not null) is { } found
            ? Uri.UnescapeDataString(found).ToLowerInvariant()
            : null;
    }

    public bool IsMe(string author, string? profile)
    {
        if (profile is not null && _ids.Contains(profile))
            return true;
        // A name only counts where no identifier of the same sort says otherwise: namesakes exist.
        if (profile is not null && _ids.Exists(id => IsNumber(id) == IsNumber(profile)))
            return false;
        return _names.Contains(author) || (author.Contains(' ', StringComparison.Ordinal) && _labels.Exists(label => Names(label, author)));
    }

    private static bool Names(string label, string author)
    {
        var at = label.IndexOf(author, StringComparison.Ordinal);
        if (at < 0)
            return false;
        var end = at + author.Length;
        return !(at > 0 && char.IsLetterOrDigit(label[at - 1])) && !(end < label.Length && char.IsLetterOrDigit(label[end]));
    }

    private static bool IsNumber(string id) => id.Length > 0 && id.All(char.IsAsciiDigit);

    private static List<string> Read(IDocument document, IEnumerable<(Selectors Select, string? Attribute)> places) =>
        places.SelectMany(place => place.Select.BelowInOrder(document).Take(5)
            .Select(hit => PageText.Clean(place.Attribute is null ? PageText.Start(hit.TextContent, 200) : hit.GetAttribute(place.Attribute) ?? "")))
            .Where(text => text.Length > 0).ToList();

    private static string Unescape(string text)
    {
        try
        {
            return JsonNode.Parse($"\"{text}\"")?.GetValue<string>() ?? text;
        }
        catch (JsonException)
        {
            return text; // the page's own escapes, when they are not JSON's, are kept as they are
        }
    }
}
