namespace Soundings.Dashboard;

/// <summary>How many texts were judged, and how. The share is substantive over all of them, unsure ones included.</summary>
public readonly record struct Share(int Substantive, int Superficial, int Unsure)
{
    /// <summary>Below this many texts a percentage would say more than is known; then the count alone is shown.</summary>
    public const int Enough = 8;

    public int N => Substantive + Superficial + Unsure;

    /// <summary>The share between 0 and 1, or null when there are too few texts to say.</summary>
    public double? Value => N >= Enough ? (double)Substantive / N : null;

    public static Share operator +(Share a, Share b) =>
        new(a.Substantive + b.Substantive, a.Superficial + b.Superficial, a.Unsure + b.Unsure);
}

/// <summary>One local day: what the user wrote and what they read.</summary>
public sealed record Day(DateOnly Date, Share Mine, Share Others);

/// <summary>The span in which the user's weeks usually lie (lower and upper quartile), and of how many weeks it is made.</summary>
public sealed record UsualRange(double Low, double High, int Weeks);

/// <summary>The texts of one site or of one kind.</summary>
public sealed class Slice
{
    internal Slice(string site, Share mine, Share others) => (Site, Mine, Others) = (site, mine, others);

    internal Slice(Kind kind, Share mine, Share others) => (Kind, Mine, Others) = (kind, mine, others);

    internal string? Site { get; }
    internal Kind? Kind { get; }
    internal Share Mine { get; }
    internal Share Others { get; }
}

/// <summary>How many of <paramref name="N"/> texts have each facet.</summary>
public sealed record FacetCounts(int N, int Reveal, int Wisdom, int Solicit, int Engage)
{
    public static readonly FacetCounts None = new(0, 0, 0, 0, 0);
}
