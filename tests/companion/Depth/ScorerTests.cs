using System.Diagnostics;
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
    [InlineData("\uFFFF\uFFFE\0")]
    [InlineData("@someone #hashtag")]
    public void A_text_without_words_gets_a_low_score_and_no_error(string text)
    {
        var score = Starter.Score(Comment(text));
        Assert.InRange(score.Depth, 0, 24);
        Assert.Equal(Verdict.Superficial, score.Verdict);
    }

    [Fact]
    public void Only_the_first_twenty_thousand_units_count()
    {
        var text = string.Concat(Enumerable.Repeat("We tried this in 2021 and the queue broke. ", 600));
        Assert.Equal(Starter.Score(Comment(text[..Item.MaxTextLength])).Probability, Starter.Score(Comment(text)).Probability);
    }

    [Fact]
    public void Bold_letters_and_curly_quotes_change_nothing()
    {
        const string plain = "We don't pay by the hour, because slow people would earn more.";
        var bold = string.Concat(plain.Select(c => c switch
        {
            >= 'a' and <= 'z' => char.ConvertFromUtf32(0x1D5EE + c - 'a'),
            >= 'A' and <= 'Z' => char.ConvertFromUtf32(0x1D5D4 + c - 'A'),
            '\'' => "’",
            _ => c.ToString(),
        }));
        Assert.Equal(Starter.Score(Comment(plain)).Depth, Starter.Score(Comment(bold)).Depth, 5.0);
    }

    public static TheoryData<string> Hostile => new(
        new string('a', 64_000), new string('ä', 64_000), "https://x.org/" + new string('q', 10_000), string.Concat(Enumerable.Repeat("👩‍👩‍👧", 12_500)),
        new string('\uD83D', 30_000), string.Concat(Enumerable.Repeat("? ", 10_000)), string.Concat(Enumerable.Repeat("7 ", 10_000)),
        string.Concat(Enumerable.Repeat("a.b.", 5_000)), new string('\n', 20_000), string.Concat(Enumerable.Repeat("because ", 2_500)), new string('字', 20_000),
        string.Concat(Enumerable.Repeat("I was, ", 3_000)), string.Concat(Enumerable.Repeat("@x ", 7_000)), string.Concat(Enumerable.Repeat("e\u0301", 10_000)));

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_text_is_scored_in_its_time(string text)
    {
        var score = Starter.Score(Comment(text, text));
        // The best of a few: a busy machine must not fail it, a quadratic walk still would.
        var best = long.MaxValue;
        for (var i = 0; i < 5 && best > 100; i++)
        {
            var watch = Stopwatch.StartNew();
            Starter.Score(Comment(text, text));
            best = Math.Min(best, watch.ElapsedMilliseconds);
        }
        Assert.True(best < 500, $"took {best} ms at best");
        Assert.InRange(score.Probability, 0, 1);
        EvidenceTests.CheckSpans(text, score);
    }

    [Theory]
    [InlineData("en", "I don't think that the number of people was the reason for it")]
    [InlineData("de", "Ich glaube nicht, dass die Zahl der Leute der Grund dafür war")]
    [InlineData("fr", "Je ne crois pas que le nombre de gens en soit la raison")]
    [InlineData("es", "No creo que el número de personas fuera la razón de eso")]
    [InlineData("pt", "Não acho que o número de pessoas tenha sido a razão disso")]
    [InlineData("it", "Non credo che il numero delle persone sia stato il motivo, ma anche questo è possibile")]
    [InlineData("nl", "Ik denk niet dat het aantal mensen de reden was, maar dat kan ook nog wel")]
    [InlineData("ru", "Я не думаю, что причина в количестве людей")]
    [InlineData("ja", "人数が理由だとは思いません")]
    public void The_language_is_told(string language, string text) => Assert.Equal(language, Starter.Score(Comment(text)).Language);

    [Fact]
    public void A_text_in_a_language_not_taught_is_unsure_and_says_why()
    {
        var score = Starter.Score(Comment("Ik denk niet dat het aantal mensen de reden was, maar dat kan ook nog wel"));
        Assert.Equal(Verdict.Unsure, score.Verdict);
        Assert.Contains(score.Evidence, e => e.Toward == Verdict.Unsure && e.Why.Contains("not taught", StringComparison.Ordinal));
    }

    [Fact]
    public void Scores_stay_where_they_were()
    {
        // The model is trained anew on every machine, whose processor may add in another order: a thousandth is the same.
        foreach (var (text, probability) in Golden)
            Assert.Equal(probability, Starter.Score(Comment(text)).Probability, 0.001);
    }

    private static readonly (string Text, double Probability)[] Golden =
    [
        ("Great post! Thanks for sharing 🙌", 0.0044),
        ("We tried this in 2021: the queue broke first, at about 400 orders a minute.", 0.8688),
        ("Which of the two broke first, the schema or the queue?", 0.9272),
        ("Believe in yourself and never give up, success will come to those who wait.", 0.0032),
        ("Meine Mutter hat drei Jahre auf den Platz gewartet, weil die Akte verloren ging.", 0.6444),
        ("¿Y los que trabajan de noche, a qué hora comen?", 0.5207),
        ("lol", 0.0041),
        ("Postgres 15, and yes, we kept the triggers", 0.5583),
        ("I would not. Wet clay shrinks by a tenth and the lid will jam.", 0.5251),
        ("What an insightful post! You rightly point out that leadership is about people.", 0.012),
    ];
}
