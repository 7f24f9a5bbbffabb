using System.Text.Json.Nodes;
using Soundings.Reading;

namespace Soundings.Tests.Reading;

public sealed class RuleShelfTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("soundings-shelf-").FullName;

    private static string Shipped => Path.Combine(SavedPage.Root, "extension", "sites");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_dropped_file_counts_at_once_and_a_removed_one_no_longer()
    {
        RuleShelf shelf = new(_folder, Shipped);
        Assert.Empty(shelf.Now().Own);
        Put("linkedin.json", Newer(1));
        Shelf dropped = shelf.Now();
        Assert.Equal(["linkedin"], dropped.Own.Keys);
        Assert.Equal(dropped.Version, shelf.Now().Version);
        Put("linkedin.json", Newer(2));
        Assert.NotEqual(dropped.Version, shelf.Now().Version);
        File.Delete(Path.Combine(_folder, "linkedin.json"));
        Assert.Empty(shelf.Now().Own);
    }

    [Fact]
    public void A_file_that_turns_bad_is_refused_with_its_line_and_what_it_last_said_stays()
    {
        RuleShelf shelf = new(_folder, Shipped);
        Put("linkedin.json", Newer(1));
        byte[] good = shelf.Now().Own["linkedin"];
        Put("linkedin.json", Newer(2).Replace("\"site\":", "\"eval\":1,\n\"site\":", StringComparison.Ordinal));
        Shelf now = shelf.Now();
        Assert.Equal(good, now.Own["linkedin"]);
        (string file, string reason) = Assert.Single(now.Refused);
        Assert.Equal("linkedin.json", file);
        Assert.StartsWith("line ", reason, StringComparison.Ordinal);
        Assert.Contains("\"eval\" is not known", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_are_written_out_in_lists_and_in_objects()
    {
        SiteRules rules = Parse("""
            "parts":{"one":["p","q"],"two":["@one","b"],"link":{"attribute":"href","pattern":"/<id>"}},
            "units":[{"name":"u","kind":"post","match":["article"],"evidence":[["a","@two"]],"id":[{"@":"link","pattern":"^<id>$"},{"@":"link"}],"author":[{"select":"@one"}],"text":[{"select":["@two"]}]}]
            """);
        UnitRule unit = Assert.Single(rules.Units);
        Assert.Equal(["a", "p", "q", "b"], unit.Evidence[0].Texts);
        Assert.Equal(["p", "q"], unit.Author[0].Select.Texts);
        Assert.Equal(["p", "q", "b"], unit.Text[0].Select!.Texts);
        Assert.Equal(["href", "href"], unit.Id.Select(recipe => recipe.Attribute));
        Assert.Equal("x", unit.Id[1].ValueFrom("/x"));
        Assert.Null(unit.Id[0].ValueFrom("/x"));
    }

    [Theory]
    [InlineData("\"parts\":{\"a\":[\"@b\"],\"b\":[\"p\"]}", "no part before here is called \"b\"")]
    [InlineData("\"parts\":{\"a\":[\"@a\"]}", "no part before here is called \"a\"")]
    [InlineData("\"parts\":[]", "\"parts\" must be an object")]
    [InlineData("\"parts\":{\"a\":[\"p\"]},\"extra\":{\"@\":\"a\"}", "not known in the file")]
    public void A_part_that_does_not_stand_before_its_use_is_refused(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<RuleFileException>(() => Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parts_of_parts_that_would_fill_the_memory_are_refused_at_once()
    {
        string bomb = string.Join(',', Enumerable.Range(1, 60).Select(i => $"\"p{i}\":[\"@p{i - 1}\",\"@p{i - 1}\"]"));
        Assert.Contains("more than", Assert.Throws<RuleFileException>(() => Parse($"\"parts\":{{\"p0\":[\"a\"],{bomb}}}")).Message, StringComparison.Ordinal);
    }

    private static SiteRules Parse(string json) => SiteRulesFile.Parse(System.Text.Encoding.UTF8.GetBytes(
        $$"""{"format":1,"site":"x","name":"X","serial":1,"hosts":["x.example"],"skip":[],"hidden":[],"profile":[],"me":{},"signs":[],"words":{},{{json}}}"""));

    private void Put(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        DateTime before = File.Exists(path) ? File.GetLastWriteTimeUtc(path) : DateTime.UnixEpoch;
        File.WriteAllText(path, text);
        // Two writes in one tick of the clock would look like one.
        if (File.GetLastWriteTimeUtc(path) <= before) File.SetLastWriteTimeUtc(path, before.AddSeconds(1));
    }

    private static string Newer(int by)
    {
        JsonNode rules = JsonNode.Parse(File.ReadAllText(Path.Combine(Shipped, "linkedin.json")))!;
        rules["serial"] = 2_100_010_100 + by;
        return rules.ToJsonString();
    }
}
