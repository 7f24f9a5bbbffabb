using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Soundings.Storage;

/// <summary>The clocks of a zone as a list of how far they are from UTC, and from when on: what SQL can reckon with.</summary>
internal sealed class LocalTime
{
    public const long DayMs = 24 * HourMs, HourMs = 60 * 60 * 1000;

    private static readonly ConcurrentDictionary<TimeZoneInfo, LocalTime> Known = new();

    /// <summary>No zone changes its clocks and back within a week.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromDays(7);

    private static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero), Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TimeZoneInfo _zone;
    private int _last;

    private LocalTime(TimeZoneInfo zone)
    {
        _zone = zone;
        List<(long, long)> changes = [(long.MinValue, Offset(zone, Earliest))];
        for (DateTimeOffset time = Earliest; time < Latest; time += Step)
        {
            long before = Offset(zone, time), after = Offset(zone, time + Step);
            if (before != after) changes.Add((FirstWith(zone, after, time, time + Step), after));
        }
        Changes = changes;
        string all = string.Join(';', changes.Select(change => string.Create(CultureInfo.InvariantCulture, $"{change.Item1}:{change.Item2}")));
        Name = $"{zone.Id} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..16]}";
    }

    /// <summary>From when on (milliseconds since 1970), and how far from UTC (milliseconds), in the order of time.</summary>
    public IReadOnlyList<(long Start, long Offset)> Changes { get; }

    /// <summary>The zone with what its rules come to: they change with the system's updates, and the name does not.</summary>
    public string Name { get; }

    public static LocalTime In(TimeZoneInfo zone) => Known.GetOrAdd(zone, zone => new LocalTime(zone));

    public long OffsetAt(long moment)
    {
        // Asked in the order of time, mostly: the change before is the one, or its neighbour.
        int at = _last;
        while (at > 0 && Changes[at].Start > moment) at--;
        while (at + 1 < Changes.Count && Changes[at + 1].Start <= moment) at++;
        _last = at;
        return Changes[at].Offset;
    }

    public DateOnly DayOf(long moment) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Moment.From(moment), _zone).DateTime);

    private static long Offset(TimeZoneInfo zone, DateTimeOffset time) => (long)zone.GetUtcOffset(time).TotalMilliseconds;

    private static long FirstWith(TimeZoneInfo zone, long offset, DateTimeOffset before, DateTimeOffset after)
    {
        (long low, long high) = (before.ToUnixTimeMilliseconds(), after.ToUnixTimeMilliseconds());
        while (high - low > 1)
        {
            long middle = low + (high - low) / 2;
            if (Offset(zone, Moment.From(middle)) == offset) high = middle;
            else low = middle;
        }
        return high;
    }
}
