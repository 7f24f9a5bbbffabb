namespace Soundings.Cli;

/// <summary>Owns opening the files that verbs are given.</summary>
internal static class LineFiles
{
    public static FileStream Open(FileInfo file)
    {
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
