using Soundings.Api;
using Soundings.Depth;
using Soundings.Storage;

namespace Soundings.Tests.Api;

/// <summary>The calls of the contract, each from its request to its reply.</summary>
public sealed class ResourceTests
{
    private const string Id = "01JD9ZK7Q8W3V5X2Y4T6R8P0NM";

    private static readonly object Comment = new { id = "c1", site = "linkedin", kind = "comment", text = "We tried this in 2021: the queue broke first, at about 400 orders a minute.", at = "2026-11-22T10:00:00Z" };

    [Fact]
    public async Task Scores_come_back_in_order_under_one_model_and_are_kept_only_where_asked()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Cli);
        object[] items = [Comment, new { id = "c2", kind = "comment", text = "Great post! Thanks for sharing 🙌" }];
        Answer answer = await companion.PostAsync("/api/v1/score", token, new { items });
        Assert.Equal(["c1", "c2"], answer.Json!["scores"]!.AsArray().Select(score => (string?)score!["id"]));
        Assert.All(answer.Json["scores"]!.AsArray(), score => Assert.Equal((string?)answer.Json["model"], (string?)score!["model"]));
        Assert.True((int)answer.Json["scores"]![0]!["depth"]! > (int)answer.Json["scores"]![1]!["depth"]!);
        Assert.Empty((await companion.GetAsync("/api/v1/items", token)).Json!["items"]!.AsArray());

        await companion.PostAsync("/api/v1/score", token, new { items, observe = true });
        Answer stored = await companion.GetAsync("/api/v1/items?site=linkedin", token);
        Assert.Equal("c1", (string?)Assert.Single(stored.Json!["items"]!.AsArray())!["id"]);
        Assert.Equal(2, (int)(await companion.GetAsync("/api/v1/stats", token)).Json!["n"]!);
    }

    [Fact]
    public async Task A_draft_is_scored_and_leaves_no_trace()
    {
        using TestFolder folder = new();
        const string canary = "the zebra of Zanzibar zigzags";
        await using (TestCompanion companion = await TestCompanion.StartAsync(folder))
        {
            Answer answer = await companion.PostAsync("/api/v1/draft", companion.Token(Scopes.Ext), new { id = "d", kind = "comment", text = "Nice! " + canary, parent = canary });
            Assert.Equal(200, answer.Status);
            Assert.Equal("d", (string?)answer.Json!["score"]!["id"]);
            await companion.Get<Database>().SettleAsync();
        }
        foreach (string file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(canary, System.Text.Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_draft_with_substance_or_without_words_is_asked_nothing_and_any_other_one_question()
    {
        Score shallow = new("d", 10, .1, Verdict.Superficial, new Facets(.1, .1, .1, .1), [], "en", "1");
        Item draft = new("d", Kind.Comment, "Nice!") { Parent = "We moved to Postgres." };
        Assert.EndsWith("?", DraftApi.Suggest(draft, shallow), StringComparison.Ordinal);
        Assert.NotEqual(DraftApi.Suggest(draft, shallow), DraftApi.Suggest(draft, shallow with { Facets = new Facets(.1, .1, .1, .9) }));
        Assert.Null(DraftApi.Suggest(draft, shallow with { Verdict = Verdict.Substantive }));
        Assert.Equal("Auf welchen Punkt geht das ein?", DraftApi.Suggest(draft, shallow with { Language = "de" }));
        Assert.Equal(DraftApi.Suggest(draft, shallow), DraftApi.Suggest(draft, shallow with { Language = "xx" }));
        Assert.Equal("What did you see happen?", DraftApi.Suggest(draft, shallow with { Facets = new Facets(.1, .1, .1, .9) }));
        Assert.Null(DraftApi.Suggest(draft with { Text = " " }, shallow));
        Assert.Null(DraftApi.Suggest(draft, shallow with { Facets = new Facets(.9, .9, .9, .9) }));
    }

    [Fact]
    public async Task A_label_sent_twice_is_stored_once_and_its_withdrawal_as_well()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Ext);
        object labels = new { labels = new[] { new { id = Id, item = Comment, label = "superficial", facets = new[] { "wisdom" }, at = "2026-11-22T10:00:00Z" } } };
        Assert.False(await DuplicateAsync(companion.PostAsync("/api/v1/labels", token, labels)));
        Assert.True(await DuplicateAsync(companion.PostAsync("/api/v1/labels", token, labels)));
        StoredLabel stored = Assert.Single(companion.Get<LabelStore>().Current());
        Assert.Equal((Verdict.Superficial, Soundings.Training.Facet.Wisdom, "click"), (stored.Label, stored.Facets, stored.Source));
        Assert.Contains("400 orders", stored.Content, StringComparison.Ordinal);

        Assert.False(await DuplicateAsync(companion.SendAsync("DELETE", "/api/v1/labels/" + Id, token)));
        Assert.True(await DuplicateAsync(companion.SendAsync("DELETE", "/api/v1/labels/" + Id, token)));
        Assert.Empty(companion.Get<LabelStore>().Current());
    }

    [Fact]
    public async Task A_batch_of_labels_is_stored_whole_or_not_at_all()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Ext);
        object Label(string id, string label) => new { id, item = Comment, label, at = "2026-11-22T10:00:00Z" };
        await companion.PostAsync("/api/v1/labels", token, new { labels = new[] { Label(Id, "substantive") } });
        Answer answer = await companion.PostAsync("/api/v1/labels", token, new { labels = new[] { Label(Id[..25] + "A", "substantive"), Label(Id, "superficial") } });
        Assert.Equal(409, answer.Status);
        Assert.Single(companion.Get<LabelStore>().Current());
    }

    [Fact]
    public async Task A_pair_says_which_of_two_goes_deeper()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        object pair = new { labels = new[] { new { id = Id, pair = new[] { Comment, new { id = "c2", kind = "comment", text = "So true" } }, deeper = 0 } } };
        Assert.False(await DuplicateAsync(companion.PostAsync("/api/v1/labels", companion.Token(Scopes.Dash), pair)));
        Assert.Equal(0, Assert.Single(companion.Get<LabelStore>().Current()).Deeper);
    }

    [Fact]
    public async Task A_label_shows_on_its_item()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Cli);
        await companion.PostAsync("/api/v1/score", token, new { items = new[] { Comment }, observe = true });
        await companion.PostAsync("/api/v1/labels", token, new { labels = new[] { new { id = Id, item = Comment, label = "superficial" } } });
        Assert.Equal("superficial", (string?)(await companion.GetAsync("/api/v1/items", token)).Json!["items"]![0]!["label"]);
    }

    [Fact]
    public async Task A_site_whose_rules_see_nothing_is_blind_in_the_health()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Ext);
        await companion.PostAsync("/api/v1/sight", token, new { site = "linkedin", seen = 8, signs = 9, page = "feed" });
        await companion.PostAsync("/api/v1/sight", token, new { site = "facebook", seen = 0, signs = 9, page = "feed" });
        Answer stats = await companion.GetAsync("/api/v1/stats", token);
        Assert.Equal("seeing", (string?)stats.Json!["health"]!["rules"]!["linkedin"]!["state"]);
        Assert.Equal("blind", (string?)stats.Json["health"]!["rules"]!["facebook"]!["state"]);
        Assert.Equal(422, (await companion.PostAsync("/api/v1/sight", token, new { site = "Face book", seen = 0, signs = 9, page = "feed" })).Status);
    }

    [Fact]
    public async Task Days_in_a_query_begin_in_the_local_zone()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        companion.Clock.Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kathmandu");
        string token = companion.Token(Scopes.Cli);
        object[] items = [new { id = "1", kind = "post", text = "x", at = "2026-11-21T18:14:59Z" }, new { id = "2", kind = "post", text = "x", at = "2026-11-21T18:15:00Z" }];
        await companion.PostAsync("/api/v1/score", token, new { items, observe = true });
        Answer stats = await companion.GetAsync("/api/v1/stats?from=2026-11-22&to=2026-11-23", token);
        Assert.Equal(1, (int)stats.Json!["n"]!);
        Assert.Equal("2026-11-22", (string?)stats.Json["byDay"]![0]!["day"]);
        Assert.Equal("2026-W47", (string?)stats.Json["byWeek"]![0]!["week"]);
    }

    [Fact]
    public async Task On_a_full_disk_labels_are_refused_scores_go_on_and_all_recovers()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Cli);
        Database database = companion.Get<Database>();
        await database.WriteAsync(connection => connection.Scalar<long>($"PRAGMA max_page_count = {connection.Scalar<long>("PRAGMA page_count")}"));
        int refused = 0;
        for (int i = 0; i < 20 && refused == 0; i++)
        {
            object label = new { id = Ulid.New(i), item = new { id = "c" + i, kind = "comment", text = new string('x', 8000) }, label = "substantive" };
            Answer answer = await companion.PostAsync("/api/v1/labels", token, new { labels = new[] { label } });
            if (answer.Status != 200)
            {
                Assert.Equal((507, "disk-full"), (answer.Status, answer.ProblemName));
                refused++;
            }
        }
        Assert.Equal(1, refused);
        Assert.Equal(200, (await companion.PostAsync("/api/v1/score", token, new { items = new[] { Comment } })).Status);
        Answer stats = await companion.GetAsync("/api/v1/stats", token);
        Assert.Equal("full", (string?)stats.Json!["health"]!["storage"]!["state"]);

        await database.WriteAsync(connection => connection.Scalar<long>("PRAGMA max_page_count = 1000000"));
        Assert.False(await DuplicateAsync(companion.PostAsync("/api/v1/labels", token, new { labels = new[] { new { id = Id, item = Comment, label = "substantive" } } })));
        Assert.Equal("ok", (string?)(await companion.GetAsync("/api/v1/stats", token)).Json!["health"]!["storage"]!["state"]);
    }

    private static async Task<bool> DuplicateAsync(Task<Answer> sending)
    {
        Answer answer = await sending;
        Assert.Equal(200, answer.Status);
        return (bool)answer.Json!["results"]![0]!["duplicate"]!;
    }
}
