using Soundings.Depth;

namespace Soundings.Training;

/// <summary>
/// Owns the map from each head's sum to a probability: ten numbers, fitted on 2,068 real interactions that are no part of the project
/// and that nothing is trained on, by <c>soundings evaluate FILE --calibration</c>. Fitted on training rows instead, the map would be far
/// too sure of itself (ECE 0.10 to 0.16 for such maps in general).
/// </summary>
internal static class Calibration
{
    /// <summary>Depth, reveal, wisdom, solicit, engage.</summary>
    public static readonly float[] Slopes = [2.90f, 2.78f, 2.17f, 2.17f, 2.50f];

    public static readonly float[] Shifts = [5.22f, 3.83f, 1.66f, 2.32f, 3.39f];

    /// <summary>Slope and shift of each head on labelled examples, by Newton's method on the log loss.</summary>
    public static IReadOnlyList<(double Slope, double Shift, int Cases)> Fit(Scorer scorer, IReadOnlyList<Example> examples)
    {
        var fitted = new List<(double, double, int)>();
        var logits = new float[Model.Lanes];
        var measures = new float[Measures.Count];
        for (var head = 0; head < Model.Heads.Length; head++)
        {
            var points = new List<(double Logit, bool Holds)>();
            foreach (var example in examples)
            {
                if (example.Holds(head) is not { } holds)
                    continue;
                scorer.Logits(example.Item, Scorer.Work.OfThread, logits, measures);
                points.Add((logits[head], holds));
            }
            var (slope, shift) = Logistic(points);
            fitted.Add((slope, shift, points.Count));
        }
        return fitted;
    }

    // Sums are centred and put in spreads first: from far off, Newton's steps would leap past the answer and stay there.
    private static (double Slope, double Shift) Logistic(List<(double Logit, bool Holds)> sums)
    {
        if (sums.Count == 0)
            return (1, 0);
        var mean = sums.Average(s => s.Logit);
        var spread = Math.Sqrt(sums.Average(s => (s.Logit - mean) * (s.Logit - mean)) + 1e-12);
        var points = sums.ConvertAll(s => (Logit: (s.Logit - mean) / spread, s.Holds));
        var (slope, shift) = (1.0, 0.0);
        for (var step = 0; step < 50; step++)
        {
            double g0 = 0, g1 = 0, h00 = 1e-6, h01 = 0, h11 = 1e-6;
            foreach (var (logit, holds) in points)
            {
                var p = 1 / (1 + Math.Exp(-(slope * logit + shift)));
                var (error, weight) = (p - (holds ? 1 : 0), p * (1 - p));
                g0 += error * logit;
                g1 += error;
                h00 += weight * logit * logit;
                h01 += weight * logit;
                h11 += weight;
            }
            var determinant = h00 * h11 - h01 * h01;
            slope -= Math.Clamp((h11 * g0 - h01 * g1) / determinant, -1, 1);
            shift -= Math.Clamp((h00 * g1 - h01 * g0) / determinant, -1, 1);
        }
        return (slope / spread, shift - slope * mean / spread);
    }
}
