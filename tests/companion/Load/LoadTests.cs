using System.Diagnostics;
using System.Text.Json.Nodes;
using Soundings.Api;
using Soundings.Storage;
using Soundings.Tests.Api;
using Soundings.Tests.Cli;

namespace Soundings.Tests.Load;

/// <summary>
/// Eight browsers that scroll at once, against the program as it ships: nothing fails, nothing acknowledged is lost, memory stays flat. With <c>--long</c>
/// at the full rate for ten minutes, and a year of reading instead of a month. How fast it was is printed, never asserted: that depends on the machine.
/// </summary>
public sealed class LoadTests
{
    private const int Browsers = 8, BatchSize = 20, NewInBatch = 5;
    private static readonly bool Long = Environment.GetEnvironmentVariable("SOUNDINGS_LONG") == "1";

    private sealed class Tally
    {
        public List<double> Milliseconds { get; } = [];
        public List<string> Faults { get; } = [];
        public List<string> Labels { get; } = [];
        public int Items { get; set; }
        public int Late { get; set; }
    }

    [Fact]
    public async Task F35_Eight_browsers_at_once_get_every_answer_and_nothing_of_theirs_is_lost()
    {
        (double batchesPerSecond, TimeSpan length) = Long ? (200.0, TimeSpan.FromMinutes(10)) : (16.0, TimeSpan.FromSeconds(12));
        using TestFolder folder = new();
        using SoundingsProcess companion = await SoundingsProcess.ServeAsync(folder, "--port", "0");
        using Wire wire = new(new Uri(companion.Address).Port);
        string own = RunningCompanion.Read(folder.Data)!.Token;
        using CancellationTokenSource done = new();
        Task<List<double>> memory = WatchMemoryAsync(companion.Id, done.Token);
        Tally[] tallies = await Task.WhenAll(Enumerable.Range(0, Browsers).Select(browser => Task.Run(() => BrowseAsync(wire, own, browser, Browsers / batchesPerSecond, length))));
        await done.CancelAsync();

        Assert.Equal([], tallies.SelectMany(tally => tally.Faults).Take(5));
        JsonNode stats = (await wire.SendAsync("GET", "/api/v1/stats", own)).Json!;
        // Labels were given, so a newer model judges: what it has not read again yet is counted apart.
        Assert.Equal(tallies.Sum(tally => tally.Items), (int)stats["n"]! + (int)stats["pending"]!);
        List<double> megabytes = await memory;
        companion.Kill();
        using (Vault vault = Vault.Open(folder.Data)) Assert.Equal([], tallies.SelectMany(tally => tally.Labels).Except(new LabelStore(vault.Database).Current().Select(label => label.Id)));

        double[] times = [.. tallies.SelectMany(tally => tally.Milliseconds).Order()];
        double settled = megabytes.Skip(megabytes.Count / 4).Take(megabytes.Count / 4 + 1).DefaultIfEmpty(0).Max(), last = megabytes.TakeLast(megabytes.Count / 4 + 1).DefaultIfEmpty(0).Max();
        Figures.Say($"load: {times.Length} batches of {BatchSize} in {length.TotalSeconds:0} s from {Browsers} browsers ({tallies.Sum(tally => tally.Late)} sent late), p50 {times[times.Length / 2]:0.0} ms, p99 {times[times.Length * 99 / 100]:0.0} ms, no fault, {tallies.Sum(tally => tally.Labels.Count)} labels kept; memory {settled:0} MB in the second quarter, {last:0} MB in the last");
        Assert.True(last < 300, $"memory grew to {last:0} MB");
        if (Long) Assert.True(last < settled + 50, $"memory grew from {settled:0} to {last:0} MB");
    }

    [Fact]
    public async Task F35_A_year_of_a_heavy_readers_days_keeps_every_label_and_lets_others_words_go()
    {
        (int days, int batches) = Long ? (365, 40) : (34, 2);
        await using TestCompanion companion = await TestCompanion.StartAsync();
        Retention retention = companion.Get<Retention>();
        List<string> labels = [];
        int items = 0;
        for (int day = 0; day < days; day++)
        {
            string token = companion.Token(Scopes.Ext);
            for (int batch = 0; batch < batches; batch++)
            {
                object[] seen = [.. Enumerable.Range(0, BatchSize).Select(i => Item(0, day * batches * BatchSize + batch * BatchSize + i, mine: i == 0 && batch == 0))];
                Assert.Equal(200, (await companion.PostAsync("/api/v1/score", token, new { items = seen, observe = true })).Status);
                items += seen.Length;
                companion.Clock.Pass(TimeSpan.FromMinutes(20));
            }
            string id = Ulid.New(companion.Clock.GetUtcNow().ToUnixTimeMilliseconds());
            Assert.Equal(200, (await companion.PostAsync("/api/v1/labels", token, new { labels = new[] { new { id, item = Item(0, day * batches * BatchSize + 7, mine: false), label = day % 3 == 0 ? "substantive" : "superficial" } } })).Status);
            labels.Add(id);
            Assert.Equal(200, (await companion.GetAsync("/api/v1/stats", token)).Status);
            companion.Clock.Pass(TimeSpan.FromMinutes(24 * 60 - batches * 20));
            await retention.RunAsync(companion.Clock.GetUtcNow());
        }
        await companion.Get<Database>().SettleAsync();
        Assert.Equal([], labels.Except(companion.Get<LabelStore>().Current().Select(label => label.Id)));
        (long stored, long worded) = companion.Get<Database>().Read(connection => (connection.Scalar<long>("SELECT count(*) FROM items"), connection.Scalar<long>("SELECT count(*) FROM texts WHERE body IS NOT NULL")));
        Assert.Equal(items, stored);
        // A month's words of others, what was labelled, one's own, and what was answered of those.
        Assert.InRange(worded, days, batches * BatchSize * 32 + days * 3);
        Assert.Equal("ok", companion.Get<Database>().Read(connection => connection.Scalar<string>("PRAGMA integrity_check")));
        Figures.Say($"soak: {days} days of {batches * BatchSize} items, {stored} items stored, {worded} texts kept, database {new FileInfo(companion.Get<DataFolder>().DatabaseFile).Length / 1_000_000} MB");
    }

    private static async Task<Tally> BrowseAsync(Wire wire, string own, int browser, double secondsApart, TimeSpan length)
    {
        Tally tally = new();
        string token = "";
        int calls = int.MaxValue;
        long start = Stopwatch.GetTimestamp();
        for (int round = 0; round * secondsApart < length.TotalSeconds; round++)
        {
            TimeSpan due = TimeSpan.FromSeconds(round * secondsApart) - Stopwatch.GetElapsedTime(start);
            if (due > TimeSpan.Zero) await Task.Delay(due);
            else if (due < TimeSpan.FromSeconds(-1)) tally.Late++;
            if (calls >= 200)
            {
                // A worker opens a session every quarter of an hour; here one comes sooner, so that a machine that catches up is not refused for its rate.
                token = (string)(await wire.SendAsync("POST", "/api/v1/tokens", own, new { scope = "ext" })).Json!["token"]!;
                calls = 0;
            }
            int first = Math.Max(0, round * NewInBatch - (BatchSize - NewInBatch));
            object[] items = [.. Enumerable.Range(first, round * NewInBatch + NewInBatch - first).Select(number => Item(browser, number, mine: false))];
            long sent = Stopwatch.GetTimestamp();
            Answer answer = await wire.SendAsync("POST", "/api/v1/score", token, new { items, observe = true });
            tally.Milliseconds.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            if (answer.Status != 200 || answer.Json!["scores"]!.AsArray().Count != items.Length) tally.Faults.Add($"browser {browser}, batch {round}: {answer.Status} {answer.ProblemName}");
            tally.Items = round * NewInBatch + NewInBatch;
            calls++;
            if (round % 8 != 7) continue;
            string id = Ulid.New(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            Answer said = await wire.SendAsync("POST", "/api/v1/labels", token, new { labels = new[] { new { id, item = Item(browser, first, mine: false), label = round % 16 < 8 ? "substantive" : "superficial" } } });
            if (said.Status == 200) tally.Labels.Add(id);
            else tally.Faults.Add($"browser {browser}, label {round}: {said.Status} {said.ProblemName}");
            calls++;
        }
        return tally;
    }

    private static object Item(int browser, int number, bool mine) => new
    {
        id = $"load:{browser}:{number}",
        kind = number % 4 == 0 ? "post" : "comment",
        text = $"We counted {number} valves in hall {browser}, and {number * 7 % 101} of them leaked within {number % 13} weeks; which one did you replace first, and what did the gasket cost?",
        parent = number % 4 == 0 ? null : $"Who has run a plant like hall {number % 50}?",
        site = number % 3 == 0 ? "facebook" : "linkedin",
        author = new { name = $"Reader {number % 300}", url = $"https://www.linkedin.com/in/reader-{number % 300}" },
        mine,
    };

    private static async Task<List<double>> WatchMemoryAsync(int process, CancellationToken stop)
    {
        List<double> megabytes = [];
        while (!stop.IsCancellationRequested)
        {
            using (Process watched = Process.GetProcessById(process)) megabytes.Add(watched.WorkingSet64 / 1e6);
            await Task.WhenAny(Task.Delay(250, stop));
        }
        return megabytes;
    }
}
