namespace Soundings.Tests;

public class ItemTests
{
    [Fact]
    public void An_item_needs_only_id_kind_and_text() =>
        Assert.Null(new Item("1", Kind.Comment, "text").Parent);
}
