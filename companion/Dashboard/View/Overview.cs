using System.Globalization;

namespace Soundings.Dashboard;

/// <summary>How finely the trend is cut.</summary>
public enum Grain
{
    Day,
    Week,
    Month,
}

/// <summary>Local days, both included.</summary>
public sealed record Span(DateOnly From, DateOnly To);

/// <summary>
/// A point of the trend over <paramref name="Days"/>: <paramref name="Own"/> counts these days alone; <paramref name="Drawn"/> is what the chart
/// shows, the same but for a single day, which stands for the seven days up to it.
/// </summary>
public sealed record TrendPoint(Span Days, Share Drawn, Share Own, bool Current);

/// <summary>What the user wrote in one hour of the day, from 0 to 23.</summary>
public sealed record HourCount(int Hour, Share Mine);

/// <summary>
/// The figures of the first page, worked out from counts by day: pure, so that the same counts always give the same page.
/// A week is the ISO week (Monday to Sunday) in the local zone.
/// </summary>
public sealed class Overview
{
    /// <summary>The share to aim at until the user sets another, as a fraction. The essay behind the product says that we use about a fifth.</summary>
    public const double StartingGoal = 0.20;

    /// <summary>Days the trend by day shows: four weeks fit a telephone's width and still show a change.</summary>
    public const int TrendDays = 28;

    /// <summary>ISO weeks of the trend by week, half a year; months of the trend by month.</summary>
    public const int TrendWeeks = 26, TrendMonths = 12;

    /// <summary>Weeks before the current one that make the usual range. Fewer than three with enough texts: no range.</summary>
    public const int UsualWeeks = 8;

    private readonly Dictionary<DateOnly, Day> _days;

    public Overview(DateOnly today, IEnumerable<Day> days, FacetCounts mineFacets, FacetCounts othersFacets)
    {
        Today = today;
        WeekStart = MondayOf(today);
        _days = days.ToDictionary(day => day.Date);
        MineFacets = mineFacets;
        OthersFacets = othersFacets;
    }

    public DateOnly Today { get; }
    public DateOnly WeekStart { get; }
    public double Goal { get; init; } = StartingGoal;

    /// <summary>The days the user chose; null: the figures below the trend are those of this week.</summary>
    public Span? Chosen { get; init; }

    /// <summary>Of the chosen days, else of this week, as the slices are.</summary>
    public FacetCounts MineFacets { get; }
    public FacetCounts OthersFacets { get; }

    /// <summary>By site, then by kind.</summary>
    public IReadOnlyList<Slice> Slices { get; init; } = [];

    /// <summary>The hours of the day, of the chosen days, else of this week and the weeks that make the usual.</summary>
    public IReadOnlyList<HourCount> Hours { get; init; } = [];

    public Share Mine => Sum(WeekStart, Today, mine: true);
    public Share Others => Sum(WeekStart, Today, mine: false);
    public Share MineChosen => Sum(Scope.From, Scope.To, mine: true);
    public Share OthersChosen => Sum(Scope.From, Scope.To, mine: false);
    public Share MineLastWeek => Sum(WeekStart.AddDays(-7), WeekStart.AddDays(-1), mine: true);
    public Share OthersLastWeek => Sum(WeekStart.AddDays(-7), WeekStart.AddDays(-1), mine: false);
    public UsualRange? MineUsual => Usual(mine: true);
    public UsualRange? OthersUsual => Usual(mine: false);
    public bool IsEmpty => _days.Values.All(day => day.Mine.N + day.Others.N == 0);

    private DateOnly ThisMonth => new(Today.Year, Today.Month, 1);

    private Span Scope => Chosen ?? new Span(WeekStart, Today);

    /// <summary>The first day whose texts any figure here needs: that of the trend by month.</summary>
    public static DateOnly FirstDayNeeded(DateOnly today) => new DateOnly(today.Year, today.Month, 1).AddMonths(1 - TrendMonths);

    /// <summary>The first day of the weeks that make the usual range.</summary>
    public static DateOnly FirstUsual(DateOnly today) => MondayOf(today).AddDays(-7 * UsualWeeks);

    public IReadOnlyList<TrendPoint> Trend(bool mine, Grain grain = Grain.Day) => grain switch
    {
        Grain.Week => [.. Starts(TrendWeeks, i => WeekStart.AddDays(7 * i)).Select(monday => Point(monday, monday.AddDays(6), mine))],
        Grain.Month => [.. Starts(TrendMonths, ThisMonth.AddMonths).Select(first => Point(first, first.AddMonths(1).AddDays(-1), mine))],
        _ =>
        [
            .. Starts(TrendDays, Today.AddDays).Select(date =>
                new TrendPoint(new Span(date, date), Sum(date.AddDays(-6), date, mine), Sum(date, date, mine), date >= WeekStart)),
        ],
    };

    public static DateOnly MondayOf(DateOnly day) => DateOnly.FromDateTime(
        ISOWeek.ToDateTime(ISOWeek.GetYear(day.ToDateTime(default)), ISOWeek.GetWeekOfYear(day.ToDateTime(default)), DayOfWeek.Monday));

    /// <summary>The beginnings of so many spans up to the current one, which <paramref name="start"/> gives for 0, and those before it for less.</summary>
    private static IEnumerable<DateOnly> Starts(int count, Func<int, DateOnly> start) => Enumerable.Range(1 - count, count).Select(start);

    private TrendPoint Point(DateOnly from, DateOnly to, bool mine)
    {
        Share share = Sum(from, to, mine);
        return new TrendPoint(new Span(from, to), share, share, Today >= from && Today <= to);
    }

    private Share Sum(DateOnly from, DateOnly to, bool mine)
    {
        Share sum = default;
        for (DateOnly date = from; date <= to; date = date.AddDays(1))
        {
            if (_days.TryGetValue(date, out Day? day)) sum += mine ? day.Mine : day.Others;
        }
        return sum;
    }

    private UsualRange? Usual(bool mine)
    {
        double[] weeks =
        [
            .. Enumerable.Range(1, UsualWeeks)
                .Select(back => Sum(WeekStart.AddDays(-7 * back), WeekStart.AddDays(6 - 7 * back), mine).Value)
                .OfType<double>()
                .Order(),
        ];
        return weeks.Length < 3 ? null : new UsualRange(Quantile(weeks, 0.25), Quantile(weeks, 0.75), weeks.Length);
    }

    private static double Quantile(double[] sorted, double q)
    {
        double at = q * (sorted.Length - 1);
        int below = (int)at;
        return below + 1 == sorted.Length ? sorted[below] : sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
    }
}
