using Soundings.Dashboard;

namespace Soundings.Tests.Dashboard;

public class PageAddressTests
{
    [Theory]
    [InlineData("linkedin:urn:li:activity:7510241889485248345", "https://www.linkedin.com/feed/update/urn:li:activity:7510241889485248345/")]
    [InlineData("linkedin:urn:li:comment:(activity:7510241889485248345,7510292472791620612)",
        "https://www.linkedin.com/feed/update/urn:li:activity:7510241889485248345/?commentUrn=urn%3Ali%3Acomment%3A%28activity%3A7510241889485248345%2C7510292472791620612%29")]
    [InlineData("linkedin:#5e1f", null)]
    [InlineData("linkedin:urn:li:activity:75102418894\"><b>", null)]
    [InlineData("facebook:9347400217244210", null)]
    public void A_key_leads_to_its_page_where_it_names_one(string id, string? address) => Assert.Equal(address, PageAddress.Of(new Item(id, Kind.Comment, "x")));

    [Theory]
    [InlineData("https://www.facebook.com/aroha.tanewick", "https://www.facebook.com/aroha.tanewick/posts/pfbid07UlysyoUWQBJvF6")]
    [InlineData("https://www.facebook.com/profile.php?id=1", null)]
    [InlineData("https://facebook.com.example/aroha", null)]
    [InlineData(null, null)]
    public void A_facebook_post_is_found_by_its_author(string? author, string? address) =>
        Assert.Equal(address, PageAddress.Of(new Item("facebook:pfbid07UlysyoUWQBJvF6", Kind.Post, "x") { Author = new Author("A", author) }));
}
