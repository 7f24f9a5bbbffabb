using Microsoft.ML.Data;
using Soundings.Depth;

namespace Soundings.Training;

/// <summary>
/// Owns the making of the sentence head: every sentence of a superficial text is taken as empty, every one of a substantive text as full,
/// and what is common to both washes out. Balanced slices teach it most, since there length and look give nothing away.
/// </summary>
internal sealed class SentenceWeights
{
    /// <summary>A sentence's measures lie behind the word buckets of its row.</summary>
    private const int FirstMeasure = Grams.Buckets;

    private readonly float[] _weights;
    private readonly float[] _rarity;
    private readonly float[] _measures;
    private readonly float _bias;

    private SentenceWeights(float[] weights, float[] rarity, float[] measures, float bias) => (_weights, _rarity, _measures, _bias) = (weights, rarity, measures, bias);

    public Sentences.Head Head => new() { Weights = _weights, Rarity = _rarity, Stride = 1, Measures = _measures, Bias = _bias };

    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>Weights on the measures, then the bias, as the model file has them.</summary>
    public float[] Exported => [.. _measures, _bias];

    public static SentenceWeights Fit(IEnumerable<SentenceRow> rows, float[] rarity, float l2)
    {
        var model = Trainer.Fit([.. rows.Select(r => r.Row)], l2).Model.SubModel;
        var all = model.Weights;
        var weights = new float[Grams.Space];
        for (var b = 0; b < weights.Length; b++)
            weights[b] = all[b] * rarity[b];
        var measures = new float[Sentences.Measured];
        for (var m = 0; m < measures.Length; m++)
            measures[m] = all[FirstMeasure + m];
        return new(weights, rarity, measures, model.Bias);
    }

    public static List<SentenceRow> RowsOf(IReadOnlyList<Example> examples, float[] rarity)
    {
        var rows = new List<SentenceRow>();
        var work = Scorer.Work.OfThread;
        var grams = new SortedDictionary<int, float>();
        foreach (var example in examples)
        {
            work.ReadOpen(example.Item, rarity, 1);
            var sentences = work.Reading.Sentences;
            for (int s = 0, at = 0; s < sentences.Count; s++)
            {
                grams.Clear();
                for (; at < work.Grams.Streamed && Sentences.Place(work.Grams.Stream[at].Sentence) == s; at++)
                {
                    var gram = work.Grams.Stream[at];
                    grams[gram.Bucket] = grams.GetValueOrDefault(gram.Bucket) + gram.Weight;
                }
                if (sentences.Words[s] > 0)
                    rows.Add(new(RowOf(example, grams, rarity, sentences, s), example.Slice));
            }
        }
        return rows;
    }

    private static Row RowOf(Example example, SortedDictionary<int, float> grams, float[] rarity, Sentences sentences, int s)
    {
        var indices = new int[grams.Count + Sentences.Measured];
        var values = new float[indices.Length];
        var (k, norm) = (0, 0f);
        foreach (var (bucket, weight) in grams)
        {
            indices[k] = bucket;
            values[k++] = weight * rarity[bucket];
            norm += rarity[bucket] * rarity[bucket] * MathF.Max(1, MathF.Round(weight));
        }
        for (var i = 0; i < k; i++)
            values[i] *= Sentences.WordScale / MathF.Sqrt(Math.Max(norm, 1e-6f));
        for (var m = 0; m < Sentences.Measured; m++)
        {
            indices[k + m] = FirstMeasure + m;
            values[k + m] = sentences.Values[s * Sentences.Measured + m];
        }
        var family = example.Natural ? 1f : 0.3f;
        return new Row { Features = new VBuffer<float>(Row.Width, indices.Length, values, indices), Label = example.Substantive, Weight = example.Weight * family / MathF.Sqrt(sentences.Count) };
    }

    /// <summary>A sentence and the slice it came from, for leaving slices out.</summary>
    internal readonly record struct SentenceRow(Row Row, string Slice);
}
