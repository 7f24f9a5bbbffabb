namespace Soundings.Training;

/// <summary>Whether a newly learned model serves, and why: said to the user in these words.</summary>
internal sealed record Promotion(bool Serves, string Why);

/// <summary>How two models did on one label that neither had seen.</summary>
internal readonly record struct Duel(bool CandidateRight, bool OtherRight);

/// <summary>
/// Owns which of two models serves. Two yardsticks: the starter's own texts are only a floor, below which something is broken; from enough
/// own labels on, the newest of them in time order decide. Pure: no clock, no chance, no files.
/// </summary>
internal static class PromotionPolicy
{
    /// <summary>A model that orders the starter's texts worse than this has not learned a taste, it has learned nonsense (or its labels were turned round).</summary>
    public const double Floor = 0.6;

    /// <summary>Own labels before they decide; with fewer the head is held near the starter by its prior and may serve.</summary>
    public const int Enough = 12;

    /// <summary>The newest so many decide: a taste that has changed counts as it is now.</summary>
    public const int Window = 60;

    public static Promotion Decide(IReadOnlyList<Duel> inTimeOrder, double? floorAuc)
    {
        if (floorAuc is { } auc && !(auc >= Floor))
            return new(false, $"it no longer tells the starter's deep texts from its shallow ones ({auc:0.00}, at least {Floor:0.00} is asked)");
        var newest = inTimeOrder.Skip(Math.Max(0, inTimeOrder.Count - Window)).ToList();
        int n = newest.Count, candidate = newest.Count(d => d.CandidateRight), other = newest.Count(d => d.OtherRight);
        if (n < Enough)
            return new(true, $"too few own labels to compare ({n})");
        var discordant = newest.Count(d => d.CandidateRight != d.OtherRight);
        // Not worse means: not by more than chance alone would do, one standard deviation of the labels on which the two differ.
        var worse = other - candidate > Math.Max(1, Math.Sqrt(discordant));
        var said = $"right on {candidate} of your newest {n} labels, the other on {other}";
        if (worse || candidate > other)
            return new(!worse, said);
        // It serves all the same: it has heard more of what the user says, and what it stands on has not.
        return new(true, candidate == other ? $"{said}; of two alike the one that learned from more of your labels" : $"{said}; no further apart than chance brings");
    }
}
