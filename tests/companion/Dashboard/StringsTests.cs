using System.Globalization;
using Soundings.Dashboard;

namespace Soundings.Tests.Dashboard;

public class StringsTests
{
    private static readonly Strings S = Strings.For(CultureInfo.InvariantCulture);

    [Fact]
    public void The_sentence_carries_the_share_and_its_counts() =>
        Assert.Equal(("31%", " of what you wrote this week had substance: 12 of 39."), S.WroteThisWeek(new Share(12, 25, 2)));

    [Fact]
    public void Too_few_is_said_with_the_count() =>
        Assert.Equal("What you wrote this week is too few to say (7).", S.WroteThisWeek(new Share(3, 4, 0)).Words);

    [Fact]
    public void Nothing_written_is_not_a_share_of_zero() =>
        Assert.Equal("", S.WroteThisWeek(default).Number);

    [Fact]
    public void A_range_names_both_ends_once() =>
        Assert.Equal("Your usual is 22–28%.", S.Usual(new UsualRange(0.2249, 0.2751, 5)));

    [Fact]
    public void A_half_percent_rounds_away_from_zero_so_that_a_recount_by_hand_agrees() =>
        Assert.Equal(["13%", "38%", "0%", "100%"], new[] { 0.125, 0.375, 0.0, 1.0 }.Select(S.Percent));

    [Theory]
    [InlineData(999, "999 bytes")]
    [InlineData(94_208, "94.2 kB")]
    [InlineData(12_345_678, "12.3 MB")]
    public void Sizes_are_in_round_units(long bytes, string words) => Assert.Equal(words, S.Bytes(bytes));
}
