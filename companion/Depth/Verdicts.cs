namespace Soundings.Depth;

/// <summary>Owns when a probability is enough for a verdict.</summary>
internal static class Verdicts
{
    /// <summary>
    /// The one setting of the unsure band: a probability this near to one half, either side, is no verdict. Wider is more often right and
    /// less often of use; on real interactions 0.15 leaves 17% unsure and is right on 89% of the rest, 0.20 leaves 23% and is right on 90%, 0.24
    /// leaves 28% and is right on 91%.
    /// </summary>
    public const double Band = 0.20;

    /// <summary>Outside the languages Soundings was taught, only strong evidence makes a verdict.</summary>
    public const double ForeignBand = 0.42;

    public static Verdict Of(double probability, bool known) => (probability - 0.5) switch
    {
        var d when Math.Abs(d) < (known ? Band : ForeignBand) => Verdict.Unsure,
        > 0 => Verdict.Substantive,
        _ => Verdict.Superficial,
    };
}
