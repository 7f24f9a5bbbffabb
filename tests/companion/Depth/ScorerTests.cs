using Soundings.Depth;

namespace Soundings.Tests.Depth;

public class ScorerTests
{
    private static readonly Scorer Starter = Scorer.Load(StarterModel.Path);

    private static Item Comment(string text, string? parent = null) => new("1", Kind.Comment, text) { Parent = parent };

    [Fact]
    public void A_short_precise_answer_stands_above_a_polite_formula()
    {
        Assert.InRange(Starter.Score(Comment("Great post! Thanks for sharing 🙌")).Depth, 0, 24);
        Assert.InRange(Starter.Score(Comment("We tried this in 2021: the queue broke first, at about 400 orders a minute.")).Depth, 61, 100);
    }

    [Fact]
    public void The_same_item_gets_the_same_score_from_any_thread()
    {
        var item = Comment("Which of the two broke first, the schema or the queue?", "We moved to a queue last year.");
        var expected = Starter.Score(item).Probability;
        Parallel.For(0, 200, i =>
        {
            Starter.Score(Comment(new string('x', i * 10)));
            Assert.Equal(expected, Starter.Score(item).Probability);
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("🙌🙌🙌")]
    [InlineData("https://example.com/a/very/long/path?with=query")]
    [InlineData("\uD800")]
    [InlineData("half \uDC00 a pair \uD83D")]
    [InlineData("\uFFFF\uFFFE\0")]
    public void A_text_without_words_gets_a_low_score_and_no_error(string text) => Assert.InRange(Starter.Score(Comment(text)).Depth, 0, 49);

    [Fact]
    public void Only_the_first_twenty_thousand_units_count()
    {
        var text = string.Concat(Enumerable.Repeat("We tried this in 2021 and the queue broke. ", 600));
        Assert.Equal(Starter.Score(Comment(text[..Item.MaxTextLength])).Probability, Starter.Score(Comment(text)).Probability);
    }
}
