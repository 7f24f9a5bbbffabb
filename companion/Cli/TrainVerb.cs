using System.CommandLine;
using System.Diagnostics;
using Soundings.Depth;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Cli;

/// <summary>The verb <c>train</c>: learns from the starter corpus and the labelled files named, and activates by the promotion rule.</summary>
internal static class TrainVerb
{
    public static Command Build()
    {
        var files = new Argument<FileInfo[]>("FILE") { Description = "Labelled JSON Lines to learn from beside the starter corpus.", Arity = ArgumentArity.ZeroOrMore };
        var seeds = new Option<DirectoryInfo>("--seeds") { Description = "Folder of the starter corpus.", DefaultValueFactory = _ => new DirectoryInfo(StarterModel.Seeds) };
        var output = new Option<FileInfo?>("--out") { Description = "Only write the model to this file; nothing is evaluated or activated. The build makes the starter model so.", HelpName = "FILE" };
        var data = CommonOptions.Data();
        var command = new Command("train", "Trains a model, prints how it does beside the active one, and activates it if it is not worse.") { files, seeds, output, data };
        command.SetAction(parsed =>
            Train(parsed.GetValue(files) ?? [], parsed.GetRequiredValue(seeds), parsed.GetValue(output), parsed.Folder(data)));
        return command;
    }

    private static int Train(FileInfo[] files, DirectoryInfo seeds, FileInfo? output, DataFolder data)
    {
        var watch = Stopwatch.StartNew();
        var corpus = Corpus.Read(seeds.FullName);
        if (output is not null)
        {
            Trainer.Train(corpus, Augmenter.Read(seeds.FullName), StarterModel.Version).Save(output.FullName);
            Console.WriteLine($"Learned from {corpus.Count} examples in {watch.Elapsed.TotalSeconds:0.0} s: {output}");
            return 0;
        }
        _ = files;
        _ = data;
        throw new MendableError("Learning from your own labels is not built yet; --out FILE trains the starter model.");
    }
}
