using Soundings.Storage;

namespace Soundings.Dashboard;

/// <summary>A month of what passed between the user and one human; a month without texts stands in the row as well.</summary>
public sealed record ShapeMonth(DateOnly Month, Share Given, Share Received);

/// <summary>
/// With whom the user exchanged texts, as the pages show it. The figures are of texts: how deep what was written to each other was.
/// </summary>
public sealed class Acquaintance
{
    /// <summary>How far back the small chart looks, the current month included.</summary>
    public const int Months = 12;

    internal Acquaintance(Bond bond, IEnumerable<BondMonth> months, DateOnly today, bool isExempt)
    {
        Bond = bond;
        IsExempt = isExempt;
        Dictionary<DateOnly, BondMonth> known = months.ToDictionary(month => month.Month);
        Shape =
        [
            .. Enumerable.Range(0, Months).Select(FirstMonth(today).AddMonths).Select(month => known.TryGetValue(month, out BondMonth? counts)
                ? new ShapeMonth(month, ShareOf(counts.Given), ShareOf(counts.Received))
                : new ShapeMonth(month, default, default)),
        ];
    }

    internal Bond Bond { get; }
    internal bool IsExempt { get; }
    internal long Human => Bond.Human;
    internal string Name => Bond.Name;
    internal Share Given => ShareOf(Bond.Given);
    internal Share Received => ShareOf(Bond.Received);
    internal DateTimeOffset Last => Moment.From(Bond.Last);
    internal DateTimeOffset? LastDeep => Bond.LastDeep is { } moment ? Moment.From(moment) : null;
    internal IReadOnlyList<ShapeMonth> Shape { get; }

    /// <summary>The user's part of all the texts between both, from 0 to 1; null where there are too few to say.</summary>
    internal double? GivenPart => Given.N + Received.N is var all && all >= Share.Enough ? (double)Given.N / all : null;

    /// <summary>The month with which the chart begins.</summary>
    internal static DateOnly FirstMonth(DateOnly today) => new DateOnly(today.Year, today.Month, 1).AddMonths(1 - Months);

    private static Share ShareOf(Way way) => new(way.Substantive, way.N - way.Substantive - way.Unsure, way.Unsure);
}

/// <summary>The texts of one conversation with a human in the order in which they were written, and what stands at its top where it is none of them.</summary>
internal sealed record Conversation(string Name, Line? Top, IReadOnlyList<Line> Lines);
