using Soundings.Dashboard;
using Soundings.Depth;
using Soundings.Storage;
using Soundings.Tests.Api;

namespace Soundings.Tests.Dashboard;

public class DashboardDataTests
{
    private const string Deep = "We tried this in 2021: the queue broke first, at about 400 orders a minute.";

    [Fact]
    public async Task The_week_begins_at_local_midnight_on_monday()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        companion.Clock.Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        // In Berlin it is half past midnight on Monday 23 November.
        companion.Clock.SetWall(new DateTimeOffset(2026, 11, 22, 23, 30, 0, TimeSpan.Zero));
        await ObserveAsync(companion, ("a", "2026-11-22T22:59:59Z", true), ("b", "2026-11-22T23:00:00Z", true), ("c", "2026-11-22T23:10:00Z", false));
        Overview figures = companion.Get<DashboardData>().Overview();
        Assert.Equal(new DateOnly(2026, 11, 23), figures.Today);
        Assert.Equal((1, 1, 1), (figures.Mine.N, figures.Others.N, figures.MineLastWeek.N));
        Assert.Equal(1, figures.MineFacets.N);
        Assert.Equal(["linkedin"], figures.Slices.Where(slice => slice.Kind is null).Select(slice => slice.Site));
    }

    [Fact]
    public async Task The_figures_are_those_of_the_api()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        await ObserveAsync(companion, [.. Enumerable.Range(0, 60).Select(i => ($"i{i}", $"2026-11-{16 + i % 6:00}T08:00:00Z", i % 3 == 0))]);
        Stats stats = companion.Get<StatsStore>().Read(null, null, companion.Get<ActiveModel>().Current.Version, TimeZoneInfo.Utc);
        Overview figures = companion.Get<DashboardData>().Overview();
        Assert.Equal((stats.Total.Mine.Substantive, stats.Total.Mine.N), (figures.Mine.Substantive, figures.Mine.N));
        Assert.Equal((stats.Total.Others.Substantive, stats.Total.Others.N), (figures.Others.Substantive, figures.Others.N));
        Assert.Equal(stats.Total.Mine.N, figures.Trend(mine: true).Sum(point => point.Own.N));
    }

    [Fact]
    public async Task Advertisements_and_empty_texts_are_listed_but_counted_nowhere()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        await ObserveAsync(companion,
            new Item("ad", Kind.Post, Deep) { Site = "linkedin", Sponsored = true },
            new Item("empty", Kind.Comment, " ") { Site = "linkedin" });
        DashboardData data = companion.Get<DashboardData>();
        Assert.True(data.Overview().IsEmpty);
        Assert.Equal(2, data.Lines(ListFilter.All, null, 10).Lines.Count);
    }

    [Fact]
    public async Task A_label_set_here_is_the_users_and_is_taken_back_here()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        await ObserveAsync(companion, ("a", "2026-11-20T08:00:00Z", false));
        DashboardData data = companion.Get<DashboardData>();
        Labelling labelling = companion.Get<Labelling>();
        Line Only() => data.Lines(ListFilter.All, null, 1).Lines.Single();

        Assert.True(await labelling.SayAsync(Only(), Verdict.Superficial));
        Assert.Equal(Verdict.Superficial, Only().Label);
        Assert.Single(data.Lines(new ListFilter(new ItemFilter { Labelled = true }), null, 5).Lines);
        Assert.Contains(Deep, companion.Get<LabelStore>().Current().Single().Content, StringComparison.Ordinal);

        Assert.True(await labelling.SayAsync(Only(), null));
        Assert.Null(Only().Label);
        Assert.Empty(data.Lines(new ListFilter(new ItemFilter { Labelled = true }), null, 5).Lines);
        Assert.Empty(companion.Get<LabelStore>().Current());
    }

    [Fact]
    public async Task The_start_of_a_day_that_leaves_out_its_midnight_is_its_first_moment()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        companion.Clock.Zone = TimeZoneInfo.FindSystemTimeZoneById("Africa/Cairo");
        // Cairo's clocks went from 24 April 00:00 straight to 01:00, which is 23 April 22:00 UTC.
        long start = companion.Get<DashboardData>().StartOf(new DateOnly(2026, 4, 24));
        Assert.Equal(new DateTimeOffset(2026, 4, 23, 22, 0, 0, TimeSpan.Zero), DateTimeOffset.FromUnixTimeMilliseconds(start));
    }

    [Fact]
    public async Task The_shell_is_given_at_each_page_and_holds_no_word_of_the_users()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        await ObserveAsync(companion, ("a", "2026-11-20T08:00:00Z", true));
        foreach (string page in DashboardAssets.Pages)
        {
            Answer answer = await companion.GetAsync(page, null);
            Assert.Equal(200, answer.Status);
            Assert.Equal(DashboardAssets.ContentPolicy, answer.Headers["Content-Security-Policy"]);
            Assert.DoesNotContain("queue", System.Text.Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
            Assert.False(answer.Headers.ContainsKey("Set-Cookie"));
        }
    }

    private static Task ObserveAsync(TestCompanion companion, params (string Id, string At, bool Mine)[] items) =>
        ObserveAsync(companion, [.. items.Select(item => new Item(item.Id, Kind.Comment, Deep + " " + item.Id) { Site = "linkedin", At = item.At, Mine = item.Mine })]);

    private static async Task ObserveAsync(TestCompanion companion, params Item[] items)
    {
        long now = companion.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await companion.Get<ItemStore>().ObserveAsync(items, companion.Get<ActiveModel>().Current.Score(items), now);
    }
}
