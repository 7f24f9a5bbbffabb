using System.Text.Json.Nodes;
using Soundings.Depth;

namespace Soundings.Training;

/// <summary>Owns the report of <c>evaluate</c>: the figures over all lines, then by site, kind and language, then the facets.</summary>
internal static class Report
{
    public static JsonObject Of(Scorer scorer, IReadOnlyList<Example> examples)
    {
        var scores = scorer.Score([.. examples.Select(e => e.Item)]);
        var judged = examples.Select((e, i) => new Judged(scores[i].Probability, e.Substantive, scores[i].Verdict != Verdict.Unsure, WordsOf(e.Item.Text))).ToList();
        var report = new JsonObject { ["model"] = scorer.Version };
        foreach (var (name, value) in Evaluation.Of(judged))
            report[name] = value?.DeepClone();
        report["facets"] = Facets(examples, scores);
        report["bySite"] = By(e => e.Item.Site ?? "unknown");
        report["byKind"] = By(e => e.Item.Kind.ToString().ToLowerInvariant());
        report["byLanguage"] = By(e => e.Language ?? "unknown");
        return report;

        JsonObject By(Func<Example, string> name)
        {
            var parts = new JsonObject();
            foreach (var part in examples.Select((e, i) => (Name: name(e), Judged: judged[i])).GroupBy(p => p.Name).OrderBy(p => p.Key, StringComparer.Ordinal))
                parts[part.Key] = Evaluation.Of([.. part.Select(p => p.Judged)]);
            return parts;
        }
    }

    /// <summary>Words as the baseline counts them: runs without white space.</summary>
    public static int WordsOf(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    private static JsonObject Facets(IReadOnlyList<Example> examples, IReadOnlyList<Score> scores)
    {
        var facets = new JsonObject();
        for (var head = 1; head < Model.Heads.Length; head++)
        {
            var values = new List<(double Value, bool Positive, int Words)>();
            for (var i = 0; i < examples.Count; i++)
            {
                if (examples[i].Holds(head) is { } holds)
                    values.Add((Of(scores[i].Facets, head), holds, WordsOf(examples[i].Item.Text)));
            }
            facets[Model.Heads[head]] = new JsonObject
            {
                ["n"] = values.Count,
                ["positives"] = values.Count(v => v.Positive),
                ["auc"] = Evaluation.Round(Evaluation.Auc([.. values.Select(v => (v.Value, v.Positive))])),
                ["aucLengthMatched"] = Evaluation.Round(Evaluation.AucLengthMatched(values)),
                ["wordCount"] = new JsonObject
                {
                    ["auc"] = Evaluation.Round(Evaluation.Auc([.. values.Select(v => ((double)v.Words, v.Positive))])),
                    ["aucLengthMatched"] = Evaluation.Round(Evaluation.AucLengthMatched([.. values.Select(v => ((double)v.Words, v.Positive, v.Words))])),
                },
            };
        }
        return facets;
    }

    private static double Of(Facets facets, int head) => head switch
    {
        1 => facets.Reveal,
        2 => facets.Wisdom,
        3 => facets.Solicit,
        _ => facets.Engage,
    };
}
