using System.Text.Json;

namespace Soundings.Reading;

/// <summary>
/// Writes out a rule file: "@name" stands for a named part, {"@": "name", ...} for a part with changes. A part may use those before it.
/// extension/worker/rule-parts.js does the same.
/// </summary>
internal sealed class RuleParts
{
    /// <summary>Values a written-out file may hold: no file of ours has a tenth of it, and parts of parts of parts could fill a memory.</summary>
    private const int MaxValues = 20_000;

    private readonly Dictionary<string, RuleNode> _parts = new(StringComparer.Ordinal);
    private int _values;

    public static RuleNode WriteOut(RuleNode file)
    {
        if (file.Type != JsonTokenType.StartObject)
            return file;
        RuleParts parts = new();
        if (file.Properties.Remove("parts", out var named))
        {
            if (named.Type != JsonTokenType.StartObject)
                throw new RuleFileException("\"parts\" must be an object", named.Line);
            foreach (var (name, part) in named.Properties)
                parts._parts.Add(name, parts.Write(part));
        }
        RuleNode written = new(file.Type, file.Line);
        foreach (var (name, value) in file.Properties)
            written.Properties.Add(name, name == "words" ? value : parts.Write(value));
        return written;
    }

    private RuleNode Write(RuleNode node)
    {
        if (++_values > MaxValues)
            throw new RuleFileException($"written out, the rules hold more than {MaxValues} values", node.Line);
        if (NameOf(node) is { } name)
            return Part(name, node.Line);
        if (node.Type is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return node;
        RuleNode written = new(node.Type, node.Line);
        foreach (var item in node.Items)
        {
            var value = Write(item);
            // A list within a list is its own; only a named one is laid into the list that names it.
            if (value.Type == JsonTokenType.StartArray && NameOf(item) is not null)
                written.Items.AddRange(value.Items);
            else
                written.Items.Add(value);
        }
        if (node.Properties.TryGetValue("@", out var like))
            foreach (var (property, value) in Part(like.Text, like.Line).Properties)
                written.Properties[property] = value;
        foreach (var (property, value) in node.Properties)
            if (property != "@")
                written.Properties[property] = Write(value);
        return written;
    }

    private RuleNode Part(string name, int line) =>
        _parts.TryGetValue(name, out var part) ? Counted(part) : throw new RuleFileException($"no part before here is called \"{RuleNode.Shown(name)}\"", line);

    private RuleNode Counted(RuleNode part)
    {
        if (++_values > MaxValues)
            throw new RuleFileException($"written out, the rules hold more than {MaxValues} values", part.Line);
        foreach (var value in part.Items.Concat(part.Properties.Values))
            Counted(value);
        return part;
    }

    private static string? NameOf(RuleNode node) => node.Type == JsonTokenType.String && node.Text.StartsWith('@') ? node.Text[1..] : null;
}
