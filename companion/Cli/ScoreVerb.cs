using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Soundings.Depth;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Cli;

/// <summary>The verb <c>score</c>: items in, scores out, line by line and in the same order.</summary>
internal static class ScoreVerb
{
    public static Command Build()
    {
        var file = new Argument<FileInfo?>("FILE") { Description = "JSON Lines of items; standard input when left out.", Arity = ArgumentArity.ZeroOrOne };
        LineFiles.RefuseEmptyName(file);
        var data = CommonOptions.Data();
        var command = new Command("score", "Scores items: JSON Lines in, JSON Lines out, in the same order.") { file, data };
        command.SetAction(parsed => Score(parsed.GetValue(file), parsed.Folder(data)));
        return command;
    }

    private static int Score(FileInfo? file, DataFolder data)
    {
        using var input = file is null ? Console.OpenStandardInput() : LineFiles.Open(file);
        var scorer = ModelCatalogue.Open(data).LoadActive();
        using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
        var bad = 0;
        foreach (var line in JsonLines.Read(input, "input", labelled: false))
        {
            if (line.Item is null)
            {
                bad++;
                Console.Error.WriteLine($"line {line.Number}: {line.Problem}");
                continue;
            }
            JsonSerializer.Serialize(output, scorer.Score(line.Item), ScoreJson.Plain.Score);
            output.WriteByte((byte)'\n');
        }
        output.Flush();
        if (bad == 0)
            return 0;
        Console.Error.WriteLine($"{bad} {(bad == 1 ? "line was" : "lines were")} not scored; the others were.");
        return 2;
    }
}

/// <summary>How a score is written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Score))]
internal sealed partial class ScoreJson : JsonSerializerContext
{
    /// <summary>With letters and emoji as they are: the output is UTF-8 and goes to no web page.</summary>
    public static ScoreJson Plain { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
