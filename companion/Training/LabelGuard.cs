using Soundings.Depth;

namespace Soundings.Training;

/// <summary>A label as the guard sees it: what was said, when it arrived, and by whose hand.</summary>
internal sealed record GuardedLabel(bool Substantive, long SavedAt, bool ByHand, string Text, float[] Words);

/// <summary>
/// Owns noticing what would teach the model something nobody meant: one answer only, the same text called both, a run of one key. It only
/// says so; the labels count until their owner takes them back.
/// </summary>
internal static class LabelGuard
{
    private const int ImbalanceFrom = 20, RunFrom = 10;
    private const double RareShare = 0.1;
    private const float Same = 0.9f;

    /// <summary>Faster than this nobody has read a text.</summary>
    private const long ReadingMilliseconds = 1_000;

    /// <param name="labels">What stands, oldest first.</param>
    public static IReadOnlyList<string> Notices(IReadOnlyList<GuardedLabel> labels)
    {
        var notices = new List<string>();
        int n = labels.Count, deep = labels.Count(l => l.Substantive);
        if (n >= ImbalanceFrom && Math.Min(deep, n - deep) < n * RareShare)
        {
            var (many, few) = deep > n - deep ? ("substantive", "superficial") : ("superficial", "substantive");
            notices.Add($"{Math.Max(deep, n - deep)} of your {n} labels are {many}. A few more {few} ones would teach more than any number of the others.");
        }
        if (LongestRun(labels) is { Length: >= RunFrom } run)
            notices.Add($"{run.Length} labels in a row were {(run.Substantive ? "substantive" : "superficial")} and came faster than a text can be read. If they slipped in, take them back.");
        var contradictions = Contradictions(labels);
        if (contradictions > 0)
            notices.Add($"{contradictions} of your labels {(contradictions == 1 ? "contradicts" : "contradict")} another on the same words. Both count; the later one may be what you think now.");
        return notices;
    }

    private static (int Length, bool Substantive) LongestRun(IReadOnlyList<GuardedLabel> labels)
    {
        (int Length, bool Substantive) longest = (0, false);
        var length = 0;
        for (var i = 0; i < labels.Count; i++)
        {
            var goesOn = i > 0 && labels[i].ByHand && labels[i - 1].ByHand && labels[i].Substantive == labels[i - 1].Substantive
                && labels[i].SavedAt - labels[i - 1].SavedAt < ReadingMilliseconds;
            length = goesOn ? length + 1 : labels[i].ByHand ? 1 : 0;
            if (length > longest.Length)
                longest = (length, labels[i].Substantive);
        }
        return longest;
    }

    // The newest few hundred are enough to be told of, and keep this in milliseconds.
    private static int Contradictions(IReadOnlyList<GuardedLabel> labels)
    {
        var newest = labels.Skip(Math.Max(0, labels.Count - 300)).ToList();
        var count = 0;
        for (var i = 0; i < newest.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (newest[i].Substantive == newest[j].Substantive || !(PersonalView.Dot(newest[i].Words, newest[j].Words) >= Same))
                    continue;
                count++;
                break;
            }
        }
        return count;
    }
}
