using AngleSharp.Dom;

namespace Soundings.Reading;

/// <summary>
/// Owns which elements of a page are units and what is theirs: neither another unit's nor a quoted original's. find.js decides alike.
/// </summary>
internal sealed class PageUnits(SiteRules rules)
{
    private readonly Dictionary<IElement, Found?> _classified = [];

    internal sealed record Found(UnitRule Rule, bool Quoted);

    /// <summary>A unit with the regions inside it that are not its own.</summary>
    internal sealed record Scope(UnitRule Rule, IElement Element, HashSet<IElement> Nested, HashSet<IElement> Quoted);

    public Found? Classify(IElement element)
    {
        if (_classified.TryGetValue(element, out var known))
            return known;
        var rule = rules.Units.FirstOrDefault(unit => Stands(element, unit));
        return _classified[element] = rule is null ? null : new Found(rule, rule.Kind == Kind.Post && Enclosing(element, Kind.Post) is not null);
    }

    /// <summary>The nearest unit of a kind around an element.</summary>
    public IElement? Enclosing(IElement element, Kind kind)
    {
        for (var outer = rules.AllUnits.Closest(element.ParentElement); outer is not null; outer = rules.AllUnits.Closest(outer.ParentElement))
            if (rules.Units.Any(unit => unit.Kind == kind && Stands(outer, unit)))
                return outer;
        return null;
    }

    public Scope ScopeOf(IElement element, UnitRule rule)
    {
        Scope scope = new(rule, element, [.. rules.Skip.Below(element)], []);
        foreach (var inner in rules.AllUnits.Below(element))
            if (Classify(inner) is { } found)
                (found.Rule.Kind == Kind.Post ? scope.Quoted : scope.Nested).Add(inner);
        foreach (var quote in rule.Quoted)
            foreach (var hit in Own(scope, quote.Select).Skip(quote.Skip).ToList())
                if (quote.Containing is null || quote.Containing.Below(hit).Any())
                    scope.Quoted.Add(quote.Before is null && quote.After is null ? hit : Grow(scope, hit, quote));
        return scope;
    }

    /// <summary>Own elements, the hits of the first selector before those of the second.</summary>
    public static IEnumerable<IElement> Own(Scope scope, Selectors selectors, Selectors? outside = null, bool anywhere = false) =>
        selectors.BelowInOrder(scope.Element).Where(hit => IsOwn(scope, hit, anywhere) && !IsBarred(scope, hit, outside));

    /// <summary>All values of a list of recipes, in the recipes' order.</summary>
    public static List<string> Values(Scope scope, IEnumerable<ValueRecipe> recipes)
    {
        List<string> values = [];
        foreach (var recipe in recipes.Where(recipe => !recipe.Beside || values.Count == 0))
            foreach (var element in recipe.Select is null ? [scope.Element] : recipe.Beside ? Beside(scope, recipe) : Own(scope, recipe.Select, recipe.Outside, recipe.Anywhere))
                if ((recipe.Attribute is null ? element.TextContent : element.GetAttribute(recipe.Attribute)) is { } text
                    && recipe.ValueFrom(text) is { } value && !values.Contains(value, StringComparer.Ordinal))
                    values.Add(value);
        return values;
    }

    /// <summary>Elements outside a unit that carry its key: some builds put a card's tools beside the card.</summary>
    private static IEnumerable<IElement> Beside(Scope scope, ValueRecipe recipe) =>
        scope.Rule.Key is null || KeyOf(scope.Element, scope.Rule) is not { } key ? []
        : recipe.Select!.Below(scope.Element.Owner!).Where(other =>
            other.GetAttribute(recipe.Attribute ?? "id")?.Contains(key, StringComparison.Ordinal) == true && !Tree.Holds(scope.Element, other)).Take(5);

    private static bool IsOwn(Scope scope, IElement element, bool anywhere)
    {
        for (var at = element; at is not null && at != scope.Element; at = at.ParentElement)
            if (scope.Quoted.Contains(at) || (!anywhere && scope.Nested.Contains(at)))
                return false;
        return true;
    }

    private static bool IsBarred(Scope scope, IElement hit, Selectors? outside) =>
        outside?.Closest(hit) is { } bar && bar != scope.Element && Tree.Holds(scope.Element, bar);

    /// <summary>Whether the element is itself a unit of this rule, and not a wrapper or an inner twin of one.</summary>
    private static bool Stands(IElement element, UnitRule rule)
    {
        if (!rule.Match.Matches(element))
            return false;
        if (rule.Key is not null)
        {
            if (KeyOf(element, rule) is not { } key)
                return false;
            for (var outer = rule.Match.Closest(element.ParentElement); outer is not null; outer = rule.Match.Closest(outer.ParentElement))
                if (KeyOf(outer, rule) == key)
                    return false;
        }
        if (rule.Header is not null && (rule.Header.Below(element).FirstOrDefault() is not { } header || rule.Match.Closest(header) != element))
            return false;
        return rule.Without is null || !rule.Without.Below(element).Any();
    }

    private static string? KeyOf(IElement element, UnitRule rule) =>
        rule.Key!.Value.Attributes.Select(element.GetAttribute).Select(value => value is null ? null : rule.Key.Value.Pattern.Capture(value)).FirstOrDefault(key => key is not null);

    /// <summary>The largest block around a hit that holds nothing of the outer item.</summary>
    private static IElement Grow(Scope scope, IElement hit, QuoteRule quote)
    {
        var before = (quote.Before ?? new()).Below(scope.Element).Where(stop => Tree.Precedes(stop, hit));
        var after = (quote.After ?? new()).Below(scope.Element).Where(stop => Tree.Precedes(hit, stop));
        var stops = before.Concat(after).Where(stop => !Tree.Holds(stop, hit)).ToList();
        var block = hit;
        for (var outer = hit.ParentElement; outer is not null && outer != scope.Element; outer = outer.ParentElement)
        {
            if (stops.Exists(stop => Tree.Holds(outer, stop)))
                break;
            block = outer;
        }
        return block;
    }
}
