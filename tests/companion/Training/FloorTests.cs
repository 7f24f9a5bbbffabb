using Soundings.Depth;
using Soundings.Training;

namespace Soundings.Tests.Training;

/// <summary>What the starter model must keep up on the hold-out. A change that breaks a floor has made the judgement worse somewhere.</summary>
public class FloorTests
{
    private static readonly Scorer Starter = Scorer.Load(StarterModel.Path);

    private static readonly IReadOnlyDictionary<string, double> Figures =
        Probes.Read(StarterModel.Seeds).Measure(Starter.Score).ToDictionary(f => f.Name, f => f.Value);

    [Theory]
    [InlineData("short and deep above long and empty", 0.95)]
    [InlineData("same verdict clean, with typos, with emoji, in a polite frame", 0.98)]
    [InlineData("new under one parent above echo under the other", 1)]
    [InlineData("and at least 0.2 above", 0.95)]
    [InlineData("right facet first", 0.84)]
    public void At_least(string figure, double floor) => Assert.InRange(Figures[figure], floor, 1);

    [Theory]
    [InlineData("stock comments called substantive", 0.01)]
    [InlineData("stock comments padded with stock phrases called substantive", 0.02)]
    [InlineData("stock comments padded with neutral filler called substantive", 0.02)]
    [InlineData("concrete short replies called superficial", 0.08)]
    public void At_most(string figure, double ceiling) => Assert.InRange(Figures[figure], 0, ceiling);

    [Fact]
    public void The_hold_out_is_told_apart_without_leaning_on_length()
    {
        var report = Report.Of(Starter, [.. Corpus.ReadSlice(Path.Combine(StarterModel.Seeds, "holdout.jsonl"))]);
        Assert.InRange(report["auc"]!.GetValue<double>(), 0.95, 1);
        Assert.InRange(report["aucLengthMatched"]!.GetValue<double>(), 0.95, 1);
    }
}
