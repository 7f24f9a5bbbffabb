using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Soundings.Depth;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Cli;

/// <summary>The verb <c>bench</c>: how fast Soundings is, beside what one would take instead, in one run on one machine; a table and a JSON file.</summary>
internal static class BenchVerb
{
    private const int BatchSize = 20, Rounds = 2_000, WarmUp = 1_000;

    public static Command Build()
    {
        var seeds = new Option<DirectoryInfo>("--seeds") { Description = "Folder of the starter corpus.", DefaultValueFactory = _ => new DirectoryInfo(StarterModel.Seeds) };
        var output = new Option<FileInfo>("--out") { Description = "Where the figures are written as JSON.", HelpName = "FILE", DefaultValueFactory = _ => new FileInfo("bench.json") };
        var items = new Option<int?>("--items") { Description = "Measure the store instead, filled up with this many invented items. Give it a --data folder of its own.", HelpName = "N" };
        var data = CommonOptions.Data();
        var command = new Command("bench", "Measures the scorer beside ML.NET, fastText and scikit-learn, the companion over HTTP and the store as it grows; or, with --items, the store alone when it is large.") { seeds, output, items, data };
        command.SetAction(parsed => parsed.GetValue(items) is { } count
            ? StoreAsync(count, parsed.GetValue(data) is null ? throw new MendableError("--items wants a --data folder of its own: it fills it with invented items.") : parsed.Folder(data), parsed.GetRequiredValue(seeds))
            : BenchAsync(parsed.GetRequiredValue(seeds), parsed.GetRequiredValue(output)));
        return command;
    }

    private static async Task<int> StoreAsync(int count, DataFolder folder, DirectoryInfo seeds)
    {
        Console.WriteLine((await new StoreBench(folder, Corpus.Read(seeds.FullName)).RunAsync(count)).ToJsonString(Indented));
        return 0;
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static async Task<int> BenchAsync(DirectoryInfo seeds, FileInfo output)
    {
        JsonObject machine = Machine();
        Console.WriteLine(string.Join(", ", machine.Select(fact => $"{fact.Key} {fact.Value}")));
        var corpus = Corpus.Read(seeds.FullName);
        List<Item[]> batches = [.. corpus.Where(e => e.Item.Parent is not null).Select(e => e.Item).Chunk(BatchSize).Where(b => b.Length == BatchSize)];
        var scorer = Scorer.Load(StarterModel.Path);
        var inProcess = Measure(i => scorer.Score(batches[i % batches.Count]));
        JsonObject scoring = Peers(corpus, [.. batches.SelectMany(batch => batch)], scorer);
        var fit = Stopwatch.GetTimestamp();
        Trainer.Train(corpus, Augmenter.Read(seeds.FullName), "bench");
        scoring["refitMs"] = Math.Round(Stopwatch.GetElapsedTime(fit).TotalMilliseconds);
        scoring["examples"] = corpus.Count;
        Row($"batch of {BatchSize} in process, p50 / p99 ms", $"{inProcess.Median:0.000} / {inProcess.Slow:0.000}", "", $"{inProcess.Bytes:0} bytes a text");
        Row("full refit, five heads, ms", $"{scoring["refitMs"]}", "", $"{corpus.Count} examples");

        await using ServeBench serve = new(batches);
        JsonObject companion = await serve.RunAsync();
        double Of(string name) => (double)companion[name]!;
        Row("HTTP, batch of 20 with parents, p50 / p99 ms", $"{Of("httpP50Ms"):0.00} / {Of("httpP99Ms"):0.00}", "3 / 15", $"{Of("httpP50Ms") / inProcess.Median:0.0} times in process");
        Row("the same, stored", $"{Of("httpStoredP50Ms"):0.00} / {Of("httpStoredP99Ms"):0.00}", "", "");
        Row("start to ready, ms", $"{Of("startToReadyMs"):0}", "", "");
        Row("start to first score, ms", $"{Of("startToFirstScoreMs"):0}", "2000", $"{Of("firstStartToFirstScoreMs"):0} on a new folder");
        Row("memory idle / after traffic, MB", $"{Of("idleMegabytes"):0} / {Of("megabytesAfterTraffic"):0}", "150", "");

        JsonObject store = await GrowthAsync(corpus);

        JsonObject figures = new()
        {
            ["machine"] = machine,
            ["scoring"] = scoring,
            ["batch"] = new JsonObject { ["size"] = BatchSize, ["p50Ms"] = Math.Round(inProcess.Median, 4), ["p99Ms"] = Math.Round(inProcess.Slow, 4), ["bytesPerText"] = Math.Round(inProcess.Bytes) },
            ["companion"] = companion,
            ["store"] = store,
        };
        File.WriteAllText(output.FullName, figures.ToJsonString(Indented));
        return 0;
    }

    /// <summary>What an item costs as the store grows tenfold; an exponent of 0 is flat.</summary>
    private static async Task<JsonObject> GrowthAsync(IReadOnlyList<Example> corpus)
    {
        string folder = Directory.CreateTempSubdirectory("soundings-bench-").FullName;
        StoreBench bench = new(DataFolder.At(Path.Combine(folder, "data")), corpus);
        JsonObject small = await bench.RunAsync(10_000), large = await bench.RunAsync(100_000);
        Directory.Delete(folder, recursive: true);
        double before = (double)small["insertLastTenthCpuMicroseconds"]!, after = (double)large["insertLastTenthCpuMicroseconds"]!;
        Row("an item stored, us of the processor at 10,000 / 100,000 items", $"{before:0} / {after:0}", "1.3x", $"exponent of growth {Math.Log10(after / before):0.00}");
        return new JsonObject { ["10000"] = small, ["100000"] = large, ["insertExponent"] = Math.Round(Math.Log10(after / before), 3) };
    }

    private static JsonObject Peers(IReadOnlyList<Example> corpus, IReadOnlyList<Item> texts, Scorer scorer)
    {
        using PeerBench peers = new(corpus, texts);
        Console.WriteLine();
        Row("what", "figure", "bar", "");
        double ours = peers.Soundings(scorer);
        Row("soundings: verdict, facets, evidence, parents, us a text", $"{ours:0.0}", "", $"{1e6 / ours:0} texts a second on one thread");
        JsonObject figures = new() { ["soundingsMicros"] = Math.Round(ours, 2) };
        Peer("fastText", "words 1-2, characters 3; one label", peers.FastText(), "0.5x");
        Peer("scikit-learn", "TF-IDF words 1-2, char_wb 2-5; batches of 20", peers.ScikitLearn(), "10x");
        Peer("ML.NET PredictionEngine", "FeaturizeText; one label", (peers.Engine(), null), "");
        return figures;

        void Peer(string name, string how, (double? Micros, string? Why) measured, string bar)
        {
            if (measured.Micros is not { } micros)
            {
                Row($"{name}: not measured", "-", bar, measured.Why!);
                figures[name] = new JsonObject { ["why"] = measured.Why };
                return;
            }
            Row($"{name} ({how}), us a text", $"{micros:0.0}", "", "");
            Row($"  soundings against {name}", $"{micros / ours:0.0}x", bar, "");
            figures[name] = new JsonObject { ["micros"] = Math.Round(micros, 2), ["timesAsFast"] = Math.Round(micros / ours, 2) };
        }
    }

    private static void Row(string what, string figure, string bar, string note) => Console.WriteLine($"{what,-72}{figure,16}{bar,10}  {note}".TrimEnd());

    private static (double Median, double Slow, double Bytes) Measure(Action<int> batch)
    {
        for (var i = 0; i < WarmUp; i++)
            batch(i);
        var times = new double[Rounds];
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            batch(i);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        Array.Sort(times);
        return (times[Rounds / 2], times[Rounds * 99 / 100], bytes / (double)(Rounds * BatchSize));
    }

    /// <summary>What the figures hold for; the load says how much else the machine was doing.</summary>
    private static JsonObject Machine()
    {
        bool linux = OperatingSystem.IsLinux();
        string? processor = linux ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1] : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return new()
        {
            ["processor"] = processor ?? RuntimeInformation.ProcessArchitecture.ToString(),
            ["cores"] = Environment.ProcessorCount,
            ["memoryMegabytes"] = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1_000_000,
            ["system"] = RuntimeInformation.OSDescription,
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["load"] = linux ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : null,
        };
    }
}
