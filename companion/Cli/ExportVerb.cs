using System.CommandLine;
using Soundings.Api;
using Soundings.Storage;

namespace Soundings.Cli;

/// <summary>The verb <c>export</c>: the user's labels as JSON Lines, or everything as a zip, on stdout or into a file.</summary>
internal static class ExportVerb
{
    public static Command Build()
    {
        Argument<string?> file = new("FILE") { Description = "Where to write; standard output when left out", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> all = new("--all") { Description = "Everything that is stored, as a zip of JSON Lines and CSV tables; the labels.jsonl in it is what 'import' takes" };
        Option<string?> data = CommonOptions.Data();
        Command verb = new("export", "Write your labels as JSON Lines; 'import' takes them in again, here or elsewhere. Models do not travel: they are learned again") { file, all, data };
        verb.SetAction((parsed, stop) => RunAsync(parsed.GetValue(file), parsed.GetValue(all), parsed.Folder(data), stop));
        return verb;
    }

    private static async Task<int> RunAsync(string? file, bool all, DataFolder folder, CancellationToken stop)
    {
        if (file is null)
        {
            await using Stream output = Console.OpenStandardOutput();
            await WriteAsync(output, all, folder, stop);
            return 0;
        }
        string path = Path.GetFullPath(file), fresh = path + ".new";
        try
        {
            File.Delete(fresh);
            try
            {
                await using (FileStream stream = new(fresh, DataFolder.Options(FileMode.CreateNew, FileAccess.Write))) await WriteAsync(stream, all, folder, stop);
                DataFolder.MoveInto(fresh, path);
            }
            finally
            {
                File.Delete(fresh);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MendableError($"The file {file} cannot be written: {error.Message}", error);
        }
        Console.WriteLine(all ? $"Everything was written to {file}." : $"{File.ReadLines(path).Count()} labels written to {file}.");
        return 0;
    }

    private static async Task WriteAsync(Stream output, bool all, DataFolder folder, CancellationToken stop)
    {
        if (Vault.IsHeld(folder))
        {
            await CompanionCall.CopyAsync(folder, all ? "export?all=true" : "export", output, stop);
            return;
        }
        await using OfflineCompanion companion = new(folder);
        if (all) await companion.Get<Archive>().WriteAsync(output, stop);
        else await output.WriteAsync(LabelFilesApi.Lines(companion.Get<LabelStore>()), stop);
    }
}
