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

    /// <summary>By the hour of the local day, from 0 to 23.</summary>
    public IReadOnlyList<SplitTally> ByHour { get; } = [.. Enumerable.Range(0, 24).Select(_ => new SplitTally())];

    /// <summary>How many of the same items have each facet.</summary>
    public FacetTally MineFacets { get; set; } = new(0, 0, 0, 0, 0);
    public FacetTally OthersFacets { get; set; } = new(0, 0, 0, 0, 0);

    public int Pending { get; set; }
}

/// <summary>How many texts stand in the shares, and how many of them have each facet: from one half on, as its probability is calibrated.</summary>
internal sealed record FacetTally(int N, int Reveal, int Wisdom, int Solicit, int Engage)
{
    public FacetTally Plus(int n, int reveal, int wisdom, int solicit, int engage) => new(N + n, Reveal + reveal, Wisdom + wisdom, Solicit + solicit, Engage + engage);
}

/// <summary>
/// Counts by the one definition of share: substantive / all scored, unsure included; sponsored and empty texts excluded; by the time an item was
/// written, else first seen; under the active model. An item whose text was let go cannot be judged anew: its last score counts on.
/// </summary>
/// <remarks>
/// Whole local days come from the tables that triggers keep (a year of 1,000,000 items in some 30 ms), the rest of the span from a walk along the
/// index in the order of time (0.7 s for all of it; grouping in SQLite took four times as long). In another zone than the tables', all is walked.
/// </remarks>
internal sealed class StatsStore(Database database)
{
    public Stats Read(long? from, long? to, string model, TimeZoneInfo zone) => database.Read(connection =>
    {
        LocalTime local = LocalTime.In(zone);
        Counting counting = new();
        long start = from ?? long.MinValue, end = to ?? long.MaxValue;
        // The days that lie wholly in the span, the second not included.
        int first = from is null ? int.MinValue : Moment.StartOf(local.DayOf(start), zone) == start ? local.DayOf(start).DayNumber : local.DayOf(start).DayNumber + 1;
        int last = to is null ? int.MaxValue : local.DayOf(end).DayNumber;
        if (first >= last || !RollUp.Follows(connection, local))
        {
            Walk(connection, start, end, model, local, counting);
            return counting.Stats;
        }
        if (from is not null) Walk(connection, start, Moment.StartOf(DateOnly.FromDayNumber(first), zone), model, local, counting);
        AddDays(connection, first, last, model, counting);
        AddHours(connection, first, last, model, counting);
        if (to is not null) Walk(connection, Moment.StartOf(DateOnly.FromDayNumber(last), zone), end, model, local, counting);
        return counting.Stats;
    });

    private static void AddDays(SqliteConnection connection, int first, int last, string model, Counting counting)
    {
        using SqliteCommand command = connection.Prepare($"""
            SELECT day, site, kind, mine, verdict, (model = 0 OR model = (SELECT model FROM models WHERE version = $model)) IS TRUE, n, reveal, wisdom, solicit, engage
            FROM days WHERE day >= $first AND day < $last ORDER BY day
            """, ("$model", model), ("$first", (long)first - RollUp.Epoch), ("$last", (long)last - RollUp.Epoch));
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            sqlite3_stmt row = reader.Handle!;
            counting.On(raw.sqlite3_column_int(row, 0) + RollUp.Epoch);
            int n = raw.sqlite3_column_int(row, 6);
            if (raw.sqlite3_column_int(row, 5) == 0)
            {
                counting.Stats.Pending += n;
                continue;
            }
            int mine = raw.sqlite3_column_int(row, 3);
            counting.Add(raw.sqlite3_column_blob(row, 1), raw.sqlite3_column_int(row, 2), mine, raw.sqlite3_column_int(row, 4), n);
            counting.AddFacets(mine, n, raw.sqlite3_column_int(row, 7), raw.sqlite3_column_int(row, 8), raw.sqlite3_column_int(row, 9), raw.sqlite3_column_int(row, 10));
        }
        counting.Close();
    }

    private static void AddHours(SqliteConnection connection, int first, int last, string model, Counting counting)
    {
        foreach ((int hour, bool mine, Verdict verdict, int n) in connection.Query("""
            SELECT hour, mine, verdict, sum(n) FROM hours
            WHERE day >= $first AND day < $last AND (model = 0 OR model = (SELECT model FROM models WHERE version = $model)) GROUP BY 1, 2, 3
            """, row => (row.GetInt32(0), row.GetBoolean(1), (Verdict)row.GetInt32(2), row.GetInt32(3)),
            ("$model", model), ("$first", (long)first - RollUp.Epoch), ("$last", (long)last - RollUp.Epoch)))
            counting.Stats.ByHour[hour].Add(mine, verdict, n);
    }

    private static void Walk(SqliteConnection connection, long from, long to, string model, LocalTime local, Counting counting)
    {
        if (from >= to) return;
        using SqliteCommand command = connection.Prepare("""
            SELECT moment, site, kind, mine, verdict, (gone OR model = (SELECT model FROM models WHERE version = $model)) IS TRUE,
              reveal >= 0.5, wisdom >= 0.5, solicit >= 0.5, engage >= 0.5
            FROM items INDEXED BY itemsForStats WHERE moment >= $from AND moment < $to AND counted = 1 ORDER BY moment
            """, ("$model", model), ("$from", from), ("$to", to));
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            sqlite3_stmt row = reader.Handle!;
            long moment = raw.sqlite3_column_int64(row, 0) + local.OffsetAt(raw.sqlite3_column_int64(row, 0));
            counting.On((int)(moment / LocalTime.DayMs) + RollUp.Epoch);
            if (raw.sqlite3_column_int(row, 5) == 0)
            {
                counting.Stats.Pending++;
                continue;
            }
            (int mine, int verdict) = (raw.sqlite3_column_int(row, 3), raw.sqlite3_column_int(row, 4));
            counting.Add(raw.sqlite3_column_blob(row, 1), raw.sqlite3_column_int(row, 2), mine, verdict, 1);
            counting.AddFacets(mine, 1, raw.sqlite3_column_int(row, 6), raw.sqlite3_column_int(row, 7), raw.sqlite3_column_int(row, 8), raw.sqlite3_column_int(row, 9));
            counting.Stats.ByHour[(int)(moment % LocalTime.DayMs / LocalTime.HourMs)].Add(mine == 1, (Verdict)verdict, 1);
        }
        counting.Close();
    }

    /// <summary>The counts of one day as plain numbers, added to the statistics when the day is over.</summary>
    private sealed class Counting
    {
        private const int Kinds = 3, Verdicts = 3, PerSite = Kinds * 2 * Verdicts;
        private readonly List<byte[]> _sites = [];
        private int[] _counts = [];
        private int _day;

        public Stats Stats { get; } = new();

        /// <summary>What is added from here on is of this day (as <see cref="DateOnly.DayNumber"/>).</summary>
        public void On(int day)
        {
            if (day == _day) return;
            Close();
            _day = day;
        }

        public void Add(ReadOnlySpan<byte> site, int kind, int mine, int verdict, int n)
        {
            int place = 0;
            while (place < _sites.Count && !site.SequenceEqual(_sites[place])) place++;
            if (place == _sites.Count)
            {
                _sites.Add(site.ToArray());
                Array.Resize(ref _counts, _sites.Count * PerSite);
            }
            _counts[place * PerSite + (kind * 2 + mine) * Verdicts + verdict] += n;
        }

        public void AddFacets(int mine, int n, int reveal, int wisdom, int solicit, int engage)
        {
            if (mine == 1) Stats.MineFacets = Stats.MineFacets.Plus(n, reveal, wisdom, solicit, engage);
            else Stats.OthersFacets = Stats.OthersFacets.Plus(n, reveal, wisdom, solicit, engage);
        }

        public void Close()
        {
            DateOnly day = DateOnly.FromDayNumber(_day);
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

    public static DateOnly LocalDay(long moment, TimeZoneInfo zone) => LocalTime.In(zone).DayOf(moment);

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
