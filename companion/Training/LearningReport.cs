using Soundings.Depth;
using Soundings.Storage;

namespace Soundings.Training;

/// <summary>A count of right ones among n. <c>Share</c> is null where n is too few to say.</summary>
internal sealed record Hits(int N, int Right)
{
    /// <summary>Below this a share would be read as more than it is.</summary>
    public const int Enough = 10;

    public double? Share => N >= Enough ? Math.Round((double)Right / N, 3) : null;

    public string Said => N >= Enough ? $"right on {Right} of {N}" : $"too few to say ({N})";
}

/// <summary>A point of the learning curve: of the newest labels up to the n-th, how many were predicted right before they were learned.</summary>
internal sealed record CurvePoint(int N, double Share, double StarterShare);

/// <summary>A stored item that the active model reads otherwise than the starter does.</summary>
internal sealed record ChangedReading(string Id, string? Site, string Text, int Before, Verdict VerdictBefore, int After, Verdict VerdictAfter);

/// <summary>What is known of the learning: how many labels, how often it was right before it was told, where it is still wrong, what it changed.</summary>
internal sealed record LearningView(
    string Model, string Base, int Labels, int Substantive, int Superficial, int Pairs, Hits Accuracy, Hits Newest, Hits StarterOnTheSame,
    IReadOnlyList<CurvePoint> Curve, IReadOnlyDictionary<string, Hits> ByKind, IReadOnlyDictionary<string, Hits> ByVerdict,
    IReadOnlyList<string> Notices, int ReadingsCompared, int ReadingsChanged, IReadOnlyList<ChangedReading> Changed, string? Said);

/// <summary>Owns the account of what was learned: prequential figures (first predicted, then learned), each with its n.</summary>
internal sealed class LearningReport(ActiveModel active, ModelCatalogue catalogue, LabelStore labels, LearningStore learning)
{
    // What was there before the first label, however often the large model was trained since.
    private readonly Lazy<Scorer> _first = new(() => catalogue.Load(StarterModel.Version));

    private const int Window = 20, Compared = 1_000, Listed = 50;

    public LearningView View()
    {
        Scorer now = active.Current, starter = now.Base;
        OwnLabels own = new(starter);
        own.Take(labels.Current());
        IReadOnlyDictionary<string, Prediction> predictions = learning.Predictions();
        var told = own.All.Where(label => !label.IsPair).ToList();
        var tried = told.Where(label => predictions.ContainsKey(label.Stored.Id))
            .Select(label => (Label: label, Right: predictions[label.Stored.Id].Served >= 0.5 == label.Substantive, StarterRight: predictions[label.Stored.Id].Starter >= 0.5 == label.Substantive))
            .ToList();
        var (compared, changed) = Changes(now, _first.Value);
        int n = own.All.Count;
        return new(
            now.Version, starter.Version, n, told.Count(l => l.Substantive), told.Count(l => !l.Substantive), n - told.Count,
            new(tried.Count, tried.Count(t => t.Right)), new(Math.Min(Window, tried.Count), tried.TakeLast(Window).Count(t => t.Right)), new(tried.Count, tried.Count(t => t.StarterRight)),
            Curve([.. tried.Select(t => (t.Right, t.StarterRight))]),
            tried.GroupBy(t => t.Label.Item.Kind.ToString().ToLowerInvariant()).ToDictionary(g => g.Key, g => new Hits(g.Count(), g.Count(t => t.Right))),
            tried.GroupBy(t => t.Label.Substantive ? "substantive" : "superficial").ToDictionary(g => g.Key, g => new Hits(g.Count(), g.Count(t => t.Right))),
            LabelGuard.Notices([.. told.Select(l => new GuardedLabel(l.Substantive, l.Stored.SavedAt, l.Stored.Source is "click" or "dashboard", l.Item.Text, l.Words))]),
            compared, changed.Count, [.. changed.Take(Listed)],
            n == 0 ? null : $"Your {n} {(n == 1 ? "label" : "labels")} changed {changed.Count} of the newest {compared} readings here.");
    }

    /// <summary>Over the newest labels up to each tenth, so that the end of the curve is what it is worth today.</summary>
    public static IReadOnlyList<CurvePoint> Curve(IReadOnlyList<(bool Right, bool StarterRight)> inTimeOrder)
    {
        List<CurvePoint> curve = [];
        for (int n = 10; n <= inTimeOrder.Count; n += 10)
        {
            var newest = inTimeOrder.Skip(Math.Max(0, n - Window)).Take(Math.Min(Window, n)).ToList();
            curve.Add(new(n, Math.Round(newest.Average(t => t.Right ? 1.0 : 0), 3), Math.Round(newest.Average(t => t.StarterRight ? 1.0 : 0), 3)));
        }
        return curve;
    }

    // Another verdict, or ten points: less would not be seen on the gauge.
    private (int Compared, List<ChangedReading> Changed) Changes(Scorer now, Scorer before)
    {
        IReadOnlyList<Item> items = learning.Newest(Compared);
        List<ChangedReading> changed = [];
        foreach (Item item in items)
        {
            Score was = before.Score(item), nowScore = now.Score(item);
            if (was.Verdict != nowScore.Verdict || Math.Abs(was.Depth - nowScore.Depth) >= 10)
                changed.Add(new(item.Id, item.Site, item.Text.Length <= 300 ? item.Text : string.Concat(item.Text.AsSpan(0, 299), "…"), was.Depth, was.Verdict, nowScore.Depth, nowScore.Verdict));
        }
        return (items.Count, [.. changed.OrderByDescending(c => c.VerdictBefore != c.VerdictAfter).ThenByDescending(c => Math.Abs(c.After - c.Before))]);
    }
}
