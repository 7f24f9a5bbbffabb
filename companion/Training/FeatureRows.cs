using Microsoft.ML.Data;
using Soundings.Depth;

namespace Soundings.Training;

/// <summary>
/// Owns the examples as numbers: every text is read with the sentence head it may be read with, the spread of measures is taken over all
/// of them, and each head gets the same rows with its own labels.
/// </summary>
internal sealed class FeatureRows
{
    private readonly IReadOnlyList<Example> _examples;
    private readonly VBuffer<float>[] _rows;
    private readonly float[] _rarity;

    public FeatureRows(IReadOnlyList<Example> examples, float[] rarity, Func<Example, SentenceWeights> headOf)
    {
        _examples = examples;
        _rarity = rarity;
        var work = Scorer.Work.OfThread;
        var measures = new float[examples.Count][];
        var grams = new (int[] Indices, float[] Values)[examples.Count];
        for (var i = 0; i < examples.Count; i++)
        {
            work.Read(examples[i].Item, headOf(examples[i]).Head);
            measures[i] = new float[Measures.Count];
            Measures.Of(work.Reading, measures[i]);
            grams[i] = Grammed(work.Grams);
        }
        (Means, Scales) = Spread(measures);
        _rows = new VBuffer<float>[examples.Count];
        for (var i = 0; i < examples.Count; i++)
            _rows[i] = RowOf(grams[i].Indices, grams[i].Values, measures[i], examples[i].Item.Kind);
    }

    public float[] Means { get; }
    public float[] Scales { get; }

    public List<Row> For(int head)
    {
        var rows = new List<Row>(_rows.Length);
        for (var i = 0; i < _rows.Length; i++)
        {
            if (_examples[i].Holds(head) is { } holds)
                rows.Add(new Row { Features = _rows[i], Label = holds, Weight = _examples[i].Weight });
        }
        return rows;
    }

    /// <summary>Any other item as a row with the same rarities and spreads.</summary>
    public VBuffer<float> Of(Item item, SentenceWeights head)
    {
        var work = Scorer.Work.OfThread;
        work.Read(item, head.Head);
        var measures = new float[Measures.Count];
        Measures.Of(work.Reading, measures);
        var (indices, values) = Grammed(work.Grams);
        return RowOf(indices, values, measures, item.Kind);
    }

    private (int[] Indices, float[] Values) Grammed(Grams grams)
    {
        var indices = grams.Indices[..grams.Count];
        var values = new float[indices.Length];
        Fill(0, grams.Words, Grams.WordScale);
        Fill(grams.Words, indices.Length, Grams.LetterScale);
        Array.Sort(indices, values);
        return (indices, values);

        void Fill(int from, int to, float scale)
        {
            var norm = 0f;
            for (var i = from; i < to; i++)
            {
                var rarity = _rarity[indices[i]] * grams.Gates[i];
                norm += rarity * rarity;
            }
            scale /= MathF.Sqrt(Math.Max(norm, Grams.LeastNorm));
            for (var i = from; i < to; i++)
                values[i] = grams.Weights[i] * grams.Gates[i] * _rarity[indices[i]] * scale;
        }
    }

    private VBuffer<float> RowOf(int[] indices, float[] values, float[] measures, Kind kind)
    {
        var n = indices.Length;
        var count = n + Measures.Count * (kind == Kind.Post ? 2 : 1);
        Array.Resize(ref indices, count);
        Array.Resize(ref values, count);
        for (var m = 0; m < Measures.Count; m++)
        {
            var standard = Measures.Standard(measures[m], Means[m], Scales[m]);
            indices[n + m] = Grams.Buckets + m;
            values[n + m] = Measures.Scale * standard;
            if (kind != Kind.Post)
                continue;
            indices[n + Measures.Count + m] = Grams.Buckets + Measures.Count + m;
            values[n + Measures.Count + m] = Measures.PostScale * standard;
        }
        return new VBuffer<float>(Row.Width, count, values, indices);
    }

    private static (float[] Means, float[] Scales) Spread(float[][] measures)
    {
        var means = new float[Measures.Count];
        var scales = new float[Measures.Count];
        for (var m = 0; m < means.Length; m++)
        {
            double sum = 0, squares = 0;
            foreach (var row in measures)
            {
                sum += row[m];
                squares += (double)row[m] * row[m];
            }
            var mean = sum / measures.Length;
            means[m] = (float)mean;
            scales[m] = (float)(1 / Math.Sqrt(Math.Max(squares / measures.Length - mean * mean, 1e-4)));
        }
        return (means, scales);
    }
}
