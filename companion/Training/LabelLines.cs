using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Soundings.Api;
using Soundings.Depth;
using Soundings.Storage;

namespace Soundings.Training;

/// <summary>
/// Owns the user's labels as JSON Lines: the labelled line of the contract with the label's own id and time beside it, or a pair. What is
/// written here and read again is the same label, so a move to another machine loses nothing and repeating it adds nothing.
/// </summary>
internal static class LabelLines
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(StoredLabel label)
    {
        JsonObject line;
        if (label.Deeper is { } deeper)
            line = new JsonObject { ["pair"] = JsonNode.Parse(label.Content), ["deeper"] = deeper };
        else
        {
            line = JsonNode.Parse(label.Content)!.AsObject();
            foreach (var name in line.Where(member => member.Value is null).Select(member => member.Key).ToList())
                line.Remove(name);
            line["label"] = label.Label == Verdict.Substantive ? "substantive" : "superficial";
            if (label.Facets is { } facets)
                line["facets"] = new JsonArray([.. FacetNames.Where(f => facets.HasFlag(f.Bit)).Select(f => (JsonNode)f.Name)]);
        }
        line["labelId"] = label.Id;
        if (label.At is not null)
            line["labelledAt"] = label.At;
        return line.ToJsonString(Plain);
    }

    /// <summary>A line as a label to store. Throws <see cref="FormatException"/> with what is wrong, for the person who has the file.</summary>
    public static NewLabel Read(string text, string source, string? client)
    {
        JsonObject line;
        try
        {
            line = JsonNode.Parse(text) as JsonObject ?? throw new FormatException("not a JSON object");
        }
        catch (JsonException)
        {
            throw new FormatException("not valid JSON");
        }
        try
        {
            return Read(line, source, client);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            throw new FormatException("a member is not of its kind, or is there twice", error);
        }
    }

    private static NewLabel Read(JsonObject line, string source, string? client)
    {
        var at = (string?)line["labelledAt"];
        if (at is not null && Moment.Parse(at) is null)
            throw new FormatException("labelledAt is no time with its zone");
        var id = (string?)line["labelId"];
        if (line["pair"] is { } both)
        {
            var deeper = (int?)line["deeper"];
            if (both is not JsonArray { Count: 2 } pair || deeper is not (0 or 1))
                throw new FormatException("a pair holds two items, and deeper is 0 or 1");
            IReadOnlyList<Item> items = [ItemOf(pair[0]), ItemOf(pair[1])];
            var content = JsonSerializer.Serialize(items, WireJson.Context.IReadOnlyListItem);
            return new(IdOf(id, $"pair\n{content}\n{deeper}"), null, null, null, null, deeper, content, at, source, client);
        }
        var label = (string?)line["label"] switch
        {
            "substantive" => Verdict.Substantive,
            "superficial" => Verdict.Superficial,
            null => throw new FormatException("label is missing"),
            _ => throw new FormatException("label must be substantive or superficial"),
        };
        Facet? facets = null;
        if (line["facets"] is JsonArray named)
        {
            facets = Facet.None;
            foreach (var name in named)
                facets |= FacetNames.FirstOrDefault(f => f.Name == (string?)name) is { Name: not null } facet ? facet.Bit : throw new FormatException("a facet is none of reveal, wisdom, solicit, engage");
        }
        var item = ItemOf(line);
        var kept = JsonSerializer.Serialize(item, WireJson.Context.Item);
        return new(IdOf(id, $"{kept}\n{label}\n{facets}"), item.Site ?? "", item.Id, label, facets, null, kept, at, source, client);
    }

    private static Item ItemOf(JsonNode? node)
    {
        if (node is not JsonObject line)
            throw new FormatException("an item is not a JSON object");
        var kind = (string?)line["kind"] switch
        {
            "post" => Kind.Post,
            "comment" => Kind.Comment,
            "reply" => Kind.Reply,
            _ => throw new FormatException("kind must be post, comment or reply"),
        };
        var author = line["author"];
        Item item = new((string?)line["id"] ?? throw new FormatException("id is missing"), kind, (string?)line["text"] ?? throw new FormatException("text is missing"))
        {
            Site = (string?)line["site"],
            Parent = (string?)line["parent"],
            ParentId = (string?)line["parentId"],
            // A saved page gives the author as a plain name.
            Author = author is JsonObject whole ? new Author((string?)whole["name"], (string?)whole["url"]) : author is null ? null : new Author((string?)author),
            Mine = (bool?)line["mine"],
            Sponsored = (bool?)line["sponsored"],
            At = (string?)line["at"],
        };
        return ItemCheck.Fault(item) is { } fault ? throw new FormatException(fault) : item;
    }

    // A line without a label's id gets one made of what it says: the same line twice is one label.
    private static string IdOf(string? id, string content)
    {
        if (id is not null && Ulid.IsValid(id))
            return id;
        if (id is not null)
            throw new FormatException("labelId is no ULID");
        const string alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(content));
        return "0" + string.Concat(hash.Take(25).Select(b => alphabet[b & 31]));
    }

    private static readonly (string Name, Facet Bit)[] FacetNames = [("reveal", Facet.Reveal), ("wisdom", Facet.Wisdom), ("solicit", Facet.Solicit), ("engage", Facet.Engage)];
}
