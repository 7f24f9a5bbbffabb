using System.Globalization;
using Soundings.Depth;

namespace Soundings.Storage;

/// <summary>How many were judged how. <c>Share</c> is the substantive among all scored, unsure included; null where there are none.</summary>
internal sealed class Tally
{
    public int N => Substantive + Superficial + Unsure;
    public int Substantive { get; private set; }
    public int Superficial { get; private set; }
    public int Unsure { get; private set; }
    public double? Share => N == 0 ? null : (double)Substantive / N;

    public void Add(Verdict verdict, int count)
    {
        if (verdict == Verdict.Substantive) Substantive += count;
        else if (verdict == Verdict.Superficial) Superficial += count;
        else Unsure += count;
    }
}

/// <summary>A tally of everything, of what the user wrote and of what others did.</summary>
internal sealed class SplitTally
{
    public Tally All { get; } = new();
    public Tally Mine { get; } = new();
    public Tally Others { get; } = new();

    public void Add(bool mine, Verdict verdict, int count)
    {
        All.Add(verdict, count);
        (mine ? Mine : Others).Add(verdict, count);
    }
}

/// <summary>The shares of a span of time. <c>Pending</c> items still carry an earlier model's score and are in none of the tallies.</summary>
internal sealed class Stats
{
    public SplitTally Total { get; } = new();
    public SortedDictionary<string, SplitTally> BySite { get; } = new(StringComparer.Ordinal);
    public SortedDictionary<Kind, SplitTally> ByKind { get; } = [];

    /// <summary>By the day in the local zone.</summary>
    public SortedDictionary<DateOnly, SplitTally> ByDay { get; } = [];

    /// <summary>By the ISO week in the local zone, under its Monday.</summary>
    public SortedDictionary<DateOnly, SplitTally> ByWeek { get; } = [];

    public int Pending { get; set; }
}

/// <summary>
/// Counts by the one definition of share: substantive / all scored, unsure included; sponsored and empty texts excluded; by the time an item was
/// written, else first seen; under the active model. An item whose text was let go cannot be judged anew: its last score counts on.
/// </summary>
internal sealed class StatsStore(Database database)
{
    /// <summary>All zones are whole quarter hours from UTC, so quarters can be sorted into local days and weeks afterwards.</summary>
    private const long QuarterMs = 15 * 60 * 1000;

    public Stats Read(long? from, long? to, string model, TimeZoneInfo zone) => database.Read(connection =>
    {
        Stats stats = new();
        using var command = connection.Prepare($"""
            SELECT moment / {QuarterMs}, site, kind, mine, verdict, (gone OR model = (SELECT model FROM models WHERE version = $model)) IS TRUE, count(*)
            FROM items INDEXED BY itemsForStats WHERE moment >= $from AND moment < $to AND counted = 1 GROUP BY 1, 2, 3, 4, 5, 6
            """, ("$model", model), ("$from", from ?? long.MinValue), ("$to", to ?? long.MaxValue));
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            int count = row.GetInt32(6);
            if (!row.GetBoolean(5))
            {
                stats.Pending += count;
                continue;
            }
            DateOnly day = LocalDay(row.GetInt64(0) * QuarterMs, zone);
            (bool mine, Verdict verdict) = (row.GetBoolean(3), (Verdict)row.GetInt32(4));
            stats.Total.Add(mine, verdict, count);
            At(stats.BySite, row.GetString(1)).Add(mine, verdict, count);
            At(stats.ByKind, (Kind)row.GetInt32(2)).Add(mine, verdict, count);
            At(stats.ByDay, day).Add(mine, verdict, count);
            At(stats.ByWeek, MondayOf(day)).Add(mine, verdict, count);
        }
        return stats;
    });

    public static DateOnly LocalDay(long moment, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Moment.From(moment), zone).DateTime);

    /// <summary>ISO weeks begin on Monday.</summary>
    public static DateOnly MondayOf(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    /// <summary>As ISO 8601 writes it: <c>2026-W47</c>.</summary>
    public static string WeekName(DateOnly monday)
    {
        DateTime start = monday.ToDateTime(TimeOnly.MinValue);
        return string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(start)}-W{ISOWeek.GetWeekOfYear(start):00}");
    }

    private static SplitTally At<TKey>(SortedDictionary<TKey, SplitTally> tallies, TKey key) where TKey : notnull =>
        tallies.TryGetValue(key, out SplitTally? tally) ? tally : tallies[key] = new SplitTally();
}
