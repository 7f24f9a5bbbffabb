using System.Text;
using System.Text.Json.Nodes;
using Soundings.Api;
using Soundings.Reading;
using Soundings.Storage;
using Soundings.Tests.Api;
using Soundings.Tests.Cli;
using Soundings.Tests.Reading;
using Soundings.Tests.Reading.Exports;

namespace Soundings.Tests.Fuzz;

/// <summary>
/// Seeded fuzzing: ten thousand hostile inputs with <c>--long</c>, a sample of them otherwise. Whatever comes in, nothing crashes, hangs or grows without
/// end, nothing stored is lost, and a refusal names a problem of the closed list. A failure names the case's number: SOUNDINGS_SEED makes it again.
/// </summary>
public sealed class FuzzTests
{
    private const int MaxMemoryMegabytes = 300;
    private static readonly bool Long = Environment.GetEnvironmentVariable("SOUNDINGS_LONG") == "1";
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("SOUNDINGS_SEED"), out int seed) ? seed : 1;
    private static readonly string[] KnownTypes = [.. ProblemTypes.All.Select(problem => problem.Type)];

    /// <summary>A good body of each call that takes one, but for the two that would do as they are told: train for a minute, and forget all.</summary>
    private static readonly (string Path, string Body)[] Bodies =
    [
        ("score", """{"items":[{"id":"linkedin:1","kind":"comment","text":"We counted forty valves, and four leaked.","parent":"Who has run one?","parentId":"linkedin:0","site":"linkedin","author":{"name":"A B","url":"https://www.linkedin.com/in/a"},"mine":false,"sponsored":false,"at":"2026-11-22T10:00:00Z"}],"observe":true}"""),
        ("score", """{"items":[{"id":"a","kind":"post","text":"x"},{"id":"b","kind":"reply","text":"Great 🙌 post!","site":"facebook","mine":true}],"observe":true}"""),
        ("draft", """{"id":"1","kind":"reply","text":"I would start with the smallest one.","parent":"Where does one start?"}"""),
        ("labels", """{"labels":[{"id":"01JD9ZK7Q8W3V5X2Y4T6R8P0NM","item":{"id":"1","kind":"comment","text":"x","site":"linkedin"},"label":"substantive","facets":["reveal"],"at":"2026-11-22T10:00:00Z"}]}"""),
        ("labels", """{"labels":[{"id":"01JD9ZK7Q8W3V5X2Y4T6R8P0NN","pair":[{"id":"1","kind":"comment","text":"x"},{"id":"2","kind":"comment","text":"y"}],"deeper":1}]}"""),
        ("labels/import", """{"lines":["{\"id\":\"a1\",\"kind\":\"comment\",\"text\":\"We counted forty valves.\",\"site\":\"linkedin\",\"label\":\"substantive\"}"]}"""),
        ("exempt", """{"what":"person","site":"linkedin","name":"My sister","url":"https://www.linkedin.com/in/sister"}"""),
        ("sight", """{"site":"linkedin","seen":3,"signs":4,"page":"feed"}"""),
        ("reactions", """{"reactions":[{"site":"linkedin","item":"linkedin:1","kind":"like","at":"2026-11-22T10:00:00Z"}]}"""),
        ("forget", """{"from":"2026-11-20","to":"2026-11-21T10:00:00Z","site":"linkedin","preview":true,"day":null}"""),
        ("import/local", """{"path":"relative/none.zip"}"""),
        ("models/3/activate", "{}"),
        ("tokens", """{"scope":"ext"}"""),
        ("pair", """{"ticketId":"AAAAAAAAAAAAAAAAAAAAAA","nonceC":"AAAAAAAAAAAAAAAAAAAAAA","name":"x","mac":"AAAA"}"""),
        ("session", """{"clientId":"AAAA","nonceC":"AAAAAAAAAAAAAAAAAAAAAA"}"""),
        ("dash/session", """{"ticket":"AAAAAAAAAAAAAAAAAAAAAA"}"""),
    ];

    private static readonly string[] Queries = ["items?limit=50&verdict=unsure&site=linkedin&from=2026-11-01&q=valves", "people?limit=10", "stats?from=2026-11-01&to=2026-11-22", "queue?n=5", "items?cursor=AAAA"];

    [Fact]
    public async Task H_Whatever_a_caller_sends_is_answered_by_contract_and_nothing_is_lost()
    {
        await using Target target = await Target.StartAsync();
        await target.KeepAsync();
        for (int i = 0; i < Count(4000, 220); i++)
        {
            Mutator mutator = new(SeedOf(i));
            string what = $"request {i} of seed {Seed}";
            (string path, string body) = Bodies[mutator.Below(Bodies.Length)];
            string scope = path is "sight" ? "ext" : "cli";
            byte[] sent = mutator.Json(body);
            // A mutant of a preview that is none any more would do as it says.
            if (path == "forget" && !Encoding.UTF8.GetString(sent).Contains("\"preview\":true", StringComparison.Ordinal)) continue;
            switch (mutator.Below(8))
            {
                case > 1 when sent.Length > Listening.MaxBodyBytes:
                    // Refused by its announced length; a client that goes on sending may find the line cut before it reads that.
                    string large = $"POST /api/v1/{path} HTTP/1.1\r\nHost: 127.0.0.1:{target.Port}\r\nAuthorization: Bearer {await target.TokenAsync(scope)}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {sent.Length}\r\n\r\n";
                    await target.CheckAsync(what, async wire => Assert.Matches("^HTTP/1.1 4(13|29)", await wire.RawAsync(Encoding.UTF8.GetBytes(large))));
                    break;
                case 0:
                    await target.CheckAsync(what, async wire => Contract(await wire.SendAsync("GET", "/api/v1/" + Encoding.UTF8.GetString(mutator.Text(Queries[mutator.Below(Queries.Length)], '&', '=')).Replace("#", "", StringComparison.Ordinal), await target.TokenAsync("cli"))));
                    break;
                case 1:
                    string head = $"POST /api/v1/{path} HTTP/1.1\r\nHost: 127.0.0.1:{target.Port}\r\nAuthorization: Bearer {await target.TokenAsync(scope)}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n";
                    byte[] raw = [.. mutator.Text(head, '\r', '\n', ':', ' '), .. Encoding.UTF8.GetBytes(body)];
                    await target.CheckAsync(what, async wire => RawContract(await wire.RawAsync(raw, thenEnd: true)));
                    break;
                default:
                    await target.CheckAsync($"{what} to {path}", async wire => Contract(await wire.SendAsync("POST", "/api/v1/" + path, await target.TokenAsync(scope), sent)));
                    break;
            }
        }
        await target.EndAsync();
    }

    [Fact]
    public async Task I_Whatever_is_imported_is_taken_whole_or_refused_with_its_reason()
    {
        await using Target target = await Target.StartAsync();
        await target.KeepAsync();
        (string Name, byte[] Content)[] files = [.. Directory.EnumerateFiles(Samples.Root, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".csv" or ".json" or ".html").Order(StringComparer.Ordinal)
            .Select(file => (Path.GetRelativePath(Samples.Root, file).Replace('\\', '/'), File.ReadAllBytes(file)))];
        string[] samples = [.. Samples.Names];
        for (int i = 0; i < Count(3000, 120); i++)
        {
            Mutator mutator = new(SeedOf(i));
            (string name, byte[] good) = files[mutator.Below(files.Length)];
            string text = Encoding.UTF8.GetString(good), type = Path.GetExtension(name);
            byte[] content;
            if (mutator.Below(4) == 0)
            {
                string sample = mutator.OneOf(samples) + "/";
                content = mutator.Zip([.. files.Where(file => file.Name.StartsWith(sample, StringComparison.Ordinal)).Select(file => (file.Name[sample.Length..], file.Content))]);
                name = "export.zip";
            }
            else
            {
                content = type == ".json" ? mutator.Json(text) : type == ".csv" ? mutator.Text(text, ',', '"', '\n') : mutator.Text(text, '<', '>', '"', ' ');
            }
            string before = await target.StateAsync();
            int status = 0;
            await target.CheckAsync($"import {i} of seed {Seed}: {name}", async wire =>
            {
                Answer answer = await wire.UploadAsync($"/api/v1/import?name={Uri.EscapeDataString(Path.GetFileName(name))}", await target.TokenAsync("cli"), content, "application/octet-stream");
                status = answer.Status;
                Assert.True(status != 422 || (string?)answer.Json?["detail"] is { Length: > 10 }, "refused without a reason");
                Contract(answer);
            });
            if (status != 200) Assert.Equal(before, await target.StateAsync());
        }
        await target.EndAsync();
    }

    [Fact]
    public void R_Whatever_a_rule_file_holds_is_refused_with_a_reason_or_reads_a_page_in_time()
    {
        (string Name, string Json)[] good = [.. Directory.EnumerateFiles(SiteCatalogue.Shipped, "*.json").Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllText(file)))];
        List<SavedPage> pages = [.. SavedPage.All()];
        int accepted = 0;
        for (int i = 0; i < Count(1500, 60); i++)
        {
            Mutator mutator = new(SeedOf(i));
            (string name, string json) = good[mutator.Below(good.Length)];
            byte[] content = mutator.Json(json);
            InTime($"rule file {i} of seed {Seed}: {name}", () =>
            {
                try
                {
                    SiteRules rules = SiteRulesFile.Parse(content);
                    SavedPage page = pages.First(page => page.Name.StartsWith(Path.GetFileNameWithoutExtension(name), StringComparison.Ordinal) || page.Site == rules.Site);
                    PageReader.Read(File.ReadAllText(page.Path), page.Url, rules);
                    accepted++;
                }
                catch (RuleFileException refused)
                {
                    Assert.Matches("^line [0-9]+: .{5,}", refused.Message);
                }
            });
        }
        Assert.True(accepted > 0, "no mutant was mild enough to be accepted");
    }

    [Fact]
    public void D_Whatever_a_saved_page_holds_is_read_in_time()
    {
        SiteCatalogue catalogue = SiteCatalogue.Open(null);
        List<(SavedPage Page, string Html, SiteRules Rules)> pages = [.. SavedPage.All().Select(page => (page, File.ReadAllText(page.Path), catalogue.For(page.Url)!)).Where(page => page.Item3 is not null)];
        for (int i = 0; i < Count(1500, 60); i++)
        {
            Mutator mutator = new(SeedOf(i));
            (SavedPage page, string html, SiteRules rules) = pages[mutator.Below(pages.Count)];
            string changed = Encoding.UTF8.GetString(mutator.Text(html, '<', '>', '"', ' '));
            InTime($"page {i} of seed {Seed}: {page.Name}", () => Assert.All(PageReader.Read(changed, page.Url, rules), item => Assert.True(item.Text.Length <= Item.MaxTextLength)));
        }
    }

    private static int Count(int full, int sample) => Long ? full : sample;

    private static int SeedOf(int number) => unchecked(Seed * 1_000_003 + number);

    /// <summary>An answer as the contract has it: done, or a problem of the closed list that shows nothing of the inside.</summary>
    private static void Contract(Answer answer)
    {
        if (answer.Status is 200 or 304) return;
        Assert.True(answer.Status is >= 400 and not 500, $"answered {answer.Status}: {Encoding.UTF8.GetString(answer.Body)}");
        Assert.True(KnownTypes.Contains((string?)answer.Json?["type"]) || answer.Body.Length == 0, $"answered {answer.Status} with {Encoding.UTF8.GetString(answer.Body)}");
        Assert.DoesNotContain("   at ", Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
    }

    private static void RawContract(string answer)
    {
        if (answer.Length == 0) return;
        Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal);
        Assert.NotEqual("500", answer[9..12]);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
    }

    private static void InTime(string what, Action act) => Patience.Hold(what, () =>
    {
        try
        {
            act();
        }
        catch (Exception error) when (error is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{what}: {error}");
        }
    });

    /// <summary>The program as it ships, in a process of its own, with labels that must still be there at the end.</summary>
    private sealed class Target : IAsyncDisposable
    {
        private const int Kept = 20;
        private readonly TestFolder _folder = new();
        private readonly Dictionary<string, (string Token, int Calls)> _tokens = [];
        private readonly List<string> _labels = [];
        private SoundingsProcess _companion = null!;
        private Wire _wire = null!;
        private string _own = "";

        public int Port => _wire.Port;

        public static async Task<Target> StartAsync()
        {
            Target target = new();
            target._companion = await SoundingsProcess.ServeAsync(target._folder, "--port", "0");
            target._wire = new Wire(new Uri(target._companion.Address).Port);
            target._own = RunningCompanion.Read(target._folder.Data)!.Token;
            return target;
        }

        public async Task KeepAsync()
        {
            for (int i = 0; i < Kept; i++)
            {
                string id = Ulid.New(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
                object item = new { id = $"kept{i}", kind = "comment", text = $"kept words {i}", site = "facebook" };
                Assert.Equal(200, (await _wire.SendAsync("POST", "/api/v1/labels", _own, new { labels = new[] { new { id, item, label = "substantive" } } })).Status);
                _labels.Add(id);
            }
        }

        /// <summary>A token of the scope with room left in its budget.</summary>
        public async Task<string> TokenAsync(string scope)
        {
            if (!_tokens.TryGetValue(scope, out (string Token, int Calls) held) || held.Calls >= 200)
            {
                Answer minted = await _wire.SendAsync("POST", "/api/v1/tokens", _own, new { scope });
                Assert.Equal(200, minted.Status);
                held = ((string)minted.Json!["token"]!, 0);
            }
            _tokens[scope] = (held.Token, held.Calls + 1);
            return held.Token;
        }

        /// <summary>How much is stored, as the companion says.</summary>
        public async Task<string> StateAsync()
        {
            JsonNode stats = (await _wire.SendAsync("GET", "/api/v1/stats", await TokenAsync("cli"))).Json!;
            return $"{stats["n"]} {stats["reactions"]}";
        }

        public Task CheckAsync(string what, Func<Wire, Task> call) => Patience.HoldAsync(_companion.Id, what, async () =>
        {
            try
            {
                await call(_wire);
            }
            catch (Exception error)
            {
                _companion.Kill();
                Assert.Fail($"{what}: {error.Message}\nThe companion said: {await _companion.SaidAsync()}");
            }
        });

        /// <summary>It still lives, has not grown, and after a kill the folder opens with all that was kept.</summary>
        public async Task EndAsync()
        {
            Assert.Equal(200, (await _wire.SendAsync("GET", "/api/v1/export", await TokenAsync("cli"))).Status);
            if (OperatingSystem.IsLinux())
            {
                string peak = File.ReadLines($"/proc/{_companion.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
                int megabytes = int.Parse(new string([.. peak.Where(char.IsAsciiDigit)]), System.Globalization.CultureInfo.InvariantCulture) / 1024;
                Assert.True(megabytes < MaxMemoryMegabytes, $"the companion grew to {megabytes} MB");
            }
            _companion.Kill();
            string said = await _companion.SaidAsync();
            Assert.DoesNotContain("internal", said, StringComparison.Ordinal);
            using Vault vault = Vault.Open(_folder.Data);
            Assert.Equal([], _labels.Except(new LabelStore(vault.Database).Current().Select(label => label.Id)));
            Assert.Equal("ok", vault.Database.Read(connection => connection.Scalar<string>("PRAGMA integrity_check")));
        }

        public ValueTask DisposeAsync()
        {
            _wire.Dispose();
            _companion.Dispose();
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
