using Soundings.Training;

namespace Soundings.Tests.Training;

public class EvaluationTests
{
    [Fact]
    public void Auc_counts_pairs_and_ties_half() =>
        Assert.Equal((3 + 0.5) / 4, Evaluation.Auc([(0.9, true), (0.5, true), (0.5, false), (0.1, false)])!.Value, 12);

    [Fact]
    public void Without_both_classes_there_is_no_auc() => Assert.Null(Evaluation.Auc([(0.9, true), (0.8, true)]));

    [Fact]
    public void Length_matched_pairs_share_a_quarter_octave()
    {
        // 16 and 18 words share floor(4 log2 w) = 16; 40 words do not, so the pair they would win is not counted.
        Assert.Equal(0, Evaluation.AucLengthMatched([(0.2, true, 16), (0.9, false, 18), (0.99, true, 40)]));
        Assert.Null(Evaluation.AucLengthMatched([(0.2, true, 16), (0.9, false, 40)]));
    }

    [Fact]
    public void Calibration_error_is_the_mean_gap_in_ten_bins() =>
        Assert.Equal(0.25, Evaluation.Ece([new(0.75, true, true, 5), new(0.75, true, true, 5), new(0.25, false, true, 5), new(0.25, false, true, 5)]), 12);

    [Fact]
    public void The_word_count_stands_beside_every_figure()
    {
        var report = Evaluation.Of([new(0.9, true, true, 50), new(0.2, false, true, 3), new(0.4, false, false, 9)]);
        Assert.Equal(1.0, report["wordCount"]!["auc"]!.GetValue<double>());
        Assert.Equal(0.3333, report["unsureShare"]!.GetValue<double>());
        foreach (var figure in (string[])["auc", "aucLengthMatched", "accuracy", "brier", "ece", "unsureShare", "accuracyWhenSure"])
            Assert.True(report["wordCount"]!.AsObject().ContainsKey(figure), figure);
    }
}
