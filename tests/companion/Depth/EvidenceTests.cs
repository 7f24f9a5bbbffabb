using Soundings.Depth;
using Soundings.Training;

namespace Soundings.Tests.Depth;

public class EvidenceTests
{
    private static readonly Scorer Starter = Scorer.Load(StarterModel.Path);

    internal static void CheckSpans(string text, Score score)
    {
        Assert.InRange(score.Evidence.Count, 0, 5);
        foreach (var span in score.Evidence)
        {
            Assert.InRange(span.Start, 0, text.Length - 1);
            Assert.InRange(span.Length, 1, text.Length - span.Start);
            Assert.NotEmpty(span.Why);
        }
    }

    private static Score Of(string text, string? parent = null) => Starter.Score(new Item("1", Kind.Comment, text) { Parent = parent });

    private static string Words(string text, Score score, string why)
    {
        var span = Assert.Single(score.Evidence, e => e.Why == why);
        return text.Substring(span.Start, span.Length);
    }

    [Fact]
    public void Every_span_lies_in_its_text_and_no_surrogate_pair_is_cut()
    {
        foreach (var example in Corpus.Read(StarterModel.Seeds).Where((_, i) => i % 5 == 0))
        {
            var text = example.Item.Text;
            var score = Starter.Score(example.Item);
            CheckSpans(text, score);
            Assert.All(score.Evidence, e => Assert.False(char.IsLowSurrogate(text[e.Start]) || char.IsHighSurrogate(text[e.Start + e.Length - 1])));
        }
    }

    [Fact]
    public void A_verdict_never_stands_without_a_reason()
    {
        foreach (var example in Corpus.Read(StarterModel.Seeds).Where((_, i) => i % 5 == 1))
        {
            var score = Starter.Score(example.Item);
            if (score.Verdict != Verdict.Unsure)
                Assert.Contains(score.Evidence, e => e.Toward == score.Verdict);
        }
    }

    [Fact]
    public void A_number_is_named_with_its_unit()
    {
        const string text = "It cost us 40 euros a month, because the pump ran at night.";
        var score = Of(text);
        Assert.Equal("40 euros", Words(text, score, "a number as evidence"));
        Assert.StartsWith("because", Words(text, score, "gives a reason"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1. Know your customer.\n2. Trust your team.\n3) Enjoy the ride.")]
    [InlineData("1\uFE0F\u20E3 Know your customer. 2\uFE0F\u20E3 Trust your team.")]
    public void A_number_that_only_counts_the_items_of_a_list_is_no_evidence(string text) =>
        Assert.DoesNotContain(Of(text).Evidence, e => e.Why == "a number as evidence");

    [Fact]
    public void A_number_at_the_beginning_of_a_line_is_evidence_when_it_is_part_of_what_is_said() =>
        Assert.Contains(Of("Ours broke twice because of the seal.\n40 euros each time.").Evidence, e => e.Why == "a number as evidence");

    [Fact]
    public void A_question_left_open_is_told_from_a_hollow_one()
    {
        Assert.Contains(Of("Which of the two broke first, the schema or the queue?", "Our migration failed.").Evidence, e => e.Why == "asks something the post left open");
        Assert.DoesNotContain(Of("Thoughts?", "Our migration failed.").Evidence, e => e.Toward == Verdict.Substantive);
    }

    [Fact]
    public void An_echo_is_said_to_be_one()
    {
        var score = Of("Salting the aubergine for an hour draws out the oil-hungry water.", "Salt the aubergine for an hour: salting draws out the water that makes it oil hungry.");
        Assert.Contains(score.Evidence, e => e.Why == "says what the post said");
    }

    [Fact]
    public void Formula_and_praise_are_said_to_fit_anywhere() =>
        Assert.Contains(Of("Congratulations, well deserved!").Evidence, e => e.Why.Contains("could stand under any post", StringComparison.Ordinal));
}
