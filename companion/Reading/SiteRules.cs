namespace Soundings.Reading;

/// <summary>
/// Where a site keeps its posts, comments, texts, authors and ids: data, read from sites/NAME.json by <see cref="SiteRulesFile"/>.
/// The extension's content scripts read the same file.
/// </summary>
internal sealed record SiteRules(string Site, string Name, int Serial)
{
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>For pages that no other rules cover.</summary>
    public bool IsFallback { get; init; }

    public IReadOnlyList<string> SkipPaths { get; init; } = [];
    public Selectors Skip { get; init; } = new();
    public Selectors Hidden { get; init; } = new();
    public IReadOnlyList<RulePattern> Profile { get; init; } = [];
    public IReadOnlyList<(string From, string To)> Fold { get; init; } = [];
    public MeRule Me { get; init; } = new();
    public IReadOnlyList<UnitRule> Units { get; init; } = [];
    public Selectors Signs { get; init; } = new();
    public IReadOnlyDictionary<string, HashSet<string>> Words { get; init; } = new Dictionary<string, HashSet<string>>();

    public Selectors AllUnits => field ??= Selectors.Join(Units.Select(unit => unit.Match));

    public bool Covers(Uri url) => url.Scheme is "https" or "http" && Hosts.Contains(url.Host, StringComparer.OrdinalIgnoreCase);
}

/// <summary>Where a page says who is signed in.</summary>
internal sealed record MeRule
{
    public Selectors Links { get; init; } = new();
    public IReadOnlyList<(Selectors Select, string? Attribute)> Names { get; init; } = [];
    public IReadOnlyList<(Selectors Select, string? Attribute)> Labels { get; init; } = [];
    public (string Contains, RulePattern Id, RulePattern Name)? Script { get; init; }
}

/// <summary>One shape of one kind of item.</summary>
internal sealed record UnitRule(string Name, Kind Kind, Selectors Match)
{
    public (IReadOnlyList<string> Attributes, RulePattern Pattern)? Key { get; init; }
    public Selectors? Header { get; init; }
    public Selectors? Without { get; init; }
    public IReadOnlyList<Selectors> Evidence { get; init; } = [];
    public IReadOnlyList<QuoteRule> Quoted { get; init; } = [];
    public IReadOnlyList<ValueRecipe> Id { get; init; } = [];
    public IReadOnlyList<AuthorRecipe> Author { get; init; } = [];
    public IReadOnlyList<TextRecipe> Text { get; init; } = [];
    public (bool Preceding, IReadOnlyList<ValueRecipe> Recipes)? Parent { get; init; }
    public IReadOnlyList<ReplyRule> Reply { get; init; } = [];
    public IReadOnlyList<FlagTest> Mine { get; init; } = [];
    public IReadOnlyList<FlagTest> Sponsored { get; init; } = [];
}

internal sealed record QuoteRule(Selectors Select, int Skip, Selectors? Containing, Selectors? Before, Selectors? After);

internal sealed record AuthorRecipe(Selectors Select, Selectors? Outside, string? Attribute, string? Until, bool Pressable);

internal sealed record TextRecipe(
    Selectors? Select, IReadOnlyList<Selectors>? Between, bool All, Selectors? Outside, Selectors? Cut, Selectors? Below, Selectors? Above);

/// <summary>One way to tell a reply: it stands inside its comment, a value says so, or it is indented.</summary>
internal sealed record ReplyRule(bool Nested, ValueRecipe? When, ValueRecipe? Parent, Selectors? List, Selectors? Loader);

internal sealed record FlagTest(
    bool Me, Selectors? Select, Selectors? Outside, Selectors? Lacks, string? Attribute, string? Words, string? After, bool Label, bool Digitless);
