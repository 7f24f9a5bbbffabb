using System.CommandLine;
using System.Text.Json;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Cli;

/// <summary>The verb <c>evaluate</c>: how well the active model judges labelled lines, beside counting words.</summary>
internal static class EvaluateVerb
{
    public static Command Build()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "Labelled JSON Lines: an item plus \"label\", and \"facets\" and \"lang\" where known." };
        var data = CommonOptions.Data();
        var command = new Command("evaluate", "Measures the active model on labelled lines and prints one JSON object.") { file, data };
        command.SetAction(parsed => Evaluate(parsed.GetRequiredValue(file), parsed.Folder(data)));
        return command;
    }

    private static int Evaluate(FileInfo file, DataFolder data)
    {
        using var input = LineFiles.Open(file);
        var scorer = ModelCatalogue.Open(data).LoadActive();
        var examples = new List<Example>();
        var bad = 0;
        foreach (var line in JsonLines.Read(input, Path.GetFileNameWithoutExtension(file.Name), labelled: true))
        {
            if (line.Example is null)
            {
                bad++;
                Console.Error.WriteLine($"line {line.Number}: {line.Problem}");
            }
            else
                examples.Add(line.Example);
        }
        Console.WriteLine(Report.Of(scorer, examples).ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        if (bad > 0)
            Console.Error.WriteLine($"{bad} {(bad == 1 ? "line was" : "lines were")} left out of the figures.");
        return bad > 0 ? 2 : 0;
    }
}
