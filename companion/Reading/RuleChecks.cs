using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Soundings.Reading;

/// <summary>Takes values out of a rule file's nodes, each with its limits; what breaks one is refused with its line.</summary>
internal sealed partial class RuleChecks(RuleNode node, string name)
{
    private const int MaxSelectorLength = 512;
    private const int MaxSelectors = 40;
    private const int MaxPatternLength = 256;

    // What no rule may read: private conversations, and the signed-in person's own card (which "me" alone may name, to leave it out).
    private static readonly string[] Private = ["msg-", "messaging", "messenger", "inbox", "conversation", "chat", "profile-card", "identity-module", "password", "credit"];
    private static readonly string[] TooWide = ["*", "html", "body", ":root", "html *", "body *"];

    public RuleFileException Refusal(string property, string reason) =>
        new(reason, node.Properties.TryGetValue(property, out var at) ? at.Line : node.Line);

    public void Refuse(string property, string reason) => throw Refusal(property, reason);

    public void Only(params string[] names)
    {
        Expect(JsonTokenType.StartObject, "an object");
        foreach (var (property, value) in node.Properties)
            if (!names.Contains(property, StringComparer.Ordinal))
                throw new RuleFileException($"\"{RuleNode.Shown(property)}\" is not known in {name}", value.Line);
    }

    public RuleChecks Required(string property) =>
        Optional(property) ?? throw new RuleFileException($"{name} has no \"{property}\"", node.Line);

    public RuleChecks? Optional(string property) =>
        node.Properties.TryGetValue(property, out var value) ? new RuleChecks(value, $"\"{property}\"") : null;

    public string Text(string property, int maxLength) => Required(property).Text(maxLength);

    public string? OptionalText(string property, int maxLength) => Optional(property)?.Text(maxLength);

    public string Word(string property)
    {
        var word = Text(property, 40);
        if (!WordShape().IsMatch(word))
            Refuse(property, $"\"{property}\" must be small letters, digits and hyphens");
        return word;
    }

    public string? Attribute(string property) => Optional(property)?.Attribute();

    public int Number(string property, int least, int most) => Required(property).Number(least, most);

    public int OptionalNumber(string property, int least, int most) => Optional(property)?.Number(least, most) ?? 0;

    public bool Flag(string property) => Optional(property) is { } flag && flag.Flag();

    public IEnumerable<RuleChecks> List(int most)
    {
        var items = Items(most).ToList();
        foreach (var item in items)
            item.Expect(JsonTokenType.StartObject, "an object");
        return items;
    }

    public IEnumerable<RuleChecks> Items(int most)
    {
        Expect(JsonTokenType.StartArray, "a list");
        if (node.Items.Count > most)
            throw new RuleFileException($"{name} holds more than {most} entries", node.Line);
        return node.Items.Select(item => new RuleChecks(item, $"an entry of {name}"));
    }

    public Dictionary<string, RuleChecks> Map()
    {
        Expect(JsonTokenType.StartObject, "an object");
        if (node.Properties.Count > 20)
            throw new RuleFileException($"{name} holds more than 20 lists", node.Line);
        foreach (var (property, value) in node.Properties)
            if (!ListName().IsMatch(property))
                throw new RuleFileException($"\"{RuleNode.Shown(property)}\" is no name for a list", value.Line);
        return node.Properties.ToDictionary(pair => pair.Key, pair => new RuleChecks(pair.Value, $"\"{pair.Key}\""), StringComparer.Ordinal);
    }

    public List<string> Texts(int most, int maxLength) => Items(most).Select(item => item.Text(maxLength)).ToList();

    public List<string> Hosts(bool mayBeNone)
    {
        var hosts = Texts(12, 100);
        if ((hosts.Count == 0 && !mayBeNone) || !hosts.TrueForAll(HostShape().IsMatch))
            throw new RuleFileException("a host is written like www.example.org: no scheme, no wildcard, no port", node.Line);
        return hosts;
    }

    public Selectors Selectors(bool allowPrivate = false)
    {
        Selectors selectors = new();
        foreach (var item in Items(MaxSelectors))
            item.AddSelector(selectors, allowPrivate);
        return selectors;
    }

    public Selectors OneSelector()
    {
        Selectors one = new();
        AddSelector(one, allowPrivate: false);
        return one;
    }

    public RulePattern Pattern()
    {
        var text = Text(MaxPatternLength);
        return RulePattern.TryParse(text) ?? throw new RuleFileException($"the pattern \"{RuleNode.Shown(text)}\" names a class that is not known", node.Line);
    }

    public string Attribute()
    {
        var attribute = Text(60);
        if (!AttributeShape().IsMatch(attribute) || attribute.StartsWith("on", StringComparison.Ordinal) || attribute is "srcdoc" or "style" or "value")
            throw new RuleFileException($"\"{RuleNode.Shown(attribute)}\" is no attribute a rule may read", node.Line);
        return attribute;
    }

    private void AddSelector(Selectors selectors, bool allowPrivate)
    {
        var text = Text(MaxSelectorLength);
        var reason = text switch
        {
            _ when TooWide.Contains(text.Trim(), StringComparer.OrdinalIgnoreCase) => "matches the whole page",
            _ when text.AsSpan().IndexOfAny("{}@<\\") >= 0 => "holds a character that selectors here have no use for",
            _ when text.AsSpan().Count('[') > 12 || text.AsSpan().Count('(') > 4 => "has too many parts",
            _ when text.Contains("=\"\"", StringComparison.Ordinal) || text.Contains("=''", StringComparison.Ordinal) => "compares with nothing",
            _ when !allowPrivate && Private.FirstOrDefault(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)) is { } word => $"names a place that is never read ({word})",
            _ when !selectors.TryAdd(text) => "is no selector",
            _ => null,
        };
        if (reason is not null)
            throw new RuleFileException($"the selector \"{RuleNode.Shown(text)}\" {reason}", node.Line);
    }

    private string Text(int maxLength)
    {
        Expect(JsonTokenType.String, "a text");
        if (node.Text.Length == 0)
            throw new RuleFileException($"{name} is empty", node.Line);
        if (node.Text.Length > maxLength)
            throw new RuleFileException($"{name} is longer than {maxLength} characters", node.Line);
        return node.Text;
    }

    private int Number(int least, int most)
    {
        Expect(JsonTokenType.Number, "a number");
        if (!int.TryParse(node.Text, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
            throw new RuleFileException($"{name} must be a whole number from {least} to {most}", node.Line);
        return number;
    }

    private bool Flag() => node.Type switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw new RuleFileException($"{name} must be true or false", node.Line),
    };

    private void Expect(JsonTokenType type, string what)
    {
        if (node.Type != type)
            throw new RuleFileException($"{name} must be {what}", node.Line);
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}$")]
    private static partial Regex WordShape();

    [GeneratedRegex("^[a-z][A-Za-z0-9]{0,39}$")]
    private static partial Regex ListName();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$")]
    private static partial Regex HostShape();

    [GeneratedRegex("^[a-z][a-z0-9:-]*$")]
    private static partial Regex AttributeShape();
}
