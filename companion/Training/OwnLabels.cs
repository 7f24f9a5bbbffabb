using System.Text.Json;
using Soundings.Api;
using Soundings.Depth;
using Soundings.Storage;

namespace Soundings.Training;

/// <summary>One thing the user says now, ready to learn from. <c>Other</c>: the shallower item of a pair, whose deeper one is <c>Item</c>.</summary>
internal sealed record OwnLabel(StoredLabel Stored, Item Item, Item? Other, PersonalRow Row, float[] Words)
{
    public bool IsPair => Other is not null;
    public bool Substantive => Stored.Label == Verdict.Substantive;
}

/// <summary>
/// Owns the user's labels as the head learns them, each read once: views and what they say of one another are kept, so that one more label
/// costs one more line.
/// </summary>
internal sealed class OwnLabels(Scorer starter)
{
    private const int Block = 250;

    private readonly List<OwnLabel> _labels = [];
    private readonly List<double[]> _lines = [];

    public IReadOnlyList<OwnLabel> All => _labels;

    /// <summary>Takes what stands now; gives the labels that were not among what stood before.</summary>
    public IReadOnlyList<OwnLabel> Take(IReadOnlyList<StoredLabel> standing)
    {
        // Let go by the block: were the oldest dropped one by one, every label would move all lines.
        var over = Math.Max(0, standing.Count - PersonalFit.Most);
        var newest = standing.Skip((over + Block - 1) / Block * Block).ToList();
        var known = _labels.ToDictionary(label => label.Stored.Id, StringComparer.Ordinal);
        var same = 0;
        while (same < newest.Count && same < _labels.Count && _labels[same].Stored.Id == newest[same].Id) same++;
        _labels.RemoveRange(same, _labels.Count - same);
        _lines.RemoveRange(same, _lines.Count - same);
        var fresh = new List<OwnLabel>();
        foreach (var stored in newest.Skip(same))
        {
            if (!known.TryGetValue(stored.Id, out var label))
            {
                label = Read(stored);
                fresh.Add(label);
            }
            _labels.Add(label);
            _lines.Add(LineOfLast());
        }
        return fresh;
    }

    public float[] Fit() => PersonalFit.Fit([.. _labels.Select(label => label.Row)], _lines);

    private double[] LineOfLast()
    {
        var line = new double[_labels.Count];
        for (var j = 0; j < line.Length; j++)
            line[j] = PersonalView.Dot(_labels[^1].Row.View, _labels[j].Row.View);
        return line;
    }

    private OwnLabel Read(StoredLabel stored)
    {
        if (stored.Deeper is not { } deeper)
        {
            var item = JsonSerializer.Deserialize(stored.Content, WireJson.Context.Item)!;
            var (view, prior) = ViewOf(item);
            return new(stored, item, null, new(view, prior, stored.Label == Verdict.Substantive), PersonalView.WordsOf(view));
        }
        var pair = JsonSerializer.Deserialize(stored.Content, WireJson.Context.IReadOnlyListItem)!;
        var (deep, shallow) = (pair[deeper], pair[1 - deeper]);
        var (deepView, deepPrior) = ViewOf(deep);
        var (shallowView, shallowPrior) = ViewOf(shallow);
        var words = PersonalView.WordsOf(deepView);
        for (var i = 0; i < deepView.Length; i++)
            deepView[i] -= shallowView[i];
        return new(stored, deep, shallow, new(deepView, deepPrior - shallowPrior, true), words);
    }

    private (float[] View, float Prior) ViewOf(Item item)
    {
        var view = new float[PersonalView.Length];
        var prior = starter.View(item, view);
        return (view, prior);
    }
}
