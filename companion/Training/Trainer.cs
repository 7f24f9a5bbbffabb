using Microsoft.ML;
using Microsoft.ML.Trainers;
using Soundings.Depth;
using Fitted = Microsoft.ML.Data.BinaryPredictionTransformer<Microsoft.ML.Calibrators.CalibratedModelParametersBase<Microsoft.ML.Trainers.LinearBinaryModelParameters, Microsoft.ML.Calibrators.PlattCalibrator>>;

namespace Soundings.Training;

/// <summary>
/// Owns the making of a model: examples in, weights out. ML.NET's L-BFGS logistic regression fits one head after the other on sparse rows
/// of our own features. One thread and a new context a head: the same corpus gives the same weights, whatever ran before.
/// </summary>
internal static class Trainer
{
    public const int Seed = 7;

    /// <summary>How many sentence heads are fitted with part of the slices left out, so that no text is read by a head that saw its voice.</summary>
    private const int Folds = 3;

    /// <summary>
    /// What a line of the balanced slices counts beside one of the natural ones. They teach meaning through the sentence heads, where they
    /// count 0.3; in the text heads they spoil what is usual: dev AUC 0.857 at 0.5, 0.867 at 0.15, 0.872 at 0.05 (before the last L2).
    /// More for the multilingual slice alone (0.3): 0.885 against 0.887, and nothing gained in those languages.
    /// </summary>
    private const float BalancedWeight = 0.05f;

    /// <summary>What a variant counts for the heads beside the line it was made from; the sentence heads take the augmenter's own weight.</summary>
    private const float VariantWeight = 0.25f;
    private const float L2 = 14, SentenceL2 = 2;

    /// <summary>
    /// How much of each head goes into the depth that is shown: of the depth head itself, then reveal, wisdom, solicit, engage. A text is deep
    /// when one facet is carried through, and four heads that each look for one thing err on different texts: dev AUC 0.896 against 0.889 for
    /// the depth head alone, length-matched 0.816 against 0.807. Fitted on either half of dev the shares come out alike. Facets alone would
    /// be 0.001 better still, but then a line of a user's own that has no facets would teach nothing.
    /// </summary>
    public static readonly float[] DepthMix = [0.14f, 0.17f, 0.28f, 0.22f, 0.19f];

    /// <summary>
    /// What is added to the depth that is shown for each spread of full sentences. The corpus, where padded and empty texts are long, makes less
    /// of what is said at length than real readers do; only sentences that stand when echo and emptiness are struck count, so padding gains
    /// nothing by it. With posts at .2 dev AUC is 0.899, for about 0.893 without it, alike in both halves. 0.14 gave 0.900, but hard pairs fell
    /// from 96% to 95%, and of the short concrete replies 9% came out superficial instead of 7%.
    /// </summary>
    public const float FullSentences = 0.1f;

    /// <summary>The corpus as rows, and the sentence head that the model gets.</summary>
    internal sealed record Prepared(FeatureRows Features, SentenceWeights Head, float[] Rarity);

    public static Prepared Prepare(IReadOnlyList<Example> corpus, Augmenter augmenter)
    {
        List<Example> spoken = [.. corpus, .. augmenter.Variants(corpus)];
        var rarity = RarityOf(corpus);
        var heads = SentenceHeads(spoken, rarity, out var foldOf);

        var weighted = spoken.Select(e => e with { Weight = (e.Natural ? 1 : BalancedWeight) * (e.Weight < 1 ? VariantWeight : 1) * e.Weight }).ToList();
        return new(new FeatureRows(weighted, rarity, example => heads[foldOf(example.Slice)]), heads[Folds], rarity);
    }

    public static Model Train(IReadOnlyList<Example> corpus, Augmenter augmenter, string version)
    {
        var (features, sentences, rarity) = Prepare(corpus, augmenter);
        var table = new float[Grams.Buckets * Model.Lanes];
        var weights = new float[Model.Heads.Length * Measures.Count * 2];
        var biases = new float[Model.Heads.Length];
        Parallel.For(0, Model.Heads.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, head =>
        {
            var fitted = Fit(features.For(head), L2).Model.SubModel;
            var w = fitted.Weights;
            for (var b = 0; b < Grams.Buckets; b++)
                table[b * Model.Lanes + head] = w[b] * rarity[b];
            for (var m = 0; m < Measures.Count * 2; m++)
                weights[head * Measures.Count * 2 + m] = w[Grams.Buckets + m];
            biases[head] = fitted.Bias;
        });
        for (var b = 0; b < Grams.Buckets; b++)
        {
            table[b * Model.Lanes] = Mixed(table.AsSpan(b * Model.Lanes), 1);
            table[b * Model.Lanes + Model.RarityLane] = rarity[b];
        }
        for (var m = 0; m < Measures.Count * 2; m++)
            weights[m] = Mixed(weights.AsSpan(m), Measures.Count * 2);
        weights[Measures.FullSentencesPlace] += FullSentences / Measures.Scale;
        biases[0] = Mixed(biases, 1);
        for (var b = 0; b < Grams.Space; b++)
            table[b * Model.Lanes + Model.SentenceLane] = sentences.Weights[b];
        return new Model
        {
            Version = version,
            Table = table,
            MeasureMeans = features.Means,
            MeasureScales = features.Scales,
            MeasureWeights = weights,
            Biases = biases,
            SentenceWeights = sentences.Exported,
            Slopes = [.. Calibration.Slopes],
            Shifts = [.. Calibration.Shifts],
        };
    }

    /// <summary>
    /// The depth that is shown, from one number a head, each <paramref name="stride"/> behind the other. All are sums: mixed weights give it too.
    /// </summary>
    public static float Mixed(ReadOnlySpan<float> heads, int stride)
    {
        var sum = 0f;
        for (var h = 0; h < DepthMix.Length; h++)
            sum += DepthMix[h] * heads[h * stride];
        return sum;
    }

    /// <summary>Fits one head.</summary>
    public static Fitted Fit(IReadOnlyList<Row> rows, float l2 = L2)
    {
        var context = new MLContext(Seed);
        var data = context.Data.LoadFromEnumerable(rows);
        var trainer = context.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
        {
            FeatureColumnName = nameof(Row.Features),
            LabelColumnName = nameof(Row.Label),
            ExampleWeightColumnName = nameof(Row.Weight),
            L1Regularization = 0, // ML.NET's default of 1 costs 0.03 AUC on forum text
            L2Regularization = l2,
            OptimizationTolerance = 1e-4f,
            NumberOfThreads = 1,
            HistorySize = 10,
        });
        return trainer.Fit(data);
    }

    /// <summary>One head a fold of slices, fitted without them, and last the one fitted on all, which the model gets.</summary>
    private static SentenceWeights[] SentenceHeads(List<Example> examples, float[] rarity, out Func<string, int> foldOf)
    {
        var slices = examples.Select(e => e.Slice).Distinct().Order(StringComparer.Ordinal).ToList();
        foldOf = slice => slices.IndexOf(slice) % Folds;
        var fold = foldOf;
        var rows = SentenceWeights.RowsOf(examples, rarity);
        var heads = new SentenceWeights[Folds + 1];
        Parallel.For(0, heads.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, f =>
            heads[f] = SentenceWeights.Fit(rows.Where(r => f == Folds || fold(r.Slice) != f), rarity, SentenceL2));
        return heads;
    }

    /// <summary>The rarer a bucket in the corpus, the more it counts.</summary>
    private static float[] RarityOf(IReadOnlyList<Example> examples)
    {
        var counts = new int[Grams.Buckets];
        var work = Scorer.Work.OfThread;
        var none = new float[Grams.Buckets];
        foreach (var example in examples)
        {
            work.ReadOpen(example.Item, none, 1);
            work.Grams.Gather(work.Reading);
            for (var i = 0; i < work.Grams.Count; i++)
                counts[work.Grams.Indices[i]]++;
        }
        return [.. counts.Select(count => MathF.Log((examples.Count + 1f) / (count + 1f)) / 4 + 0.1f)];
    }
}
