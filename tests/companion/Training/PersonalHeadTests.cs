using System.Diagnostics;
using Soundings.Depth;
using Soundings.Training;
using Xunit.Abstractions;

namespace Soundings.Tests.Training;

public sealed class PersonalHeadTests(ITestOutputHelper output)
{
    private static readonly Scorer Starter = Scorer.Load(StarterModel.Path);
    private static readonly int[] Sizes = [20, 50, 60, 100, 120, 200];

    private static Item Comment(string text, string? parent = null) => new("1", Kind.Comment, text) { Parent = parent };

    [Theory]
    [InlineData("sellers")]
    [InlineData("warmth")]
    [InlineData("self-disclosure")]
    public void A_user_who_disagrees_with_the_starter_is_understood_after_some_labels(string taste)
    {
        var outcome = User(taste).Learn(Sizes, byQueue: true);
        var won = Sizes.ToDictionary(n => n, n => (outcome.After[n].Accuracy - outcome.Starter) / Math.Max(0.001, outcome.All - outcome.Starter));
        output.WriteLine($"{taste}: starter {outcome.Starter:0.000}, all labels {outcome.All:0.000}; " + string.Join(", ", won.Select(w => $"{w.Key}: {outcome.After[w.Key].Accuracy:0.000} ({w.Value:P0})")));
        // A floor beneath the figures beside PersonalFit, with room for the noise of some four hundred held-out texts.
        Assert.True(outcome.After[50].Accuracy >= outcome.Starter, $"{won[50]:P0} at 50 labels");
        Assert.True(won[200] >= 0.5, $"{won[200]:P0} at 200 labels");
        // Warmth is the hard one: its users pull other short texts up with it, by up to five points on real texts too.
        var room = taste == "warmth" ? 0.06 : 0.02;
        Assert.All(Sizes, n => Assert.True(outcome.After[n].Untouched >= outcome.StarterUntouched - room, $"untouched texts at {n}: {outcome.After[n].Untouched:0.000} against {outcome.StarterUntouched:0.000}"));
    }

    [Theory]
    [InlineData("sellers")]
    [InlineData("warmth")]
    [InlineData("self-disclosure")]
    public void One_label_in_ten_turned_round_costs_little(string taste)
    {
        // Over several sizes and draws: which texts the queue happens to ask last moves a single figure by some points.
        int[] sizes = [140, 160, 180, 200];
        var clean = User(taste).Learn(sizes, byQueue: true).After.Values.Average(a => a.Accuracy);
        var flipped = Enumerable.Range(11, 5).Average(draw => User(taste).Learn(sizes, byQueue: true, flipped: 0.1, draw: draw).After.Values.Average(a => a.Accuracy));
        output.WriteLine($"{taste}: {clean:0.000}, with one in ten turned round {flipped:0.000}");
        // Warmth hangs on few labels for each of its words, so single draws lose up to five points of it.
        Assert.True(flipped >= clean - (taste == "warmth" ? 0.05 : 0.03), $"{clean:0.000} fell to {flipped:0.000}");
    }

    [Fact]
    public void Nothing_learned_leaves_every_score_as_it_was()
    {
        var untaught = Starter.With(new("1.1", "1", "", new float[PersonalView.Length]));
        foreach (var text in (string[])["", "Great post!", "We tried this in 2021: the queue broke first, at about 400 orders a minute.", "Which of the two broke first?"])
            Assert.Equal(Starter.Score(Comment(text)).Probability, untaught.Score(Comment(text)).Probability, 3);
    }

    [Fact]
    public void The_same_labels_give_the_same_head()
    {
        var rows = Rows(40);
        Assert.Equal(PersonalFit.Fit(rows), PersonalFit.Fit([.. rows]));
    }

    [Fact]
    public void What_the_trainer_computes_is_what_the_scorer_says()
    {
        var rows = Rows(30);
        var weights = PersonalFit.Fit(rows);
        var scorer = Starter.With(new("1.30", "1", "", weights));
        var view = new float[PersonalView.Length];
        var item = Comment("We hire two people in Ghent, write me for the details.", "Our plant doubles its output.");
        var logit = PersonalView.Unfold(Starter.View(item, view) + PersonalView.Dot(weights, view));
        Assert.InRange(scorer.Score(item).Probability - 1 / (1 + Math.Exp(-logit)), -1e-4, 1e-4);
        Assert.Equal("1.30", scorer.Score(item).Model);
    }

    [Fact]
    public void A_pair_teaches_which_goes_deeper()
    {
        var (empty, full) = (Comment("So true, love this!"), Comment("We measured it: 40 of 200 orders failed because the index was stale."));
        float[] a = new float[PersonalView.Length], b = new float[PersonalView.Length];
        var prior = Starter.View(empty, a) - Starter.View(full, b);
        var difference = a.Zip(b, (x, y) => x - y).ToArray();
        var head = new PersonalHead("1.1", "1", "", PersonalFit.Fit([.. Enumerable.Repeat(new PersonalRow(difference, prior, true), 8)]));
        Assert.True(Starter.With(head).Score(empty).Probability > Starter.Score(empty).Probability);
        Assert.True(Starter.With(head).Score(full).Probability < Starter.Score(full).Probability);
    }

    [Theory]
    [InlineData("🙌🙌🙌")]
    [InlineData("https://example.com/a")]
    [InlineData("Haha 😂")]
    [InlineData("")]
    [InlineData("...")]
    public void A_text_that_the_user_turned_says_so_and_nothing_is_too_empty_for_it(string text)
    {
        var view = new float[PersonalView.Length];
        var prior = Starter.View(Comment(text), view);
        var taught = Starter.With(new("1.9", "1", "", PersonalFit.Fit([.. Enumerable.Repeat(new PersonalRow(view, prior, true), 20)])));
        var score = taught.Score(Comment(text));
        Assert.Equal(Verdict.Substantive, score.Verdict);
        if (text.Length > 0)
            Assert.Equal("like texts you called substantive", score.Evidence[0].Why);
    }

    [Fact]
    public void Fifty_labels_are_learned_in_a_few_milliseconds()
    {
        var rows = Rows(50);
        List<double[]> lines = [.. Enumerable.Range(0, 50).Select(i => PersonalFit.LineOf(rows, i))];
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 30; i++)
        {
            var watch = Stopwatch.StartNew();
            PersonalFit.Fit(rows, lines);
            best = watch.Elapsed < best ? watch.Elapsed : best;
        }
        output.WriteLine($"{best.TotalMilliseconds:0.00} ms");
        Assert.True(best < TimeSpan.FromMilliseconds(10), $"{best.TotalMilliseconds} ms");
    }

    [Fact]
    public void A_head_reads_back_the_same_and_a_damaged_one_is_refused()
    {
        var head = new PersonalHead("1.7", "1", "ab", PersonalFit.Fit(Rows(10)));
        var bytes = head.ToBytes();
        Assert.Equal(bytes, PersonalHead.Read(bytes, "it").ToBytes());
        foreach (var place in (int[])[0, 9, 20, bytes.Length / 2, bytes.Length - 1])
        {
            byte[] changed = [.. bytes];
            changed[place] ^= 4;
            Assert.Throws<MendableError>(() => PersonalHead.Read(changed, "it"));
        }
        Assert.Throws<MendableError>(() => PersonalHead.Read(bytes[..^1], "it"));
        Assert.Throws<MendableError>(() => PersonalHead.Read([], "it"));
        Assert.Throws<MendableError>(() => new PersonalHead("1.7", "1", "ab", [.. Enumerable.Repeat(float.NaN, PersonalView.Length)]));
    }

    private static SimulatedUser User(string taste) => taste switch
    {
        "sellers" => SimulatedUser.AgainstSellers,
        "warmth" => SimulatedUser.ForWarmth,
        _ => SimulatedUser.ForSelfDisclosure,
    };

    private static List<PersonalRow> Rows(int n) =>
    [
        .. Corpus.Read(StarterModel.Seeds).Where(e => e.Natural).Take(n).Select(e =>
        {
            var (view, prior) = SimulatedUser.View(e);
            return new PersonalRow(view, prior, e.Substantive);
        }),
    ];
}
