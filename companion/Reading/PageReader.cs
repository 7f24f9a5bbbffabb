using System.Text.Json.Serialization;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Scope = Soundings.Reading.PageUnits.Scope;

namespace Soundings.Reading;

/// <summary>One item as read from a saved page; what the verb <c>read</c> prints.</summary>
internal sealed record PageItem(
    string Key, Kind Kind, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Id, string Author, string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ParentId, bool Mine, bool Sponsored);

/// <summary>
/// Reads the items on a saved page by the rules that the extension uses (extract.js), without layout: where only indentation tells a reply
/// from a comment, <see cref="PageThread"/> goes by weaker signs.
/// </summary>
internal sealed class PageReader
{
    private readonly SiteRules _rules;
    private readonly Uri _url;
    private readonly IDocument _document;
    private readonly PageUnits _units;
    private readonly PagePerson _person;
    private readonly PageThread _thread;

    private PageReader(SiteRules rules, IDocument document, Uri url)
    {
        _url = url;
        _rules = rules;
        _document = document;
        _units = new PageUnits(rules);
        _person = new PagePerson(document, rules);
        _thread = new PageThread(rules, _units, document);
    }

    public static List<PageItem> Read(string html, Uri url, SiteRules rules)
    {
        if (rules.SkipPaths.Any(prefix => url.AbsolutePath.StartsWith(prefix, StringComparison.Ordinal)))
            return [];
        using var document = new HtmlParser(new HtmlParserOptions { IsScripting = true }).ParseDocument(html);
        return new PageReader(rules, document, url).All();
    }

    private List<PageItem> All()
    {
        OrderedDictionary<string, (PageItem Item, bool IsOpened)> items = new(StringComparer.Ordinal);
        foreach (var element in _rules.AllUnits.Below(_document).ToList())
        {
            if (ReadItem(element) is not { } item)
                continue;
            // The feed behind a dialog may hold the same item, cut short.
            var isOpened = OpenDialog.Closest(element) is not null;
            if (items.TryGetValue(item.Key, out var twin) && (twin.IsOpened || !isOpened))
                continue;
            items.Remove(item.Key);
            items.Add(item.Key, (item, isOpened));
        }
        return [.. items.Values.Select(read => read.Item)];
    }

    private PageItem? ReadItem(IElement element)
    {
        if (_units.Classify(element) is not { Quoted: false } found || _rules.Skip.Closest(element) is not null)
            return null;
        var rule = found.Rule;
        var scope = _units.ScopeOf(element, rule);
        if (rule.Evidence.Any(anyOf => !anyOf.Matches(element) && !PageUnits.Own(scope, anyOf).Any()))
            return null;
        if (_thread.AuthorOf(scope) is not { } author)
            return null;
        var text = BodyOf(scope, author.Element);
        var id = PageUnits.Values(scope, rule.Id).FirstOrDefault();
        var (kind, parentId) = _thread.PlaceOf(scope, text);
        var profile = _person.ProfileOf((Links.Closest(author.Element) ?? PageUnits.Own(scope, Links).FirstOrDefault())?.GetAttribute("href"));
        return new PageItem(
            KeyOf(id, kind, author.Name, text), kind, id, author.Name, text, parentId,
            rule.Mine.Any(test => Holds(scope, test, author.Name, profile)), rule.Sponsored.Any(test => Holds(scope, test, author.Name, profile)));
    }

    private string BodyOf(Scope scope, IElement author)
    {
        foreach (var recipe in scope.Rule.Text)
        {
            var elements = (recipe.Between is { } ends ? Between(scope, ends) : PageUnits.Own(scope, recipe.Select!, recipe.Outside))
                .Where(element => !Tree.Holds(element, author) && !Tree.Holds(author, element));
            if (recipe.Below is not null)
                elements = elements.Where(element => PageUnits.Own(scope, recipe.Below).Any(mark => Tree.Precedes(mark, element)));
            if (recipe.Above is not null)
                elements = elements.Where(element => !PageUnits.Own(scope, recipe.Above).Any(mark => Tree.Precedes(mark, element)));
            var chosen = recipe.All || recipe.Between is not null ? Outermost(elements.Take(200).ToList()) : elements.Take(1).ToList();
            if (chosen.Count == 0)
                continue;
            var text = PageText.Of(chosen, recipe.Cut, _rules.Hidden, scope.Nested, scope.Quoted);
            if (text.Length > 0 || recipe.Between is null)
                return text;
        }
        return "";
    }

    private static List<IElement> Outermost(List<IElement> elements) =>
        elements.Where(element => !elements.Exists(other => other != element && Tree.Holds(other, element))).ToList();

    /// <summary>The blocks that stand between an item's header and its controls.</summary>
    private static IEnumerable<IElement> Between(Scope scope, IReadOnlyList<Selectors> ends)
    {
        var head = PageUnits.Own(scope, ends[0]).FirstOrDefault();
        var foot = head is null ? null : PageUnits.Own(scope, ends[1]).FirstOrDefault(element => Tree.Precedes(head, element));
        if (head is null || foot is null)
            return [];
        IElement top = head;
        while (top.ParentElement is { } outer && !Tree.Holds(outer, foot))
            top = outer;
        return top.ParentElement is null ? [] : top.ParentElement.Children.SkipWhile(block => block != top).Skip(1).TakeWhile(block => !Tree.Holds(block, foot));
    }

    private bool Holds(Scope scope, FlagTest test, string author, string? profile)
    {
        if (test.Me)
            return _person.IsMe(author, profile);
        var hits = PageUnits.Own(scope, test.Select!, test.Outside);
        if (test.Lacks is not null)
            return hits.Any() && !PageUnits.Own(scope, test.Lacks).Any() && !(test.Digitless && hits.Any(hit => hit.TextContent.Any(char.IsDigit)));
        if (test.Words is null)
            return hits.Any();
        var words = _rules.Words[test.Words];
        return hits.Take(60).Any(hit =>
        {
            if (test.Label)
                return PageText.Labels(hit).Any(label => words.Contains(label.ToLowerInvariant()));
            var text = PageText.Clean(PageText.Start(test.Attribute is null ? hit.TextContent : hit.GetAttribute(test.Attribute) ?? "", 300));
            if (test.After is not null)
            {
                var at = text.IndexOf(test.After, StringComparison.Ordinal);
                if (at < 0)
                    return false;
                text = text[(at + test.After.Length)..].Trim();
            }
            text = text.ToLowerInvariant();
            return words.Contains(text) || words.Contains(text.Split(" • ")[0]);
        });
    }

    /// <summary>Ids of pages that mark themselves up are a page's own: two blogs both have a comment 12.</summary>
    private string Prefix => _rules.IsFallback ? $"{_rules.Site}:{_url.Host}{_url.AbsolutePath}:" : $"{_rules.Site}:";

    private string KeyOf(string? id, Kind kind, string author, string text)
    {
        if (id is null)
            return $"{Prefix}#{Hash($"{kind.ToString().ToLowerInvariant()}\n{author}\n{text}")}";
        foreach (var (from, to) in _rules.Fold)
        {
            var at = id.IndexOf(from, StringComparison.Ordinal);
            if (at >= 0)
                id = string.Concat(id.AsSpan(0, at), to, id.AsSpan(at + from.Length));
        }
        return Prefix + id;
    }

    /// <summary>Two 32-bit FNV-1a hashes as one hexadecimal name; extract.js has the same.</summary>
    private static string Hash(string text)
    {
        uint a = 0x811c9dc5, b = 0x01000193;
        foreach (var unit in text)
        {
            a = (a ^ unit) * 0x01000193;
            b = (b ^ unit) * 0x85ebca6b;
        }
        return $"{a:x8}{b:x8}";
    }

    private static readonly Selectors Links = Selectors.Of("a[href]");
    private static readonly Selectors OpenDialog = Selectors.Of("[role=\"dialog\"][aria-modal=\"true\"]");
}
