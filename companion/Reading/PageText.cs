using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace Soundings.Reading;

/// <summary>
/// Owns what a person can read in an element of a saved page: text in lines, emoji images as characters, labels whose letters are shuffled.
/// The conventions stand in tests/replicas/README.md; read-text.js follows the same, with layout.
/// </summary>
internal static partial class PageText
{
    private const int MaxNodes = 20_000;
    private const int MaxDepth = 300;
    private const int EnoughLength = 3 * Item.MaxTextLength;

    private static readonly HashSet<string> Blocks = [.. ("address article aside blockquote dd details div dl dt fieldset figcaption figure footer form "
        + "h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table tr ul").Split(' ')];

    private static readonly HashSet<string> NeverText = [.. "script style noscript template svg math textarea input select option button iframe video audio canvas".Split(' ')];

    public static string Of(IEnumerable<IElement> roots, Selectors? cut = null, Selectors? hidden = null, params HashSet<IElement>[] bars)
    {
        StringBuilder text = new();
        foreach (var root in roots)
        {
            Walk walk = new(root, cut, hidden, bars, text);
            walk.Through(root, 0);
            text.Append('\n');
        }
        return Cut(Clean(text.ToString()));
    }

    public static string Clean(string text)
    {
        text = Dropped().Replace(text, "");
        text = Spaces().Replace(text, " ");
        return Lines().Replace(text, "\n").Trim(' ', '\n');
    }

    /// <summary>The text of a label whose letters may be shuffled, be elsewhere, or be drawn.</summary>
    public static IEnumerable<string> Labels(IElement element)
    {
        foreach (var holder in Tree.Elements(element).Where(inner => inner.HasAttribute("aria-labelledby") || inner.LocalName == "use").Prepend(element).Take(20))
        {
            var reference = holder.GetAttribute("aria-labelledby") ?? holder.GetAttribute("href") ?? holder.GetAttribute("xlink:href") ?? "";
            foreach (var id in reference.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(4))
                if (element.Owner?.GetElementById(id.TrimStart('#')) is { } target && !Tree.Holds(target, element))
                    yield return Clean(Start(target.TextContent, 200));
        }
        var letters = Tree.Elements(element).Where(inner => inner.LocalName == "span" && inner.FirstElementChild is null).ToList();
        if (letters.Count is > 2 and < 200)
            yield return Clean(string.Concat(letters.Select(letter => (Letter: letter, Style: Style(letter)))
                .Where(one => one.Style.GetValueOrDefault("position") is not ("absolute" or "fixed") && one.Style.GetValueOrDefault("display") != "none")
                .OrderBy(one => int.TryParse(one.Style.GetValueOrDefault("order"), CultureInfo.InvariantCulture, out var order) ? order : 0)
                .Select(one => one.Letter.TextContent)));
        yield return Clean(Start(element.TextContent, 200));
    }

    public static string Start(string text, int length) => text.Length <= length ? text : text[..length];

    /// <summary>The first 20,000 UTF-16 units, never half a grapheme.</summary>
    private static string Cut(string text)
    {
        if (text.Length <= Item.MaxTextLength)
            return text;
        const int from = Item.MaxTextLength - 1024;
        var end = Item.MaxTextLength;
        foreach (var index in StringInfo.ParseCombiningCharacters(text[from..Math.Min(text.Length, Item.MaxTextLength + 64)]))
            if (index > 0 && from + index <= Item.MaxTextLength)
                end = from + index;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)].TrimEnd();
    }

    private static Dictionary<string, string> Style(IElement element)
    {
        Dictionary<string, string> declarations = [];
        foreach (var part in Start(element.GetAttribute("style") ?? "", 2000).ToLowerInvariant().Split(';'))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                declarations[part[..colon].Trim()] = part[(colon + 1)..].Replace("!important", "", StringComparison.Ordinal).Trim();
        }
        return declarations;
    }

    private static bool IsZero(string? value) => value is not null && Zero().IsMatch(value);

    private static bool IsHidden(IElement element)
    {
        if (element.HasAttribute("hidden"))
            return true;
        if (!element.HasAttribute("style"))
            return false;
        var style = Style(element);
        return style.GetValueOrDefault("display") == "none"
            || IsZero(style.GetValueOrDefault("opacity"))
            || (style.GetValueOrDefault("position") is "absolute" or "fixed" && MovedOff().IsMatch(style.GetValueOrDefault("left") ?? style.GetValueOrDefault("top") ?? ""));
    }

    private static bool IsMute(IElement element)
    {
        if (!element.HasAttribute("style"))
            return false;
        var style = Style(element);
        return style.GetValueOrDefault("visibility") is "hidden" or "collapse" || IsZero(style.GetValueOrDefault("font-size"));
    }

    /// <summary>An emoji drawn as an image carries it in alt; a picture's description has letters.</summary>
    private static string Emoji(IElement image)
    {
        var alt = image.GetAttribute("alt") ?? "";
        if (alt.Length is 0 or > 40)
            return "";
        var isEmoji = (image.GetAttribute("src") ?? "").Contains("emoji", StringComparison.Ordinal) || (alt.Length <= 16 && !alt.EnumerateRunes().Any(Rune.IsLetter));
        return isEmoji ? alt : "";
    }

    private sealed class Walk(IElement root, Selectors? cut, Selectors? hidden, HashSet<IElement>[] bars, StringBuilder text)
    {
        private int _nodes;

        public void Through(IElement element, int depth)
        {
            if (element.LocalName == "br")
                text.Append('\n');
            else if (element.LocalName == "img")
                text.Append(Emoji(element));
            else if (IsRead(element, depth))
                Inside(element, depth);
        }

        private bool IsRead(IElement element, int depth) =>
            !NeverText.Contains(element.LocalName) && depth <= MaxDepth && !bars.Any(bar => bar.Contains(element))
            && (element == root || !(cut?.Matches(element) == true || hidden?.Matches(element) == true || IsHidden(element)));

        private void Inside(IElement element, int depth)
        {
            var block = Blocks.Contains(element.LocalName);
            if (block)
                text.Append('\n');
            var mute = IsMute(element);
            var children = element.ChildNodes;
            for (var at = 0; at < children.Length && _nodes < MaxNodes && text.Length < EnoughLength; at++)
            {
                _nodes++;
                var node = children[at];
                if (node is IElement inner)
                    Through(inner, depth + 1);
                else if (node is IText { Data.Length: > 0 } words && !mute)
                    text.Append(Start(Breaks().Replace(words.Data, " "), EnoughLength));
            }
            if (block)
                text.Append('\n');
        }
    }

    [GeneratedRegex(@"[\p{Cc}-[\n\t\r]]|\u00ad|\u034f|\u200b|\u2060|\ufeff|\ufffe|\uffff", RegexOptions.CultureInvariant)]
    private static partial Regex Dropped();

    [GeneratedRegex("[\t\r \u00a0]+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();

    [GeneratedRegex(" ?\n[ \n]*", RegexOptions.CultureInvariant)]
    private static partial Regex Lines();

    [GeneratedRegex("[\t\n\f\r]+", RegexOptions.CultureInvariant)]
    private static partial Regex Breaks();

    [GeneratedRegex(@"^0+(\.0*)?[a-z%]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Zero();

    [GeneratedRegex(@"^-?\d{3,}|^\d+em", RegexOptions.CultureInvariant)]
    private static partial Regex MovedOff();
}
