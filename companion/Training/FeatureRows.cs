using Microsoft.ML.Data;
using Soundings.Depth;

namespace Soundings.Training;

/// <summary>
/// Owns the examples as numbers: every text is read once, rarity of buckets and spread of measures are taken over all of them, and each
/// head gets the same rows with its own labels.
/// </summary>
internal sealed class FeatureRows
{
    private readonly IReadOnlyList<Example> _examples;
    private readonly VBuffer<float>[] _rows;

    public FeatureRows(IReadOnlyList<Example> examples)
    {
        _examples = examples;
        var work = Scorer.Work.OfThread;
        var grams = new (int[] Indices, float[] Weights, int Words)[examples.Count];
        var measures = new float[examples.Count][];
        var counts = new int[Grams.Buckets];
        for (var i = 0; i < examples.Count; i++)
        {
            work.Reading.Read(examples[i].Item);
            work.Grams.Read(work.Reading);
            measures[i] = new float[Measures.Count];
            Measures.Of(work.Reading, measures[i]);
            grams[i] = (work.Grams.Indices[..work.Grams.Count], work.Grams.Weights[..work.Grams.Count], work.Grams.Words);
            foreach (var index in grams[i].Indices)
                counts[index]++;
        }
        Rarity = new float[Grams.Buckets];
        for (var b = 0; b < Grams.Buckets; b++)
            Rarity[b] = MathF.Log((examples.Count + 1f) / (counts[b] + 1f)) / 4 + 0.1f;
        (Means, Scales) = Spread(measures);
        _rows = new VBuffer<float>[examples.Count];
        for (var i = 0; i < examples.Count; i++)
            _rows[i] = RowOf(grams[i].Indices, grams[i].Weights, grams[i].Words, measures[i]);
    }

    public float[] Rarity { get; }
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

    public VBuffer<float> this[int i] => _rows[i];

    private VBuffer<float> RowOf(int[] indices, float[] weights, int words, float[] measures)
    {
        var n = indices.Length;
        var row = new float[n + Measures.Count];
        var places = new int[row.Length];
        Fill(0, words);
        Fill(words, n);
        Array.Sort(places, row, 0, n);
        for (var m = 0; m < Measures.Count; m++)
        {
            places[n + m] = Grams.Buckets + m;
            row[n + m] = Scorer.Standard(measures[m], Means[m], Scales[m]);
        }
        return new VBuffer<float>(Row.Width, row.Length, row, places);

        void Fill(int from, int to)
        {
            var norm = 0f;
            for (var i = from; i < to; i++)
                norm += Rarity[indices[i]] * Rarity[indices[i]];
            var scale = 1 / MathF.Sqrt(Math.Max(norm, 1e-6f));
            for (var i = from; i < to; i++)
            {
                places[i] = indices[i];
                row[i] = weights[i] * Rarity[indices[i]] * scale;
            }
        }
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
