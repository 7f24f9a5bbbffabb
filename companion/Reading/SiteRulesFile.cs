namespace Soundings.Reading;

/// <summary>
/// Reads and checks a rule file: data only, every selector and pattern bounded, every unknown name refused with its line and the reason.
/// A file is taken whole or not at all.
/// </summary>
internal static class SiteRulesFile
{
    public const int MaxBytes = 256 * 1024;
    private const int MaxUnits = 24;

    public static SiteRules Parse(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxBytes)
            throw new RuleFileException($"the file is larger than {MaxBytes / 1024} KB", 1);
        RuleChecks root = new(RuleParts.WriteOut(RuleNode.Parse(json)), "the file");
        root.Only("format", "site", "name", "serial", "note", "hosts", "skipPaths", "skip", "hidden", "profile", "fold", "snowflake", "fallback", "me", "composer", "units", "signs", "words");
        if (root.Number("format", 1, 1000) != 1)
            root.Refuse("format", "only format 1 is known");
        var site = root.Word("site");
        var words = root.Required("words").Map().ToDictionary(
            pair => pair.Key, pair => pair.Value.Texts(400, 80).Select(word => word.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        Composer(root.Optional("composer"));
        var units = root.Required("units").List(MaxUnits).Select(node => Unit(node, words.Keys)).ToList();
        if (units.Count == 0)
            root.Refuse("units", "there must be at least one unit");
        foreach (var twice in units.GroupBy(unit => unit.Name).Where(group => group.Count() > 1))
            root.Refuse("units", $"two units are called \"{twice.Key}\"");
        return new SiteRules(site, root.Text("name", 60), root.Number("serial", 1, int.MaxValue))
        {
            IsFallback = root.Flag("fallback"),
            Hosts = root.Required("hosts").Hosts(mayBeNone: root.Flag("fallback")),
            SkipPaths = root.Optional("skipPaths")?.Texts(40, 100) ?? [],
            Skip = root.Required("skip").Selectors(allowPrivate: true),
            Hidden = root.Required("hidden").Selectors(allowPrivate: true),
            Profile = root.Required("profile").Items(12).Select(node => node.Pattern()).ToList(),
            Fold = root.Optional("fold")?.Items(8).Select(node => node.Texts(2, 40)).Select(pair => (pair[0], pair[1])).ToList() ?? [],
            Me = Me(root.Required("me")),
            Units = units,
            Signs = root.Required("signs").Selectors(),
            Words = words,
        };
    }

    /// <summary>Where one writes matters to the extension alone; the companion only makes sure that the file says nothing else.</summary>
    private static void Composer(RuleChecks? composer)
    {
        if (composer is null)
            return;
        composer.Only("note", "editor", "within", "never", "list", "box");
        composer.Required("editor").Selectors();
        composer.Required("never").Selectors(allowPrivate: true);
        foreach (var name in (string[])["within", "list", "box"])
            composer.Optional(name)?.Selectors();
    }

    private static MeRule Me(RuleChecks me)
    {
        me.Only("note", "links", "names", "labels", "script");
        var script = me.Optional("script");
        script?.Only("note", "contains", "id", "name");
        return new MeRule
        {
            Links = me.Optional("links")?.Selectors(allowPrivate: true) ?? new(),
            Names = Places(me.Optional("names")),
            Labels = Places(me.Optional("labels")),
            Script = script is null ? null : (script.Text("contains", 80), script.Required("id").Pattern(), script.Required("name").Pattern()),
        };

        static List<(Selectors, string?)> Places(RuleChecks? list) => list?.Items(20).Select(place =>
        {
            place.Only("note", "select", "attribute");
            return (place.Required("select").Selectors(allowPrivate: true), place.Attribute("attribute"));
        }).ToList() ?? [];
    }

    private static UnitRule Unit(RuleChecks unit, ICollection<string> words)
    {
        unit.Only("name", "kind", "note", "match", "key", "header", "without", "evidence", "quoted", "id", "author", "text", "parent", "reply", "mine", "sponsored", "liked");
        var kind = unit.Text("kind", 10) switch
        {
            "post" => Kind.Post,
            "comment" => Kind.Comment,
            _ => throw unit.Refusal("kind", "a unit is a post or a comment"),
        };
        var key = unit.Optional("key");
        key?.Only("attributes", "pattern");
        // A like is a matter of the moment: on a saved page there is none to note.
        foreach (var test in unit.Optional("liked")?.List(8) ?? [])
            Test(test, words);
        var parent = unit.Optional("parent");
        parent?.Only("note", "preceding", "recipes");
        return new UnitRule(unit.Text("name", 80), kind, unit.Required("match").Selectors())
        {
            Key = key is null ? null : (key.Required("attributes").Items(4).Select(node => node.Attribute()).ToList(), key.Required("pattern").Pattern()),
            Header = unit.Optional("header")?.Selectors(),
            Without = unit.Optional("without")?.Selectors(),
            Evidence = unit.Required("evidence").Items(8).Select(node => node.Selectors()).ToList(),
            Quoted = unit.Optional("quoted")?.List(8).Select(Quote).ToList() ?? [],
            Id = Recipes(unit.Required("id")),
            Author = unit.Required("author").List(12).Select(Author).ToList(),
            Text = unit.Required("text").List(12).Select(Text).ToList(),
            Parent = parent is null ? null : (parent.Flag("preceding"), Recipes(parent.Required("recipes"))),
            Reply = unit.Optional("reply")?.List(8).Select(Reply).ToList() ?? [],
            Mine = unit.Optional("mine")?.List(12).Select(node => Test(node, words)).ToList() ?? [],
            Sponsored = unit.Optional("sponsored")?.List(12).Select(node => Test(node, words)).ToList() ?? [],
        };
    }

    private static List<ValueRecipe> Recipes(RuleChecks list) => list.List(30).Select(Recipe).ToList();

    private static ValueRecipe Recipe(RuleChecks node)
    {
        node.Only("note", "select", "attribute", "query", "decode", "pattern", "value", "anywhere", "beside", "outside");
        var decode = node.OptionalText("decode", 20);
        if (decode is not (null or "base64" or "linkedin-urn"))
            node.Refuse("decode", "only base64 and linkedin-urn are known");
        return new ValueRecipe(
            node.Optional("select")?.Selectors(), node.Attribute("attribute"), node.OptionalText("query", 60), decode, node.Optional("pattern")?.Pattern(),
            node.OptionalText("value", 80), node.Flag("anywhere"), node.Optional("outside")?.Selectors(), node.Flag("beside"));
    }

    private static QuoteRule Quote(RuleChecks node)
    {
        node.Only("note", "select", "skip", "containing", "before", "after");
        return new QuoteRule(
            node.Required("select").Selectors(), node.OptionalNumber("skip", 0, 9), node.Optional("containing")?.Selectors(),
            node.Optional("before")?.Selectors(), node.Optional("after")?.Selectors());
    }

    private static AuthorRecipe Author(RuleChecks node)
    {
        node.Only("note", "select", "outside", "attribute", "until", "pressable");
        return new AuthorRecipe(
            node.Required("select").Selectors(), node.Optional("outside")?.Selectors(), node.Attribute("attribute"), node.OptionalText("until", 10), node.Flag("pressable"));
    }

    private static TextRecipe Text(RuleChecks node)
    {
        node.Only("note", "select", "between", "all", "outside", "cut", "below", "above");
        var between = node.Optional("between")?.Items(2).Select(end => end.OneSelector()).ToList();
        if (between is null ? node.Optional("select") is null : between.Count != 2)
            node.Refuse("between", "a text needs \"select\", or \"between\" with two selectors");
        return new TextRecipe(
            node.Optional("select")?.Selectors(), between, node.Flag("all"), node.Optional("outside")?.Selectors(), node.Optional("cut")?.Selectors(),
            node.Optional("below")?.Selectors(), node.Optional("above")?.Selectors());
    }

    private static ReplyRule Reply(RuleChecks node)
    {
        node.Only("note", "nested", "when", "parent", "list", "edge", "minimum", "loader");
        node.OptionalNumber("minimum", 1, 200);
        node.Optional("edge")?.Selectors();
        var when = node.Optional("when") is { } first ? Recipe(first) : null;
        var parent = node.Optional("parent") is { } second ? Recipe(second) : null;
        if ((when is null) != (parent is null))
            node.Refuse("when", "\"when\" and \"parent\" belong together");
        return new ReplyRule(node.Flag("nested"), when, parent, node.Optional("list")?.Selectors(), node.Optional("loader")?.Selectors());
    }

    private static FlagTest Test(RuleChecks node, ICollection<string> lists)
    {
        node.Only("note", "me", "select", "outside", "lacks", "attribute", "words", "after", "label", "digitless");
        var me = node.Flag("me");
        var words = node.OptionalText("words", 40);
        if (words is not null && !lists.Contains(words))
            node.Refuse("words", $"no list is called \"{RuleNode.Shown(words)}\"");
        if (!me && node.Optional("select") is null)
            node.Refuse("select", "a test needs \"me\" or \"select\"");
        return new FlagTest(
            me, node.Optional("select")?.Selectors(), node.Optional("outside")?.Selectors(), node.Optional("lacks")?.Selectors(), node.Attribute("attribute"),
            words, node.OptionalText("after", 10), node.Flag("label"), node.Flag("digitless"));
    }
}
