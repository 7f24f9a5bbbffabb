using System.CommandLine;

namespace Soundings.Cli;

/// <summary>Owns opening the files that verbs are given.</summary>
internal static class LineFiles
{
    /// <summary>An empty name is what a script passes whose variable is unset; it must not read standard input instead.</summary>
    public static void RefuseEmptyName(Argument argument) => argument.Validators.Add(result =>
    {
        if (result.Tokens.Any(token => token.Value.Length == 0)) result.AddError($"{argument.Name} is empty. Name a file.");
    });

    public static FileStream Open(FileInfo file)
    {
        if (Directory.Exists(file.FullName)) throw new MendableError($"{file} is a folder. Name a file in it.");
        if (file.ToString().StartsWith("--", StringComparison.Ordinal) && !file.Exists) throw new MendableError($"There is no option {file}, and no file of that name. See --help.");
        try
        {
            return file.OpenRead();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MendableError($"The file {file} cannot be read: {error.Message}", error);
        }
    }
}
