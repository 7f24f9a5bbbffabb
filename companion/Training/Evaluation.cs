using System.Text.Json.Nodes;

namespace Soundings.Training;

/// <summary>One judged example: what was predicted, what the label says, how many words it has.</summary>
internal readonly record struct Judged(double Probability, bool Substantive, bool Sure, int Words);

/// <summary>Owns the figures: pure functions from judged examples to numbers, the word count measured by the same ones.</summary>
internal static class Evaluation
{
    /// <summary>Area under the ROC curve by ranks, ties counted half; null without both classes.</summary>
    public static double? Auc(IReadOnlyList<(double Value, bool Positive)> values)
    {
        var sorted = values.OrderBy(v => v.Value).ToArray();
        double ranks = 0;
        long positives = 0;
        for (var i = 0; i < sorted.Length;)
        {
            var j = i;
            while (j < sorted.Length && sorted[j].Value == sorted[i].Value)
                j++;
            var rank = (i + 1 + j) / 2.0;
            for (; i < j; i++)
            {
                if (sorted[i].Positive)
                {
                    ranks += rank;
                    positives++;
                }
            }
        }
        var negatives = sorted.Length - positives;
        return positives == 0 || negatives == 0 ? null : (ranks - positives * (positives + 1) / 2.0) / ((double)positives * negatives);
    }

    /// <summary>The same over pairs of opposite label whose word counts lie in one quarter-octave: what is left when length is taken away.</summary>
    public static double? AucLengthMatched(IReadOnlyList<(double Value, bool Positive, int Words)> values)
    {
        double won = 0, pairs = 0;
        foreach (var bin in values.GroupBy(v => v.Words <= 0 ? -1 : (int)Math.Floor(4 * Math.Log2(v.Words))))
        {
            var list = bin.Select(v => (v.Value, v.Positive)).ToList();
            var positives = list.Count(v => v.Positive);
            var here = (double)positives * (list.Count - positives);
            if (here == 0)
                continue;
            won += Auc(list)!.Value * here;
            pairs += here;
        }
        return pairs == 0 ? null : won / pairs;
    }

    /// <summary>Expected calibration error over ten equal bins.</summary>
    public static double Ece(IReadOnlyList<Judged> judged)
    {
        var error = 0.0;
        foreach (var bin in judged.GroupBy(j => Math.Min(9, (int)(j.Probability * 10))))
            error += Math.Abs(bin.Sum(j => j.Probability) - bin.Count(j => j.Substantive)) / judged.Count;
        return error;
    }

    public static JsonObject Of(IReadOnlyList<Judged> judged)
    {
        var n = judged.Count;
        var sure = judged.Where(j => j.Sure).ToList();
        var result = new JsonObject
        {
            ["n"] = n,
            ["positives"] = judged.Count(j => j.Substantive),
            ["auc"] = Round(Auc([.. judged.Select(j => (j.Probability, j.Substantive))])),
            ["aucLengthMatched"] = Round(AucLengthMatched([.. judged.Select(j => (j.Probability, j.Substantive, j.Words))])),
            ["accuracy"] = n == 0 ? null : Round((double)judged.Count(j => j.Probability >= 0.5 == j.Substantive) / n),
            ["brier"] = n == 0 ? null : Round(judged.Average(j => Math.Pow(j.Probability - (j.Substantive ? 1 : 0), 2))),
            ["ece"] = n == 0 ? null : Round(Ece(judged)),
            ["unsureShare"] = n == 0 ? null : Round(1 - (double)sure.Count / n),
            ["accuracyWhenSure"] = sure.Count == 0 ? null : Round((double)sure.Count(j => j.Probability >= 0.5 == j.Substantive) / sure.Count),
            ["wordCount"] = WordCount(judged, (double)sure.Count / Math.Max(1, n)),
        };
        return result;
    }

    /// <summary>
    /// The baseline beside every figure: how far one gets by counting words. Its threshold and its map from words to probability are
    /// fitted to these very lines, so it is flattered.
    /// </summary>
    private static JsonObject WordCount(IReadOnlyList<Judged> judged, double sureShare)
    {
        var n = judged.Count;
        var byWords = judged.Select(j => (Value: (double)j.Words, j.Substantive)).ToList();
        var fitted = Monotone(judged);
        var map = judged.Select((j, i) => new Judged(fitted[i], j.Substantive, true, j.Words)).ToList();
        var sure = map.OrderByDescending(j => Math.Abs(j.Probability - 0.5)).Take((int)Math.Round(sureShare * n)).ToList();
        return new JsonObject
        {
            ["auc"] = Round(Auc(byWords)),
            ["aucLengthMatched"] = Round(AucLengthMatched([.. judged.Select(j => ((double)j.Words, j.Substantive, j.Words))])),
            ["accuracy"] = n == 0 ? null : Round((double)map.Count(j => j.Probability >= 0.5 == j.Substantive) / n),
            ["brier"] = n == 0 ? null : Round(map.Average(j => Math.Pow(j.Probability - (j.Substantive ? 1 : 0), 2))),
            ["ece"] = n == 0 ? null : Round(Ece(map)),
            ["unsureShare"] = n == 0 ? null : Round(1 - (double)sure.Count / n),
            ["accuracyWhenSure"] = sure.Count == 0 ? null : Round((double)sure.Count(j => j.Probability >= 0.5 == j.Substantive) / sure.Count),
        };
    }

    // Isotonic regression of the label on the word count (pool adjacent violators).
    private static double[] Monotone(IReadOnlyList<Judged> judged)
    {
        var order = Enumerable.Range(0, judged.Count).OrderBy(i => judged[i].Words).ToArray();
        var pools = new List<(double Sum, int Count)>();
        foreach (var group in order.GroupBy(i => judged[i].Words))
        {
            pools.Add((group.Count(i => judged[i].Substantive), group.Count()));
            while (pools.Count > 1 && pools[^2].Sum / pools[^2].Count >= pools[^1].Sum / pools[^1].Count)
            {
                var (last, previous) = (pools[^1], pools[^2]);
                pools.RemoveAt(pools.Count - 1);
                pools[^1] = (last.Sum + previous.Sum, last.Count + previous.Count);
            }
        }
        var result = new double[judged.Count];
        var k = 0;
        foreach (var (sum, count) in pools)
        {
            for (var i = 0; i < count; i++)
                result[order[k++]] = sum / count;
        }
        return result;
    }

    public static JsonNode? Round(double? value) => value is { } v ? JsonValue.Create(Math.Round(v, 4)) : null;
}
