using System.Diagnostics;
using System.Net.Http.Headers;
using Microsoft.Data.Sqlite;
using Soundings.Api;
using Soundings.Storage;
using Soundings.Tests.Api;
using Soundings.Tests.Cli;

namespace Soundings.Tests.Durability;

/// <summary>What befalls a companion in a long life: others started beside it, sleep, stops, a folder that goes, another program at its database, an upgrade.</summary>
public sealed class LifeTests
{
    [Fact]
    public async Task Of_many_started_at_once_one_serves_and_the_others_say_so()
    {
        using TestFolder folder = new();
        SoundingsProcess[] all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => SoundingsProcess.ServeAsync(folder, "--port", "0")));
        try
        {
            SoundingsProcess one = Assert.Single(all, companion => companion.FirstLine.StartsWith("Soundings is listening on ", StringComparison.Ordinal));
            Assert.All(all.Where(companion => companion != one), companion => Assert.Contains("already running", companion.FirstLine, StringComparison.Ordinal));
            Assert.Equal(0, await one.StopAsync());
        }
        finally
        {
            foreach (SoundingsProcess companion in all) companion.Dispose();
        }
        using Vault vault = Vault.Open(folder.Data);
        Assert.Equal("ok", Filled.IntegrityOf(vault));
    }

    [Fact]
    public async Task A_stop_while_labels_arrive_keeps_what_was_acknowledged_and_leaves_one_file()
    {
        using TestFolder folder = new();
        using SoundingsProcess companion = await SoundingsProcess.ServeAsync(folder, "--port", "0");
        List<string> acknowledged = [];
        Task labelling = LabelUntilItEndsAsync(companion.Address, RunningCompanion.Read(folder.Data)!.Token, acknowledged);
        long start = TimeProvider.System.GetTimestamp();
        while (Count(acknowledged) < 30 && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30)) await Task.Delay(5);
        Assert.Equal(0, await companion.StopAsync());
        await labelling;
        Assert.False(File.Exists(folder.Data.DatabaseFile + "-wal"));
        Assert.False(File.Exists(folder.Data.CompanionFile));
        using Vault vault = Vault.Open(folder.Data);
        Assert.True(acknowledged.Count >= 30, $"only {acknowledged.Count} labels were acknowledged");
        Assert.Empty(acknowledged.Except(Filled.LabelsOf(vault)));
        Assert.Equal(0, vault.Database.Journal.PutBack);
    }

    [Fact]
    public async Task A_companion_that_slept_answers_at_once()
    {
        if (OperatingSystem.IsWindows()) return; // No signal stops a process there.
        using TestFolder folder = new();
        using SoundingsProcess companion = await SoundingsProcess.ServeAsync(folder, "--port", "0");
        using HttpClient http = Client(companion.Address, RunningCompanion.Read(folder.Data)!.Token);
        Signal("STOP", companion.Id);
        Task<string> asked = http.GetStringAsync("/api/v1/stats");
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.False(asked.IsCompleted);
        Signal("CONT", companion.Id);
        Assert.Contains("\"ok\"", await asked, StringComparison.Ordinal);
        Assert.Equal(0, await companion.StopAsync());
    }

    [Fact]
    public async Task A_folder_that_vanishes_while_it_is_used_acknowledges_nothing_more()
    {
        if (OperatingSystem.IsWindows()) return; // An open file cannot be removed there.
        using TestFolder folder = new();
        await using TestCompanion companion = await TestCompanion.StartAsync(folder);
        Directory.Delete(folder.Path, recursive: true);
        Answer label = await companion.PostAsync("/api/v1/labels", companion.Token(Scopes.Ext),
            $$"""{"labels":[{"id":"{{Filled.LabelId(1)}}","item":{"id":"1","kind":"comment","text":"words"},"label":"substantive"}]}""");
        Assert.Equal((503, "storage-failed"), (label.Status, label.ProblemName));
        Assert.Equal("failing", companion.Get<Health>().Storage().State);
        Answer score = await companion.PostAsync("/api/v1/score", companion.Token(Scopes.Ext), """{"items":[{"id":"1","kind":"comment","text":"words"}]}""");
        Assert.Equal(200, score.Status);
    }

    [Fact]
    public async Task A_database_that_another_program_holds_is_waited_for_and_then_said_to_be_busy()
    {
        using TestFolder folder = new();
        await using TestCompanion companion = await TestCompanion.StartAsync(folder);
        using SqliteConnection other = Salvage.Open(folder.Data.DatabaseFile, SqliteOpenMode.ReadWrite);
        other.Execute("BEGIN IMMEDIATE");
        string body = $$"""{"labels":[{"id":"{{Filled.LabelId(1)}}","item":{"id":"1","kind":"comment","text":"words"},"label":"substantive"}]}""";
        Task<Answer> waiting = companion.PostAsync("/api/v1/labels", companion.Token(Scopes.Ext), body);
        // Others are answered meanwhile.
        Assert.Equal(200, (await companion.PostAsync("/api/v1/score", companion.Token(Scopes.Ext), """{"items":[{"id":"1","kind":"comment","text":"words"}]}""")).Status);
        Answer label = await waiting;
        Assert.Equal((503, "busy"), (label.Status, label.ProblemName));
        Assert.True(label.Headers.ContainsKey("Retry-After"));
        other.Execute("ROLLBACK");
        Assert.Equal(200, (await companion.PostAsync("/api/v1/labels", companion.Token(Scopes.Ext), body)).Status);
    }

    [Fact]
    public void An_older_folder_is_brought_up_to_date_with_a_backup_of_what_it_was()
    {
        using TestFolder folder = new(), back = new();
        folder.Data.Prepare();
        DataFolder.WriteFile(folder.Data.DatabaseFile, []);
        using (SqliteConnection connection = Salvage.Open(folder.Data.DatabaseFile, SqliteOpenMode.ReadWrite))
        {
            Schema.Migrate(connection, 1);
            connection.Execute("INSERT INTO sights VALUES ('linkedin', 'feed', 1, 2, 3)");
        }
        using (Vault vault = Vault.Open(folder.Data))
        {
            Assert.Equal((long)Schema.Version, vault.Database.Read(connection => connection.Scalar<long>("PRAGMA user_version")));
            Assert.Equal("linkedin", Assert.Single(new SightStore(vault.Database).All()).Site);
        }
        Directory.CreateDirectory(back.Path);
        BackupManifest before = BackupFile.Unpack(Path.Combine(folder.Data.BackupsFolder, "before-schema-2.backup"), back.Path);
        Assert.Equal(1, before.Schema);
    }

    private static async Task LabelUntilItEndsAsync(string address, string token, List<string> acknowledged)
    {
        using HttpClient http = Client(address, token);
        try
        {
            for (int n = 0; ; n++)
            {
                string id = Filled.LabelId(n);
                using StringContent body = new($$"""{"labels":[{"id":"{{id}}","item":{"id":"{{id}}","kind":"comment","text":"words"},"label":"substantive"}]}""", new MediaTypeHeaderValue("application/json"));
                using HttpResponseMessage response = await http.PostAsync("/api/v1/labels", body);
                if (response.IsSuccessStatusCode) lock (acknowledged) acknowledged.Add(id);
            }
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            // The stop, which this waits for.
            return;
        }
    }

    private static int Count(List<string> acknowledged)
    {
        lock (acknowledged) return acknowledged.Count;
    }

    private static void Signal(string name, int process)
    {
        using Process kill = Process.Start("kill", ["-" + name, $"{process}"]);
        kill.WaitForExit();
    }

    private static HttpClient Client(string address, string token) => new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri(address),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };
}
