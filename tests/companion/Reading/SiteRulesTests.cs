using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Soundings.Reading;

namespace Soundings.Tests.Reading;

public sealed class SiteRulesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("soundings-rules-").FullName;

    private static string Shipped => Path.Combine(SavedPage.Root, "extension", "sites");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_shipped_rules_are_all_accepted()
    {
        var catalogue = SiteCatalogue.Open(null, Shipped);
        Assert.Empty(catalogue.Refused);
        Assert.Equal(Directory.GetFiles(Shipped, "*.json").Length, catalogue.Sites.Count);
    }

    [Fact]
    public void A_newer_file_in_the_data_folder_is_used()
    {
        Put("linkedin.json", With(rules => rules["serial"] = 2100010101));
        var catalogue = SiteCatalogue.Open(_folder, Shipped);
        Assert.Empty(catalogue.Refused);
        Assert.Equal(2100010101, catalogue.For(new Uri("https://www.linkedin.com/feed/"))!.Serial);
    }

    [Fact]
    public void A_file_that_is_not_newer_is_refused_and_the_old_rules_stay()
    {
        Put("linkedin.json", With(rules => rules["serial"] = 7));
        var catalogue = SiteCatalogue.Open(_folder, Shipped);
        Assert.Contains("not newer", Assert.Single(catalogue.Refused).Reason, StringComparison.Ordinal);
        Assert.NotEqual(7, catalogue.For(new Uri("https://www.linkedin.com/feed/"))!.Serial);
    }

    [Fact]
    public void A_file_cannot_take_a_known_site_to_another_host()
    {
        Put("linkedin.json", With(rules =>
        {
            rules["serial"] = 2100010101;
            rules["hosts"] = new JsonArray("www.linkedin.com.evil.example");
        }));
        Assert.Contains("does not belong", Assert.Single(SiteCatalogue.Open(_folder, Shipped).Refused).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_site_cannot_take_a_known_host()
    {
        Put("mine.json", With(rules => rules["site"] = "mine"));
        Assert.Contains("belong to LinkedIn", Assert.Single(SiteCatalogue.Open(_folder, Shipped).Refused).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_a_folder_an_empty_and_a_huge_file_are_refused()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "folder.json"));
        File.CreateSymbolicLink(Path.Combine(_folder, "link.json"), Path.Combine(Shipped, "linkedin.json"));
        Put("empty.json", "");
        Put("huge.json", new string(' ', 300_000));
        var refused = SiteCatalogue.Open(_folder, Shipped).Refused;
        Assert.Equal(["empty.json", "folder.json", "huge.json", "link.json"], refused.Select(one => one.File).Order());
    }

    [Fact]
    public void A_refusal_names_the_line()
    {
        var lines = File.ReadAllText(Path.Combine(Shipped, "linkedin.json")).Split('\n').ToList();
        lines.Insert(4, "  \"xpath\": \"//div\",");
        var error = Assert.Throws<RuleFileException>(() => Parse(string.Join('\n', lines)));
        Assert.Equal(5, error.Line);
        Assert.Equal("line 5: \"xpath\" is not known in the file", error.Message);
    }

    [Theory]
    [InlineData("[]", "must be an object")]
    [InlineData("{", "not JSON")]
    [InlineData("null", "must be an object")]
    [InlineData("{\"format\":1} trailing", "not JSON")]
    [InlineData("{\"format\":1,\"format\":1}", "stands twice")]
    [InlineData("{\"format\":1}", "has no \"site\"")]
    [InlineData("{\"format\":2}", "only format 1")]
    [InlineData("{\"__proto__\":{\"site\":\"*\"}}", "is not known")]
    public void What_is_no_rule_file_is_refused(string json, string reason) => Refused(json, reason);

    [Fact]
    public void A_file_nested_ten_thousand_deep_is_refused() =>
        Refused(new string('[', 10_000) + new string(']', 10_000), "not JSON");

    [Theory]
    [InlineData("https://*/*")]
    [InlineData("*")]
    [InlineData("file:///*")]
    [InlineData("https://www.linkedin.com/*")]
    [InlineData("user:pw@www.linkedin.com")]
    [InlineData("www.linkedin.com:8080")]
    [InlineData("WWW.linkedin.com")]
    [InlineData("localhost")]
    [InlineData("")]
    public void Only_plain_host_names_are_hosts(string host) => Refused(With(rules => rules["hosts"] = new JsonArray(host)), "");

    [Theory]
    [InlineData(":::", "is no selector")]
    [InlineData("html", "whole page")]
    [InlineData("body", "whole page")]
    [InlineData("*", "whole page")]
    [InlineData("} body{display:none} x{", "no use")]
    [InlineData("[class*=\"\"]", "compares with nothing")]
    [InlineData(".msg-overlay-list-bubble li", "never read")]
    [InlineData("[aria-label=\"Inbox\"] div", "never read")]
    [InlineData(".profile-card", "never read")]
    [InlineData(":not(:not(:not(:not(:not(a)))))", "too many parts")]
    public void A_selector_that_reaches_too_far_is_refused(string selector, string reason) =>
        Refused(With(rules => rules["units"]![0]!["match"] = new JsonArray(selector)), reason);

    [Fact]
    public void A_long_selector_many_selectors_and_many_units_are_refused()
    {
        Refused(With(rules => rules["units"]![0]!["match"] = new JsonArray(new string('a', 513))), "longer than 512");
        Refused(With(rules => rules["units"]![0]!["match"] = new JsonArray([.. Enumerable.Repeat((JsonNode)"a.b", 41).Select(node => node.DeepClone())])), "more than 40");
        Refused(With(rules => rules["units"] = new JsonArray([.. Enumerable.Range(0, 25).Select(_ => rules["units"]![0]!.DeepClone())])), "more than 24");
        Refused(With(rules => rules["units"]!.AsArray().Add(rules["units"]![0]!.DeepClone())), "two units");
    }

    [Theory]
    [InlineData("onclick")]
    [InlineData("srcdoc")]
    [InlineData("value")]
    [InlineData("data x")]
    public void An_attribute_that_no_rule_needs_is_refused(string attribute) =>
        Refused(With(rules => rules["units"]![0]!["id"]![0]!["attribute"] = attribute), "no attribute a rule may read");

    [Theory]
    [InlineData("regex")]
    [InlineData("script")]
    [InlineData("extends")]
    [InlineData("constructor")]
    public void An_unknown_name_is_refused_anywhere(string name) =>
        Refused(With(rules => rules["units"]![0]!["id"]![0]![name] = "(a+)+$"), "is not known");

    [Fact]
    public void A_pattern_is_literal_but_for_its_classes_and_always_fast()
    {
        var clock = Stopwatch.StartNew();
        Assert.Null(RulePattern.TryParse("(a+)+$")!.Capture(new string('a', 64_000)));
        Assert.Equal("12", RulePattern.TryParse("(a+)<digits>")!.Capture("x(a+)12y"));
        Assert.Null(RulePattern.TryParse("{nosuch}"));
        Assert.Null(RulePattern.TryParse("^{prefix}<token>FeedType_")!.Capture(new string('a', 64_000)));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("CgoIjsejvOXquuse", "urn:li:activity:1111111111111111111")]
    [InlineData("EgoIqtXqtLDAsMJc", "urn:li:ugcPost:3333333333333333333")]
    [InlineData("CgsIgICIqvf8v8fMAQ", "urn:li:activity:7370000000000000000")]
    [InlineData("AAAA", null)]
    [InlineData("%%%%", null)]
    public void LinkedIns_packed_urns_are_unpacked(string packed, string? urn) =>
        Assert.Equal(urn, new ValueRecipe(null, "id", null, "linkedin-urn", null, null, false, null).ValueFrom(packed));

    private static SiteRules Parse(string json) => SiteRulesFile.Parse(Encoding.UTF8.GetBytes(json));

    private static void Refused(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<RuleFileException>(() => Parse(json)).Message, StringComparison.Ordinal);

    private static string With(Action<JsonNode> change)
    {
        var rules = JsonNode.Parse(File.ReadAllText(Path.Combine(Shipped, "linkedin.json")))!;
        change(rules);
        return rules.ToJsonString();
    }

    private void Put(string name, string content) => File.WriteAllText(Path.Combine(_folder, name), content);
}
