using System.CommandLine;
using Soundings.Api;
using Soundings.Storage;

namespace Soundings.Cli;

/// <summary>The verb <c>export</c>: the user's labels as JSON Lines, on stdout or into a file.</summary>
internal static class ExportVerb
{
    public static Command Build()
    {
        Argument<string?> file = new("FILE") { Description = "Where to write; standard output when left out", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> data = CommonOptions.Data();
        Command verb = new("export", "Write your labels as JSON Lines; 'import' takes them in again, here or elsewhere. Models do not travel: they are learned again") { file, data };
        verb.SetAction((parsed, stop) => RunAsync(parsed.GetValue(file), parsed.Folder(data), stop));
        return verb;
    }

    private static async Task<int> RunAsync(string? file, DataFolder folder, CancellationToken stop)
    {
        byte[] lines;
        if (Vault.IsHeld(folder)) lines = await CompanionCall.GetBytesAsync(folder, "export", stop);
        else
        {
            using Vault vault = Vault.Open(folder);
            lines = LabelFilesApi.Lines(new LabelStore(vault.Database));
        }
        if (file is null)
        {
            await using Stream output = Console.OpenStandardOutput();
            await output.WriteAsync(lines, stop);
            return 0;
        }
        try
        {
            DataFolder.WriteFile(Path.GetFullPath(file), lines);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MendableError($"The file {file} cannot be written: {error.Message}", error);
        }
        Console.WriteLine($"{lines.Count(b => b == (byte)'\n')} labels written to {file}.");
        return 0;
    }
}
