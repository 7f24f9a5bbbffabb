using System.CommandLine;
using System.Text.Json;
using Soundings.Depth;
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
        var calibration = new Option<bool>("--calibration") { Description = "Print instead the slopes and shifts that would calibrate the model on these lines." };
        var command = new Command("evaluate", "Measures the active model on labelled lines and prints one JSON object.") { file, calibration, data };
        command.SetAction(parsed => Evaluate(parsed.GetRequiredValue(file), parsed.GetValue(calibration), parsed.Folder(data)));
        return command;
    }

    private static int Evaluate(FileInfo file, bool calibration, DataFolder data)
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
        if (calibration)
        {
            foreach (var ((slope, shift, cases), head) in Calibration.Fit(scorer, examples).Zip(Model.Heads))
                Console.WriteLine($"{head,-8} slope {slope:0.00} shift {shift:0.00} ({cases} cases)");
        }
        else
            Console.WriteLine(Report.Of(scorer, examples).ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        if (bad > 0)
            Console.Error.WriteLine($"{bad} {(bad == 1 ? "line was" : "lines were")} left out of the figures.");
        return bad > 0 ? 2 : 0;
    }
}
