using Soundings.Dashboard;
using Soundings.Depth;
using Soundings.Storage;

namespace Soundings.Tests.Dashboard;

public class ReturnsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_question_that_stands_unanswered_is_worth_returning_to() =>
        Assert.Equal(Why.Asked, Assert.Single(Choose(Theirs(1, hours: 30) with { Solicit = 0.5 })).Why);

    [Theory]
    [InlineData(0.49, false, true, 3)]
    [InlineData(0.9, true, true, 3)]
    [InlineData(0.9, false, false, 3)]
    [InlineData(0.9, false, true, 24 * 60 + 1)]
    [InlineData(0.9, false, true, -1)]
    public void Neither_what_asks_nothing_nor_what_was_answered_nor_what_is_gone_too_old_or_not_yet(double solicit, bool answered, bool hasText, int hours) =>
        Assert.Empty(Choose(Theirs(1, hours) with { Solicit = solicit, Answered = answered, HasText = hasText }));

    [Fact]
    public void The_users_own_question_is_not_one() =>
        Assert.Empty(Choose(Theirs(1) with { Solicit = 0.9, Mine = true }));

    [Fact]
    public void A_deep_text_that_was_only_liked_is_worth_returning_to_and_a_shallow_one_is_not()
    {
        Assert.Equal(Why.OnlyLiked, Assert.Single(Choose(Deep(Theirs(1)) with { Liked = "like" })).Why);
        Assert.Empty(Choose(Deep(Theirs(1))));
        Assert.Empty(Choose(Theirs(1) with { Liked = "like" }));
    }

    [Fact]
    public void A_thread_that_went_from_shallow_to_deep_waits_at_their_last_word()
    {
        ThreadText[] thread = [Theirs(1, 9), Mine(2, 8), Deep(Mine(3, 7)), Deep(Theirs(4, 6))];
        Return chosen = Assert.Single(Choose(thread));
        Assert.Equal((Why.Deepened, 4L), (chosen.Why, chosen.Text.Row));
    }

    [Fact]
    public void A_thread_deep_from_the_start_or_whose_last_word_is_the_users_did_not_deepen_or_does_not_wait()
    {
        Assert.Empty(Choose(Deep(Theirs(1, 9)), Mine(2, 8), Deep(Mine(3, 7)), Deep(Theirs(4, 6))));
        Assert.Empty(Choose(Theirs(1, 9), Mine(2, 8), Deep(Theirs(3, 7)), Deep(Mine(4, 6))));
        Assert.Empty(Choose(Theirs(1, 9), Mine(2, 8), Theirs(3, 7), Deep(Theirs(4, 6))));
        Assert.Empty(Choose(Theirs(1, 9), Deep(Theirs(4, 6))));
    }

    [Fact]
    public void One_conversation_with_one_human_stands_once_for_its_first_reason()
    {
        ThreadText liked = Deep(Theirs(1, 5)) with { Liked = "like" }, asked = Theirs(2, 9) with { Solicit = 0.8 };
        Assert.Equal((Why.Asked, 2L), Choose(liked, asked).Select(one => (one.Why, one.Text.Row)).Single());
        Assert.Equal(2, Choose(liked, asked with { Human = 8 }).Count);
        Assert.Equal(2, Choose(liked, asked with { Conversation = "other" }).Count);
    }

    [Fact]
    public void Done_is_done_with_what_came_before_as_well_and_not_with_what_comes_after()
    {
        ThreadText early = Theirs(1, 9) with { Solicit = 0.8 }, late = Theirs(2, 3) with { Solicit = 0.8 };
        Assert.Empty(Choose(early, late with { PutOff = long.MaxValue }));
        Assert.Equal(2L, Assert.Single(Choose(early with { PutOff = long.MaxValue }, late)).Text.Row);
    }

    [Fact]
    public void Put_off_comes_up_again_when_its_time_has_come()
    {
        ThreadText asked = Theirs(1) with { Solicit = 0.8 };
        Assert.Empty(Choose(asked with { PutOff = Now.AddHours(1).ToUnixTimeMilliseconds() }));
        Assert.Single(Choose(asked with { PutOff = Now.AddHours(-1).ToUnixTimeMilliseconds() }));
    }

    [Fact]
    public void The_list_is_short_and_newest_first()
    {
        IReadOnlyList<Return> chosen = Choose([.. Enumerable.Range(1, 9).Select(i => Theirs(i, hours: i) with { Solicit = 0.8, Conversation = $"c{i}" })]);
        Assert.Equal([1L, 2, 3, 4, 5], chosen.Select(one => one.Text.Row));
    }

    private static IReadOnlyList<Return> Choose(params ThreadText[] texts) => Returns.Choose(texts, Now);

    private static ThreadText Theirs(long row, int hours = 1) =>
        new(row, "post", 7, false, Verdict.Superficial, 0, Now.AddHours(-hours).ToUnixTimeMilliseconds(), true, false, null, null);

    private static ThreadText Mine(long row, int hours) => Theirs(row, hours) with { Mine = true };

    private static ThreadText Deep(ThreadText text) => text with { Verdict = Verdict.Substantive };
}
