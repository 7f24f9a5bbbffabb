using System.Globalization;
using Soundings.Depth;
using Soundings.Storage;
using Soundings.Tests.Api;

namespace Soundings.Tests.Storage;

/// <summary>Items, statistics, retention and people, on a real file.</summary>
public sealed class StoreTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
    private readonly TestFolder _folder = new();
    private readonly Vault _vault;
    private readonly ItemStore _items;
    private readonly ItemPages _pages;

    public StoreTests()
    {
        _vault = Vault.Open(_folder.Data);
        _items = new ItemStore(_vault.Database);
        _pages = new ItemPages(_vault.Database);
    }

    public void Dispose()
    {
        _vault.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_item_seen_again_keeps_its_first_sight_and_takes_the_newer_text_and_score()
    {
        Item item = new("c1", Kind.Comment, "first words") { Site = "linkedin", Parent = "the post", Author = new Author("Ada", "https://x.example/ada?trk=1") };
        await _items.ObserveAsync([item], [Judged(item, 20, "1")], Ms(Start));
        await _items.ObserveAsync([item with { Text = "second words", Author = new Author("Ada L.", "https://x.example/ada?trk=2") }], [Judged(item, 70, "2")], Ms(Start.AddHours(1)));
        StoredItem stored = Assert.Single(_pages.Read(new ItemFilter(), null, 10).Items);
        Assert.Equal(("second words", "the post", 70, "2"), (stored.Text, stored.Parent, stored.Depth, stored.Model));
        Assert.Equal((Ms(Start), Ms(Start.AddHours(1))), (stored.FirstSeen, stored.LastSeen));
        Assert.Equal("Ada L.", stored.Author!.Name);
        Assert.Equal(20, _vault.Database.Read(connection => (int)connection.Scalar<long>("SELECT depth FROM scores")));
    }

    [Fact]
    public async Task A_text_stands_once_however_many_share_it()
    {
        Item[] items = [.. Enumerable.Range(0, 300).Select(i => new Item("c" + i, Kind.Comment, "Congrats!") { Parent = "A long post" })];
        await _items.ObserveAsync(items, [.. items.Select(item => Judged(item, 5, "1"))], Ms(Start));
        Assert.Equal(2, _vault.Database.Read(connection => connection.Scalar<long>("SELECT count(*) FROM texts")));
    }

    [Fact]
    public async Task Pages_give_every_item_once_newest_first_even_where_moments_are_equal()
    {
        Item[] items = [.. Enumerable.Range(0, 95).Select(i => new Item("c" + i, Kind.Comment, "t" + i) { At = Start.AddMinutes(i / 10).ToString("o") })];
        await _items.ObserveAsync(items, [.. items.Select(item => Judged(item, 5, "1"))], Ms(Start.AddDays(1)));
        List<StoredItem> all = [];
        string? cursor = null;
        do
        {
            ItemPage page = _pages.Read(new ItemFilter(), cursor, 10);
            all.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(95, all.Select(item => item.Id).Distinct().Count());
        Assert.Equal(95, all.Count);
        Assert.Equal(all.OrderByDescending(item => item.Moment).ThenByDescending(item => item.Row), all);
    }

    [Fact]
    public async Task A_span_takes_its_first_moment_and_leaves_its_last()
    {
        Item[] items = [.. Enumerable.Range(0, 10).Select(i => new Item("c" + i, Kind.Comment, "t") { At = Start.AddMinutes(i).ToString("o"), Site = i % 2 == 0 ? "linkedin" : "facebook" })];
        await _items.ObserveAsync(items, [.. items.Select(item => Judged(item, 5, "1"))], Ms(Start.AddDays(1)));
        ItemFilter span = new() { From = Ms(Start.AddMinutes(2)), To = Ms(Start.AddMinutes(6)) };
        Assert.Equal(["c5", "c4", "c3", "c2"], _pages.Read(span, null, 10).Items.Select(item => item.Id));
        ItemPage first = _pages.Read(span, null, 2);
        Assert.Equal(["c3", "c2"], _pages.Read(span, first.Next, 10).Items.Select(item => item.Id));
        Assert.Equal(["c4", "c2"], _pages.Read(span with { Site = "linkedin" }, null, 10).Items.Select(item => item.Id));
    }

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("America/St_Johns")]
    public async Task The_shares_equal_an_independent_recount(string zoneName)
    {
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(zoneName);
        Random random = new(7);
        List<Task> writes = [];
        List<(Item Item, Score Score, DateTimeOffset Moment)> all = [];
        for (int i = 0; i < 2000; i++)
        {
            // Around the end of daylight saving time and around New Year, where days and weeks are easily told wrong.
            DateTimeOffset at = new DateTimeOffset(2026, 10, 20, 0, 0, 0, TimeSpan.Zero).AddMinutes(random.Next(120_000));
            bool dated = random.Next(3) > 0;
            Item item = new("c" + i, (Kind)random.Next(3), random.Next(10) == 0 ? " \n" : "text " + i)
            {
                Site = random.Next(2) == 0 ? "linkedin" : "facebook",
                Mine = random.Next(4) == 0,
                Sponsored = random.Next(8) == 0,
                At = dated ? at.ToOffset(TimeSpan.FromHours(random.Next(-5, 6))).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture) : null,
            };
            Score score = Judged(item, random.Next(101), "1");
            // Not dated: it counts when first seen.
            writes.Add(_items.ObserveAsync([item], [score], Ms(at)));
            all.Add((item, score, at));
        }
        await Task.WhenAll(writes);
        DateTimeOffset from = new(2026, 10, 25, 0, 0, 0, zone.GetUtcOffset(new DateTime(2026, 10, 25))), to = from.AddDays(60);
        Stats walked = new StatsStore(_vault.Database).Read(Ms(from), Ms(to), "1", zone);
        Assert.True(await RollUp.FollowAsync(_vault.Database, zone));
        Stats stats = new StatsStore(_vault.Database).Read(Ms(from), Ms(to), "1", zone);
        Assert.Equal(Said(walked), Said(stats));

        var counted = all.Where(one => one.Item.Sponsored != true && one.Item.Text.Trim().Length > 0 && one.Moment >= from && one.Moment < to).ToList();
        AssertTally(counted.Select(one => one.Score), stats.Total.All);
        AssertTally(counted.Where(one => one.Item.Mine == true).Select(one => one.Score), stats.Total.Mine);
        AssertTally(counted.Where(one => one.Item.Mine != true).Select(one => one.Score), stats.Total.Others);
        var days = counted.GroupBy(one => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(one.Moment, zone).DateTime)).ToDictionary(day => day.Key, day => day.ToList());
        Assert.Equal(days.Keys.Order(), stats.ByDay.Keys);
        foreach ((DateOnly day, var items) in days) AssertTally(items.Select(one => one.Score), stats.ByDay[day].All);
        var weeks = counted.GroupBy(one =>
        {
            DateTime local = TimeZoneInfo.ConvertTime(one.Moment, zone).DateTime;
            return string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(local)}-W{ISOWeek.GetWeekOfYear(local):00}");
        }).ToDictionary(week => week.Key, week => week.Count());
        Assert.Equal(weeks.OrderBy(week => week.Key, StringComparer.Ordinal), stats.ByWeek.Select(week => KeyValuePair.Create(StatsStore.WeekName(week.Key), week.Value.All.N)));
        foreach (string site in (string[])["linkedin", "facebook"]) AssertTally(counted.Where(one => one.Item.Site == site).Select(one => one.Score), stats.BySite[site].All);
        for (int hour = 0; hour < 24; hour++)
            AssertTally(counted.Where(one => TimeZoneInfo.ConvertTime(one.Moment, zone).Hour == hour).Select(one => one.Score), stats.ByHour[hour].All);
        // The ends of a span need not be ends of days.
        Stats within = new StatsStore(_vault.Database).Read(Ms(from.AddMinutes(100)), Ms(to.AddMinutes(-100)), "1", zone);
        AssertTally(counted.Where(one => one.Moment >= from.AddMinutes(100) && one.Moment < to.AddMinutes(-100)).Select(one => one.Score), within.Total.All);
    }

    [Fact]
    public async Task The_counts_by_day_stay_those_of_a_recount_whatever_is_done_to_the_items()
    {
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById("America/St_Johns");
        await RollUp.FollowAsync(_vault.Database, zone);
        Random random = new(11);
        Scorer scorer = Scorer.Load(StarterModel.Path);
        Item Any(int number) => new("c" + number, (Kind)random.Next(3), random.Next(9) == 0 ? "" : $"We tried {random.Next(50)} queues, and one broke. Which did you try?")
        {
            Site = random.Next(3) == 0 ? "facebook" : "linkedin",
            Mine = random.Next(5) == 0,
            Sponsored = random.Next(9) == 0,
            At = random.Next(3) == 0 ? null : Moment.Format(Ms(Start.AddMinutes(-random.Next(90_000)))),
            Author = new Author("p" + random.Next(6)),
        };
        for (int round = 0; round < 6; round++)
        {
            Item[] items = [.. Enumerable.Range(0, 120).Select(_ => Any(random.Next(300))).DistinctBy(item => item.Id)];
            await _items.ObserveAsync(items, [.. items.Select(item => Judged(item, random.Next(101), round % 2 == 0 ? "1" : "2"))], Ms(Start.AddDays(-20 * (6 - round))));
            await new Rescorer(_vault.Database, new RescoreOptions { BatchSize = 50 }).RunAsync(scorer, 100, () => true);
            await new Retention(_vault.Database, new RetentionOptions()).RunAsync(Start.AddDays(-1));
            await new ForgetStore(_vault.Database).ForgetAsync(new ForgetWish { From = Ms(Start.AddDays(-round - 3)), To = Ms(Start.AddDays(-round - 2)) });
            await new ForgetStore(_vault.Database).ForgetAsync(new ForgetWish { Site = "facebook", Id = "c" + random.Next(300) });
            foreach (string model in (string[])["1", "2", scorer.Version, "none"])
            {
                Stats kept = new StatsStore(_vault.Database).Read(null, null, model, zone);
                Assert.Equal(Said(await RecountAsync(model, zone)), Said(kept));
            }
        }
        Footprint footprint = new FootprintStore(_vault.Database, _vault).Read();
        Assert.Equal(
            _vault.Database.Read(connection => connection.Query("SELECT (SELECT count(*) FROM items), (SELECT sum(mine) FROM items), (SELECT count(*) FROM texts WHERE body IS NOT NULL)", row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)))).Single(),
            (footprint.Items, footprint.Mine, footprint.Texts));
        Assert.Equal(0, _vault.Database.Read(connection => connection.Scalar<long>("SELECT (SELECT count(*) FROM days WHERE n <= 0) + (SELECT count(*) FROM hours WHERE n <= 0)")));
    }

    /// <summary>Item by item, as in a zone that the tables are not kept in.</summary>
    private async Task<Stats> RecountAsync(string model, TimeZoneInfo zone)
    {
        string? name = _vault.Database.Read(connection => connection.Scalar<string>("SELECT value FROM meta WHERE name = 'zone'"));
        await _vault.Database.WriteAsync(connection => connection.Execute("DELETE FROM meta WHERE name = 'zone'"));
        Stats stats = new StatsStore(_vault.Database).Read(null, null, model, zone);
        await _vault.Database.WriteAsync(connection => connection.Execute("INSERT INTO meta VALUES ('zone', $name)", ("$name", name)));
        return stats;
    }

    /// <summary>All that statistics say, as text.</summary>
    private static string Said(Stats stats)
    {
        static string Of(SplitTally split) => string.Join(' ', ((Tally[])[split.All, split.Mine, split.Others]).Select(tally => $"{tally.Substantive}/{tally.Superficial}/{tally.Unsure}"));
        return string.Join('\n', [
            $"{Of(stats.Total)} pending {stats.Pending} {stats.MineFacets} {stats.OthersFacets}", .. stats.BySite.Select(pair => pair.Key + " " + Of(pair.Value)),
            .. stats.ByKind.Select(pair => pair.Key + " " + Of(pair.Value)), .. stats.ByDay.Select(pair => pair.Key + " " + Of(pair.Value)),
            .. stats.ByWeek.Select(pair => pair.Key + " " + Of(pair.Value)), .. stats.ByHour.Select(Of),
        ]);
    }

    [Fact]
    public async Task Only_the_active_models_scores_count_and_the_others_are_pending()
    {
        Item item = new("a", Kind.Post, "x"), other = new("b", Kind.Post, "y");
        await _items.ObserveAsync([item, other], [Judged(item, 90, "1"), Judged(other, 90, "2")], Ms(Start));
        Stats stats = new StatsStore(_vault.Database).Read(null, null, "2", TimeZoneInfo.Utc);
        Assert.Equal((1, 1), (stats.Total.All.N, stats.Pending));
    }

    [Fact]
    public async Task Stored_items_follow_the_active_model_newest_first_and_keep_what_the_earlier_one_said()
    {
        Scorer scorer = Scorer.Load(StarterModel.Path);
        Item[] items = [.. Enumerable.Range(0, 50).Select(i => new Item("c" + i, Kind.Comment, $"We tried {i} queues in 2021; the first one broke at 400 orders a minute.") { At = Start.AddMinutes(i % 7).ToString("o") })];
        await _items.ObserveAsync(items, [.. items.Select(item => Judged(item, 1, "earlier"))], Ms(Start));
        Rescorer rescorer = new(_vault.Database, new RescoreOptions { BatchSize = 7 });
        StatsStore stats = new(_vault.Database);

        Assert.Equal(0, await rescorer.RunAsync(scorer, 50, () => false));
        Assert.Equal(20, await rescorer.RunAsync(scorer, 20, () => true));
        Assert.Equal((20, 30), (stats.Read(null, null, scorer.Version, TimeZoneInfo.Utc).Total.All.N, stats.Read(null, null, scorer.Version, TimeZoneInfo.Utc).Pending));
        Assert.All(_pages.Read(new ItemFilter(), null, 20).Items, item => Assert.Equal(scorer.Version, item.Model));
        Assert.Equal(30, await rescorer.RunAsync(scorer, int.MaxValue, () => true));
        Assert.Equal(0, await rescorer.RunAsync(scorer, int.MaxValue, () => true));
        Assert.Equal(50, stats.Read(null, null, scorer.Version, TimeZoneInfo.Utc).Total.All.Substantive);
        Assert.Equal(50, _vault.Database.Read(connection => connection.Scalar<long>("SELECT count(*) FROM scores WHERE depth = 1")));
    }

    [Fact]
    public async Task Others_texts_go_after_their_time_and_their_scores_stay()
    {
        Item theirs = new("theirs", Kind.Comment, "their words") { Parent = "a post" }, mine = new("mine", Kind.Comment, "my words") { Mine = true, Parent = "a post" };
        Item labelled = new("labelled", Kind.Comment, "labelled words");
        await _items.ObserveAsync([theirs, mine, labelled], [Judged(theirs, 10, "1"), Judged(mine, 90, "1"), Judged(labelled, 50, "1")], Ms(Start));
        LabelStore labels = new(_vault.Database);
        await labels.AddAsync([new NewLabel("01JD9ZK7Q8W3V5X2Y4T6R8P0NM", "", "labelled", Verdict.Substantive, null, null, "{}", null, "click", null)], Ms(Start));
        Retention retention = new(_vault.Database, new RetentionOptions { BatchSize = 2 });

        await DailyAsync(retention, 0, 30);
        Assert.Equal(["labelled words", "my words", "their words"], Texts());
        await DailyAsync(retention, 31, 31);
        Assert.Equal(["labelled words", "my words", null], Texts());
        Assert.Equal(0, _vault.Database.Read(connection => connection.Scalar<long>("SELECT count(*) FROM texts WHERE body = 'a post'")));
        Assert.Equal(3, new StatsStore(_vault.Database).Read(null, null, "1", TimeZoneInfo.Utc).Total.All.N);
        // Under a later model the text that is gone keeps its last score, and the others wait to be judged.
        Assert.Equal(1, new StatsStore(_vault.Database).Read(null, null, "2", TimeZoneInfo.Utc).Total.All.N);

        await labels.WithdrawAsync("01JD9ZK7Q8W3V5X2Y4T6R8P0NM", Ulid.New(0), "click", null, 0);
        await DailyAsync(retention, 32, 32);
        Assert.Equal([null, "my words", null], Texts());
    }

    [Fact]
    public async Task A_clock_that_jumps_a_year_ahead_lets_nothing_go_at_once()
    {
        Item item = new("a", Kind.Post, "words");
        await _items.ObserveAsync([item], [Judged(item, 10, "1")], Ms(Start));
        Retention retention = new(_vault.Database, new RetentionOptions());
        await retention.RunAsync(Start);
        Assert.Equal(0, await retention.RunAsync(Start.AddYears(1)));
        Assert.Equal(0, await retention.RunAsync(Start.AddDays(-400)));
        Assert.Equal(Start.AddHours(36), Retention.Believe(Start.AddYears(1), Start));
        Assert.Equal(Start.AddHours(1), Retention.Believe(Start.AddHours(1), Start));
        Assert.Equal(Start.AddDays(-1), Retention.Believe(Start.AddDays(-1), Start));
    }

    [Fact]
    public async Task People_are_known_by_their_profile_and_counted_by_their_texts()
    {
        Item[] items =
        [
            new("a", Kind.Post, "x") { Site = "linkedin", Author = new Author("Ada", "https://l.example/in/ada/?trk=feed") },
            new("b", Kind.Post, "y") { Site = "linkedin", Author = new Author("Ada", "https://l.example/in/ada") },
            new("c", Kind.Post, "z") { Site = "facebook", Author = new Author("Ada", "https://f.example/profile.php?id=7&__cft__=x") },
            new("d", Kind.Post, "") { Site = "facebook", Author = new Author("Ada", "https://f.example/profile.php?id=8") },
        ];
        await _items.ObserveAsync(items, [.. items.Select(item => Judged(item, 90, "1"))], Ms(Start));
        IReadOnlyList<PersonSummary> people = new PeopleStore(_vault.Database).Read(0, 10);
        Assert.Equal([2, 1, 0], people.Select(person => person.N));
        Assert.Equal(2, people[0].Substantive);
    }

    [Fact]
    public async Task The_latest_label_on_an_item_counts_and_an_undone_one_gives_way_to_the_one_before()
    {
        LabelStore labels = new(_vault.Database);
        NewLabel first = new(Ulid.New(1), "linkedin", "a", Verdict.Superficial, null, null, "{}", null, "click", null);
        NewLabel second = first with { Id = Ulid.New(2), Label = Verdict.Substantive };
        NewLabel pair = new(Ulid.New(3), null, null, null, null, 1, "[]", null, "click", null);
        await labels.AddAsync([first], 1);
        await labels.AddAsync([second, pair, pair with { Id = Ulid.New(4) }], 2);
        Assert.Equal([second.Id, pair.Id], labels.Current().Take(2).Select(label => label.Id));
        Assert.Equal(3, labels.Current().Count);
        Assert.True(await labels.WithdrawAsync(second.Id, Ulid.New(5), "click", null, 3));
        Assert.False(await labels.WithdrawAsync(second.Id, Ulid.New(6), "click", null, 4));
        Assert.Null(await labels.WithdrawAsync(Ulid.New(7), Ulid.New(8), "click", null, 5));
        Assert.Equal(first.Id, labels.Current()[0].Id);
        Assert.Equal(5, _vault.Database.Read(connection => connection.Scalar<long>("SELECT count(*) FROM labels")));
    }

    private List<string?> Texts() => [.. _pages.Read(new ItemFilter(), null, 10).Items.OrderBy(item => item.Id, StringComparer.Ordinal).Select(item => item.Text)];

    private static async Task DailyAsync(Retention retention, int firstDay, int lastDay)
    {
        for (int day = firstDay; day <= lastDay; day++) await retention.RunAsync(Start.AddDays(day));
    }

    private static void AssertTally(IEnumerable<Score> scores, Tally tally)
    {
        List<Score> list = [.. scores];
        Assert.Equal(list.Count, tally.N);
        Assert.Equal(list.Count(score => score.Verdict == Verdict.Substantive), tally.Substantive);
        Assert.Equal(list.Count(score => score.Verdict == Verdict.Unsure), tally.Unsure);
        Assert.Equal(list.Count == 0 ? null : list.Count(score => score.Verdict == Verdict.Substantive) / (double)list.Count, tally.Share);
    }

    private static long Ms(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static Score Judged(Item item, int depth, string model) => new(
        item.Id, depth, depth / 100.0, depth > 60 ? Verdict.Substantive : depth > 40 ? Verdict.Unsure : Verdict.Superficial, new Facets(.1, .2, .3, .4), [], "en", model);
}
