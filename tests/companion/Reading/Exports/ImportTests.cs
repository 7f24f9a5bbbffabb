using System.Text;
using System.Text.Json.Nodes;
using Soundings.Api;
using Soundings.Depth;
using Soundings.Reading.Exports;
using Soundings.Storage;
using Soundings.Tests.Api;

namespace Soundings.Tests.Reading.Exports;

/// <summary>Imports through the running companion: all of an export or nothing of it, and each thing once.</summary>
public sealed class ImportTests
{
    private static readonly string[] Tables = ["items", "texts", "people", "imported", "reactions", "labels"];

    public static TheoryData<string> Hostile => [.. HostileArchives.All.Keys];

    [Fact]
    public async Task What_was_imported_stands_in_the_lists_and_shares_as_mine_and_a_second_time_adds_nothing()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        byte[] zip = SampleZip("linkedin");
        JsonNode first = (await UploadAsync(companion, zip, "LinkedIn.zip")).Json!;
        Assert.Equal((24, 19, 5, 19, 0), ((int)first["read"]!, (int)first["kept"]!, (int)first["skipped"]!, (int)first["added"]!, (int)first["known"]!));
        Assert.Equal("{\"posts\":3,\"comments\":12,\"replies\":1,\"reactions\":3}", first["kinds"]!.ToJsonString());
        Assert.Equal(5, first["reasons"]!.AsArray().Sum(reason => (int)reason!["count"]!));

        Answer stats = await companion.GetAsync("/api/v1/stats", companion.Token(Scopes.Cli));
        Assert.Equal((16, 16, 3), ((int)stats.Json!["n"]!, (int)stats.Json["mine"]!["n"]!, (int)stats.Json["reactions"]!));
        Answer items = await companion.GetAsync("/api/v1/items?limit=200", companion.Token(Scopes.Cli));
        Assert.Contains(items.Json!["items"]!.AsArray(), item => (string?)item!["id"] == "linkedin:urn:li:share:7303817028698112004");

        string before = await StateAsync(companion);
        JsonNode second = (await UploadAsync(companion, zip, "LinkedIn.zip")).Json!;
        Assert.Equal((19, 0, 19), ((int)second["kept"]!, (int)second["added"]!, (int)second["known"]!));
        Assert.Equal(before, await StateAsync(companion));
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task A_hostile_archive_is_refused_with_its_reason_and_nothing_is_changed(string what)
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        await UploadAsync(companion, SampleZip("facebook-html-2018"), "before.zip");
        string before = await StateAsync(companion);
        (string reason, Func<byte[]> make) = HostileArchives.All[what];
        Answer answer = await UploadAsync(companion, make(), "../../x\n\";rm -rf.zip");
        Assert.Equal((422, "invalid"), (answer.Status, answer.ProblemName));
        Assert.Contains(reason, (string)answer.Json!["detail"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", (string)answer.Json["detail"]!, StringComparison.Ordinal);
        Assert.Equal(before, await StateAsync(companion));
        Assert.Empty(Leftovers(companion));
    }

    [Fact]
    public async Task A_cancelled_import_leaves_nothing()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Dash);
        Task<Answer> importing = UploadAsync(companion, Encoding.UTF8.GetBytes(Comments(60_000)), "Comments.csv", token);
        await UntilAsync(async () => (int)(await companion.GetAsync("/api/v1/import", token)).Json!["read"]! > 100);
        Assert.True((bool)(await companion.SendAsync("DELETE", "/api/v1/import", token)).Json!["cancelled"]!);
        Answer answer = await importing;
        Assert.Equal((409, "cancelled"), (answer.Status, answer.ProblemName));
        Assert.Equal("0 0 0 0 0 0", await StateAsync(companion));
        Assert.Empty(Leftovers(companion));
        Assert.Equal("idle", (string?)(await companion.GetAsync("/api/v1/import", token)).Json!["state"]);
    }

    [Fact]
    public async Task Storing_that_breaks_off_half_way_leaves_nothing()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        IEnumerable<StagedRecord> Broken()
        {
            for (int i = 0; i < 500; i++) yield return Staged(new Item($"linkedin:urn:li:share:{i}", Kind.Post, $"post {i}") { Site = "linkedin", Mine = true });
            throw new IOException("the staged file cannot be read");
        }
        await Assert.ThrowsAsync<IOException>(() => companion.Get<ImportStore>().AddAsync(Broken(), 1, CancellationToken.None));
        Assert.Equal("0 0 0 0 0 0", await StateAsync(companion));
    }

    [Fact]
    public async Task An_item_seen_on_the_page_before_or_after_is_one_with_the_imported_one()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string token = companion.Token(Scopes.Ext);
        object seenBefore = Wire("linkedin:urn:li:comment:(activity:7301511512064000001,7301873120000000001)", "We moved our night batch to Tuesday, and the backlog fell from 40 to 6 tickets. Did you measure before or after the holiday?", "linkedin:urn:li:activity:7301511512064000001");
        object seenAfter = Wire("linkedin:urn:li:comment:(activity:7301511512064000001,7302457820000000001)", "When I ran the \"blue team\" in Porto,\nwe wrote every decision down.\nIt took ten minutes.", "linkedin:urn:li:activity:7301511512064000001");
        await companion.PostAsync("/api/v1/score", token, new { items = new[] { seenBefore }, observe = true });
        await companion.Get<Database>().SettleAsync();
        JsonNode report = (await UploadAsync(companion, SampleZip("linkedin"), "LinkedIn.zip")).Json!;
        Assert.Equal((18, 1), ((int)report["added"]!, (int)report["known"]!));
        await companion.PostAsync("/api/v1/score", token, new { items = new[] { seenAfter }, observe = true });

        JsonArray items = (await companion.GetAsync("/api/v1/items?limit=200", companion.Token(Scopes.Cli))).Json!["items"]!.AsArray();
        Assert.Equal(16, items.Count);
        JsonNode adopted = items.Single(item => (string?)item!["id"] == "linkedin:urn:li:comment:(activity:7301511512064000001,7302457820000000001)")!;
        Assert.Equal("2025-03-03T21:44:00Z", (string?)adopted["at"]);
        JsonNode again = (await UploadAsync(companion, SampleZip("linkedin"), "LinkedIn.zip")).Json!;
        Assert.Equal(0, (int)again["added"]!);
    }

    [Fact]
    public async Task The_same_words_in_Facebooks_JSON_and_HTML_are_one_item()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        const string Json = "{\"comments_v2\":[{\"timestamp\":1701901107,\"data\":[{\"comment\":{\"timestamp\":1701901107,\"comment\":\"I sanded mine with 80, then 120, and stopped there.\\nWhy did you go to 400?\"}}],\"title\":\"x commented\"}]}";
        await UploadAsync(companion, Encoding.UTF8.GetBytes(Json), "comments.json");
        JsonNode report = (await UploadAsync(companion, SampleZip("facebook-html"), "facebook.zip")).Json!;
        Assert.Equal((4, 1), ((int)report["added"]!, (int)report["known"]!));
    }

    [Fact]
    public async Task A_saved_page_gives_its_items_with_their_parents_and_mine_and_anothers_apart()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        byte[] page = await File.ReadAllBytesAsync(Path.Combine(Samples.Root, "..", "replicas", "linkedin-post-comments.html"));
        JsonNode expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Samples.Root, "..", "replicas", "linkedin-post-comments.expected.json")))!;
        JsonNode report = (await UploadAsync(companion, page, "saved.html")).Json!;
        Assert.Equal(expected.AsArray().Count(item => (string)item!["text"]! != ""), (int)report["added"]!);
        JsonArray items = (await companion.GetAsync("/api/v1/items?limit=200", companion.Token(Scopes.Cli))).Json!["items"]!.AsArray();
        Assert.Equal(expected.AsArray().Count(item => (bool)item!["mine"]! && (string)item["text"]! != ""), items.Count(item => (bool)item!["mine"]!));
        Assert.All(items.Where(item => (string?)item!["kind"] == "comment"), item => Assert.False(string.IsNullOrEmpty((string?)item!["parent"])));
        Assert.Equal(0, (int)(await UploadAsync(companion, page, "saved.html")).Json!["added"]!);
    }

    [Fact]
    public async Task Labels_are_taken_in_by_the_same_door_and_a_broken_line_takes_none()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        const string Line = "{\"id\":\"a1\",\"kind\":\"comment\",\"text\":\"We counted forty valves.\",\"site\":\"linkedin\",\"label\":\"substantive\",\"source\":\"click\"}";
        Answer broken = await UploadAsync(companion, Encoding.UTF8.GetBytes(Line + "\n" + Line.Replace("substantive", "Hostile", StringComparison.Ordinal) + "\n"), "labels.jsonl");
        Assert.Equal(422, broken.Status);
        Assert.Contains("line 2", (string)broken.Json!["detail"]!, StringComparison.Ordinal);
        Answer latin = await UploadAsync(companion, [.. Encoding.UTF8.GetBytes(Line + "\n{\"id\":\""), 0xE9], "labels.jsonl");
        Assert.Contains("line 2: it is not UTF-8", (string)latin.Json!["detail"]!, StringComparison.Ordinal);
        Assert.Equal("0 0 0 0 0 0", await StateAsync(companion));
        Assert.Equal(1, (int)(await UploadAsync(companion, Encoding.UTF8.GetBytes(Line + "\n"), "labels.jsonl")).Json!["added"]!);
        Assert.Equal(0, (int)(await UploadAsync(companion, Encoding.UTF8.GetBytes(Line + "\n"), "labels.jsonl")).Json!["added"]!);
        Assert.Equal(1L, companion.Get<Database>().Read(connection => connection.Scalar<long>("SELECT count(*) FROM labels WHERE source = 'import'")));
    }

    [Fact]
    public async Task Only_the_command_line_may_name_a_path_and_no_form_may_upload()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        object body = new { path = Samples.At("linkedin") };
        Assert.Equal(403, (await companion.PostAsync("/api/v1/import/local", companion.Token(Scopes.Dash), body)).Status);
        Assert.Equal(403, (await UploadAsync(companion, [1], "x", companion.Token(Scopes.Ext))).Status);
        Assert.Equal(415, (await UploadAsync(companion, [1], "x", companion.Token(Scopes.Dash), "multipart/form-data")).Status);
        Assert.Equal(422, (await companion.PostAsync("/api/v1/import/local", companion.Token(Scopes.Cli), new { path = "relative" })).Status);
        Assert.Equal(19, (int)(await companion.PostAsync("/api/v1/import/local", companion.Token(Scopes.Cli), body)).Json!["added"]!);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_before_it_is_read()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string head = $"POST /api/v1/import HTTP/1.1\r\nHost: 127.0.0.1:{companion.Port}\r\nAuthorization: Bearer {companion.Token(Scopes.Cli)}\r\nContent-Type: application/zip\r\nContent-Length: {ImportLimits.UploadBytes + 1}\r\nConnection: close\r\n\r\n";
        Assert.StartsWith("HTTP/1.1 413", await companion.RawAsync(Encoding.ASCII.GetBytes(head)), StringComparison.Ordinal);
    }

    private static StagedRecord Staged(Item item) =>
        new(Origin.LinkedInTable, item, new Score(item.Id, 50, 0.5, Verdict.Unsure, new Facets(0, 0, 0, 0), [], null, "1"), null);

    private static object Wire(string id, string text, string parentId) => new { id, kind = "comment", text, site = "linkedin", mine = true, parentId };

    private static string Comments(int count) => "Date,Link,Message\n" + string.Concat(Enumerable.Range(0, count).Select(i =>
        $"2025-03-01 10:15:42,https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A{7301511512064000000 + i},We counted {i} valves and {i * 7 % 101} of them leaked; which did you replace first?\n"));

    private static byte[] SampleZip(string sample)
    {
        string zip = Path.GetTempFileName();
        Samples.Zip(Samples.At(sample), zip);
        byte[] bytes = File.ReadAllBytes(zip);
        File.Delete(zip);
        return bytes;
    }

    private static async Task<Answer> UploadAsync(TestCompanion companion, byte[] content, string name, string? token = null, string type = "application/octet-stream") =>
        await companion.UploadAsync($"/api/v1/import?name={Uri.EscapeDataString(name)}", token ?? companion.Token(Scopes.Cli), content, type);

    private static async Task<string> StateAsync(TestCompanion companion)
    {
        await companion.Get<Database>().SettleAsync();
        return companion.Get<Database>().Read(connection => string.Join(' ', Tables.Select(table => connection.Scalar<long>($"SELECT count(*) FROM {table}"))));
    }

    private static IEnumerable<string> Leftovers(TestCompanion companion) => Directory.EnumerateFiles(companion.Get<DataFolder>().RunFolder, "import-*");

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        DateTime deadline = DateTime.UtcNow.AddSeconds(30);
        while (!await holds()) Assert.True(DateTime.UtcNow < deadline, "it did not come to hold within 30 s");
    }
}
