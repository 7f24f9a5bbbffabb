using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Soundings.Storage;
using Soundings.Tests.Api;
using Soundings.Tests.Reading.Exports;

namespace Soundings.Tests.Cli;

/// <summary>The verb <c>import</c> as a user runs it: with and without a companion on the folder, on broken files, and killed half way.</summary>
public sealed class ImportVerbTests
{
    [Fact]
    public async Task Alone_or_through_the_companion_it_comes_to_the_same_and_the_second_adds_nothing()
    {
        using TestFolder folder = new();
        (int code, string output, string error) = await SoundingsProcess.RunAsync("import", Samples.At("linkedin"), "--data", folder.Path);
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("Read 24, kept 19 (19 new, 0 here before), left out 5.", output, StringComparison.Ordinal);
        Assert.Contains("Comments_40117733.csv, line 16: no words of yours in it", output, StringComparison.Ordinal);
        using SoundingsProcess companion = await SoundingsProcess.ServeAsync(folder);
        (code, output, _) = await SoundingsProcess.RunAsync("import", Samples.At("linkedin"), "--data", folder.Path);
        Assert.Equal(0, code);
        Assert.StartsWith("Read 24, kept 19 (0 new, 19 here before), left out 5.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_file_ends_with_2_and_its_line_either_way()
    {
        using TestFolder folder = new();
        string broken = Path.Combine(Path.GetTempPath(), $"soundings-{Guid.NewGuid():n}.csv");
        await File.WriteAllTextAsync(broken, "Date;Link;Message\n");
        try
        {
            (int code, _, string error) = await SoundingsProcess.RunAsync("import", broken, "--data", folder.Path);
            Assert.Equal(2, code);
            Assert.Contains("line 1: its columns are separated by semicolons", error, StringComparison.Ordinal);
            using SoundingsProcess companion = await SoundingsProcess.ServeAsync(folder);
            (code, _, error) = await SoundingsProcess.RunAsync("import", broken, "--data", folder.Path);
            Assert.Equal(2, code);
            Assert.Contains("line 1: its columns are separated by semicolons", error, StringComparison.Ordinal);
            Assert.Equal(2, (await SoundingsProcess.RunAsync("import", Path.Combine(folder.Path, "nowhere"), "--data", folder.Path)).Code);
        }
        finally
        {
            File.Delete(broken);
        }
    }

    [Theory]
    [InlineData("reading")]
    [InlineData("storing")]
    public async Task Killed_half_way_it_leaves_all_or_nothing_and_cleans_up_at_the_next_start(string state)
    {
        using TestFolder folder = new();
        using TestFolder export = new();
        Directory.CreateDirectory(export.Path);
        await File.WriteAllLinesAsync(Path.Combine(export.Path, "Comments.csv"), Enumerable.Range(0, 20_000).Select(i =>
            $"2025-03-01 10:15:42,https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A{7301511512064000000 + i},We counted {i} valves; which did you replace?").Prepend("Date,Link,Message"));
        using (SoundingsProcess companion = await SoundingsProcess.ServeAsync(folder))
        {
            Task<(int Code, string Out, string Error)> verb = SoundingsProcess.RunAsync("import", export.Path, "--data", folder.Path);
            await UntilAsync(companion.Address, folder, state);
            companion.Kill();
            Assert.NotEqual(0, (await verb).Code);
        }
        using (await SoundingsProcess.ServeAsync(folder))
        {
            Assert.Empty(Directory.EnumerateFiles(folder.Data.RunFolder, "import-*"));
            (int code, string output, _) = await SoundingsProcess.RunAsync("import", Samples.At("facebook-html-2018"), "--data", folder.Path);
            Assert.Equal(0, code);
            Assert.Contains("1 new", output, StringComparison.Ordinal);
        }
        using Vault vault = Vault.Open(folder.Data);
        Assert.Contains(vault.Database.Read(connection => connection.Scalar<long>("SELECT count(*) FROM items")), new[] { 1L, 20_001 });
    }

    private static async Task UntilAsync(string address, TestFolder folder, string state)
    {
        using HttpClient http = new();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", RunningCompanion.Read(folder.Data)!.Token);
        DateTime deadline = DateTime.UtcNow.AddSeconds(30);
        while (true)
        {
            JsonNode now = (await http.GetFromJsonAsync<JsonNode>(new Uri($"{address}/api/v1/import")))!;
            if ((string?)now["state"] == state && (int)now["read"]! > 0) return;
            Assert.True(DateTime.UtcNow < deadline, $"it was never {state}; last {now.ToJsonString()}");
            // A token may ask a hundred times a second.
            await Task.Delay(20);
        }
    }
}
