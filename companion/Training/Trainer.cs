using Microsoft.ML;
using Microsoft.ML.Trainers;
using Soundings.Depth;

namespace Soundings.Training;

/// <summary>
/// Owns the making of a model: examples in, weights out. ML.NET's L-BFGS logistic regression fits one head after the other on sparse rows
/// of our own features. One thread and a new context a head: the same corpus gives the same weights, whatever ran before.
/// </summary>
internal static class Trainer
{
    private const int Seed = 7;

    public static Model Train(IReadOnlyList<Example> examples, string version)
    {
        var features = new FeatureRows(examples);
        var table = new float[Grams.Buckets * Model.Lanes];
        var weights = new float[Model.Heads.Length * Measures.Count];
        var biases = new float[Model.Heads.Length];
        Parallel.For(0, Model.Heads.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, head =>
        {
            var fitted = Fit(features.For(head), l2: 1f);
            var w = fitted.Weights;
            for (var b = 0; b < Grams.Buckets; b++)
                table[b * Model.Lanes + head] = w[b] * features.Rarity[b];
            for (var m = 0; m < Measures.Count; m++)
                weights[head * Measures.Count + m] = w[Grams.Buckets + m];
            biases[head] = fitted.Bias;
        });
        for (var b = 0; b < Grams.Buckets; b++)
            table[b * Model.Lanes + Model.Lanes - 1] = features.Rarity[b] * features.Rarity[b];
        return new Model
        {
            Version = version,
            Table = table,
            MeasureMeans = features.Means,
            MeasureScales = features.Scales,
            MeasureWeights = weights,
            Biases = biases,
            Slope = 1,
            Shift = 0,
        };
    }

    public static LinearBinaryModelParameters Fit(IReadOnlyList<Row> rows, float l2)
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
        return trainer.Fit(data).Model.SubModel;
    }
}
