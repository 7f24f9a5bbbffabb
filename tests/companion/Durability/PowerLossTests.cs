using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Soundings.Api;
using Soundings.Storage;
using Soundings.Tests.Api;
using Xunit.Abstractions;

namespace Soundings.Tests.Durability;

/// <summary>
/// The power fails at many moments of one companion's life (F2): an upgrade of the schema, labels one by one and in batches, items, withdrawals,
/// checkpoints, a forgetting, a stop. After each the folder must open, hold together and have every label that was acknowledged and not forgotten;
/// so must the database alone, and the journal alone. <c>SOUNDINGS_LONG=1</c> takes 2,400 moments.
/// </summary>
public sealed class PowerLossTests(ITestOutputHelper output)
{
    private static readonly int Points = Environment.GetEnvironmentVariable("SOUNDINGS_LONG") == "1" ? 2400 : 120;

    [Fact]
    public async Task After_a_power_cut_at_any_moment_every_acknowledged_label_is_there()
    {
        (IReadOnlyList<Done> log, Dictionary<string, byte[]> before, string folder) = await RecordAsync();
        Random random = new(2);
        PowerCut cut = new(log, before);
        int syncs = log.Count(done => done.Deed == Deed.Sync), told = log.Count(done => done.Text.StartsWith("told", StringComparison.Ordinal));
        // Cheap and sharp: an acknowledgement without a flush of its own, or shared with one that waited beside it, is no promise.
        Assert.True(syncs >= told, $"{syncs} flushes for {told} acknowledgements");
        List<string> failures = [];
        int[] points = [.. Enumerable.Range(0, Points).Select(_ => random.Next(log.Count + 1)).Order()];
        foreach (int point in points)
        {
            Dictionary<string, byte[]> left = cut.At(point, random);
            if (Fault(left, folder, cut.Marks, (Left)random.Next(3)) is { } fault) failures.Add($"at {point} of {log.Count}: {fault}");
        }
        output.WriteLine($"{points.Length} power cuts in a record of {log.Count} deeds, {syncs} flushes, {told} acknowledgements: {failures.Count} failures");
        Assert.Empty(failures);
    }

    /// <summary>The control: on a disk that forgets what it was told to flush, the same simulation must find losses.</summary>
    [Fact]
    public async Task The_simulation_sees_what_is_lost_where_flushes_do_not_count()
    {
        (IReadOnlyList<Done> log, Dictionary<string, byte[]> before, string folder) = await RecordAsync();
        Random random = new(3);
        PowerCut cut = new(log, before, flushesCount: false);
        int failures = Enumerable.Range(1, 20).Select(n => n * log.Count / 20).Count(point => Fault(cut.At(point, random), folder, cut.Marks, Left.DatabaseAlone) is not null);
        Assert.True(failures >= 5, $"only {failures} of 20 were noticed");
    }

    private enum Left
    {
        Everything,
        DatabaseAlone,
        JournalAlone,
    }

    /// <summary>Null, or what is wrong with a folder found so.</summary>
    private static string? Fault(Dictionary<string, byte[]> files, string recorded, IReadOnlyList<string> marks, Left what)
    {
        HashSet<string> mustBe = [.. marks.Where(mark => mark.StartsWith("told ", StringComparison.Ordinal)).Select(mark => mark[5..])];
        mustBe.ExceptWith(marks.Where(mark => mark.StartsWith("forget ", StringComparison.Ordinal)).Select(mark => mark[7..]));
        using TestFolder folder = new();
        DataFolder.CreateFolder(folder.Path);
        foreach ((string path, byte[] content) in files)
        {
            string target = Path.Combine(folder.Path, Path.GetRelativePath(recorded, path));
            bool journal = Path.GetFileName(path).StartsWith(DataFolder.JournalName, StringComparison.Ordinal);
            if (Path.GetFileName(path) == "state.json" || what == Left.Everything || journal == (what == Left.JournalAlone)) DataFolder.WriteFile(target, content);
        }
        if (what == Left.JournalAlone && mustBe.Count == 0) return null;
        try
        {
            using Vault vault = Vault.Open(folder.Data);
            HashSet<string> stored = [.. vault.Database.Read(connection => connection.Query("SELECT id FROM labels", row => row.GetString(0)))];
            int lost = mustBe.Except(stored).Count();
            if (lost > 0) return $"{lost} of {mustBe.Count} acknowledged labels lost ({what})";
            if (Filled.IntegrityOf(vault) is var integrity and not "ok") return integrity;
            return vault.Database.Recovered is not null && what != Left.JournalAlone ? $"the database had to be recovered ({what})" : null;
        }
        catch (Exception error) when (error is MendableError or SqliteException)
        {
            return $"cannot be opened ({what}): {error.Message}";
        }
    }

    /// <summary>One life of a companion, over HTTP, with every deed to the files of its folder.</summary>
    private static async Task<(IReadOnlyList<Done> Log, Dictionary<string, byte[]> Before, string Folder)> RecordAsync()
    {
        using TestFolder folder = new();
        folder.Data.Prepare();
        Old(folder.Data);
        Dictionary<string, byte[]> before = Directory.GetFiles(folder.Path).ToDictionary(path => path, File.ReadAllBytes);
        using PowerRecorder recorder = new(folder.Path);
        await using (TestCompanion companion = await TestCompanion.StartAsync(folder))
        {
            string token = companion.Token(Scopes.Ext), all = companion.Token(Scopes.Cli);
            int next = 0;
            for (int round = 0; round < 60; round++)
            {
                await SayAsync(companion, recorder, token, next, round % 5 == 0 ? 10 : 1);
                next += 10;
                if (round % 6 == 0) await Filled.AddAsync(companion.Get<Vault>(), 0, 60, from: round * 100);
                if (round == 20) await companion.SendAsync("DELETE", $"/api/v1/labels/{Filled.LabelId(0)}", token);
                if (round == 30) await companion.Get<Database>().CompactAsync();
                if (round == 40)
                {
                    recorder.Mark("forget " + Filled.LabelId(10));
                    await companion.PostAsync("/api/v1/forget", all, new JsonObject { ["site"] = "linkedin", ["id"] = "item10" });
                }
                if (round == 50) await Task.WhenAll(Enumerable.Range(0, 8).Select(i => SayAsync(companion, recorder, token, 5000 + i, 1)));
            }
        }
        recorder.Mark("stopped");
        return (recorder.Log, before, folder.Path);
    }

    private static async Task SayAsync(TestCompanion companion, PowerRecorder recorder, string token, int from, int count)
    {
        JsonObject body = new()
        {
            ["labels"] = new JsonArray([.. Enumerable.Range(from, count).Select(n => (JsonNode)new JsonObject
            {
                ["id"] = Filled.LabelId(n),
                ["item"] = new JsonObject { ["id"] = $"item{n}", ["site"] = "linkedin", ["kind"] = "comment", ["text"] = $"what was said, number {n}" },
                ["label"] = n % 2 == 0 ? "substantive" : "superficial",
            })]),
        };
        Answer answer = await companion.PostAsync("/api/v1/labels", token, body);
        Assert.Equal(200, answer.Status);
        foreach (int n in Enumerable.Range(from, count)) recorder.Mark("told " + Filled.LabelId(n));
    }

    /// <summary>A folder as the Soundings before this one left it, so that the upgrade is part of the record.</summary>
    private static void Old(DataFolder folder)
    {
        DataFolder.WriteFile(folder.DatabaseFile, []);
        using SqliteConnection connection = Salvage.Open(folder.DatabaseFile, SqliteOpenMode.ReadWrite);
        connection.Execute("PRAGMA journal_mode = WAL");
        Schema.Migrate(connection, Schema.Version - 1);
        DataFolder.WriteFile(folder.StateFile, System.Text.Encoding.UTF8.GetBytes($$"""{"serverId":"{{connection.Scalar<string>("SELECT value FROM meta WHERE name = 'serverId'")}}"}"""));
    }
}
