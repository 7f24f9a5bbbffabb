using System.CommandLine;
using Soundings.Depth;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Cli;

/// <summary>The verb <c>probe</c>: the checks of the hold-out, one line each.</summary>
internal static class ProbeVerb
{
    public static Command Build()
    {
        var seeds = new Option<DirectoryInfo>("--seeds") { Description = "Folder with holdout.jsonl and holdout-padding.txt.", DefaultValueFactory = _ => new DirectoryInfo(StarterModel.Seeds) };
        var data = CommonOptions.Data();
        var command = new Command("probe", "Tries the active model on the hold-out: hard pairs, padding, echoes, dresses, facets.") { seeds, data };
        command.SetAction(parsed => Probe(parsed.GetRequiredValue(seeds), parsed.Folder(data)));
        return command;
    }

    private static int Probe(DirectoryInfo seeds, DataFolder data)
    {
        var scorer = ModelCatalogue.Open(data).LoadActive();
        foreach (var (name, value, cases) in Probes.Read(seeds.FullName).Measure(scorer.Score))
            Console.WriteLine($"{value,7:0.0%}  {name} (n {cases})");
        return 0;
    }
}
