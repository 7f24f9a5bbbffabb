using System.Numerics;

namespace Soundings.Depth;

/// <summary>
/// Owns how the personal head sees an item: what the starter made of it, the measures once as the starter takes them and once with no
/// sentence struck, on which side of the usual each of these lies, and a sketch of the words. Each part is already
/// times the spread its weights are believed to have, so that a plain dot product of two views is how much one label says of the other item.
/// </summary>
internal static class PersonalView
{
    /// <summary>
    /// Buckets of the sketch. All n-grams with random signs in so few of them: two views differ from the exact ones by about 1/sqrt(2048),
    /// and a head is a file of some nine kilobytes instead of 256.
    /// </summary>
    public const int Sketch = 2048;

    private const int SketchBits = 11;
    private const int Fixed = 6;

    // How far the weights of each part are believed to lie from zero. Halving or doubling any of them costs at most 0.002 in the mean over
    // five simulated users (see PersonalFit); the sketch at three times this strength costs 0.004.
    private const float One = 1f, Starter = 0.22f, Facet = 0.16f, Measure = 0.11f, Open = 0.11f, Sign = 0.11f, Words = 1f;

    /// <summary>The starter's word is trusted, but not without bound: a text it is sure of must still be within reach of a few labels.</summary>
    private const float Trust = 0.9f;

    public static int Length => Fixed + 3 * Measures.Count + Sketch;

    /// <summary>What the starter's logit counts before anything was learned.</summary>
    public static float Prior(float starter) => Trust * MathF.Asinh(starter / Trust);

    /// <summary>The way back: with nothing learned, the starter's own probability comes out again.</summary>
    public static float Unfold(float logit) => Trust * MathF.Sinh(Math.Clamp(logit / Trust, -4f, 4f));

    public static void Fill(Span<float> view, float starter, ReadOnlySpan<float> logits, ReadOnlySpan<float> measures, ReadOnlySpan<float> open, Grams grams, ReadOnlySpan<float> rarity, int stride)
    {
        view[0] = One;
        view[1] = Starter * Math.Clamp(starter, -6f, 6f);
        for (var f = 1; f <= 4; f++)
            view[1 + f] = Facet * Math.Clamp(logits[f], -6f, 6f) / 2;
        for (var m = 0; m < measures.Length; m++)
        {
            view[Fixed + m] = Measure * measures[m];
            view[Fixed + measures.Length + m] = Open * open[m];
            view[Fixed + 2 * measures.Length + m] = Sign * (open[m] > 0 ? 1f : open[m] < 0 ? -1f : 0f);
        }
        var sketch = view[(Fixed + 3 * measures.Length)..];
        sketch.Clear();
        Add(sketch, grams, 0, grams.Words, rarity, stride);
        Add(sketch, grams, grams.Words, grams.Count, rarity, stride);
    }

    /// <summary>The part of a view that holds its words, at length one.</summary>
    public static float[] WordsOf(ReadOnlySpan<float> view)
    {
        var words = view[^Sketch..].ToArray();
        var length = MathF.Sqrt(Dot(words, words));
        for (var i = 0; i < words.Length && length > 0; i++)
            words[i] /= length;
        return words;
    }

    private static void Add(Span<float> sketch, Grams grams, int from, int to, ReadOnlySpan<float> rarity, int stride)
    {
        var norm = 0f;
        for (var i = from; i < to; i++)
        {
            var value = rarity[grams.Indices[i] * stride];
            norm += value * value;
        }
        var scale = Words / MathF.Sqrt(Math.Max(norm, 1e-6f));
        for (var i = from; i < to; i++)
        {
            var hash = (ulong)(grams.Indices[i] + 1) * 0x9E37_79B9_7F4A_7C15;
            var value = grams.Weights[i] * rarity[grams.Indices[i] * stride] * scale;
            sketch[(int)(hash >> (64 - SketchBits))] += (hash & (1UL << 40)) != 0 ? value : -value;
        }
    }

    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (sum, i) = (Vector<float>.Zero, 0);
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
            sum += new Vector<float>(a[i..]) * new Vector<float>(b[i..]);
        var total = Vector.Sum(sum);
        for (; i < a.Length; i++)
            total += a[i] * b[i];
        return total;
    }
}
