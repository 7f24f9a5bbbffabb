using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Soundings.Storage;
using Soundings.Tests.Api;
using Soundings.Tests.Durability;

namespace Soundings.Tests.Cli;

/// <summary>The verbs backup and restore as a user runs them, with a companion on the folder and without.</summary>
public sealed class BackupVerbTests
{
    [Fact]
    public async Task A_folder_in_use_is_backed_up_and_restored_through_its_companion_which_comes_back_on_its_port()
    {
        using TestFolder folder = await Filled.FolderAsync(8, 20), elsewhere = new();
        Directory.CreateDirectory(elsewhere.Path);
        string file = Path.Combine(elsewhere.Path, "mine.backup");
        using SoundingsProcess companion = await SoundingsProcess.ServeAsync(folder, "--port", "0");
        (int code, string said, string error) = await SoundingsProcess.RunAsync("backup", file, "--data", folder.Path);
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("Backed up 20 items and 8 labels in ", said, StringComparison.Ordinal);

        RunningCompanion before = RunningCompanion.Read(folder.Data)!;
        using (HttpClient http = Client(companion.Address, before.Token))
        {
            string id = Filled.LabelId(99);
            using StringContent body = new($$"""{"labels":[{"id":"{{id}}","item":{"id":"late","kind":"comment","text":"words"},"label":"substantive"}]}""", new MediaTypeHeaderValue("application/json"));
            using HttpResponseMessage labelled = await http.PostAsync("/api/v1/labels", body);
            labelled.EnsureSuccessStatusCode();
        }

        (code, said, error) = await SoundingsProcess.RunAsync("restore", file, "--data", folder.Path);
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("Restored 20 items and 8 labels as of ", said, StringComparison.Ordinal);
        RunningCompanion after = RunningCompanion.Read(folder.Data)!;
        Assert.Equal((before.Port, before.ServerId), (after.Port, after.ServerId));
        Assert.NotEqual(before.Token, after.Token);
        using (HttpClient http = Client(companion.Address, after.Token))
        {
            string labels = await http.GetStringAsync("/api/v1/export");
            Assert.Equal(8, labels.Count(c => c == '\n'));
        }
        Assert.Equal(0, await companion.StopAsync());
        using Vault old = Vault.Open(DataFolder.At(Assert.Single(Directory.GetDirectories(folder.Data.ReplacedFolder))));
        Assert.Equal(9, Filled.LabelsOf(old).Count);
    }

    [Fact]
    public async Task Without_a_companion_the_verbs_do_it_themselves_and_say_what_cannot_be_done()
    {
        using TestFolder folder = await Filled.FolderAsync(8, 20), elsewhere = new(), fresh = new();
        Directory.CreateDirectory(elsewhere.Path);
        string file = Path.Combine(elsewhere.Path, "mine.backup"), text = Path.Combine(elsewhere.Path, "notes.txt");
        await File.WriteAllTextAsync(text, "no backup");
        Assert.Equal(0, (await SoundingsProcess.RunAsync("backup", file, "--data", folder.Path)).Code);
        Assert.Equal(0, (await SoundingsProcess.RunAsync("restore", file, "--data", fresh.Path)).Code);
        using (Vault vault = Vault.Open(fresh.Data)) Assert.Equal((8, 20L), (Filled.LabelsOf(vault).Count, Filled.ItemsOf(vault)));

        foreach ((string[] arguments, string word) in ((string[], string)[])
        [
            (["backup", text, "--data", folder.Path], "is no backup"),
            (["backup", elsewhere.Path, "--data", folder.Path], "is a folder"),
            (["backup", Path.Combine(elsewhere.Path, "no", "where"), "--data", folder.Path], "There is no folder"),
            (["backup", file, "--data", Path.Combine(elsewhere.Path, "empty")], "nothing in"),
            (["restore", text, "--data", folder.Path], "no backup"),
            (["restore", Path.Combine(elsewhere.Path, "none"), "--data", folder.Path], "There is no file"),
        ])
        {
            (int code, string said, string error) = await SoundingsProcess.RunAsync(arguments);
            Assert.Equal((2, ""), (code, said));
            Assert.Contains(word, error, StringComparison.Ordinal);
        }
        Assert.Equal("no backup", await File.ReadAllTextAsync(text));
        using (Vault vault = Vault.Open(folder.Data)) Assert.Equal(8, Filled.LabelsOf(vault).Count);
    }

    [Fact]
    public async Task Only_the_command_line_may_name_a_path_to_write_or_read()
    {
        await using TestCompanion companion = await TestCompanion.StartAsync();
        foreach (string path in (string[])["/api/v1/backup", "/api/v1/restore"])
        {
            JsonObject body = new() { ["path"] = "/tmp/x.backup" };
            Assert.Equal(403, (await companion.PostAsync(path, companion.Token(Soundings.Api.Scopes.Ext), body)).Status);
            Assert.Equal(403, (await companion.PostAsync(path, companion.Token(Soundings.Api.Scopes.Dash), body)).Status);
            Assert.Equal(422, (await companion.PostAsync(path, companion.Token(Soundings.Api.Scopes.Cli), new JsonObject { ["path"] = "relative" })).Status);
        }
    }

    private static HttpClient Client(string address, string token) => new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri(address),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };
}
