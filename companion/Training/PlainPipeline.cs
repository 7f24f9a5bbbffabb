using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Soundings.Training;

/// <summary>Owns ML.NET's own way of judging a text, FeaturizeText and a linear model behind a PredictionEngine: what the benchmark stands beside.</summary>
internal static class PlainPipeline
{
    public static PredictionEngine<Plain, Predicted> Train(IEnumerable<Example> examples)
    {
        var context = new MLContext(7);
        var data = context.Data.LoadFromEnumerable(examples.Select(e => new Plain { Text = e.Item.Text, Label = e.Substantive }).ToList());
        var pipeline = context.Transforms.Text.FeaturizeText(nameof(Plain.Features), nameof(Plain.Text))
            .Append(context.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
            {
                FeatureColumnName = nameof(Plain.Features),
                LabelColumnName = nameof(Plain.Label),
                L1Regularization = 0,
                NumberOfThreads = 1,
            }));
        return context.Model.CreatePredictionEngine<Plain, Predicted>(pipeline.Fit(data));
    }

    internal sealed class Plain
    {
        public string Text { get; set; } = "";
        public bool Label { get; set; }

        [NoColumn]
        public float[] Features { get; set; } = [];
    }

    internal sealed class Predicted
    {
        public float Probability { get; set; }
    }
}
