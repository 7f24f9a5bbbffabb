using System.Text.Json.Nodes;
using Soundings.Api;
using Soundings.Storage;
using Soundings.Tests.Api;

namespace Soundings.Tests.Durability;

/// <summary>A disk filled to its last byte (F3 to F5): what is acknowledged is kept, what cannot be kept is refused, scoring goes on, and forgetting makes room.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task On_a_full_disk_labels_are_refused_scores_go_on_and_forgetting_makes_room()
    {
        using SmallDisk disk = new(64);
        using TestFolder folder = new(disk.Path);
        await using TestCompanion companion = await TestCompanion.StartAsync(folder);
        Vault vault = companion.Get<Vault>();
        await Filled.AddAsync(vault, 50, 3000);
        Assert.True(vault.Reserve.Allows());
        string token = companion.Token(Scopes.Ext);
        await disk.FillAsync(vault);

        HashSet<string> acknowledged = [];
        int refused = 0;
        // What is free within the log and the database is used up first.
        for (int n = 10_000; refused == 0 && n < 13_000; n += 20)
        {
            Answer answer = await LabelAsync(companion, token, n, 20);
            if (answer.Status == 200) acknowledged.UnionWith(Enumerable.Range(n, 20).Select(Filled.LabelId));
            else
            {
                Assert.Equal((507, "disk-full"), (answer.Status, answer.ProblemName));
                refused++;
            }
        }
        Assert.Equal(1, refused);
        Assert.Equal("full", companion.Get<Health>().Storage().State);
        Answer score = await companion.PostAsync("/api/v1/score", token, new JsonObject { ["items"] = new JsonArray(new JsonObject { ["id"] = "1", ["kind"] = "comment", ["text"] = "still here" }), ["observe"] = true });
        Assert.Equal(200, score.Status);

        // All of a site: some megabytes, in one transaction that the log must hold first.
        Answer forgotten = await companion.PostAsync("/api/v1/forget", companion.Token(Scopes.Cli), new JsonObject { ["site"] = "linkedin" });
        Assert.Equal((200, 3000), (forgotten.Status, (int)forgotten.Json!["items"]!));
        if (disk.IsReal) Assert.Equal(507, (await LabelAsync(companion, token, 20_000, 1)).Status);
        Assert.Equal("ok", Filled.IntegrityOf(vault));

        await disk.FreeAsync(vault);
        Assert.Equal(200, (await LabelAsync(companion, token, 30_000, 1)).Status);
        Assert.Equal("ok", companion.Get<Health>().Storage().State);
        Assert.True(new FileInfo(folder.Data.ReserveFile).Length >= 1 << 20, "the reserve was not made again");
        Assert.Empty(acknowledged.Append(Filled.LabelId(30_000)).Except(Filled.LabelsOf(vault)));
    }

    /// <summary>The control: it is the reserve that lets it through.</summary>
    [Fact]
    public async Task Without_the_reserve_a_full_disk_blocks_forgetting_too()
    {
        using SmallDisk disk = new(64);
        // Only a real file system fills up for deletions as well.
        if (!disk.IsReal) return;
        using TestFolder folder = new(disk.Path);
        await using TestCompanion companion = await TestCompanion.StartAsync(folder);
        await Filled.AddAsync(companion.Get<Vault>(), 50, 3000);
        Assert.False(File.Exists(folder.Data.ReserveFile));
        await disk.FillAsync(companion.Get<Vault>());
        Answer forgotten = await companion.PostAsync("/api/v1/forget", companion.Token(Scopes.Cli), new JsonObject { ["site"] = "linkedin" });
        Assert.Equal((507, "disk-full"), (forgotten.Status, forgotten.ProblemName));
        Assert.Equal((50, 3000L), (Filled.LabelsOf(companion.Get<Vault>()).Count, Filled.ItemsOf(companion.Get<Vault>())));
    }

    [Fact]
    public async Task A_companion_starts_and_scores_on_a_disk_that_is_full_and_says_so_when_it_cannot_keep()
    {
        using SmallDisk disk = new(32);
        using TestFolder folder = new(disk.Path);
        using (Vault vault = Vault.Open(folder.Data))
        {
            await Filled.AddAsync(vault, 20, 100);
            if (!disk.IsReal) return;
            await disk.FillAsync(vault);
        }
        await using TestCompanion companion = await TestCompanion.StartAsync(folder);
        Assert.Equal(20, Filled.LabelsOf(companion.Get<Vault>()).Count);
        Answer score = await companion.PostAsync("/api/v1/score", companion.Token(Scopes.Ext), new JsonObject { ["items"] = new JsonArray(new JsonObject { ["id"] = "1", ["kind"] = "comment", ["text"] = "still here" }) });
        Assert.Equal(200, score.Status);
        string backup = Path.Combine(disk.Path, "x.backup");
        Assert.Contains("could not be written", Assert.Throws<MendableError>(() => BackupFile.Write(folder.Data, companion.Get<Database>().CopyTo, backup, Filled.Now)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(backup));
        Assert.Empty(Directory.GetFiles(folder.Data.RunFolder, "backup-*"));
    }

    private static Task<Answer> LabelAsync(TestCompanion companion, string token, int from, int count) => companion.PostAsync("/api/v1/labels", token, new JsonObject
    {
        ["labels"] = new JsonArray([.. Enumerable.Range(from, count).Select(n => (JsonNode)new JsonObject
        {
            ["id"] = Filled.LabelId(n),
            ["item"] = new JsonObject { ["id"] = $"item{n}", ["kind"] = "comment", ["text"] = $"words {n} {new string('y', 500)}" },
            ["label"] = "substantive",
        })]),
    });
}
