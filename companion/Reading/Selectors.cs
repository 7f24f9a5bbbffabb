using AngleSharp.Css.Dom;
using AngleSharp.Css.Parser;
using AngleSharp.Dom;

namespace Soundings.Reading;

/// <summary>A list of CSS selectors, compiled once; the hits of the first come before those of the second.</summary>
internal sealed class Selectors
{
    private static readonly CssSelectorParser Parser = new();
    private readonly List<(string Text, ISelector Selector)> _all = [];

    public IEnumerable<string> Texts => _all.Select(one => one.Text);

    public int Count => _all.Count;

    public bool TryAdd(string text)
    {
        ISelector? selector;
        try
        {
            selector = Parser.ParseSelector(text);
        }
        catch (DomException)
        {
            return false;
        }
        if (selector is null)
            return false;
        _all.Add((text, selector));
        return true;
    }

    public static Selectors Of(params string[] texts)
    {
        Selectors selectors = new();
        foreach (var text in texts)
            if (!selectors.TryAdd(text))
                throw new ArgumentException($"'{text}' is no selector.", nameof(texts));
        return selectors;
    }

    public static Selectors Join(IEnumerable<Selectors> lists)
    {
        Selectors joined = new();
        joined._all.AddRange(lists.SelectMany(list => list._all));
        return joined;
    }

    public bool Matches(IElement element) => _all.Exists(one => one.Selector.Match(element, null));

    /// <summary>Everything below that any of the selectors matches, in document order.</summary>
    public IEnumerable<IElement> Below(INode root) => Tree.Elements(root).Where(Matches);

    /// <summary>Everything below, selector by selector.</summary>
    public IEnumerable<IElement> BelowInOrder(INode root) =>
        _all.SelectMany(one => Tree.Elements(root).Where(element => one.Selector.Match(element, null)));

    public IElement? Closest(IElement? element)
    {
        while (element is not null && !Matches(element))
            element = element.ParentElement;
        return element;
    }
}

/// <summary>
/// Walking a tree without recursion, and by index: in this DOM the next sibling costs a search among all of them.
/// </summary>
internal static class Tree
{
    // Browsers stop nesting at 512 levels; a page that goes past either limit does so to wear readers out.
    private const int MaxDepth = 512;
    private const int MaxChildren = 20_000;

    public static IEnumerable<IElement> Elements(INode root)
    {
        Stack<(INodeList Children, int At)> open = new([(root.ChildNodes, 0)]);
        while (open.TryPop(out var level))
        {
            var (children, at) = level;
            while (at < children.Length && at < MaxChildren && children[at] is not IElement)
                at++;
            if (at >= children.Length || at >= MaxChildren)
                continue;
            var element = (IElement)children[at];
            open.Push((children, at + 1));
            yield return element;
            if (open.Count < MaxDepth && element.HasChildNodes)
                open.Push((element.ChildNodes, 0));
        }
    }

    public static bool Holds(INode outer, INode inner)
    {
        for (INode? at = inner; at is not null; at = at.Parent)
            if (at == outer)
                return true;
        return false;
    }

    /// <summary>Whether <paramref name="first"/> starts before <paramref name="second"/> and does not hold it.</summary>
    public static bool Precedes(INode first, INode second) =>
        first.CompareDocumentPosition(second).HasFlag(DocumentPositions.Following) && !Holds(first, second);
}
