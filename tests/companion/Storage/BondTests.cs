using Soundings.Depth;
using Soundings.Storage;
using Soundings.Tests.Api;

namespace Soundings.Tests.Storage;

/// <summary>Who exchanged texts with whom, on a real file: what counts as an answer, and that no way of writing leaves the figures behind.</summary>
public sealed class BondTests : IDisposable
{
    private const string Model = "1";
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
    private readonly TestFolder _folder = new();
    private readonly Vault _vault;
    private readonly ItemStore _items;
    private readonly BondStore _bonds;
    private readonly ExchangeStore _exchanges;

    public BondTests()
    {
        _vault = Vault.Open(_folder.Data);
        (_items, _bonds, _exchanges) = (new ItemStore(_vault.Database), new BondStore(_vault.Database), new ExchangeStore(_vault.Database));
    }

    public void Dispose()
    {
        _vault.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Answers_count_both_ways_by_the_parents_id_or_else_by_its_words()
    {
        await ObserveAsync(
            Mine("post", Kind.Post, "What broke first?"),
            Theirs("c1", "Ada", "The queue, at 400 an hour.") with { ParentId = "post" },
            Mine("r1", Kind.Reply, "And then?") with { ParentId = "c1" },
            Theirs("c2", "Ada", "The retries.") with { Parent = "And then?" },
            Theirs("p2", "Ben", "A post of his.") with { Kind = Kind.Post },
            Mine("c3", Kind.Comment, "Why so?") with { Parent = "A post of his." },
            Theirs("c4", "Cy", "Never in reach of the user") with { ParentId = "p2" });
        IReadOnlyList<Bond> all = await AllAsync();
        Assert.Equal([("Ada", 1, 2), ("Ben", 1, 0)], all.OrderBy(bond => bond.Name).Select(bond => (bond.Name, bond.Given.N, bond.Received.N)));
    }

    [Fact]
    public async Task An_answer_read_before_what_it_answers_is_an_exchange_once_that_is_read()
    {
        await ObserveAsync(Theirs("c1", "Ada", "The queue.") with { ParentId = "post" }, Theirs("c2", "Ben", "The door.") with { Parent = "What broke first?" });
        Assert.Empty(await AllAsync());
        await ObserveAsync(Mine("post", Kind.Post, "What broke first?"));
        Assert.Equal(["Ada", "Ben"], (await AllAsync()).Select(bond => bond.Name).Order());
    }

    [Fact]
    public async Task Words_that_several_wrote_are_nobodys_in_particular()
    {
        await ObserveAsync(Theirs("a", "Ada", "Congratulations!"), Theirs("b", "Ben", "Congratulations!"), Mine("r", Kind.Reply, "Thank you both.") with { Parent = "Congratulations!" });
        Assert.Empty(await AllAsync());
    }

    [Fact]
    public async Task An_item_that_turns_out_to_be_the_users_turns_round_what_it_was_part_of()
    {
        Item post = Theirs("post", "Me", "What broke first?") with { Kind = Kind.Post };
        await ObserveAsync(post, Theirs("c1", "Ada", "The queue.") with { ParentId = "post" });
        Assert.Empty(await AllAsync());
        await ObserveAsync(post with { Mine = true });
        Assert.Equal(("Ada", 0, 1), (await AllAsync()).Select(bond => (bond.Name, bond.Given.N, bond.Received.N)).Single());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_a_flat_thread_a_reply_answers_who_wrote_there_before_in_whatever_order_it_was_read(bool forward)
    {
        Item Reply(Item item, string parent, int minute) => item with { Kind = Kind.Reply, ParentId = parent, At = Start.AddMinutes(minute).ToString("o") };
        Item[] thread =
        [
            Mine("post", Kind.Post, "What broke first?"),
            Theirs("ada", "Ada", "The queue.") with { ParentId = "post" },
            Reply(Mine("r1", Kind.Reply, "And then?"), "ada", 1),
            Reply(Theirs("r2", "Ada", "The retries."), "ada", 2),
            Reply(Theirs("r3", "Cy", "Thanks Ada"), "ada", 3),
            Mine("mine", Kind.Comment, "One more thing.") with { ParentId = "post" },
            Reply(Mine("r4", Kind.Reply, "Nobody wrote here before."), "mine", 1),
            Reply(Theirs("r5", "Ben", "Which?"), "mine", 2),
            Reply(Mine("r6", Kind.Reply, "The lock."), "mine", 3),
        ];
        foreach (Item item in forward ? thread : thread.Reverse()) await ObserveAsync(item);
        Assert.Equal([("Ada", 1, 2), ("Ben", 1, 1)], (await AllAsync()).OrderBy(bond => bond.Name).Select(bond => (bond.Name, bond.Given.N, bond.Received.N)));
    }

    [Fact]
    public async Task Figures_follow_a_new_judgement_and_leave_out_advertisements_and_other_models()
    {
        Item[] items = [Mine("post", Kind.Post, "What broke first?"), Theirs("c1", "Ada", "The queue.") with { ParentId = "post" },
            Theirs("ad", "Ada", "Buy a queue.") with { ParentId = "post", Sponsored = true }];
        await ObserveAsync(items);
        Bond before = (await AllAsync()).Single();
        Assert.Equal((1, 0), (before.Received.N, before.Received.Substantive));
        await _items.ObserveAsync([items[1]], [Judged(items[1], 80, Model)], Ms(Start));
        Bond after = (await AllAsync()).Single();
        Assert.Equal((1, 1, after.Last), (after.Received.N, after.Received.Substantive, after.LastDeep));

        await _bonds.RefreshAsync("2");
        Assert.Equal(0, _bonds.Find(after.Human)!.Received.N);
        await _items.ObserveAsync([items[1]], [Judged(items[1], 10, "2")], Ms(Start));
        await _bonds.RefreshAsync("2");
        Assert.Equal((1, 0), (_bonds.Find(after.Human)!.Received.N, _bonds.Find(after.Human)!.Received.Substantive));
    }

    [Fact]
    public async Task A_parents_words_let_go_by_the_retention_rule_leave_the_exchange_standing()
    {
        await ObserveAsync(Theirs("p", "Ben", "A post of his.") with { Kind = Kind.Post }, Mine("c", Kind.Comment, "Why so?") with { Parent = "A post of his." });
        Retention retention = new(_vault.Database, new RetentionOptions());
        for (DateTimeOffset look = Start; look < Start.AddDays(40); look += TimeSpan.FromDays(1)) await retention.RunAsync(look);
        Assert.Null(new ItemPages(_vault.Database).Read(new ItemFilter { Mine = true }, null, 1).Items.Single().Parent);
        Assert.Equal(("Ben", 1), (await AllAsync()).Select(bond => (bond.Name, bond.Given.N)).Single());
    }

    [Fact]
    public async Task A_person_whose_row_is_removed_leaves_nothing_behind()
    {
        await ObserveAsync(Mine("post", Kind.Post, "What broke first?"), Theirs("c1", "Ada", "The queue.") with { ParentId = "post" });
        await AllAsync();
        await _vault.Database.WriteAsync(connection => connection.Execute("DELETE FROM items WHERE mine = 0") + connection.Execute("DELETE FROM people WHERE name = 'Ada'"));
        Assert.Empty(await AllAsync());
        Assert.Equal(0, _vault.Database.Read(connection => connection.Scalar<long>("SELECT (SELECT count(*) FROM exchanges) + (SELECT count(*) FROM bonds)")));
    }

    [Fact]
    public async Task Two_profiles_merged_are_one_human_until_they_are_separated()
    {
        await ObserveAsync(
            Mine("post", Kind.Post, "What broke first?"),
            Theirs("c1", "Ada Bell", "The queue.") with { ParentId = "post" },
            Mine("fb", Kind.Post, "And on Facebook?") with { Site = "facebook" },
            Theirs("c2", "Ada B.", "The lock.") with { ParentId = "fb", Site = "facebook" });
        IReadOnlyList<Bond> two = await AllAsync();
        long ada = two.Single(bond => bond.Name == "Ada Bell").Human, other = two.Single(bond => bond.Name == "Ada B.").Human;

        List<long> moved = await _bonds.MergeAsync(ada, other);
        Bond one = (await AllAsync()).Single();
        Assert.Equal((ada, 2), (one.Human, one.Received.N));
        Assert.Equal(["facebook", "linkedin"], one.Sites.Order());
        Assert.Equal(2, _exchanges.Read(ada, 0, 10).Count);
        Assert.Equal([ada], _bonds.List("Ada B.", BondOrder.Last, 0, 10).Bonds.Select(bond => bond.Human));
        await Assert.ThrowsAsync<ArgumentException>(() => _bonds.MergeAsync(other, ada));

        await _bonds.SeparateAsync(moved);
        Assert.Equal([1, 1], (await AllAsync()).Select(bond => bond.Received.N));
    }

    [Fact]
    public async Task A_name_of_the_users_own_outlives_the_sites_and_is_found_as_the_sites_is()
    {
        Item answer = Theirs("c1", "A. Bell", "The queue.") with { ParentId = "post" };
        await ObserveAsync(Mine("post", Kind.Post, "What broke first?"), answer);
        long ada = (await AllAsync()).Single().Human;
        await _bonds.RenameAsync(ada, " Ada from the queue ");
        await ObserveAsync(answer with { Author = answer.Author! with { Name = "Ada Bell" } });
        Assert.Equal("Ada from the queue", (await AllAsync()).Single().Name);
        Assert.Equal([1, 1, 0, 0], new[] { "from the", "bell", "%", "_" }.Select(search => _bonds.List(search, BondOrder.Last, 0, 10).All));
        await _bonds.RenameAsync(ada, "");
        Assert.Equal("Ada Bell", (await AllAsync()).Single().Name);
    }

    [Fact]
    public async Task The_list_is_in_the_order_asked_for_and_paged_without_gap_or_repeat()
    {
        await ObserveAsync([
            Mine("post", Kind.Post, "What broke first?"),
            .. Enumerable.Range(0, 25).Select(i => Theirs($"c{i}", $"N{(i * 7) % 25:00}", $"answer {i}") with { ParentId = "post", At = Start.AddHours(i).ToString("o") })]);
        await AllAsync();
        List<Bond> paged = [.. Enumerable.Range(0, 3).SelectMany(page => _bonds.List(null, BondOrder.Last, page * 10, 10).Bonds)];
        Assert.Equal(25, paged.Select(bond => bond.Human).Distinct().Count());
        Assert.Equal(paged.OrderByDescending(bond => bond.Last), paged);
        Assert.Equal("N00", _bonds.List(null, BondOrder.Name, 0, 1).Bonds.Single().Name);
        Assert.Equal((25, 10), (_bonds.List(null, BondOrder.Texts, 0, 10).All, _bonds.List(null, BondOrder.Texts, 0, 10).Bonds.Count));
    }

    [Fact]
    public async Task Months_are_those_of_the_local_zone()
    {
        await ObserveAsync(
            Mine("post", Kind.Post, "What broke first?"),
            // In Auckland the last evening of October in Greenwich is November.
            Theirs("c1", "Ada", "The queue.") with { ParentId = "post", At = "2026-10-31T20:00:00Z" },
            Theirs("c2", "Ada", "The lock.") with { ParentId = "post", At = "2026-10-31T10:00:00Z" });
        long ada = (await AllAsync()).Single().Human;
        IReadOnlyList<BondMonth> months = _bonds.Months([ada], 0, Model, TimeZoneInfo.FindSystemTimeZoneById("Pacific/Auckland"));
        Assert.Equal([(10, 1), (11, 1)], months.Select(month => (month.Month.Month, month.Received.N)).Order());
    }

    [Fact]
    public async Task A_conversation_is_named_by_the_highest_that_is_known_of_it()
    {
        await ObserveAsync(
            Mine("post", Kind.Post, "What broke first?"),
            Theirs("c1", "Ada", "The queue.") with { ParentId = "post" },
            Mine("r1", Kind.Reply, "And then?") with { ParentId = "c1" },
            Theirs("r2", "Ada", "The retries.") with { ParentId = "c1", Parent = "And then?" },
            Mine("other", Kind.Post, "Another"),
            Theirs("c9", "Ada", "Elsewhere.") with { ParentId = "other" });
        long ada = (await AllAsync()).Single().Human;
        IEnumerable<int> sizes = _exchanges.Read(ada, 0, 10).GroupBy(row => row.Conversation).Select(group => group.Count());
        Assert.Equal([1, 2], sizes.Order());
    }

    [Fact]
    public async Task What_was_answered_liked_or_put_off_is_known_of_each_text()
    {
        await ObserveAsync(
            Mine("post", Kind.Post, "What broke first?"),
            Theirs("asked", "Ada", "Which of the two?") with { ParentId = "post" },
            Theirs("answered", "Ben", "Which version?") with { ParentId = "post" },
            Mine("r1", Kind.Reply, "The second.") with { ParentId = "answered" },
            Theirs("inRow", "Ben", "And before?") with { ParentId = "answered", Kind = Kind.Reply, At = Start.AddHours(1).ToString("o") },
            Mine("r2", Kind.Reply, "The first, for a year.") with { ParentId = "answered", At = Start.AddHours(2).ToString("o") });
        await new ImportStore(_vault.Database).AddAsync(
            [new StagedRecord(Origin.LinkedInTable, null, null, new Reaction("linkedin", "x", "like", "asked", null))], Ms(Start), CancellationToken.None);
        ThreadText Of(string id) => _exchanges.Recent(0).Single(text => text.Row == RowOf(id));
        Assert.Equal([false, true, true], new[] { "asked", "answered", "inRow" }.Select(id => Of(id).Answered));
        Assert.Equal(["like", null], new[] { "asked", "answered" }.Select(id => Of(id).Liked));

        await _exchanges.PutOffAsync(RowOf("asked"), 5);
        Assert.Equal(5, Of("asked").PutOff);
        await _exchanges.PutOffAsync(RowOf("asked"), null);
        Assert.Equal(long.MaxValue, Of("asked").PutOff);
        await _exchanges.TakeBackAsync(RowOf("asked"));
        Assert.Null(Of("asked").PutOff);
    }

    private long RowOf(string id) => _vault.Database.Read(connection => connection.Scalar<long>("SELECT item FROM items WHERE id = $id", ("$id", id)));

    private async Task<IReadOnlyList<Bond>> AllAsync()
    {
        await _bonds.RefreshAsync(Model);
        return _bonds.List(null, BondOrder.Last, 0, 100).Bonds;
    }

    private Task ObserveAsync(params Item[] items) => _items.ObserveAsync(items, [.. items.Select(item => Judged(item, 10, Model))], Ms(Start));

    private static Item Mine(string id, Kind kind, string text) => new(id, kind, text) { Site = "linkedin", Mine = true, Author = new Author("Me") };

    private static Item Theirs(string id, string name, string text) => new(id, Kind.Comment, text) { Site = "linkedin", Author = new Author(name, $"https://x.example/{name.Replace(' ', '-')}") };

    private static Score Judged(Item item, int depth, string model) => new(
        item.Id, depth, depth / 100.0, depth > 60 ? Verdict.Substantive : Verdict.Superficial, new Facets(0, 0, 0, 0), [], "en", model);

    private static long Ms(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}
