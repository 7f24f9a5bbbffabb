using Soundings.Storage;

namespace Soundings.Training;

/// <summary>Owns importing the user's own labels from JSON Lines, for <c>import PATH</c>, which has recognised the file as such.</summary>
internal static class LabelImport
{
    /// <summary>The exit code. Goes through the companion where one runs on the folder.</summary>
    public static Task<int> RunAsync(FileInfo file, DataFolder data, CancellationToken stop)
    {
        _ = (data, stop);
        throw new MendableError($"{file.Name} holds lines of Soundings' own, whose import is not built yet.");
    }
}
