using System.Globalization;
using Microsoft.Extensions.Primitives;
using Soundings.Storage;

namespace Soundings.Api;

/// <summary>
/// The query of a GET, as strict as a body: an unknown, doubled or unreadable parameter is said, not ignored.
/// Reads as a list of the parameters that are taken; the first fault stays.
/// </summary>
internal sealed class QueryCheck(IQueryCollection query)
{
    private readonly HashSet<string> _left = [.. query.Keys];

    public string? Fault { get; private set; }

    public T Read<T>(string name, T missing, Func<string, (bool Ok, T Value)> parse, string rule)
    {
        if (!_left.Remove(name)) return missing;
        StringValues values = query[name];
        if (values is [{ Length: > 0 and <= 600 } only] && parse(only) is (true, var value)) return value;
        Fault ??= $"{name} is {rule}, at most once.";
        return missing;
    }

    public int Number(string name, int missing, int from, int to) => Read(name, missing, text =>
        (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= from && value <= to, value), $"a whole number from {from} to {to}");

    public T? OneOf<T>(string name, params (string Name, T Value)[] choices) where T : struct => Read<T?>(name, null, text =>
    {
        foreach ((string choice, T value) in choices)
        {
            if (choice == text) return (true, value);
        }
        return (false, null);
    }, "one of " + string.Join(", ", choices.Select(choice => choice.Name)));

    /// <summary>A time with its zone, or a day, which means its beginning in the local zone.</summary>
    public long? Time(string name, TimeZoneInfo zone) => Read(name, null, text => MomentOf(text.Replace(' ', '+'), zone) is { } time ? (true, time) : (false, (long?)null),
        "a day (2026-11-22) or a time with its zone (2026-11-22T10:00:00Z)");

    /// <summary>Milliseconds since 1970 of a time with its zone or of a day's beginning; null for null and for what is neither.</summary>
    public static long? MomentOf(string? text, TimeZoneInfo zone) => Moment.Parse(text) ?? (DayOf(text) is { } day ? Moment.StartOf(day, zone) : null);

    public static DateOnly? DayOf(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) && day.Year is >= 1990 and <= 2199 ? day : null;

    /// <summary>A span whose end lies before its start holds nothing, which would read as a true zero.</summary>
    public (long? From, long? To) Span(TimeZoneInfo zone)
    {
        (long? from, long? to) = (Time("from", zone), Time("to", zone));
        if (from > to) Fault ??= "from lies after to.";
        return (from, to);
    }

    /// <summary>Called last: whatever was not read is not known.</summary>
    public string? Finish() => Fault ?? (_left.Count == 0 ? null : "A query parameter is not known to this call.");
}
