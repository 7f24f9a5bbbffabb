using Soundings.Depth;
using Soundings.Storage;

namespace Soundings.Dashboard;

/// <summary>
/// One item as the lists show it: <c>Score</c> null when nothing has judged it, <c>Label</c> what the user said, if anything.
/// Public, like every type here that a component takes, because Razor makes its components public; what is inside stays internal.
/// </summary>
public sealed class Line
{
    internal Line(string key, Item item, Score? score, DateTimeOffset at, Verdict? label = null, long row = 0) =>
        (Key, Item, Score, At, Label, Row) = (key, item, score, at, label, row);

    internal string Key { get; }
    internal Item Item { get; }
    internal Score? Score { get; }
    internal DateTimeOffset At { get; }
    internal Verdict? Label { get; }

    /// <summary>Where it is stored; 0: nowhere.</summary>
    internal long Row { get; }
}

/// <summary>Which items a list shows.</summary>
public sealed class ListFilter
{
    internal ListFilter(ItemFilter stored) => Stored = stored;

    internal ItemFilter Stored { get; }

    public static ListFilter All { get; } = new(new ItemFilter());
}

/// <summary>A stretch of a text, with the evidence it is, if any.</summary>
internal readonly record struct Stretch(string Text, Evidence? Evidence);

/// <summary>Cuts a text at its evidence, so that it can be shown with the words highlighted that moved the score.</summary>
internal static class Stretches
{
    public static IReadOnlyList<Stretch> Of(string text, IReadOnlyList<Evidence>? evidence)
    {
        List<Stretch> stretches = [];
        int at = 0;
        foreach (Evidence span in (evidence ?? []).OrderBy(e => e.Start).ThenByDescending(e => e.Length))
        {
            // Spans may overlap or, after a text was edited, reach past it: what is already shown is not shown twice.
            int start = Math.Max(span.Start, at);
            int end = (int)Math.Min((long)span.Start + span.Length, text.Length);
            if (start >= end) continue;
            if (start > at) stretches.Add(new(text[at..start], null));
            stretches.Add(new(text[start..end], span));
            at = end;
        }
        if (at < text.Length) stretches.Add(new(text[at..], null));
        return stretches;
    }
}
