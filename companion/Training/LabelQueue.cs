using Soundings.Depth;

namespace Soundings.Training;

/// <summary>Why an item is asked about: the model cannot tell, or it was drawn blindly, to find what the model is wrongly sure of.</summary>
internal enum QueueReason { Unsure, Blind }

/// <summary>An item to label next.</summary>
internal sealed record Queued(Item Item, QueueReason Reason);

/// <summary>
/// Owns which items to ask about next: those the model cannot tell, varied, none twice in other words. A pure function of the candidates
/// and the model.
/// </summary>
/// <remarks>
/// Question: which order of asking teaches most? Simulated users as in <see cref="PersonalFit"/>, asked ten at a time: see there for the
/// users. Nearest to the border won in the mean over six users (0.8456 at 50 labels against 0.8383 at random) and reaches at 60 labels what
/// random reaches at 100. Tried and left out: most expected information (BALD, 0.838), greatest doubt of the head about itself (0.837),
/// greatest expected fall of that doubt over all items (better for one user, worse for another, and a hundred times the work). One in
/// <see cref="BlindEvery"/> is drawn blindly: a person who calls all warmth deep is never asked about warmth by a model sure that it is
/// shallow.
/// </remarks>
internal static class LabelQueue
{
    /// <summary>Every so manieth item is drawn whatever the model thinks of it.</summary>
    public const int BlindEvery = 5;

    /// <summary>Two texts whose words agree this much are the same text to a person who labels.</summary>
    public const float NearDuplicate = 0.6f;

    // Of so many nearest to the border the one least like those already chosen is taken.
    private const int Among = 4;

    public static IReadOnlyList<Queued> Choose(Scorer scorer, IReadOnlyList<Item> candidates, int n)
    {
        var texts = new HashSet<string>(StringComparer.Ordinal);
        var doubts = new List<(Item Item, double Doubt, uint Blind)>();
        foreach (var item in candidates)
        {
            if (!string.IsNullOrWhiteSpace(item.Text) && texts.Add(item.Text.Trim()))
                doubts.Add((item, Math.Abs(scorer.Score(item).Probability - 0.5), BlindOrder(item.Id)));
        }
        var unsure = new Queue<Item>(doubts.OrderBy(d => d.Doubt).ThenBy(d => d.Item.Id, StringComparer.Ordinal).Select(d => d.Item));
        var blind = new Queue<Item>(doubts.OrderBy(d => d.Blind).ThenBy(d => d.Item.Id, StringComparer.Ordinal).Select(d => d.Item));
        var chosen = new List<Queued>();
        var views = new List<float[]>();
        var taken = new HashSet<Item>(ReferenceEqualityComparer.Instance);
        var waiting = new List<(Item Item, float[] View)>();
        while (chosen.Count < n)
        {
            var reason = chosen.Count % BlindEvery == BlindEvery - 1 ? QueueReason.Blind : QueueReason.Unsure;
            if ((reason == QueueReason.Blind ? NextBlind() : NextUnsure()) is not { } next)
                break;
            chosen.Add(new(next.Item, reason));
            views.Add(next.View);
        }
        return chosen;

        (Item Item, float[] View)? NextBlind()
        {
            while (blind.TryDequeue(out var item))
            {
                if (taken.Contains(item))
                    continue;
                var view = scorer.WordsOf(item);
                if (Likeness(view) >= NearDuplicate)
                    continue;
                taken.Add(item);
                return (item, view);
            }
            return NextUnsure();
        }

        (Item Item, float[] View)? NextUnsure()
        {
            while (true)
            {
                waiting.RemoveAll(w => taken.Contains(w.Item) || Likeness(w.View) >= NearDuplicate);
                while (waiting.Count < Among && unsure.TryDequeue(out var item))
                {
                    if (!taken.Contains(item) && scorer.WordsOf(item) is var view && Likeness(view) < NearDuplicate)
                        waiting.Add((item, view));
                }
                if (waiting.Count == 0)
                    return null;
                var best = waiting.MinBy(w => Likeness(w.View));
                taken.Add(best.Item);
                return best;
            }
        }

        float Likeness(float[] view)
        {
            var most = 0f;
            foreach (var other in views)
                most = Math.Max(most, PersonalView.Dot(view, other));
            return most;
        }
    }

    /// <summary>Pairs of nearly equal length and kind that the model holds for equally deep: length cannot decide them, the person must.</summary>
    public static IReadOnlyList<IReadOnlyList<Item>> Pairs(Scorer scorer, IReadOnlyList<Item> candidates, int n)
    {
        var pairs = new List<IReadOnlyList<Item>>();
        var rooms = candidates.Where(item => Report.WordsOf(item.Text) >= 4)
            .Select(item => (Item: item, Depth: scorer.Score(item).Probability, Length: (int)Math.Floor(4 * Math.Log2(Report.WordsOf(item.Text)))))
            .GroupBy(c => (c.Item.Kind, c.Length));
        var near = new List<(Item A, Item B, double Doubt)>();
        foreach (var room in rooms)
        {
            var sorted = room.OrderBy(c => c.Depth).ThenBy(c => c.Item.Id, StringComparer.Ordinal).ToList();
            for (var i = 0; i + 1 < sorted.Count; i += 2)
            {
                if (sorted[i].Item.Text.Trim() != sorted[i + 1].Item.Text.Trim())
                    near.Add((sorted[i].Item, sorted[i + 1].Item, Math.Abs(sorted[i].Depth - 0.5) + sorted[i + 1].Depth - sorted[i].Depth));
            }
        }
        foreach (var (a, b, _) in near.OrderBy(p => p.Doubt).ThenBy(p => p.A.Id, StringComparer.Ordinal).Take(n))
            pairs.Add(BlindOrder(a.Id) < BlindOrder(b.Id) ? [a, b] : [b, a]);
        return pairs;
    }

    // Always the same draw for the same item, so that the queue does not shuffle under the person's eyes.
    private static uint BlindOrder(string id)
    {
        var hash = 2166136261u;
        foreach (var c in id)
            hash = (hash ^ c) * 16777619u;
        return hash * 2654435769u;
    }
}
