using Soundings.Dashboard;
using Soundings.Depth;

namespace Soundings.Tests.Dashboard;

public class StretchesTests
{
    [Fact]
    public void A_text_is_cut_at_its_evidence_and_loses_nothing()
    {
        IReadOnlyList<Stretch> stretches = Stretches.Of("It broke at 400 orders.", [Span(12, 10), Span(0, 2)]);
        Assert.Equal(["It", " broke at ", "400 orders", "."], stretches.Select(stretch => stretch.Text));
        Assert.Equal([true, false, true, false], stretches.Select(stretch => stretch.Evidence is not null));
    }

    [Theory]
    [InlineData(0, 5, 3, 9)]
    [InlineData(2, 4, 2, 8)]
    [InlineData(0, 50, 4, 2)]
    [InlineData(5, int.MaxValue, 0, 1)]
    [InlineData(40, 3, 0, 0)]
    public void Overlapping_and_overlong_spans_show_each_letter_once(int start, int length, int otherStart, int otherLength)
    {
        const string Text = "0123456789";
        Assert.Equal(Text, string.Concat(Stretches.Of(Text, [Span(start, length), Span(otherStart, otherLength)]).Select(stretch => stretch.Text)));
    }

    [Fact]
    public void No_evidence_leaves_the_text_in_one_piece() =>
        Assert.Equal([new Stretch("as it is", null)], Stretches.Of("as it is", null));

    private static Evidence Span(int start, int length) => new(start, length, Verdict.Substantive, "a number as evidence");
}
