using Soundings.Depth;
using Soundings.Storage;
using Soundings.Tests.Api;
using Soundings.Training;

namespace Soundings.Tests.Storage;

/// <summary>Searching, filtering and ordering items, against the same done by hand on all of them.</summary>
public sealed class ItemPagesTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
    private readonly TestFolder _folder = new();
    private readonly Vault _vault;
    private readonly ItemPages _pages;

    public ItemPagesTests()
    {
        _vault = Vault.Open(_folder.Data);
        _pages = new ItemPages(_vault.Database);
    }

    public void Dispose()
    {
        _vault.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Words_are_found_without_their_accents_by_their_beginning_and_as_a_phrase()
    {
        await KeepAsync("Café in Zürich: 20% more", "the cafe was closed", "more or less", "nothing here");
        Assert.Equal(["0", "1"], Found("cafe"));
        Assert.Equal(["0"], Found("ZÜRICH"));
        Assert.Equal(["0"], Found("zuri caf"));
        Assert.Equal(["2"], Found("\"more or\""));
        Assert.Empty(Found("\"or more\""));
        Assert.Equal(["2"], Found("or more"));
        Assert.Equal(["0"], Found("20%"));
        Assert.Empty(Found("!!"));
        Assert.Empty(Found("nothing here \" OR cafe"));
        Assert.Equal(["3"], Found("NOTHING \"here"));
        Assert.Empty(Found("body:cafe* NEAR(^"));
    }

    [Fact]
    public async Task A_text_that_was_let_go_or_changed_is_found_no_more()
    {
        await KeepAsync("first words", "other words");
        Item changed = new("0", Kind.Comment, "second thoughts");
        await new ItemStore(_vault.Database).ObserveAsync([changed], [Judged(changed, 50)], Start.ToUnixTimeMilliseconds());
        Assert.Equal(["0"], Found("second"));
        Assert.Empty(Found("first"));
        Retention retention = new(_vault.Database, new RetentionOptions());
        for (int day = 0; day < 40; day++) await retention.RunAsync(Start.AddDays(day));
        Assert.Empty(Found("words"));
        Assert.Equal(0, _vault.Database.Read(connection => connection.Scalar<long>("SELECT count(*) FROM search WHERE search MATCH 'words'")));
    }

    [Fact]
    public async Task Every_filter_and_order_gives_page_after_page_what_looking_at_all_would()
    {
        Random random = new(5);
        string[] words = ["queue", "quiet", "orders", "minute", "broke"];
        Item[] items = [.. Enumerable.Range(0, 400).Select(i => new Item("c" + i, (Kind)random.Next(3), string.Join(' ', words.Where(_ => random.Next(3) == 0)) + " x" + i % 50)
        {
            Site = random.Next(2) == 0 ? "linkedin" : "facebook",
            Mine = random.Next(4) == 0,
            Author = new Author("p" + random.Next(5)),
            At = Moment.Format(Start.AddMinutes(-random.Next(200)).ToUnixTimeMilliseconds()),
        })];
        await new ItemStore(_vault.Database).ObserveAsync(items, [.. items.Select(item => Judged(item, random.Next(101)))], Start.ToUnixTimeMilliseconds());
        LabelStore labels = new(_vault.Database);
        await labels.AddAsync([.. items.Where(_ => random.Next(8) == 0).Select(item => new NewLabel(Ulid.New(1), item.Site, item.Id, Verdict.Substantive, null, null, "{}", null, "click", null))], 1);
        List<StoredItem> all = [.. Pages(new ItemFilter(), 200)];
        Assert.Equal(400, all.Count);
        long person = _vault.Database.Read(connection => connection.Scalar<long>("SELECT person FROM people WHERE name = 'p2' AND site = 'facebook'"));

        (ItemFilter Filter, Func<StoredItem, bool> Holds)[] filters =
        [
            (new(), _ => true),
            (new() { Words = "qu" }, item => item.Text!.Contains("qu")),
            (new() { Words = "queue broke", Verdict = Verdict.Substantive }, item => item.Text!.Contains("queue") && item.Text.Contains("broke") && item.Verdict == Verdict.Substantive),
            (new() { Labelled = true, Mine = true }, item => item.Label is not null && item.Mine),
            (new() { Labelled = false, Words = "minute" }, item => item.Label is null && item.Text!.Contains("minute")),
            (new() { Person = person, Kind = Kind.Reply }, item => item.Author!.Name == "p2" && item.Site == "facebook" && item.Kind == Kind.Reply),
            (new() { Facet = Facet.Wisdom, Site = "facebook" }, item => item.Facets.Wisdom >= 0.5 && item.Site == "facebook"),
            (new() { Model = "1" }, _ => true),
            (new() { Model = "2" }, _ => false),
            (new() { From = Start.AddMinutes(-100).ToUnixTimeMilliseconds(), To = Start.AddMinutes(-50).ToUnixTimeMilliseconds() }, item => item.Moment >= Start.AddMinutes(-100).ToUnixTimeMilliseconds() && item.Moment < Start.AddMinutes(-50).ToUnixTimeMilliseconds()),
        ];
        foreach ((ItemFilter filter, Func<StoredItem, bool> holds) in filters)
        {
            foreach (ItemSort sort in Enum.GetValues<ItemSort>())
            {
                List<StoredItem> expected = [.. all.Where(holds).OrderBy(item => sort is ItemSort.Deepest or ItemSort.Shallowest ? item.Depth : 0).ThenBy(item => item.Moment).ThenBy(item => item.Row)];
                if (sort is ItemSort.Newest or ItemSort.Deepest) expected.Reverse();
                List<string> found = [.. Pages(filter with { Sort = sort }, 7).Select(item => item.Id)];
                Assert.True(expected.Select(item => item.Id).SequenceEqual(found), $"{filter} {sort}: expected {string.Join(' ', expected.Select(item => item.Id))}, found {string.Join(' ', found)}");
            }
        }
    }

    private IEnumerable<StoredItem> Pages(ItemFilter filter, int size)
    {
        string? cursor = null;
        do
        {
            ItemPage page = _pages.Read(filter, cursor, size);
            foreach (StoredItem item in page.Items) yield return item;
            cursor = page.Next;
        }
        while (cursor is not null);
    }

    private IEnumerable<string> Found(string words) => _pages.Read(new ItemFilter { Words = words }, null, 50).Items.Select(item => item.Id).Order(StringComparer.Ordinal);

    private Task KeepAsync(params string[] texts)
    {
        Item[] items = [.. texts.Select((text, i) => new Item(i.ToString(System.Globalization.CultureInfo.InvariantCulture), Kind.Comment, text))];
        return new ItemStore(_vault.Database).ObserveAsync(items, [.. items.Select(item => Judged(item, 50))], Start.ToUnixTimeMilliseconds());
    }

    private static Score Judged(Item item, int depth) => new(
        item.Id, depth, depth / 100.0, depth > 60 ? Verdict.Substantive : depth > 40 ? Verdict.Unsure : Verdict.Superficial,
        new Facets(.1, depth % 10 / 10.0, .3, .4), [], "en", "1");
}
