using System.Globalization;

namespace Soundings.Dashboard;

/// <summary>A day of the trend: the share over the seven days up to it, null where those hold too few texts.</summary>
public sealed record TrendPoint(DateOnly Date, Share Week, Share Day, bool Current);

/// <summary>
/// The figures of the first page, worked out from counts by day: pure, so that the same counts always give the same page.
/// A week is the ISO week (Monday to Sunday) in the local zone.
/// </summary>
public sealed class Overview
{
    /// <summary>The share to aim at, as a fraction. The essay behind the product says that we use about a fifth of what we could.</summary>
    public const double Goal = 0.20;

    /// <summary>Days the trend shows: four weeks fit a telephone's width and still show a change.</summary>
    public const int TrendDays = 28;

    /// <summary>Weeks before the current one that make the usual range. Fewer than three with enough texts: no range.</summary>
    public const int UsualWeeks = 8;

    private readonly Dictionary<DateOnly, Day> _days;

    public Overview(DateOnly today, IEnumerable<Day> days, FacetCounts mineFacets, FacetCounts othersFacets, IReadOnlyList<Slice>? slices = null)
    {
        Slices = slices ?? [];
        Today = today;
        WeekStart = MondayOf(today);
        _days = days.ToDictionary(day => day.Date);
        MineFacets = mineFacets;
        OthersFacets = othersFacets;
    }

    public DateOnly Today { get; }
    public DateOnly WeekStart { get; }
    public FacetCounts MineFacets { get; }
    public FacetCounts OthersFacets { get; }

    /// <summary>This week's texts by site, then by kind.</summary>
    public IReadOnlyList<Slice> Slices { get; }

    public Share Mine => Sum(WeekStart, Today, mine: true);
    public Share Others => Sum(WeekStart, Today, mine: false);
    public Share MineLastWeek => Sum(WeekStart.AddDays(-7), WeekStart.AddDays(-1), mine: true);
    public Share OthersLastWeek => Sum(WeekStart.AddDays(-7), WeekStart.AddDays(-1), mine: false);
    public UsualRange? MineUsual => Usual(mine: true);
    public UsualRange? OthersUsual => Usual(mine: false);
    public bool IsEmpty => _days.Values.All(day => day.Mine.N + day.Others.N == 0);

    /// <summary>The first day whose texts any figure here needs.</summary>
    public static DateOnly FirstDayNeeded(DateOnly today) => MondayOf(today).AddDays(-7 * UsualWeeks);

    public IReadOnlyList<TrendPoint> Trend(bool mine) =>
    [
        .. Enumerable.Range(0, TrendDays).Select(i =>
        {
            DateOnly date = Today.AddDays(i + 1 - TrendDays);
            return new TrendPoint(date, Sum(date.AddDays(-6), date, mine), Sum(date, date, mine), date >= WeekStart);
        }),
    ];

    public static DateOnly MondayOf(DateOnly day) => DateOnly.FromDateTime(
        ISOWeek.ToDateTime(ISOWeek.GetYear(day.ToDateTime(default)), ISOWeek.GetWeekOfYear(day.ToDateTime(default)), DayOfWeek.Monday));

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
