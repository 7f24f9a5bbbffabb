using System.Globalization;
using Soundings.Dashboard;
using Soundings.Depth;
using Soundings.Storage;
using Soundings.Tests.Api;

namespace Soundings.Tests.Dashboard;

/// <summary>
/// The figures shown against a recount that shares nothing with the companion's way of counting: over the items as they were written, by the
/// definition of share, for twelve months with both clock changes, the turn of the year, and items on either side of midnight and of Monday.
/// </summary>
public sealed class RecountTests
{
    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Pacific/Chatham")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("UTC")]
    public async Task Every_figure_equals_the_recount_to_the_last_text(string zoneName)
    {
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(zoneName);
        await using TestCompanion companion = await TestCompanion.StartAsync();
        companion.Clock.Zone = zone;
        DateTimeOffset now = new(2026, 11, 25, 13, 0, 0, TimeSpan.Zero);
        companion.Clock.SetWall(now);
        string model = companion.Get<ActiveModel>().Current.Version;
        List<(Item Item, Verdict Verdict, DateTimeOffset At)> written = Generate(zone, now);
        await companion.Get<ItemStore>().ObserveAsync(
            [.. written.Select(one => one.Item)], [.. written.Select(one => Judged(one.Item, one.Verdict, model))], now.ToUnixTimeMilliseconds());

        DateOnly today = DayOf(now);
        // What counts: neither sponsored nor empty, the user's own.
        var counted = written.Where(one => one.Item.Sponsored != true && one.Item.Text.Trim().Length > 0)
            .Select(one => (one.Item, one.Verdict, Local: In(one.At))).ToList();
        Share Recount(bool mine, Func<DateTime, bool> within)
        {
            var texts = counted.Where(one => one.Item.Mine == mine && within(one.Local)).ToList();
            int Of(Verdict verdict) => texts.Count(one => one.Verdict == verdict);
            return new Share(Of(Verdict.Substantive), Of(Verdict.Superficial), Of(Verdict.Unsure));
        }
        Overview figures = companion.Get<DashboardData>().Overview();
        (int year, int week) = (ISOWeek.GetYear(In(now)), ISOWeek.GetWeekOfYear(In(now)));
        bool InWeek(DateTime local, int back) => ISOWeek.GetYear(local.AddDays(7 * back)) == year && ISOWeek.GetWeekOfYear(local.AddDays(7 * back)) == week;
        Assert.Equal(Recount(true, local => InWeek(local, 0)), figures.Mine);
        Assert.Equal(Recount(false, local => InWeek(local, 0)), figures.Others);
        Assert.Equal(Recount(true, local => InWeek(local, 1)), figures.MineLastWeek);
        foreach (TrendPoint point in figures.Trend(mine: true, Grain.Day))
            Assert.Equal(Recount(true, local => DateOnly.FromDateTime(local) == point.Days.From), point.Own);
        foreach ((TrendPoint point, int back) in figures.Trend(mine: true, Grain.Week).Reverse().Select((point, back) => (point, back)))
            Assert.Equal(Recount(true, local => InWeek(local, back)), point.Own);
        foreach (TrendPoint point in figures.Trend(mine: true, Grain.Month))
            Assert.Equal(Recount(true, local => local.Year == point.Days.From.Year && local.Month == point.Days.From.Month), point.Own);

        // A chosen span over the turn of the year.
        Span span = new(new DateOnly(2025, 12, 24), new DateOnly(2026, 1, 6));
        Overview chosen = companion.Get<DashboardData>().Overview(span);
        bool InSpan(DateTime local) => DateOnly.FromDateTime(local) >= span.From && DateOnly.FromDateTime(local) <= span.To;
        Assert.Equal((Recount(true, InSpan), Recount(false, InSpan)), (chosen.MineChosen, chosen.OthersChosen));
        Assert.All(chosen.Hours, hour => Assert.Equal(Recount(true, local => InSpan(local) && local.Hour == hour.Hour), hour.Mine));
        foreach (Slice slice in chosen.Slices.Where(slice => slice.Kind is null))
        {
            var texts = counted.Where(one => one.Item.Mine == true && one.Item.Site == slice.Site && InSpan(one.Local)).ToList();
            Assert.Equal((texts.Count, texts.Count(one => one.Verdict == Verdict.Substantive)), (slice.Mine.N, slice.Mine.Substantive));
        }
        Assert.True(figures.Trend(mine: true, Grain.Month).All(point => point.Own.N > 20), "every month has texts to count");

        DateTime In(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).DateTime;
        DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(In(at));
    }

    /// <summary>Some ten texts a day for a year and a week, and one on either side of each local midnight.</summary>
    private static List<(Item Item, Verdict Verdict, DateTimeOffset At)> Generate(TimeZoneInfo zone, DateTimeOffset now)
    {
        Random chance = new(7);
        List<(Item, Verdict, DateTimeOffset)> all = [];
        void Add(DateTimeOffset at)
        {
            if (at > now) return;
            string text = chance.Next(40) == 0 ? "  " : "text " + all.Count;
            Item item = new("i" + all.Count, (Kind)chance.Next(3), text)
            {
                Site = chance.Next(3) == 0 ? "facebook" : "linkedin",
                Mine = chance.Next(2) == 0,
                Sponsored = chance.Next(30) == 0,
                At = at.ToString("o", CultureInfo.InvariantCulture),
            };
            all.Add((item, (Verdict)chance.Next(3), at));
        }
        for (DateTimeOffset day = now.AddDays(-372); day <= now; day = day.AddDays(1))
        {
            for (int i = 0; i < 8; i++) Add(day.AddMilliseconds(chance.Next(24 * 60 * 60 * 1000)));
            DateTime midnight = TimeZoneInfo.ConvertTime(day, zone).Date;
            if (zone.IsInvalidTime(midnight)) continue;
            DateTimeOffset start = new(midnight, zone.GetUtcOffset(midnight));
            Add(start);
            Add(start.AddMilliseconds(-1));
        }
        return all;
    }

    private static Score Judged(Item item, Verdict verdict, string model) => new(item.Id, 50, 0.5, verdict, new Facets(0, 0, 0, 0), [], "en", model);
}
