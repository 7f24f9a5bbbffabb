using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Soundings.Depth;
using SQLitePCL;

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
    /// <summary>All zones are whole quarter hours from UTC, so a quarter hour lies in one local day.</summary>
    private const long QuarterMs = 15 * 60 * 1000;

    /// <summary>
    /// One walk along the index in the order of time, counted here: grouping in SQLite took four times as long (1,000,000 items, 2.2 s against 0.5).
    /// </summary>
    public Stats Read(long? from, long? to, string model, TimeZoneInfo zone) => database.Read(connection =>
    {
        DayCounts counts = new();
        long quarter = long.MinValue;
        DateOnly day = default;
        using SqliteCommand command = connection.Prepare($"""
            SELECT moment / {QuarterMs}, site, kind, mine, verdict, (gone OR model = (SELECT model FROM models WHERE version = $model)) IS TRUE
            FROM items INDEXED BY itemsForStats WHERE moment >= $from AND moment < $to AND counted = 1 ORDER BY moment
            """, ("$model", model), ("$from", from ?? long.MinValue), ("$to", to ?? long.MaxValue));
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            sqlite3_stmt row = reader.Handle!;
            long next = raw.sqlite3_column_int64(row, 0);
            if (next != quarter)
            {
                quarter = next;
                DateOnly nextDay = LocalDay(quarter * QuarterMs, zone);
                if (nextDay != day) counts.Close(day);
                day = nextDay;
            }
            if (raw.sqlite3_column_int(row, 5) == 0) counts.Stats.Pending++;
            else counts.Count(raw.sqlite3_column_blob(row, 1), raw.sqlite3_column_int(row, 2), raw.sqlite3_column_int(row, 3), raw.sqlite3_column_int(row, 4));
        }
        counts.Close(day);
        return counts.Stats;
    });

    /// <summary>The counts of one day as plain numbers, added to the statistics when the day is over.</summary>
    private sealed class DayCounts
    {
        private const int Kinds = 3, Verdicts = 3, PerSite = Kinds * 2 * Verdicts;
        private readonly List<byte[]> _sites = [];
        private int[] _counts = [];

        public Stats Stats { get; } = new();

        public void Count(ReadOnlySpan<byte> site, int kind, int mine, int verdict)
        {
            int place = 0;
            while (place < _sites.Count && !site.SequenceEqual(_sites[place])) place++;
            if (place == _sites.Count)
            {
                _sites.Add(site.ToArray());
                Array.Resize(ref _counts, _sites.Count * PerSite);
            }
            _counts[place * PerSite + (kind * 2 + mine) * Verdicts + verdict]++;
        }

        public void Close(DateOnly day)
        {
            for (int i = 0; i < _counts.Length; i++)
            {
                if (_counts[i] == 0) continue;
                (Kind kind, bool mine, Verdict verdict) = ((Kind)(i % PerSite / (2 * Verdicts)), i / Verdicts % 2 == 1, (Verdict)(i % Verdicts));
                string site = Encoding.UTF8.GetString(_sites[i / PerSite]);
                foreach (SplitTally tally in (SplitTally[])[Stats.Total, At(Stats.BySite, site), At(Stats.ByKind, kind), At(Stats.ByDay, day), At(Stats.ByWeek, MondayOf(day))])
                    tally.Add(mine, verdict, _counts[i]);
                _counts[i] = 0;
            }
        }
    }

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
