using System.Text.Json.Nodes;
using Soundings.Api;
using Soundings.Storage;
using Soundings.Tests.Reading;

namespace Soundings.Tests.Api;

public sealed class RulesAndReactionsTests
{
    [Fact]
    public async Task Rule_files_of_the_users_own_are_served_without_a_restart_and_refusals_are_said()
    {
        using TestFolder folder = new();
        await using TestCompanion companion = await TestCompanion.StartAsync(folder);
        string token = companion.Token(Scopes.Ext);
        Answer none = await companion.GetAsync("/api/v1/rules", token);
        Assert.Equal("{}", none.Json!["rules"]!.ToJsonString());

        string sites = Directory.CreateDirectory(Path.Combine(folder.Path, "sites")).FullName;
        JsonNode rules = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(SavedPage.Root, "extension", "sites", "linkedin.json")))!;
        rules["serial"] = 2_100_010_101;
        await File.WriteAllTextAsync(Path.Combine(sites, "linkedin.json"), rules.ToJsonString());
        await File.WriteAllTextAsync(Path.Combine(sites, "bad.json"), "{\"format\":1,\n\"script\":\"alert(1)\"}");
        JsonNode answer = (await companion.GetAsync("/api/v1/rules", token)).Json!;
        Assert.Equal(2_100_010_101, (int)answer["rules"]!["linkedin"]!["serial"]!);
        JsonNode refused = Assert.Single(answer["refused"]!.AsArray())!;
        Assert.Equal(("bad.json", "line 2: \"script\" is not known in the file"), ((string)refused["file"]!, (string)refused["reason"]!));

        JsonNode again = (await companion.GetAsync($"/api/v1/rules?version={(string)answer["version"]!}", token)).Json!;
        Assert.Null(again["rules"]);
        Assert.Single((await companion.GetAsync("/api/v1/stats", companion.Token(Scopes.Dash))).Json!["health"]!["refusedRules"]!.AsArray());
        Assert.Equal(422, (await companion.GetAsync("/api/v1/rules?version=../../etc", token)).Status);
    }

    [Fact]
    public async Task A_like_is_counted_once_however_often_it_is_given_and_again_when_an_export_brings_it()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Ext);
        async Task<int> Like(string item, string at) =>
            (int)(await companion.PostAsync("/api/v1/reactions", token, new { reactions = new[] { new { site = "linkedin", item, kind = "like", at } } })).Json!["added"]!;
        async Task<int> Count() => (int)(await companion.GetAsync("/api/v1/stats", token)).Json!["reactions"]!;

        Assert.Equal(1, await Like("linkedin:a", "2026-11-22T10:00:00Z"));
        Assert.Equal(0, await Like("linkedin:a", "2026-11-22T10:05:00Z"));
        Assert.Equal(1, await Like("linkedin:b", "2026-11-22T10:01:00Z"));
        Assert.Equal(2, await Count());
        ImportStore import = companion.Get<ImportStore>();
        StagedRecord[] export =
        [
            new(Origin.LinkedInTable, null, null, new Reaction("linkedin", "row 1", "like", "urn:li:activity:1", "2026-11-22T10:00:02Z")),
            new(Origin.LinkedInTable, null, null, new Reaction("linkedin", "row 2", "like", "urn:li:activity:9", "2026-11-21T10:00:00Z")),
        ];
        Assert.Equal(1, (await import.AddAsync(export, 0, CancellationToken.None)).Added);
        Assert.Equal(0, (await import.AddAsync(export, 0, CancellationToken.None)).Added);
        Assert.Equal(3, await Count());
        Assert.Equal(0, await Like("linkedin:a", "2026-11-22T11:00:00Z"));
    }

    [Fact]
    public async Task A_reaction_out_of_order_is_refused()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Ext);
        foreach (object reaction in new object[] { new { site = "LinkedIn", item = "a", kind = "like", at = "2026-11-22T10:00:00Z" }, new { site = "x", item = "", kind = "like", at = "2026-11-22T10:00:00Z" }, new { site = "x", item = "a", kind = "LIKE", at = "2026-11-22T10:00:00Z" }, new { site = "x", item = "a", kind = "like", at = "yesterday" } })
            Assert.Equal(422, (await companion.PostAsync("/api/v1/reactions", token, new { reactions = new[] { reaction } })).Status);
        Assert.Equal(403, (await companion.PostAsync("/api/v1/reactions", companion.Token(Scopes.Dash), new { reactions = Array.Empty<object>() })).Status);
    }
}
