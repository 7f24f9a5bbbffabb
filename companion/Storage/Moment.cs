using System.Globalization;
using System.Text.RegularExpressions;

namespace Soundings.Storage;

/// <summary>Times as they come over the wire: RFC 3339 with a zone, within the years in which there were such sites and clocks.</summary>
internal static partial class Moment
{
    private static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero), Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Milliseconds since 1970 in UTC; null for null or what is not such a time.</summary>
    public static long? Parse(string? text) =>
        text is not null && Rfc3339().IsMatch(text)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset time)
        && time >= Earliest && time < Latest
            ? time.ToUnixTimeMilliseconds()
            : null;

    public static DateTimeOffset From(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    /// <summary>As the wire spells it: UTC, to the second, or to the millisecond where it has any.</summary>
    public static string Format(long milliseconds) =>
        From(milliseconds).UtcDateTime.ToString(milliseconds % 1000 == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary>When a day begins in a zone: midnight, or the first moment after it where a clock change skips midnight.</summary>
    public static long StartOf(DateOnly day, TimeZoneInfo zone)
    {
        DateTime midnight = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUnixTimeMilliseconds();
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rfc3339();
}
