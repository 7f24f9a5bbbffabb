using System.Text.RegularExpressions;
using Soundings.Depth;
using Soundings.Training;

namespace Soundings.Tests.Training;

/// <summary>
/// Somebody with a taste of their own: which texts of the starter corpus they would call deep. They label a part of them, as the queue or
/// chance puts them, and are then held against the rest.
/// </summary>
internal sealed partial class SimulatedUser
{
    private static readonly Scorer Starter = Scorer.Load(StarterModel.Path);

    // Parents and voices are shared within a slice, so every fourth text by its hash is spread over all of them.
    private static readonly List<Example> Texts =
        [.. Corpus.Read(StarterModel.Seeds).Where(e => e.Natural && e.Language is null or "en" && Hashing.Of(e.Item.Id) % 3 == 0).OrderBy(e => Hashing.Of(e.Item.Id + "order"))];

    private readonly Func<Example, bool> _deep;
    private readonly Func<Example, bool> _touched;

    private SimulatedUser(Func<Example, bool> deep, Func<Example, bool> touched) => (_deep, _touched) = (deep, touched);

    /// <summary>Calls what recruiters and sellers write shallow, whatever they say.</summary>
    public static SimulatedUser AgainstSellers => new(e => e.Substantive && !Selling().IsMatch(e.Item.Text), e => Selling().IsMatch(e.Item.Text));

    /// <summary>For whom jokes and warmth are deep.</summary>
    public static SimulatedUser ForWarmth => new(e => e.Substantive || Warm().IsMatch(e.Item.Text), e => Warm().IsMatch(e.Item.Text));

    /// <summary>For whom only what tells of oneself is deep: another labelling altogether.</summary>
    public static SimulatedUser ForSelfDisclosure => new(e => e.Facets?.HasFlag(Facet.Reveal) == true, _ => true);

    public sealed record Outcome(double Starter, double All, double StarterUntouched, IReadOnlyDictionary<int, (double Accuracy, double Untouched)> After);

    public Outcome Learn(int[] sizes, bool byQueue, double flipped = 0, int labelledAtOnce = 10, int draw = 11)
    {
        var held = Texts.Take(Texts.Count * 2 / 5).ToList();
        var pool = Texts.Skip(held.Count).ToList();
        var heldViews = held.ConvertAll(View);
        var rows = new List<PersonalRow>();
        var after = new Dictionary<int, (double, double)>();
        var chance = new Random(draw);
        var head = new float[PersonalView.Length];
        while (rows.Count < sizes[^1])
        {
            var n = Math.Min(labelledAtOnce, sizes[^1] - rows.Count);
            var asked = byQueue
                ? LabelQueue.Choose(rows.Count == 0 ? Starter : Starter.With(new("1.1", "1", "", head)), [.. pool.Select(e => e.Item)], n).Select(q => q.Item.Id).ToHashSet()
                : pool.Take(n).Select(e => e.Item.Id).ToHashSet();
            foreach (var example in pool.Where(e => asked.Contains(e.Item.Id)))
            {
                var (view, prior) = View(example);
                rows.Add(new(view, prior, _deep(example) != chance.NextDouble() < flipped));
            }
            pool.RemoveAll(e => asked.Contains(e.Item.Id));
            head = PersonalFit.Fit(rows);
            if (sizes.Contains(rows.Count))
                after[rows.Count] = (Accuracy(head, _ => true), Accuracy(head, e => !_touched(e)));
        }
        foreach (var example in pool)
        {
            var (view, prior) = View(example);
            rows.Add(new(view, prior, _deep(example)));
        }
        return new(Accuracy(new float[PersonalView.Length], _ => true), Accuracy(PersonalFit.Fit(rows), _ => true), Accuracy(new float[PersonalView.Length], e => !_touched(e)), after);

        double Accuracy(float[] weights, Func<Example, bool> which) => held.Select((example, i) => (example, heldViews[i])).Where(t => which(t.example)).DefaultIfEmpty()
            .Average(t => t.example is null ? 1.0 : t.Item2.Prior + PersonalView.Dot(weights, t.Item2.View) > 0 == _deep(t.example) ? 1.0 : 0.0);
    }

    public static (float[] View, float Prior) View(Example example)
    {
        var view = new float[PersonalView.Length];
        var prior = Starter.View(example.Item, view);
        return (view, prior);
    }

    [GeneratedRegex(@"\b(hiring|hires?|recruit\w*|candidates?|vacanc\w+|openings?|cvs?|interview\w*|appl(y|icants?)|our (product|service|platform|team|clients?|customers?)s?|webinar|discount|sale|demo|dm me|link in|sign ?up|register|pricing|launch\w*|offer\w*|marketing)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Selling();

    [GeneratedRegex(@"\b(congrat\w*|thanks?|thank you|proud|love|hugs?|happy for|so sorry|lol|haha\w*|funny|joke|cheers|beautiful|well deserved)\b|[😂🤣😍🥰🙏💕🤗💖😄😆]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Warm();
}
