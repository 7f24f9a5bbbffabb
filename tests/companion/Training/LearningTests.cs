using System.Text.Json.Nodes;
using Soundings.Api;
using Soundings.Depth;
using Soundings.Storage;
using Soundings.Tests.Api;
using Soundings.Training;

namespace Soundings.Tests.Training;

/// <summary>Learning as a client sees it: labels in, versions, figures and the queue out.</summary>
public sealed class LearningTests
{
    private static string Id(int i) => Ulid.New(1_700_000_000_000 + i);

    private static object Comment(string id, string text) => new { id, site = "linkedin", kind = "comment", text };

    private static object Label(int i, string text, bool deep) => new { id = Id(i), item = Comment($"c{i}", text), label = deep ? "substantive" : "superficial" };

    private static readonly string[] Warm =
    [
        "So proud of you, this made my whole day, hugs to you both!", "Love this so much, thank you for being you 😍", "Congratulations dear, you deserve every bit of it 🥰",
        "Haha you two, I am still laughing about the boat 😂", "Thinking of you today, love to all of you 🙏", "Happy birthday to my favourite person, hugs!",
        "Lol, only you could do that 😂😂", "Beautiful family, love you all!", "Well done, so happy for you!", "Thank you, thank you, thank you ❤️",
    ];

    private static readonly string[] Dry =
    [
        "Agreed, the numbers matter.", "Interesting.", "Following.", "This is the way.", "Synergy is everything in this economy.", "Great insights on leadership.",
        "AI will change everything.", "Content is king.", "Data is the new oil.", "Hard agree.",
    ];

    private static async Task<JsonNode> TeachAsync(TestCompanion companion, string token, int from = 0)
    {
        JsonNode? last = null;
        for (int i = 0; i < Warm.Length; i++)
        {
            Answer answer = await companion.PostAsync("/api/v1/labels", token, new { labels = new[] { Label(from + 2 * i, Warm[i], true), Label(from + 2 * i + 1, Dry[i], false) } });
            Assert.Equal(200, answer.Status);
            last = answer.Json!;
        }
        return last!;
    }

    private static async Task<double> DepthAsync(TestCompanion companion, string token, string text) =>
        (double)(await companion.PostAsync("/api/v1/score", token, new { items = new[] { Comment("x", text) } })).Json!["scores"]![0]!["probability"]!;

    [Fact]
    public async Task A_label_is_answered_with_the_version_that_learned_it_and_like_texts_move()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Ext);
        const string like = "Love you two, so happy for you, hugs 😍";
        double before = await DepthAsync(companion, token, like);
        Assert.Equal("1.20", (string?)(await TeachAsync(companion, token))["model"]);
        Assert.True(await DepthAsync(companion, token, like) > before + 0.2);
        Assert.Equal("1.20", companion.Get<ActiveModel>().Current.Version);
    }

    [Fact]
    public async Task A_withdrawn_label_is_not_learned_from()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Ext);
        double before = await DepthAsync(companion, token, Warm[0]);
        string id = Id(1);
        Answer said = await companion.PostAsync("/api/v1/labels", token, new { labels = new[] { new { id, item = Comment("c1", Warm[0]), label = "substantive" } } });
        Assert.Equal("1.1", (string?)said.Json!["model"]);
        Assert.NotEqual(before, await DepthAsync(companion, token, Warm[0]));
        Answer gone = await companion.SendAsync("DELETE", $"/api/v1/labels/{id}", token);
        Assert.Equal("1", (string?)gone.Json!["model"]);
        Assert.Equal(before, await DepthAsync(companion, token, Warm[0]));
    }

    [Fact]
    public async Task The_same_labels_sent_again_make_no_new_version()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Ext);
        object body = new { labels = new[] { Label(1, Warm[0], true) } };
        string text = System.Text.Json.JsonSerializer.Serialize(body);
        Assert.Equal("1.1", (string?)(await companion.PostAsync("/api/v1/labels", token, text)).Json!["model"]);
        Answer again = await companion.PostAsync("/api/v1/labels", token, text);
        Assert.Equal("1.1", (string?)again.Json!["model"]);
        Assert.True((bool)again.Json!["results"]![0]!["duplicate"]!);
    }

    [Fact]
    public async Task Versions_are_listed_and_rolled_back_and_a_restart_keeps_what_was_chosen()
    {
        using TestFolder folder = new();
        double starter, taught;
        await using (TestCompanion companion = await TestCompanion.StartAsync(folder))
        {
            string token = companion.Token(Scopes.Cli);
            starter = await DepthAsync(companion, token, Warm[3]);
            await TeachAsync(companion, token);
            taught = await DepthAsync(companion, token, Warm[3]);
            Assert.NotEqual(starter, taught);
            JsonNode models = (await companion.GetAsync("/api/v1/models", token)).Json!;
            Assert.Equal("1.20", (string?)models["active"]);
            JsonNode newest = models["models"]![0]!;
            Assert.Equal(("1.20", "active", "personal", "1", 20), ((string?)newest["version"], (string?)newest["state"], (string?)newest["kind"], (string?)newest["parent"], (int)newest["labels"]!));
            Assert.Equal(404, (await companion.PostAsync("/api/v1/models/7/activate", token, new { })).Status);
            Assert.Equal(404, (await companion.PostAsync("/api/v1/models/..%2F1/activate", token, new { })).Status);
            Assert.Equal("1", (string?)(await companion.PostAsync("/api/v1/models/1/activate", token, new { })).Json!["active"]);
            Assert.Equal(starter, await DepthAsync(companion, token, Warm[3]));
        }
        await using (TestCompanion companion = await TestCompanion.StartAsync(folder))
        {
            string token = companion.Token(Scopes.Cli);
            Assert.Equal("1", companion.Get<ModelCatalogue>().ActiveVersion);
            Assert.Equal(200, (await companion.PostAsync("/api/v1/models/1.20/activate", token, new { })).Status);
            Assert.Equal(taught, await DepthAsync(companion, token, Warm[3]));
        }
    }

    [Fact]
    public async Task What_was_stored_but_not_learned_is_learned_at_the_next_start_under_the_same_name()
    {
        using TestFolder folder = new();
        double taught;
        await using (TestCompanion companion = await TestCompanion.StartAsync(folder))
        {
            await TeachAsync(companion, companion.Token(Scopes.Cli));
            taught = await DepthAsync(companion, companion.Token(Scopes.Cli), Warm[3]);
        }
        Directory.Delete(folder.Data.ModelsFolder, recursive: true);
        await using (TestCompanion companion = await TestCompanion.StartAsync(folder))
        {
            Assert.Equal("1.20", companion.Get<ActiveModel>().Current.Version);
            Assert.Equal(taught, await DepthAsync(companion, companion.Token(Scopes.Cli), Warm[3]));
        }
    }

    [Fact]
    public async Task A_changed_version_is_refused_loudly_and_the_last_good_one_judges()
    {
        using TestFolder folder = new();
        await using (TestCompanion companion = await TestCompanion.StartAsync(folder))
        {
            for (int i = 0; i < 3; i++)
            {
                await companion.PostAsync("/api/v1/labels", companion.Token(Scopes.Ext), new { labels = new[] { Label(i, Warm[i], true) } });
                await companion.Get<Learner>().WrittenAsync();
            }
        }
        ModelCatalogue catalogue = ModelCatalogue.Open(folder.Data);
        Assert.Equal(["1", "1.1", "1.2", "1.3"], catalogue.Versions);
        string head = Path.Combine(folder.Data.ModelsFolder, "1.3.head"), report = Path.Combine(folder.Data.ModelsFolder, "1.3.json");
        byte[] good = await File.ReadAllBytesAsync(head);
        string goodReport = await File.ReadAllTextAsync(report);

        foreach (byte[] bad in (byte[][])[[], good[..^1], [.. good[..200], (byte)(good[200] ^ 1), .. good[201..]], [.. good, 0]])
        {
            await File.WriteAllBytesAsync(head, bad);
            Refused(catalogue);
        }
        await File.WriteAllBytesAsync(head, good);
        foreach (string bad in (string[])["", "{", "[]", goodReport.Replace("\"sha256\": \"", "\"sha256\": \"0", StringComparison.Ordinal), goodReport.Replace("\"mac\": \"", "\"mac\": \"f", StringComparison.Ordinal)])
        {
            await File.WriteAllTextAsync(report, bad);
            Refused(catalogue);
        }
        await File.WriteAllTextAsync(report, goodReport);
        Assert.Equal("1.3", catalogue.LoadServing(out string? none).Version);
        Assert.Null(none);

        // A version of another folder, whole in itself, was never vouched for here.
        await File.WriteAllBytesAsync(Path.Combine(folder.Data.ModelsFolder, "key"), new byte[32]);
        Assert.Equal("1", catalogue.LoadServing(out string? foreign).Version);
        Assert.Contains("not made in this data folder", foreign, StringComparison.Ordinal);

        static void Refused(ModelCatalogue catalogue)
        {
            Assert.Throws<MendableError>(() => catalogue.Load("1.3"));
            Assert.Equal("1.2", catalogue.LoadServing(out string? fault).Version);
            Assert.Contains("1.3", fault, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Labels_move_house_without_loss_and_nothing_twice()
    {
        await using TestCompanion here = await TestCompanion.StartAsync();
        string token = here.Token(Scopes.Cli);
        await TeachAsync(here, token);
        object whole = new { id = "q1", site = "facebook", kind = "reply", text = "Wort für Wort \"so\" 🙌\n\u2028", parent = "eh?", parentId = "p", author = new { name = "A", url = "https://facebook.com/a" }, mine = true, at = "2026-11-22T10:00:00Z" };
        await here.PostAsync("/api/v1/labels", token, new { labels = new object[] { new { id = Id(900), item = whole, label = "substantive", facets = new[] { "reveal", "engage" }, at = "2026-11-22T11:00:00Z" } } });
        await here.PostAsync("/api/v1/labels", token, new { labels = new object[] { new { id = Id(901), pair = new[] { Comment("a", "One thing."), Comment("b", "Another.") }, deeper = 1 } } });
        byte[] lines = (await here.GetAsync("/api/v1/export", token)).Body;
        string[] all = System.Text.Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(22, all.Length);

        await using TestCompanion there = await TestCompanion.StartAsync();
        string other = there.Token(Scopes.Cli);
        Answer taken = await there.PostAsync("/api/v1/labels/import", other, new { lines = all });
        Assert.Equal(200, taken.Status);
        Assert.All(taken.Json!["results"]!.AsArray(), result => Assert.False((bool)result!["duplicate"]!));
        Assert.Equal(lines, (await there.GetAsync("/api/v1/export", other)).Body);
        Assert.Equal(await DepthAsync(here, token, Warm[2]), await DepthAsync(there, other, Warm[2]));
        Assert.All((await there.PostAsync("/api/v1/labels/import", other, new { lines = all })).Json!["results"]!.AsArray(), result => Assert.True((bool)result!["duplicate"]!));
        Assert.Equal(422, (await there.PostAsync("/api/v1/labels/import", other, new { lines = new[] { all[0], "{\"id\":\"x\"}" } })).Status);
    }

    [Fact]
    public async Task The_queue_offers_what_was_seen_and_not_labelled_and_pairs_of_equal_length()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Cli);
        object[] items = [.. Warm.Concat(Dry).Select((text, i) => Comment($"i{i}", text))];
        await companion.PostAsync("/api/v1/score", token, new { items, observe = true });
        JsonNode queue = (await companion.GetAsync("/api/v1/queue?n=6&pairs=2", token)).Json!;
        Assert.Equal(6, queue["items"]!.AsArray().Count);
        Assert.Equal(6, queue["why"]!.AsArray().Count);
        Assert.All(queue["pairs"]!.AsArray(), pair => Assert.Equal(2, pair!.AsArray().Count));
        // What the queue gives is what labels take.
        string first = queue["items"]![0]!.ToJsonString();
        Answer answer = await companion.PostAsync("/api/v1/labels", token, $$"""{"labels":[{"id":"{{Id(1)}}","item":{{first}},"label":"superficial"}]}""");
        Assert.Equal(200, answer.Status);
        JsonNode next = (await companion.GetAsync("/api/v1/queue?n=50", token)).Json!;
        Assert.DoesNotContain(next["items"]!.AsArray(), item => (string?)item!["id"] == (string?)queue["items"]![0]!["id"]);
        Assert.Equal(422, (await companion.GetAsync("/api/v1/queue?n=0", token)).Status);
        Assert.Equal(422, (await companion.GetAsync("/api/v1/queue?count=3", token)).Status);
    }

    [Fact]
    public async Task Of_two_texts_the_one_called_deeper_rises_and_the_pair_is_not_asked_again()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Cli);
        await companion.PostAsync("/api/v1/score", token, new { items = Warm.Concat(Dry).Select((text, i) => Comment($"i{i}", text)).ToArray(), observe = true });
        JsonArray first = (await companion.GetAsync("/api/v1/queue?pairs=1", token)).Json!["pairs"]!.AsArray();
        HashSet<string> asked = [.. first[0]!.AsArray().Select(item => (string)item!["id"]!)];
        Answer answer = await companion.PostAsync("/api/v1/labels", token, $$"""{"labels":[{"id":"{{Id(1)}}","pair":{{first[0]!.ToJsonString()}},"deeper":0}]}""");
        Assert.Equal(200, answer.Status);
        foreach (JsonNode? pair in (await companion.GetAsync("/api/v1/queue?pairs=50", token)).Json!["pairs"]!.AsArray())
            Assert.DoesNotContain(pair!.AsArray(), item => asked.Contains((string)item!["id"]!));

        const string warm = "Love you two, so happy for you, hugs 😍", dry = "Agreed, synergy is the future of the economy.";
        (double warmBefore, double dryBefore) = (await DepthAsync(companion, token, warm), await DepthAsync(companion, token, dry));
        for (int i = 0; i < Warm.Length; i++)
            await companion.PostAsync("/api/v1/labels", token, new { labels = new[] { new { id = Id(10 + i), pair = new[] { Comment($"d{i}", Dry[i]), Comment($"w{i}", Warm[i]) }, deeper = 1 } } });
        Assert.Equal(11, (int)(await companion.GetAsync("/api/v1/learning", token)).Json!["pairs"]!);
        (double warmAfter, double dryAfter) = (await DepthAsync(companion, token, warm), await DepthAsync(companion, token, dry));
        Assert.True(warmAfter - dryAfter > warmBefore - dryBefore + 0.2, $"warm {warmBefore} to {warmAfter}, dry {dryBefore} to {dryAfter}");
    }

    [Fact]
    public async Task Each_figure_of_the_learning_carries_its_n()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Dash);
        JsonNode none = (await companion.GetAsync("/api/v1/learning", token)).Json!;
        Assert.Equal(0, (int)none["labels"]!);
        Assert.Equal("too few to say (0)", (string?)none["accuracy"]!["said"]);
        Assert.Null(none["accuracy"]!["share"]);
        await companion.PostAsync("/api/v1/score", token, new { items = Warm.Select((text, i) => Comment($"i{i}", text)).ToArray(), observe = true });
        await companion.Get<Database>().SettleAsync();
        await TeachAsync(companion, token);
        JsonNode learning = (await companion.GetAsync("/api/v1/learning", token)).Json!;
        Assert.Equal((20, 10, 10), ((int)learning["labels"]!, (int)learning["substantive"]!, (int)learning["superficial"]!));
        Assert.Equal(20, (int)learning["accuracy"]!["n"]!);
        Assert.Equal([10, 20], learning["curve"]!.AsArray().Select(point => (int)point!["n"]!));
        Assert.Equal(20, (int)learning["byKind"]!["comment"]!["n"]!);
        Assert.True((int)learning["readingsChanged"]! > 0);
        JsonNode changed = learning["changed"]![0]!;
        Assert.NotEqual((int)changed["before"]!, (int)changed["after"]!);
    }

    [Fact]
    public async Task Whoever_is_exempt_gets_no_mark_at_once()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Ext);
        object item = new { id = "s1", site = "facebook", kind = "comment", text = "Nice!", author = new { name = "My sister", url = "https://facebook.com/sister?ref=x" } };
        Assert.Null((await companion.PostAsync("/api/v1/score", token, new { items = new[] { item } })).Json!["exempt"]);
        Answer added = await companion.PostAsync("/api/v1/exempt", token, new { what = "person", site = "facebook", name = "My sister", url = "https://facebook.com/sister" });
        Assert.Equal(200, added.Status);
        long id = (long)added.Json!["exempt"]![0]!["id"]!;
        Assert.Equal(id, (long)added.Json!["added"]!);
        Assert.Equal("s1", (string?)(await companion.PostAsync("/api/v1/score", token, new { items = new[] { item } })).Json!["exempt"]![0]);
        Assert.Equal(422, (await companion.PostAsync("/api/v1/exempt", token, new { what = "dog", site = "facebook", name = "Rex" })).Status);
        Assert.Equal(200, (await companion.SendAsync("DELETE", $"/api/v1/exempt/{id}", token)).Status);
        Assert.Null((await companion.PostAsync("/api/v1/score", token, new { items = new[] { item } })).Json!["exempt"]);
        Assert.Equal(404, (await companion.SendAsync("DELETE", $"/api/v1/exempt/{id}", token)).Status);
    }

    [Theory]
    [InlineData("group", "facebook", "https://www.facebook.com/groups/quiltmakers", "https://www.facebook.com/groups/quiltmakers/user/1007", "https://www.facebook.com/groups/quiltmakers2/user/1007")]
    [InlineData("page", "facebook", "https://www.facebook.com/citynews", "https://www.facebook.com/citynews/", "https://www.facebook.com/citynewsroom")]
    [InlineData("page", "linkedin", "https://www.linkedin.com/company/acme", "https://www.linkedin.com/company/acme/posts", "https://www.linkedin.com/in/acme")]
    [InlineData("person", "linkedin", "https://www.linkedin.com/in/ada", "https://www.linkedin.com/in/ada?x=1", "https://www.linkedin.com/in/ada/recent")]
    public async Task A_group_or_page_is_exempt_with_all_that_stands_below_it_and_nothing_is_asked_about_it(string what, string site, string url, string below, string beside)
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Cli);
        object[] items = [.. new[] { below, beside }.Select((address, i) => new { id = $"g{i}", site, kind = "comment", text = $"We moved the depot and saved {i + 3} hours.", author = new { name = "Somebody", url = address } })];
        Assert.Equal(200, (await companion.PostAsync("/api/v1/exempt", token, new { what, site, name = "It", url })).Status);
        JsonNode scores = (await companion.PostAsync("/api/v1/score", token, new { items, observe = true })).Json!;
        Assert.Equal(["g0"], scores["exempt"]!.AsArray().Select(id => (string)id!));
        Assert.Equal(["g1"], (await companion.GetAsync("/api/v1/queue", token)).Json!["items"]!.AsArray().Select(item => (string)item!["id"]!));
    }

    [Theory]
    [InlineData("https://www.facebook.com/groups/quiltmakers/?ref=share", "group", "https://www.facebook.com/groups/quiltmakers")]
    [InlineData("m.facebook.com/groups/77/permalink/5", "group", "https://www.facebook.com/groups/77")]
    [InlineData("facebook.com/citynews", "page", "https://www.facebook.com/citynews")]
    [InlineData("https://de.linkedin.com/company/acme/about", "page", "https://www.linkedin.com/company/acme")]
    [InlineData("https://www.linkedin.com/groups/1234", null, null)]
    [InlineData("https://www.facebook.com/", null, null)]
    [InlineData("https://notfacebook.com/groups/1", null, null)]
    [InlineData("javascript://facebook.com/groups/1", null, null)]
    [InlineData("", null, null)]
    public void The_address_of_a_group_or_page_is_told_from_any_other(string address, string? what, string? url)
    {
        Soundings.Dashboard.Place? place = Soundings.Dashboard.Place.Of(address);
        Assert.Equal((what, url), (place?.What, place?.Url));
    }

    [Fact]
    public async Task A_model_swapped_under_load_never_gives_a_mixed_answer()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Cli);
        await TeachAsync(companion, token);
        ModelCatalogue catalogue = companion.Get<ModelCatalogue>();
        await companion.Get<Learner>().WrittenAsync();
        Dictionary<string, double> truth = ((string[])["1", "1.20"]).ToDictionary(version => version, version => catalogue.Load(version).Score(new Item("x", Kind.Comment, Warm[0])).Probability);
        ActiveModel active = companion.Get<ActiveModel>();
        using CancellationTokenSource stop = new();
        Task[] scoring = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Score score = active.Current.Score(new Item("x", Kind.Comment, Warm[0]));
                Assert.Equal(truth[score.Model], score.Probability);
            }
        }))];
        for (int i = 0; i < 30; i++) await companion.Get<Learner>().ActivateAsync(i % 2 == 0 ? "1" : "1.20");
        await stop.CancelAsync();
        await Task.WhenAll(scoring);
    }

    [Fact]
    public async Task A_training_can_be_cancelled_and_one_cut_short_begins_anew()
    {
        using TestFolder folder = new();
        await using (TestCompanion companion = await TestCompanion.StartAsync(folder))
        {
            string token = companion.Token(Scopes.Dash);
            await TeachAsync(companion, token);
            Assert.Equal("idle", (string?)(await companion.GetAsync("/api/v1/training", token)).Json!["state"]);
            Assert.Equal(403, (await companion.PostAsync("/api/v1/training", token, new { files = new[] { "/etc/hosts" } })).Status);
            Answer started = await companion.PostAsync("/api/v1/training", token, new { });
            Assert.Equal((202, "running", "2"), (started.Status, (string?)started.Json!["state"], (string?)started.Json!["version"]));
            // Scoring goes on meanwhile, by the model that served.
            Assert.Equal("1.20", (string?)(await companion.PostAsync("/api/v1/score", token, new { items = new[] { Comment("x", "words") } })).Json!["model"]);
            Assert.True((bool)(await companion.SendAsync("DELETE", "/api/v1/training", token)).Json!["cancelled"]!);
            Assert.Equal("cancelled", (string?)(await companion.GetAsync("/api/v1/training", token)).Json!["state"]);
            Assert.Equal("1.20", companion.Get<ActiveModel>().Current.Version);
        }
        string room = Path.Combine(folder.Data.ModelsFolder, "training");
        Assert.False(Directory.Exists(room));

        // As a kill in the middle of a training leaves it.
        Directory.CreateDirectory(room);
        await File.WriteAllTextAsync(Path.Combine(room, "wish.json"), "{}");
        await using (TestCompanion companion = await TestCompanion.StartAsync(folder))
        {
            Assert.Equal("running", companion.Get<FullTraining>().View.State);
            await companion.Get<FullTraining>().CancelAsync();
            await companion.Get<FullTraining>().EndAsync();
            Assert.Equal(["1", "1.20"], companion.Get<ModelCatalogue>().Versions.Where(version => version is "1" or "1.20" or "2"));
        }
    }
}
