using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Soundings.Depth;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Cli;

/// <summary>The verb <c>bench</c>: how fast the scorer is, beside ML.NET's own PredictionEngine on a plain text pipeline in the same run.</summary>
internal static class BenchVerb
{
    private const int BatchSize = 20, Rounds = 2_000, WarmUp = 1_000;

    public static Command Build()
    {
        var seeds = new Option<DirectoryInfo>("--seeds") { Description = "Folder of the starter corpus.", DefaultValueFactory = _ => new DirectoryInfo(StarterModel.Seeds) };
        var output = new Option<FileInfo>("--out") { Description = "Where the figures are written as JSON.", HelpName = "FILE", DefaultValueFactory = _ => new FileInfo("bench.json") };
        var items = new Option<int?>("--items") { Description = "Measure the store instead, filled up with this many invented items. Give it a --data folder of its own.", HelpName = "N" };
        var data = CommonOptions.Data();
        var command = new Command("bench", "Measures the scorer beside ML.NET's PredictionEngine and prints a table; or, with --items, the store.") { seeds, output, items, data };
        command.SetAction(parsed => parsed.GetValue(items) is { } count
            ? StoreAsync(count, parsed.GetValue(data) is null ? throw new MendableError("--items wants a --data folder of its own: it fills it with invented items.") : parsed.Folder(data), parsed.GetRequiredValue(seeds))
            : Task.FromResult(Bench(parsed.GetRequiredValue(seeds), parsed.GetRequiredValue(output))));
        return command;
    }

    private static async Task<int> StoreAsync(int count, DataFolder folder, DirectoryInfo seeds)
    {
        Console.WriteLine((await new StoreBench(folder, Corpus.Read(seeds.FullName)).RunAsync(count)).ToJsonString(Indented));
        return 0;
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static int Bench(DirectoryInfo seeds, FileInfo output)
    {
        var corpus = Corpus.Read(seeds.FullName);
        var withParents = corpus.Where(e => e.Item.Parent is not null).Select(e => e.Item).ToList();
        var batches = withParents.Chunk(BatchSize).Where(b => b.Length == BatchSize).ToList();
        var scorer = Scorer.Load(StarterModel.Path);
        var plain = PlainPipeline.Train(corpus);
        var plainItems = batches.ConvertAll(b => b.Select(i => new PlainPipeline.Plain { Text = i.Text }).ToArray());

        var ours = Measure(i => scorer.Score(batches[i % batches.Count]));
        var theirs = Measure(i =>
        {
            foreach (var item in plainItems[i % plainItems.Count])
                plain.Predict(item);
        });
        var load = Stopwatch.GetTimestamp();
        Scorer.Load(StarterModel.Path);
        var loadMs = Stopwatch.GetElapsedTime(load).TotalMilliseconds;
        var fit = Stopwatch.GetTimestamp();
        Trainer.Train(corpus, Augmenter.Read(seeds.FullName), "bench");
        var fitMs = Stopwatch.GetElapsedTime(fit).TotalMilliseconds;

        Console.WriteLine($"{BatchSize} texts, {Rounds} rounds after {WarmUp} to warm up        p50 ms    p99 ms   bytes a text");
        Console.WriteLine($"soundings: verdict, facets, evidence, parents {ours.Median,10:0.000}{ours.Slow,10:0.000}{ours.Bytes,15:0}");
        Console.WriteLine($"ML.NET PredictionEngine: one head, text alone {theirs.Median,10:0.000}{theirs.Slow,10:0.000}{theirs.Bytes,15:0}");
        Console.WriteLine($"times as fast {theirs.Median / ours.Median,42:0.0}{theirs.Slow / ours.Slow,10:0.0}");
        Console.WriteLine($"loading the model {loadMs:0.0} ms; full refit on {corpus.Count} examples, five heads {fitMs:0} ms; working set {Environment.WorkingSet / 1_000_000} MB (with ML.NET loaded)");
        var figures = new JsonObject
        {
            ["batch"] = BatchSize,
            ["soundings"] = Json(ours),
            ["predictionEngine"] = Json(theirs),
            ["loadMs"] = Math.Round(loadMs, 2),
            ["refitMs"] = Math.Round(fitMs),
            ["examples"] = corpus.Count,
        };
        File.WriteAllText(output.FullName, figures.ToJsonString(Indented));
        return 0;
    }

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

    private static JsonObject Json((double Median, double Slow, double Bytes) figures) => new()
    {
        ["p50Ms"] = Math.Round(figures.Median, 4),
        ["p99Ms"] = Math.Round(figures.Slow, 4),
        ["bytesPerText"] = Math.Round(figures.Bytes),
    };
}
