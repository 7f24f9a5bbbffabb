using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Soundings.Cli;
using Soundings.Reading;

namespace Soundings.Tests.Reading;

public class PageReaderTests
{
    private static readonly SiteCatalogue Catalogue = SiteCatalogue.Open(null, Path.Combine(SavedPage.Root, "extension", "sites"));

    public static TheoryData<string> Names => [.. SavedPage.All().Select(page => page.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_items_are_read_from_a_saved_page_as_in_the_browser(string name)
    {
        var page = SavedPage.All().Single(one => one.Name == name);
        var items = PageReader.Read(File.ReadAllText(page.Path), page.Url, Catalogue.For(page.Url)!);
        List<string> wrong = [];
        var left = items.ToList();
        foreach (var expected in page.Expected)
        {
            var ids = Ids(expected);
            var text = expected.GetProperty("text").GetString();
            var found = left.Find(item => ids.Contains(item.Id) && (item.Id is not null || item.Text == text));
            if (found is null)
            {
                wrong.Add($"missing {expected.GetProperty("kind")} {ids[0]}");
                continue;
            }
            left.Remove(found);
            Compare(expected, found, wrong);
        }
        wrong.AddRange(left.Select(item => $"not an item: {item}"));
        Assert.Empty(wrong);
    }

    [Fact]
    public void Direct_messages_are_never_read() =>
        Assert.Empty(PageReader.Read(Post("text"), new Uri("https://www.linkedin.com/messaging/thread/1/"), LinkedIn));

    [Fact]
    public void A_text_is_cut_at_20000_characters_between_graphemes()
    {
        var item = Assert.Single(PageReader.Read(Post("x" + string.Concat(Enumerable.Repeat("👩‍🔧", 8000))), Feed, LinkedIn));
        Assert.InRange(item.Text.Length, 19_900, Item.MaxTextLength);
        Assert.EndsWith("👩‍🔧", item.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_thousand_nodes_in_one_text_take_no_longer_than_reading_them_once()
    {
        var clock = Stopwatch.StartNew();
        Assert.Single(PageReader.Read(Post(string.Concat(Enumerable.Repeat("<b></b> ", 100_000)) + "end"), Feed, LinkedIn));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Elements_nested_ten_thousand_deep_do_not_break_the_reader()
    {
        var deep = string.Concat(Enumerable.Repeat("<span>", 10_000));
        Assert.Single(PageReader.Read(Post("seen" + deep + "unseen"), Feed, LinkedIn));
    }

    [Fact]
    public void Markup_in_a_text_stays_text_and_is_decoded_once()
    {
        var item = Assert.Single(PageReader.Read(Post("&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt; <script>x</script>"), Feed, LinkedIn));
        Assert.Equal("<script>alert(1)</script> &lt;", item.Text);
    }

    [Fact]
    public void An_item_is_written_with_every_field_of_the_contract()
    {
        PageItem item = new("linkedin:1", Kind.Reply, null, "Ann", "text ✓", null, true, false);
        Assert.Equal(
            """{"key":"linkedin:1","kind":"reply","id":null,"author":"Ann","text":"text ✓","parentId":null,"mine":true,"sponsored":false}""",
            Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(item, PageItemJson.Plain.PageItem)));
    }

    private static readonly Uri Feed = new("https://www.linkedin.com/feed/");

    private static SiteRules LinkedIn => Catalogue.For(Feed)!;

    private static string Post(string text) =>
        $"""
        <div class="feed-shared-update-v2" data-urn="urn:li:activity:7000000000000000001"><div class="update-components-actor">
        <span class="update-components-actor__title">Ann Example</span></div>
        <div class="feed-shared-update-v2__description"><div class="update-components-text">{text}</div></div></div>
        """;

    private static List<string?> Ids(JsonElement expected) =>
        [expected.GetProperty("id").GetString(), .. expected.TryGetProperty("altIds", out var others) ? others.EnumerateArray().Select(id => id.GetString()) : []];

    private static void Compare(JsonElement expected, PageItem found, List<string> wrong)
    {
        var soft = expected.TryGetProperty("soft", out var fields) ? fields.EnumerateArray().Select(field => field.GetString()).ToList() : [];
        Check("kind", found.Kind.ToString().ToLowerInvariant());
        Check("author", found.Author);
        Check("text", found.Text);
        Check("parentId", found.ParentId);
        Check("mine", found.Mine ? "True" : "False");
        Check("sponsored", found.Sponsored ? "True" : "False");

        void Check(string field, string? value)
        {
            var wanted = expected.GetProperty(field);
            var text = wanted.ValueKind == JsonValueKind.Null ? null : wanted.ToString();
            if (text != value && !soft.Contains(field))
                wrong.Add($"{found.Id}: {field} is '{value}', not '{text}'");
        }
    }
}
