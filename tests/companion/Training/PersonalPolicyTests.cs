using Soundings.Depth;
using Soundings.Training;

namespace Soundings.Tests.Training;

public sealed class PersonalPolicyTests
{
    private static List<Duel> Duels(int both, int candidateOnly, int otherOnly) =>
        [.. Enumerable.Repeat(new Duel(true, true), both), .. Enumerable.Repeat(new Duel(true, false), candidateOnly), .. Enumerable.Repeat(new Duel(false, true), otherOnly)];

    [Fact]
    public void With_few_labels_the_head_serves() => Assert.True(PromotionPolicy.Decide(Duels(0, 0, 5), 0.8).Serves);

    [Fact]
    public void A_model_that_is_worse_on_the_newest_own_labels_is_kept_back() => Assert.False(PromotionPolicy.Decide(Duels(20, 2, 10), 0.8).Serves);

    [Fact]
    public void A_difference_within_chance_does_not_keep_it_back() => Assert.True(PromotionPolicy.Decide(Duels(40, 4, 6), 0.8).Serves);

    [Fact]
    public void Below_the_floor_nothing_serves_however_well_it_does_on_own_labels() => Assert.False(PromotionPolicy.Decide(Duels(0, 50, 0), 0.4).Serves);

    [Fact]
    public void A_model_that_serves_without_being_better_says_why()
    {
        Assert.EndsWith("of two alike the one that learned from more of your labels", PromotionPolicy.Decide(Duels(40, 4, 4), 0.8).Why, StringComparison.Ordinal);
        Assert.EndsWith("no further apart than chance brings", PromotionPolicy.Decide(Duels(40, 4, 6), 0.8).Why, StringComparison.Ordinal);
        Assert.EndsWith("the other on 44", PromotionPolicy.Decide(Duels(40, 6, 4), 0.8).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_the_versions_a_bounded_number_stays_and_never_goes_one_that_is_needed()
    {
        ModelVersion[] all = [.. Enumerable.Range(1, 9).Select(n => new ModelVersion(n, 0)), .. Enumerable.Range(1, 60).Select(n => new ModelVersion(1 + n / 10, n))];
        ModelVersion chosen = new(2, 17), active = new(3, 29);
        IReadOnlyList<ModelVersion> gone = KeepPolicy.LetGo(all, [chosen, active]);
        List<ModelVersion> stay = [.. all.Except(gone)];
        Assert.Equal([1, 2, 3, 6, 7, 8, 9], stay.Where(version => !version.IsPersonal).Select(version => version.Base));
        // Of the newest heads those went whose training went: nothing can be read from them any more.
        Assert.Equal([17, 29, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60], stay.Where(version => version.IsPersonal).Select(version => (int)version.Revision));
        Assert.Empty(KeepPolicy.LetGo(stay, [chosen, active]));
    }

    [Fact]
    public void After_going_back_the_heads_of_the_older_training_are_the_newest()
    {
        ModelVersion[] all = [new(1, 0), new(2, 0), .. Enumerable.Range(1, KeepPolicy.Heads).Select(n => new ModelVersion(2, n)), new(1, 100), new(1, 101)];
        Assert.Equal([new(2, 1), new(2, 2)], KeepPolicy.LetGo(all, [new(1, 101)]));
    }

    [Fact]
    public void What_was_said_long_ago_does_not_decide()
    {
        List<Duel> duels = [.. Duels(0, 0, 200), .. Duels(50, 10, 0)];
        Assert.True(PromotionPolicy.Decide(duels, 0.8).Serves);
    }

    [Theory]
    [InlineData(99, 0, false, false)]
    [InlineData(100, 0, false, true)]
    [InlineData(149, 100, false, false)]
    [InlineData(150, 100, false, true)]
    [InlineData(500, 100, true, false)]
    public void A_full_training_is_due_at_a_hundred_labels_and_each_time_they_have_grown_by_half(int now, int atLast, bool running, bool due) =>
        Assert.Equal(due, RetrainPolicy.IsDue(now, atLast, running));

    [Fact]
    public void A_run_of_one_key_is_noticed()
    {
        List<GuardedLabel> labels = [.. Enumerable.Range(0, 12).Select(i => new GuardedLabel(false, i * 200, true, $"{i}", Words(i)))];
        Assert.Contains(LabelGuard.Notices(labels), notice => notice.StartsWith("12 labels in a row were superficial", StringComparison.Ordinal));
        Assert.DoesNotContain(LabelGuard.Notices([.. labels.Select((l, i) => l with { SavedAt = i * 3_000 })]), notice => notice.Contains("in a row", StringComparison.Ordinal));
        Assert.DoesNotContain(LabelGuard.Notices([.. labels.Select(l => l with { ByHand = false })]), notice => notice.Contains("in a row", StringComparison.Ordinal));
    }

    [Fact]
    public void One_answer_only_is_noticed()
    {
        List<GuardedLabel> labels = [.. Enumerable.Range(0, 30).Select(i => new GuardedLabel(i == 3, i * 9_000, true, $"{i}", Words(i)))];
        Assert.Contains(LabelGuard.Notices(labels), notice => notice.StartsWith("29 of your 30 labels are superficial", StringComparison.Ordinal));
        Assert.Empty(LabelGuard.Notices(labels.GetRange(0, 10)));
    }

    [Fact]
    public void The_same_words_called_both_are_noticed()
    {
        GuardedLabel once = new(true, 0, true, "the same", Words(1)), again = new(false, 60_000, true, "the same!", Words(1));
        Assert.Single(LabelGuard.Notices([once, again]));
        Assert.Empty(LabelGuard.Notices([once, again with { Substantive = true }]));
    }

    [Fact]
    public void The_queue_asks_what_the_model_cannot_tell_and_nothing_twice()
    {
        Scorer starter = Scorer.Load(StarterModel.Path);
        List<Item> items =
        [
            .. Corpus.Read(StarterModel.Seeds).Where(e => e.Natural).Take(120).Select(e => e.Item),
            .. Enumerable.Range(0, 10).Select(i => new Item($"same{i}", Kind.Comment, "We moved the depot last year and it went well, I think.")),
            new Item("empty", Kind.Comment, "  "),
        ];
        IReadOnlyList<Queued> queue = LabelQueue.Choose(starter, items, 20);
        Assert.Equal(20, queue.Count);
        Assert.Equal(20, queue.Select(q => q.Item.Text).Distinct().Count());
        Assert.DoesNotContain(queue, q => q.Item.Id == "empty");
        Assert.Equal(20 / LabelQueue.BlindEvery, queue.Count(q => q.Reason == QueueReason.Blind));
        double asked = queue.Where(q => q.Reason == QueueReason.Unsure).Average(q => Math.Abs(starter.Score(q.Item).Probability - 0.5));
        Assert.True(asked < items.Average(item => Math.Abs(starter.Score(item).Probability - 0.5)) / 2);
        Assert.Equal(queue.Select(q => q.Item.Id), LabelQueue.Choose(starter, items, 20).Select(q => q.Item.Id));
        Assert.Empty(LabelQueue.Choose(starter, [], 5));
        Assert.Equal(3, LabelQueue.Choose(starter, items.GetRange(0, 3), 5).Count);
    }

    private static float[] Words(int direction)
    {
        float[] words = new float[64];
        words[direction] = 1;
        return words;
    }
}
