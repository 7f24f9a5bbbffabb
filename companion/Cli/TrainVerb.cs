using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Soundings.Api;
using Soundings.Depth;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Cli;

/// <summary>The verb <c>train</c>: learns from the starter corpus, the user's labels and the files named, and activates by the promotion rule.</summary>
internal static class TrainVerb
{
    public static Command Build()
    {
        var files = new Argument<FileInfo[]>("FILE") { Description = "Labelled JSON Lines to learn from beside the starter corpus and your labels.", Arity = ArgumentArity.ZeroOrMore };
        var seeds = new Option<DirectoryInfo>("--seeds") { Description = "Folder of the starter corpus.", DefaultValueFactory = _ => new DirectoryInfo(StarterModel.Seeds) };
        var output = new Option<FileInfo?>("--out") { Description = "Only write the model to this file; nothing is evaluated or activated. The build makes the starter model so.", HelpName = "FILE" };
        var version = new Option<string>("--as") { Description = "The version written into that file.", DefaultValueFactory = _ => StarterModel.Version, HelpName = "VERSION" };
        var weight = new Option<float>("--own-weight") { Description = "What a line of the files named counts beside one of the corpus.", DefaultValueFactory = _ => FullTraining.OwnWeight, HelpName = "N" };
        var child = new Option<bool>("--child") { Description = "Ends when standard input closes: how the companion starts a training that must not outlive it.", Hidden = true };
        var data = CommonOptions.Data();
        var command = new Command("train", "Trains a model, prints how it does beside the active one, and activates it if it is not worse.") { files, seeds, output, version, weight, child, data };
        command.SetAction((parsed, stop) =>
        {
            var named = parsed.GetValue(files) ?? [];
            foreach (var file in named)
                using (LineFiles.Open(file)) { }
            return parsed.GetValue(output) is { } to
                ? Task.FromResult(Write(named, parsed.GetRequiredValue(seeds), to, parsed.GetRequiredValue(version), parsed.GetRequiredValue(weight), parsed.GetValue(child)))
                : LearnAsync([.. named.Select(file => file.FullName)], parsed.Folder(data), stop);
        });
        return command;
    }

    private static int Write(FileInfo[] files, DirectoryInfo seeds, FileInfo output, string version, float weight, bool child)
    {
        if (child)
            EndWithParent();
        var watch = Stopwatch.StartNew();
        var corpus = Corpus.Read(seeds.FullName);
        // Named like a natural slice: a person's labels have the mix of real life.
        foreach (var file in files)
            corpus.AddRange(OwnLines(file).Select(example => example with { Slice = "nat-own", Weight = weight }));
        Trainer.Train(corpus, Augmenter.Read(seeds.FullName), version).Save(output.FullName);
        // A model that the companion asked for belongs to its owner alone; one that a build makes ships with the program, for every user.
        if (!child && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(output.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Console.WriteLine($"Learned from {corpus.Count} examples in {watch.Elapsed.TotalSeconds:0.0} s: {output}");
        return 0;
    }

    /// <summary>The companion holds the other end of our standard input: when it dies, however it dies, the input ends.</summary>
    private static void EndWithParent()
    {
        var watch = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            Span<byte> nothing = stackalloc byte[64];
            while (input.Read(nothing) > 0)
                continue;
            Environment.Exit(1);
        })
        { IsBackground = true };
        watch.Start();
    }

    private static List<Example> OwnLines(FileInfo file)
    {
        using var stream = LineFiles.Open(file);
        var examples = new List<Example>();
        foreach (var line in JsonLines.Read(stream, "nat-own", labelled: true))
            examples.Add(line.Example ?? throw new MendableError($"{file.Name}, line {line.Number}: {line.Problem}."));
        return examples;
    }

    private static async Task<int> LearnAsync(IReadOnlyList<string> files, DataFolder folder, CancellationToken stop)
    {
        if (!Vault.IsHeld(folder))
        {
            await using OfflineCompanion companion = new(folder);
            var training = companion.Get<FullTraining>();
            training.Start(files);
            return await FollowAsync(() => Task.FromResult(training.View), training.CancelAsync, stop);
        }
        await CompanionCall.PostAsync(folder, "training", new TrainingRequest { Files = files.Count == 0 ? null : files }, WireJson.Context.TrainingRequest, WireJson.Context.TrainingView, stop);
        return await FollowAsync(() => CompanionCall.GetAsync(folder, "training", WireJson.Context.TrainingView, CancellationToken.None), async () =>
            (await CompanionCall.DeleteAsync(folder, "training", WireJson.Context.TrainingCancelReply, CancellationToken.None)).Cancelled, stop);
    }

    // Steps on stderr, so that stdout holds the report alone.
    private static async Task<int> FollowAsync(Func<Task<TrainingView>> look, Func<Task<bool>> cancel, CancellationToken stop)
    {
        string? step = null;
        while (true)
        {
            var view = await look();
            if (view.Step is not null && view.Step != step)
                await Console.Error.WriteLineAsync($"{view.Progress,4:0%}  {step = view.Step}");
            if (view.State != "running")
                return Finish(view);
            if (stop.IsCancellationRequested)
            {
                await cancel();
                await Console.Error.WriteLineAsync("The training was cancelled; the model that served goes on serving.");
                return 1;
            }
            await Task.Delay(200, CancellationToken.None);
        }
    }

    private static int Finish(TrainingView view)
    {
        if (view.State == "done")
        {
            JsonObject report = view.Report?.DeepClone().AsObject() ?? [];
            report["activated"] = view.Activated;
            Console.WriteLine(report.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
            return 0;
        }
        Console.Error.WriteLine(view.State == "failed" ? view.Why : "The training was cancelled; the model that served goes on serving.");
        return 1;
    }
}
