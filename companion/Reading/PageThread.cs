using AngleSharp.Dom;
using Scope = Soundings.Reading.PageUnits.Scope;

namespace Soundings.Reading;

/// <summary>Owns where an item stands in a conversation: who wrote it, whether it answers a post or a comment, and which one.</summary>
internal sealed class PageThread(SiteRules rules, PageUnits units, IDocument document)
{
    private static readonly Selectors Controls = Selectors.Of("button", "[role=\"button\"]");
    private readonly Dictionary<IElement, string?> _ids = [];

    public (string Name, IElement Element)? AuthorOf(Scope scope)
    {
        foreach (var recipe in scope.Rule.Author)
            foreach (var element in PageUnits.Own(scope, recipe.Select, recipe.Outside))
            {
                if (rules.Hidden.Closest(element) is not null)
                    continue;
                var name = recipe.Attribute is not null
                    ? PageText.Clean(element.GetAttribute(recipe.Attribute) ?? "")
                    : PageText.Of([element], recipe.Pressable ? null : Controls).Split('\n')[0];
                if (recipe.Until is not null)
                {
                    var end = name.IndexOf(recipe.Until, StringComparison.Ordinal);
                    if (end <= 0)
                        continue;
                    name = name[..end].Trim();
                }
                if (name.Length > 0)
                    return (PageText.Start(name, 200), element);
            }
        return null;
    }

    public (Kind Kind, string? ParentId) PlaceOf(Scope scope, string text)
    {
        if (scope.Rule.Kind == Kind.Post)
            return (Kind.Post, null);
        foreach (var reply in scope.Rule.Reply)
        {
            if (reply.Nested)
            {
                if (units.Enclosing(scope.Element, Kind.Comment) is { } outer)
                    return (Kind.Reply, IdOf(outer));
            }
            else if (reply.When is not null)
            {
                if (PageUnits.Values(scope, [reply.When]).Count > 0)
                    return (Kind.Reply, PageUnits.Values(scope, [reply.Parent!]).FirstOrDefault());
            }
            else if (AnsweredByGuess(scope, reply, text) is { } answered)
            {
                return (Kind.Reply, IdOf(answered));
            }
        }
        return (Kind.Comment, PostOf(scope) is { } post ? IdOf(post) : PageUnits.Values(scope, scope.Rule.Parent?.Recipes ?? []).FirstOrDefault());
    }

    /// <summary>Each comment asks for its post's, so they are kept; a saved page does not change.</summary>
    private string? IdOf(IElement element)
    {
        if (!_ids.TryGetValue(element, out var id))
            _ids[element] = id = units.Classify(element) is { } found ? PageUnits.Values(units.ScopeOf(element, found.Rule), found.Rule.Id).FirstOrDefault() : null;
        return id;
    }

    private IElement? PostOf(Scope scope)
    {
        if (units.Enclosing(scope.Element, Kind.Post) is { } around || scope.Rule.Parent?.Preceding != true)
            return units.Enclosing(scope.Element, Kind.Post);
        // A wrapper around both post and comments begins before them too; the search goes on inside it.
        return rules.AllUnits.Below(document).TakeWhile(other => Tree.Precedes(other, scope.Element) || Tree.Holds(other, scope.Element))
            .LastOrDefault(other => units.Classify(other) is { Quoted: false, Rule.Kind: Kind.Post });
    }

    /// <summary>
    /// Without layout: replies carry one more class than the first comment, stand after a loader of replies, or open with a name from the thread.
    /// </summary>
    private IElement? AnsweredByGuess(Scope scope, ReplyRule reply, string text)
    {
        var list = reply.List?.Closest(scope.Element) ?? scope.Element.ParentElement;
        if (list is null)
            return null;
        var peers = scope.Rule.Match.Below(list).Where(peer => units.Classify(peer)?.Rule == scope.Rule).ToList();
        var classes = peers.Select(peer => peer.ClassList.ToHashSet(StringComparer.Ordinal)).ToList();
        var at = peers.IndexOf(scope.Element);
        if (Enumerable.Range(0, peers.Count).Any(IsIndented))
            return IsIndented(at) ? Enumerable.Range(0, at).Reverse().Where(before => !IsIndented(before)).Select(before => peers[before]).FirstOrDefault() : null;
        if (at < 1)
            return null;
        var loader = reply.Loader?.Below(list).LastOrDefault(element => Tree.Precedes(element, scope.Element));
        if (loader is not null && Tree.Precedes(peers[at - 1], loader))
            return peers[at - 1];
        var previous = units.ScopeOf(peers[at - 1], scope.Rule);
        if (AuthorOf(previous) is not { } author || !text.StartsWith(author.Name, StringComparison.Ordinal))
            return null;
        return AnsweredByGuess(previous, reply, "") ?? peers[at - 1];

        bool IsIndented(int index) => classes[index].Count > classes[0].Count && classes[0].IsSubsetOf(classes[index]);
    }
}
