using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Soundings.Api;
using Soundings.Dashboard;
using Soundings.Depth;
using Soundings.Storage;

namespace Soundings.Tests.Api;

/// <summary>What is kept and how long, pausing, taking everything along, and the watch over what leaves.</summary>
public class KeepingTests
{
    [Fact]
    public async Task Where_no_text_is_kept_only_labelled_ones_stay_and_scores_go_on_counting()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string cli = companion.Token(Scopes.Cli);
        await ObserveAsync(companion, new Item("theirs", Kind.Comment, "their words") { Site = "linkedin", Parent = "a post" }, new Item("mine", Kind.Comment, "my words") { Site = "linkedin", Mine = true }, new Item("said", Kind.Comment, "labelled words") { Site = "linkedin" });
        Assert.True(await companion.Get<Labelling>().SayAsync(companion.Get<DashboardData>().Lines(new ListFilter(new ItemFilter { Words = "labelled" }), null, 1).Lines.Single(), Verdict.Substantive));
        PrivacyData privacy = companion.Get<PrivacyData>();
        Assert.True(privacy.LetsGo(Keeping.Never) && privacy.LetsGo(Keeping.Week) && !privacy.LetsGo(Keeping.Always));
        Assert.Equal(2, await privacy.KeepAsync(Keeping.Never));
        await ObserveAsync(companion, new Item("new", Kind.Comment, "new words") { Site = "linkedin", Parent = "another post" });

        Assert.Equal([null, null, "labelled words", null], await TextsAsync(companion, cli));
        // The label made a version of the model, under which the labelled text may still wait to be judged.
        Answer stats = await companion.GetAsync("/api/v1/stats", cli);
        Assert.Equal(4, (int)stats.Json!["n"]! + (int)stats.Json["pending"]!);
        Assert.Equal(1, companion.Get<Database>().Read(connection => connection.Scalar<long>("SELECT count(*) FROM texts WHERE body IS NOT NULL")));
        Assert.Null(companion.Get<ForgetStore>().Owed());

        // Kept again from now on: what is seen once more has its words.
        await privacy.KeepAsync(Keeping.Always);
        await ObserveAsync(companion, new Item("new", Kind.Comment, "new words") { Site = "linkedin" });
        for (int day = 0; day < 60; day += 1) await companion.Get<Retention>().RunAsync(companion.Clock.GetUtcNow().AddDays(day));
        Assert.Equal([null, "new words", "labelled words", null], await TextsAsync(companion, cli));
    }

    [Fact]
    public async Task A_paused_companion_judges_nothing_for_a_browser_and_says_so()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string ext = companion.Token(Scopes.Ext), cli = companion.Token(Scopes.Cli);
        object Body(bool observe) => new { observe, items = new[] { new { id = "a", kind = "comment", text = "words", site = "linkedin" } } };
        PrivacyData privacy = companion.Get<PrivacyData>();
        await privacy.PauseAsync(companion.Clock.GetUtcNow().AddHours(1));
        Answer refused = await companion.PostAsync("/api/v1/score", ext, Body(true));
        Assert.Equal((503, "paused"), (refused.Status, refused.ProblemName));
        Assert.True(refused.Headers.ContainsKey("Retry-After"));
        Assert.Equal(503, (await companion.PostAsync("/api/v1/score", cli, Body(true))).Status);
        Assert.Equal(200, (await companion.PostAsync("/api/v1/score", cli, Body(false))).Status);
        companion.Clock.Pass(TimeSpan.FromMinutes(61));
        Assert.Equal(200, (await companion.PostAsync("/api/v1/score", companion.Token(Scopes.Ext), Body(true))).Status);
        await privacy.PauseAsync(DateTimeOffset.MaxValue);
        companion.Clock.Pass(TimeSpan.FromMinutes(61));
        Assert.Equal(503, (await companion.PostAsync("/api/v1/score", companion.Token(Scopes.Ext), Body(true))).Status);
        Assert.Equal(DateTimeOffset.MaxValue, new KeepingStore(companion.Get<Database>()).PausedUntil(companion.Clock.GetUtcNow()));
        await privacy.PauseAsync(null);
        Assert.Equal(200, (await companion.PostAsync("/api/v1/score", companion.Token(Scopes.Ext), Body(true))).Status);
    }

    [Fact]
    public async Task Everything_comes_out_as_one_zip_and_its_labels_go_in_elsewhere()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string cli = companion.Token(Scopes.Cli);
        await ObserveAsync(companion, [.. Enumerable.Range(0, 250).Select(i => new Item($"c{i}", Kind.Comment, i == 7 ? "=HYPERLINK(\"http://evil\",\"x\")" : $"words, number {i}\nand a line") { Site = "linkedin", Author = new Author("@Ada") })]);
        Line line = companion.Get<DashboardData>().Lines(new ListFilter(new ItemFilter { Words = "hyperlink" }), null, 1).Lines.Single();
        await companion.Get<Labelling>().SayAsync(line, Verdict.Superficial);
        Answer answer = await companion.GetAsync("/api/v1/export?all=true", cli);
        Assert.Equal((200, "application/zip"), (answer.Status, answer.Headers["Content-Type"]));
        using ZipArchive zip = new(new MemoryStream(answer.Body));
        string Content(string name) => new StreamReader(zip.GetEntry(name)!.Open(), Encoding.UTF8).ReadToEnd();
        Assert.Equal(250, Content("items.jsonl").Count(c => c == '\n'));
        Assert.Contains("\"'=HYPERLINK(\"\"http://evil\"\",\"\"x\"\")\"", Content("items.csv"), StringComparison.Ordinal);
        Assert.Contains("\"'@Ada\"", Content("people.csv"), StringComparison.Ordinal);
        Assert.Contains("\"superficial\"", Content("labels.csv"), StringComparison.Ordinal);

        await using TestCompanion other = await TestCompanion.StartAsync();
        Answer imported = await other.UploadAsync("/api/v1/import?name=labels.jsonl", other.Token(Scopes.Cli), Encoding.UTF8.GetBytes(Content("labels.jsonl")), "application/jsonl");
        Assert.Equal(200, imported.Status);
        Assert.Equal(companion.Get<LabelStore>().Current().Select(label => (label.Id, label.Content)), other.Get<LabelStore>().Current().Select(label => (label.Id, label.Content)));
        Assert.Equal(422, (await companion.GetAsync("/api/v1/export?al=true", cli)).Status);
    }

    [Fact]
    public async Task A_connection_to_anywhere_else_would_be_counted_and_one_to_this_machine_is_not()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        using OutwardWatch watch = new(TimeProvider.System);
        await companion.GetAsync("/api/v1/hello", null);
        long before = watch.Look().ConnectionsElsewhere;
        // An address set aside for documentation: nobody answers there, and asking is enough.
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<Exception>(async () => await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 9), stop.Token));
        Assert.True(watch.Look().ConnectionsElsewhere > before);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("192.0.2.1", false)]
    [InlineData("2001:db8::1", false)]
    public void An_address_is_told_as_the_runtime_spells_it(string address, bool here) =>
        Assert.Equal(here, OutwardWatch.IsHere(new IPEndPoint(IPAddress.Parse(address), 443).Serialize().ToString()));

    [Theory]
    [InlineData("0100007F:6F01", true)]
    [InlineData("00000000:0000", true)]
    [InlineData("010200C0:01BB", false)]
    [InlineData("0000000000000000FFFF00000100007F:6F01", true)]
    [InlineData("B80D0120000000000000000001000000:01BB", false)]
    public void An_end_of_a_socket_is_told_as_linux_lists_it(string end, bool here) => Assert.Equal(here, OutwardWatch.IsLocal(end));

    [Theory]
    [InlineData("application/json;charset=utf-8", 200)]
    [InlineData("Application/JSON; Charset=\"UTF-8\"", 200)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("application/json; charset=utf-8; a=b", 415)]
    [InlineData("text/plain", 415)]
    [InlineData("application/problem+json", 415)]
    public async Task Json_in_utf8_is_taken_however_it_is_spelled(string type, int status)
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        string body = """{"items":[]}""";
        string answer = await companion.RawAsync(Encoding.UTF8.GetBytes(
            $"POST /api/v1/score HTTP/1.1\r\nHost: 127.0.0.1:{companion.Port}\r\nAuthorization: Bearer {companion.Token(Scopes.Cli)}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
        Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hello_answers_a_head_and_json_of_nobody_is_no_import()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        Assert.Equal(200, (await companion.SendAsync("HEAD", "/api/v1/hello", null)).Status);
        string cli = companion.Token(Scopes.Cli);
        Assert.Equal(400, (await companion.UploadAsync("/api/v1/import", cli, "{\"id\":1}"u8.ToArray(), "application/json")).Status);
        Assert.Equal(200, (await companion.UploadAsync("/api/v1/import", cli, "{\"comments_v2\":[]}"u8.ToArray(), "application/json")).Status);
    }

    private static async Task<List<string?>> TextsAsync(TestCompanion companion, string token) =>
        [.. (await companion.GetAsync("/api/v1/items", token)).Json!["items"]!.AsArray().OrderBy(item => (string)item!["id"]!, StringComparer.Ordinal).Select(item => (string?)item!["text"])];

    private static async Task ObserveAsync(TestCompanion companion, params Item[] items) => await companion.Get<ItemStore>().ObserveAsync(
        items, companion.Get<ActiveModel>().Current.Score(items), companion.Clock.GetUtcNow().ToUnixTimeMilliseconds());
}
