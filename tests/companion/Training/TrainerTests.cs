using Microsoft.ML;
using Microsoft.ML.Data;
using Soundings.Depth;
using Soundings.Training;

namespace Soundings.Tests.Training;

public class TrainerTests
{
    private static readonly List<Example> Few = [.. Corpus.Read(StarterModel.Seeds).Where((_, i) => i % 16 == 0)];
    private static readonly Augmenter Augmenter = Augmenter.Read(StarterModel.Seeds);

    [Fact]
    public void The_same_corpus_gives_the_same_weights()
    {
        var one = Trainer.Train(Few, Augmenter, "a");
        var two = Trainer.Train(Few, Augmenter, "a");
        Assert.Equal(one.Table, two.Table);
        Assert.Equal(one.MeasureWeights, two.MeasureWeights);
        Assert.Equal(one.Biases, two.Biases);
        Assert.Equal(one.SentenceWeights, two.SentenceWeights);
    }

    [Fact]
    public void The_exported_scorer_agrees_with_ML_NET_itself()
    {
        var prepared = Trainer.Prepare(Few, Augmenter);
        var scorer = new Scorer(Trainer.Train(Few, Augmenter, "a"));
        var items = Corpus.Read(StarterModel.Seeds).Where((_, i) => i % 40 == 7).Select(e => e.Item).ToList();
        var context = new MLContext(1);
        var logits = new float[Model.Lanes];
        var measures = new float[Measures.Count];
        var rows = context.Data.LoadFromEnumerable(items.Select(i => new Row { Features = prepared.Features.Of(i, prepared.Head) }).ToList());
        var heads = Model.Heads.Select((_, head) => Trainer.Fit(prepared.Features.For(head)).Transform(rows).GetColumn<float>("Score").ToArray()).ToArray();
        for (var i = 0; i < items.Count; i++)
        {
            scorer.Logits(items[i], Scorer.Work.OfThread, logits, measures);
            float[] theirs = [.. heads.Select(head => head[i])];
            theirs[0] = Trainer.Mixed(theirs, 1) + Trainer.FullSentences * measures[Measures.FullSentencesPlace];
            for (var head = 0; head < theirs.Length; head++)
                Assert.Equal(theirs[head], logits[head], 1e-5 * Math.Max(1, Math.Abs(theirs[head])));
        }
    }

    [Fact]
    public void The_hold_out_is_not_part_of_the_corpus()
    {
        var held = Corpus.ReadSlice(Path.Combine(StarterModel.Seeds, "holdout.jsonl")).Select(e => e.Item.Text).ToHashSet();
        Assert.DoesNotContain(Corpus.Read(StarterModel.Seeds), e => held.Contains(e.Item.Text));
        var padding = File.ReadLines(Path.Combine(StarterModel.Seeds, "holdout-padding.txt")).Select(l => l.Split('|', 3)[^1]).ToHashSet();
        Assert.DoesNotContain(File.ReadLines(Path.Combine(StarterModel.Seeds, "augment.txt")).Where(l => l[0] != '#'), l => padding.Contains(l.Split('|', 3)[2]));
    }
}
