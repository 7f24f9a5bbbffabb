namespace Soundings.Depth;

/// <summary>Owns when a probability is enough for a verdict.</summary>
internal static class Verdicts
{
    /// <summary>
    /// The one setting of the unsure band: a probability this near to one half, either side, is no verdict. Wider is more often right and
    /// less often of use; see seeds/README.md for what this width gives.
    /// </summary>
    public const double Band = 0.15;

    /// <summary>Outside the languages Soundings was taught, only strong evidence makes a verdict.</summary>
    public const double ForeignBand = 0.42;

    public static Verdict Of(double probability, bool known) => (probability - 0.5) switch
    {
        var d when Math.Abs(d) < (known ? Band : ForeignBand) => Verdict.Unsure,
        > 0 => Verdict.Substantive,
        _ => Verdict.Superficial,
    };
}
