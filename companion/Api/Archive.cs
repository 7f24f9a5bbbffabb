using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Api;

/// <summary>
/// Everything that is stored, as one zip of JSON Lines and CSV, written as it is read: a million items take no more memory than two hundred.
/// </summary>
internal sealed class Archive(ItemPages pages, PeopleStore people, LabelStore labels, ImportStore reactions, ExemptStore exempt, ModelCatalogue models, TimeProvider clock)
{
    private const string About = """
        Everything that Soundings stores of yours, as of {0}.

        Each *.jsonl is one JSON object a line, each *.csv the same as a table. In a CSV, a cell that a spreadsheet could take for a formula
        begins with an apostrophe.

        items      what was read or written, with its score, and what you said of it. A text that was let go is left out; its score stays.
        labels     what you said, each with the item as it was. 'soundings import labels.jsonl' takes it in again, here or elsewhere; taking it in twice adds nothing.
        people     whose texts were read.
        reactions  your likes and the like, from the sites' exports.
        exempt     whom and what never to judge.
        models     how the versions of the model were made. The models themselves stay: they are learned again from the labels.

        """;

    /// <summary>Into a stream that need not be able to seek.</summary>
    public async Task WriteAsync(Stream output, CancellationToken stop)
    {
        // Written through a buffer: the archive writes in small pieces, and never waits.
        await using ZipArchive zip = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, stop);
        await TextAsync(zip, "README.txt", [string.Format(System.Globalization.CultureInfo.InvariantCulture, About, Moment.Format(clock.GetUtcNow().ToUnixTimeMilliseconds()))], stop);
        await TableAsync(zip, "items", Items, WireJson.Context.ItemView, ItemColumns, stop);
        await TextAsync(zip, "labels.jsonl", labels.Current().Select(LabelLines.Write), stop);
        await TextAsync(zip, "labels.csv", LabelRows(), stop);
        await TableAsync(zip, "people", People, WireJson.Context.PersonView, PersonColumns, stop);
        await TableAsync(zip, "reactions", () => reactions.All(), WireJson.Context.Reaction, ReactionColumns, stop);
        await TableAsync(zip, "exempt", () => exempt.All().Select(ExemptApi.View), WireJson.Context.ExemptView, ExemptColumns, stop);
        await TextAsync(zip, "models.jsonl", models.Versions.Select(version => models.ReportOf(version)?.ToJsonString()).OfType<string>(), stop);
    }

    private IEnumerable<ItemView> Items()
    {
        string? cursor = null;
        do
        {
            ItemPage page = pages.Read(new ItemFilter { Sort = ItemSort.Oldest }, cursor, ItemPages.MaxLimit);
            foreach (StoredItem item in page.Items) yield return ItemsApi.View(item);
            cursor = page.Next;
        }
        while (cursor is not null);
    }

    private IEnumerable<PersonView> People()
    {
        string? cursor = "0";
        while (cursor is not null)
        {
            PeopleReply page = PeopleApi.Page(people, long.Parse(cursor, System.Globalization.CultureInfo.InvariantCulture), ItemPages.MaxLimit);
            foreach (PersonView person in page.People) yield return person;
            cursor = page.Next;
        }
    }

    private IEnumerable<string> LabelRows() => labels.Current().Where(label => label.Label is not null).Select(label =>
    {
        Item item = JsonSerializer.Deserialize(label.Content, WireJson.Context.Item)!;
        return Csv.Row([label.Id, label.Label.ToString()!.ToLowerInvariant(), label.At, item.Site, item.Id, item.Kind.ToString().ToLowerInvariant(), item.Author?.Name, item.Text, item.Parent]);
    }).Prepend(Csv.Row(["labelId", "label", "labelledAt", "site", "id", "kind", "author", "text", "parent"]));

    private static readonly (string Name, Func<ItemView, object?> Value)[] ItemColumns =
    [
        ("site", item => item.Site), ("id", item => item.Id), ("kind", item => item.Kind), ("author", item => item.Author?.Name), ("authorUrl", item => item.Author?.Url),
        ("mine", item => item.Mine), ("sponsored", item => item.Sponsored), ("at", item => item.At), ("firstSeen", item => item.FirstSeen), ("lastSeen", item => item.LastSeen),
        ("depth", item => item.Depth), ("probability", item => item.Probability), ("verdict", item => item.Verdict), ("reveal", item => item.Facets.Reveal),
        ("wisdom", item => item.Facets.Wisdom), ("solicit", item => item.Facets.Solicit), ("engage", item => item.Facets.Engage), ("language", item => item.Language),
        ("model", item => item.Model), ("label", item => item.Label), ("parentId", item => item.ParentId), ("text", item => item.Text), ("parent", item => item.Parent),
    ];

    private static readonly (string Name, Func<PersonView, object?> Value)[] PersonColumns =
    [
        ("id", person => person.Id), ("site", person => person.Site), ("name", person => person.Name), ("url", person => person.Url), ("n", person => person.N),
        ("substantive", person => person.Substantive), ("superficial", person => person.Superficial), ("unsure", person => person.Unsure), ("lastAt", person => person.LastAt),
    ];

    private static readonly (string Name, Func<Reaction, object?> Value)[] ReactionColumns =
        [("site", one => one.Site), ("id", one => one.Id), ("kind", one => one.Kind), ("target", one => one.Target), ("at", one => one.At)];

    private static readonly (string Name, Func<ExemptView, object?> Value)[] ExemptColumns =
        [("id", one => one.Id), ("what", one => one.What), ("site", one => one.Site), ("handle", one => one.Handle), ("name", one => one.Name), ("at", one => one.At)];

    /// <summary>The same rows twice, read anew for the second: what is written between the two may be in one and not yet in the other.</summary>
    private static async Task TableAsync<T>(ZipArchive zip, string name, Func<IEnumerable<T>> rows, JsonTypeInfo<T> type, (string Name, Func<T, object?> Value)[] columns, CancellationToken stop)
    {
        await TextAsync(zip, name + ".jsonl", rows().Select(row => JsonSerializer.Serialize(row, type)), stop);
        await TextAsync(zip, name + ".csv", rows().Select(row => Csv.Row(columns.Select(column => column.Value(row)))).Prepend(Csv.Row(columns.Select(column => column.Name))), stop);
    }

    private static async Task TextAsync(ZipArchive zip, string name, IEnumerable<string> lines, CancellationToken stop)
    {
        await using Stream entry = await zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(stop);
        await using StreamWriter writer = new(entry, new UTF8Encoding(false), 1 << 16);
        foreach (string line in lines)
        {
            stop.ThrowIfCancellationRequested();
            await writer.WriteAsync(line);
            await writer.WriteAsync('\n');
        }
    }
}
