using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Soundings.Storage;
using Soundings.Tests.Api;

namespace Soundings.Tests.Cli;

/// <summary>The program as a user starts it: its words, its exit codes, and that a kill at any moment loses no acknowledged label.</summary>
public sealed class ServeVerbTests
{
    private static readonly int Kills = Environment.GetEnvironmentVariable("SOUNDINGS_LONG") == "1" ? 200 : 5;

    [Fact]
    public async Task It_writes_nothing_outside_its_data_folder()
    {
        using TestFolder folder = new();
        using SoundingsProcess companion = await SoundingsProcess.ServeAsync(folder, "--port", "0");
        Assert.Equal(0, await companion.StopAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(SoundingsProcess.Home));
        Assert.DoesNotContain("Warning", await companion.SaidAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_where_it_listens_and_hands_out_links_and_tokens_until_it_is_stopped()
    {
        using TestFolder folder = new();
        using SoundingsProcess companion = await SoundingsProcess.ServeAsync(folder, "--port", "0");
        Assert.Matches(@"^Soundings is listening on http://127\.0\.0\.1:\d+$", companion.FirstLine);
        Assert.Contains(companion.Address + "/#c=", companion.SecondLine, StringComparison.Ordinal);

        (int code, string link, string hint) = await SoundingsProcess.RunAsync("connect", "--data", folder.Path);
        Assert.Equal(0, code);
        Assert.Matches($"^{companion.Address}/connect#t=[A-Za-z0-9_-]{{22}}\n$", link.ReplaceLineEndings("\n"));
        Assert.Matches("[0-9A-Z]{5}-[0-9A-Z]{5}", hint);

        string token = (await SoundingsProcess.RunAsync("token", "--scope", "cli", "--data", folder.Path)).Out.Trim();
        using HttpClient http = Client(companion, token);
        JsonNode stats = (await http.GetFromJsonAsync<JsonNode>("/api/v1/stats"))!;
        Assert.Equal(0, (int)stats["n"]!);
        // Development would answer a bad body with a stack trace.
        using HttpResponseMessage bad = await http.PostAsync("/api/v1/score", Json("{"));
        Assert.DoesNotContain("   at ", await bad.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        (code, _, string error) = await SoundingsProcess.RunAsync("serve", "--no-browser", "--data", folder.Path);
        Assert.Equal(2, code);
        Assert.Contains("already running at " + companion.Address, error, StringComparison.Ordinal);

        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(0, await companion.StopAsync());
        Assert.False(File.Exists(folder.Data.CompanionFile));
        Assert.Equal(2, (await SoundingsProcess.RunAsync("connect", "--data", folder.Path)).Code);
    }

    [Fact]
    public async Task A_port_in_use_is_said_with_the_next_step()
    {
        using TestFolder folder = new();
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;
        (int code, string said, string error) = await SoundingsProcess.RunAsync("serve", "--no-browser", "--data", folder.Path, "--port", $"{port}");
        Assert.Equal((2, ""), (code, said));
        Assert.Equal($"Another program answers on port {port}. Quit it, or start Soundings with another --port (0 takes any free one).", error.Trim());
    }

    [Theory]
    [InlineData("serve", "--port", "70000")]
    [InlineData("serve", "--prot", "1")]
    [InlineData("serve", "--port", "abc")]
    [InlineData("serve", "--port", "")]
    [InlineData("serve", "--port", "1.5")]
    [InlineData("serve", "--data", "")]
    [InlineData("score", "")]
    [InlineData("score", "--frob")]
    [InlineData("score", ".")]
    [InlineData("import", "")]
    [InlineData("probe", "--seeds", "no-such-folder")]
    [InlineData("token")]
    [InlineData("token", "--scope", "root")]
    [InlineData("nothing")]
    public async Task What_cannot_be_understood_ends_with_code_2(params string[] arguments)
    {
        (int code, _, string error) = await SoundingsProcess.RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.NotEqual("", error.Trim());
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"port":70000,"serverId":"x","pid":1,"token":"x"}""")]
    [InlineData("""{"port":1,"serverId":"x\ny","pid":1,"token":"x\ny"}""")]
    public async Task A_note_of_a_companion_that_is_none_reads_as_no_companion(string note)
    {
        using TestFolder folder = new();
        folder.Data.Prepare();
        DataFolder.WriteFile(folder.Data.CompanionFile, System.Text.Encoding.UTF8.GetBytes(note));
        (int code, _, string error) = await SoundingsProcess.RunAsync("connect", "--data", folder.Path);
        Assert.Equal(2, code);
        Assert.Contains("No companion is running", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_database_or_an_unwritable_folder_ends_with_code_2_and_a_sentence()
    {
        using TestFolder folder = new();
        folder.Data.Prepare();
        DataFolder.WriteFile(folder.Data.DatabaseFile, "words"u8);
        foreach (string data in (string[])[folder.Path, Path.Combine(folder.Data.DatabaseFile, "below")])
        {
            (int code, string said, string error) = await SoundingsProcess.RunAsync("serve", "--no-browser", "--data", data);
            Assert.Equal((2, ""), (code, said));
            Assert.Contains(data, error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        }
        Assert.Equal("words", await File.ReadAllTextAsync(folder.Data.DatabaseFile));
    }

    [Fact]
    public async Task A_kill_at_any_moment_loses_no_label_that_was_acknowledged()
    {
        using TestFolder folder = new();
        Random random = new(11);
        List<string> acknowledged = [];
        for (int round = 0; round < Kills; round++)
        {
            using SoundingsProcess companion = await SoundingsProcess.ServeAsync(folder, "--port", "0");
            RunningCompanion running = RunningCompanion.Read(folder.Data)!;
            using HttpClient http = Client(companion, running.Token);
            Task labelling = LabelUntilKilledAsync(http, acknowledged);
            int enough = acknowledged.Count + 1 + random.Next(60);
            long start = TimeProvider.System.GetTimestamp();
            while (Count(acknowledged) < enough && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(20)) await Task.Delay(1);
            companion.Kill();
            await labelling;
            Assert.True(acknowledged.Count >= enough, $"only {acknowledged.Count} of {enough} labels were acknowledged");
        }
        using Vault vault = Vault.Open(folder.Data);
        HashSet<string> stored = [.. new LabelStore(vault.Database).Current().Select(label => label.Id)];
        Assert.Equal([], acknowledged.Except(stored));
        Assert.Equal("ok", vault.Database.Read(connection => connection.Scalar<string>("PRAGMA integrity_check")));
    }

    [Fact]
    public async Task Neither_text_nor_token_nor_ticket_is_left_in_a_file_or_said_aloud()
    {
        using TestFolder folder = new();
        using SoundingsProcess companion = await SoundingsProcess.ServeAsync(folder, "--port", "0");
        const string canary = "canary-4fd1c0-text";
        string ext = (await SoundingsProcess.RunAsync("token", "--scope", "ext", "--data", folder.Path)).Out.Trim();
        string ticket = (await SoundingsProcess.RunAsync("connect", "--data", folder.Path)).Out.Trim().Split("#t=")[1];
        using HttpClient http = Client(companion, ext);
        foreach ((string path, string body) in ((string, string)[])
        [
            ("score", $$"""{"items":[{"id":"1","kind":"comment","text":"{{canary}}"}]}"""),
            ("score", $$"""{"items":[{"id":"1","kind":"comment","text":"{{canary}}"}],"{{canary}}":1}"""),
            ("draft", $$"""{"id":"1","kind":"comment","text":"{{canary}}"}"""),
            ("labels", $$"""{"labels":[{"id":"{{canary}}"}]}"""),
            ("nothing?" + canary, "{}"),
        ])
        {
            using HttpResponseMessage response = await http.PostAsync("/api/v1/" + path, Json(body));
            if ((int)response.StatusCode >= 400) Assert.DoesNotContain(canary, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        // Killed, so that nothing is tidied away first.
        companion.Kill();
        string[] secrets = [canary, ext, ticket];
        string said = await companion.SaidAsync();
        Assert.Equal([], secrets.Where(secret => said.Contains(secret, StringComparison.Ordinal)));
        foreach (string file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories))
        {
            string content = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            Assert.Equal([], secrets.Where(secret => content.Contains(secret, StringComparison.Ordinal)));
        }
    }

    private static async Task LabelUntilKilledAsync(HttpClient http, List<string> acknowledged)
    {
        try
        {
            while (true)
            {
                string id = Ulid.New(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
                using HttpResponseMessage response = await http.PostAsync("/api/v1/labels",
                    Json($$"""{"labels":[{"id":"{{id}}","item":{"id":"{{id}}","kind":"comment","text":"words"},"label":"substantive"}]}"""));
                if (response.StatusCode == HttpStatusCode.TooManyRequests) continue;
                response.EnsureSuccessStatusCode();
                lock (acknowledged) acknowledged.Add(id);
            }
        }
        catch (HttpRequestException)
        {
            // The kill, which this waits for.
        }
        catch (IOException)
        {
            // The same, in the middle of an answer.
        }
    }

    private static int Count(List<string> acknowledged)
    {
        lock (acknowledged) return acknowledged.Count;
    }

    private static HttpClient Client(SoundingsProcess companion, string token) => new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri(companion.Address),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    private static StringContent Json(string json) => new(json, new MediaTypeHeaderValue("application/json"));
}
