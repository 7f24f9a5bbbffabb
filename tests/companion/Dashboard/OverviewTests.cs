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
        Assert.Equal(Today, trend[^1].Date);
        Assert.Equal(new Share(3, 7, 0), trend[^1].Week);
        Assert.Equal(new Share(6, 10, 0), trend[^2].Week);
        Assert.Equal([false, true, true, true], trend.TakeLast(4).Select(point => point.Current));
    }

    [Fact]
    public void A_day_without_texts_leaves_the_trend_unknown_not_at_zero() =>
        Assert.All(Of().Trend(mine: true), point => Assert.Null(point.Week.Value));

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
