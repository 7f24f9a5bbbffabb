namespace Soundings.Depth;

/// <summary>Owns the reasons shown with a score: spans of the text, each with something a person can check in it.</summary>
internal static class EvidenceFinder
{
    public static IReadOnlyList<Evidence> Of(ItemReading reading, Verdict verdict, bool known)
    {
        _ = reading;
        _ = verdict;
        _ = known;
        return [];
    }
}
