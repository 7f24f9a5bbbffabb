using Soundings.Dashboard;

namespace Soundings.Tests.Dashboard;

public class OverviewTests
{
    // A Wednesday: the week began on Monday 16 November.
    private static readonly DateOnly Today = new(2026, 11, 18);

    [Fact]
    public void The_week_runs_from_monday_to_today()
    {
        Overview figures = Of(On("2026-11-15", 9, 1), On("2026-11-16", 3, 5), On("2026-11-18", 1, 2));
        Assert.Equal(new Share(4, 7, 0), figures.Mine);
        Assert.Equal(new Share(9, 1, 0), figures.MineLastWeek);
    }

    [Theory]
    [InlineData("2024-12-30", "2024-12-30")]
    [InlineData("2025-01-05", "2024-12-30")]
    [InlineData("2027-01-03", "2026-12-28")]
    public void A_week_over_the_turn_of_the_year_stays_one_week(string day, string monday) =>
        Assert.Equal(DateOnly.Parse(monday), Overview.MondayOf(DateOnly.Parse(day)));

    [Fact]
    public void Unsure_texts_count_in_the_whole_but_not_as_substantive()
    {
        Share share = new(3, 4, 5);
        Assert.Equal(12, share.N);
        Assert.Equal(0.25, share.Value);
    }

    [Fact]
    public void Seven_texts_are_too_few_for_a_percentage_and_eight_are_enough()
    {
        Assert.Null(new Share(3, 4, 0).Value);
        Assert.Equal(0.5, new Share(4, 4, 0).Value);
    }

    [Fact]
    public void The_usual_range_is_the_middle_half_of_earlier_weeks_with_enough_texts()
    {
        Overview figures = Of(
            On("2026-11-09", 1, 9), On("2026-11-02", 2, 8), On("2026-10-26", 3, 7), On("2026-10-19", 4, 6), On("2026-10-12", 5, 5),
            On("2026-10-05", 7, 0), // too few
            On("2026-11-16", 10, 0)); // this week
        UsualRange usual = Assert.IsType<UsualRange>(figures.MineUsual);
        Assert.Equal((0.2, 0.4, 5), (Math.Round(usual.Low, 9), Math.Round(usual.High, 9), usual.Weeks));
    }

    [Fact]
    public void Two_weeks_make_no_usual_range() =>
        Assert.Null(Of(On("2026-11-09", 1, 9), On("2026-11-02", 2, 8)).MineUsual);

    [Fact]
    public void Each_point_of_the_trend_is_the_seven_days_up_to_it()
    {
        IReadOnlyList<TrendPoint> trend = Of(On("2026-11-11", 4, 4), On("2026-11-12", 2, 6), On("2026-11-18", 1, 1)).Trend(mine: true);
        Assert.Equal(Overview.TrendDays, trend.Count);
        Assert.Equal(new Span(Today, Today), trend[^1].Days);
        Assert.Equal((new Share(3, 7, 0), new Share(1, 1, 0)), (trend[^1].Drawn, trend[^1].Own));
        Assert.Equal(new Share(6, 10, 0), trend[^2].Drawn);
        Assert.Equal([false, true, true, true], trend.TakeLast(4).Select(point => point.Current));
    }

    [Fact]
    public void Weeks_of_the_trend_are_iso_weeks_and_the_last_is_the_current_one()
    {
        IReadOnlyList<TrendPoint> trend = Of(On("2026-11-15", 9, 1), On("2026-11-09", 1, 2), On("2026-11-16", 3, 5)).Trend(mine: true, Grain.Week);
        Assert.Equal(Overview.TrendWeeks, trend.Count);
        Assert.Equal(new Span(new(2026, 11, 16), new(2026, 11, 22)), trend[^1].Days);
        Assert.Equal((new Share(3, 5, 0), true), (trend[^1].Drawn, trend[^1].Current));
        Assert.Equal((new Share(10, 3, 0), false), (trend[^2].Drawn, trend[^2].Current));
        Assert.All(trend.Zip(trend.Skip(1)), pair => Assert.Equal(pair.First.Days.To.AddDays(1), pair.Second.Days.From));
    }

    [Fact]
    public void Months_of_the_trend_are_those_of_the_calendar_with_their_last_day()
    {
        IReadOnlyList<TrendPoint> trend = Of(On("2026-02-28", 1, 2), On("2026-03-01", 3, 4), On("2025-12-01", 5, 6), On("2025-11-30", 7, 8)).Trend(mine: true, Grain.Month);
        Assert.Equal(Overview.TrendMonths, trend.Count);
        Assert.Equal(new Span(new(2025, 12, 1), new(2025, 12, 31)), trend[0].Days);
        Assert.Equal(new Share(5, 6, 0), trend[0].Own);
        Assert.Equal((new Share(1, 2, 0), new Share(3, 4, 0)), (trend[2].Own, trend[3].Own));
        Assert.Equal([(2026, 11, true)], trend.Where(point => point.Current).Select(point => (point.Days.From.Year, point.Days.From.Month, point.Current)));
    }

    [Fact]
    public void Chosen_days_are_summed_both_ends_included_and_leave_this_week_as_it_is()
    {
        Day[] days = [On("2026-11-01", 9, 9), On("2026-11-02", 1, 0), On("2026-11-05", 0, 2), On("2026-11-06", 4, 4), On("2026-11-16", 3, 5)];
        Overview figures = new(Today, days, FacetCounts.None, FacetCounts.None) { Chosen = new Span(new(2026, 11, 2), new(2026, 11, 5)) };
        Assert.Equal((new Share(1, 2, 0), new Share(3, 5, 0)), (figures.MineChosen, figures.Mine));
        Assert.Equal(new Share(3, 5, 0), Of(days).MineChosen);
    }

    [Fact]
    public void A_day_without_texts_leaves_the_trend_unknown_not_at_zero() =>
        Assert.All(Of().Trend(mine: true), point => Assert.Null(point.Drawn.Value));

    [Fact]
    public void Mine_and_others_are_kept_apart()
    {
        Overview figures = Of(new Day(Today, new Share(1, 2, 3), new Share(4, 5, 6)));
        Assert.Equal((new Share(1, 2, 3), new Share(4, 5, 6)), (figures.Mine, figures.Others));
    }

    [Fact]
    public void The_sample_has_something_to_say_on_every_day_of_the_week()
    {
        for (int i = 0; i < 7; i++)
        {
            Overview sample = SampleOverview.Figures(Today.AddDays(i));
            Assert.NotNull(sample.Mine.Value);
            Assert.NotNull(sample.MineUsual);
        }
    }

    private static Overview Of(params Day[] days) => new(Today, days, FacetCounts.None, FacetCounts.None);

    private static Day On(string day, int substantive, int superficial) => new(DateOnly.Parse(day), new Share(substantive, superficial, 0), default);
}
