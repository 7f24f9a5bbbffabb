using Soundings.Storage;

namespace Soundings.Tests.Api;

/// <summary>A throw-away data folder.</summary>
public sealed class TestFolder(string? parent = null) : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(parent ?? System.IO.Path.GetTempPath(), "soundings-test-" + Guid.NewGuid().ToString("n"));

    internal DataFolder Data => DataFolder.At(Path);

    /// <summary>Another folder with the same files.</summary>
    public TestFolder Copy()
    {
        TestFolder copy = new();
        foreach (string folder in Directory.EnumerateDirectories(Path, "*", SearchOption.AllDirectories).Prepend(Path)) DataFolder.CreateFolder(System.IO.Path.Combine(copy.Path, System.IO.Path.GetRelativePath(Path, folder)));
        foreach (string file in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories))
        {
            string target = System.IO.Path.Combine(copy.Path, System.IO.Path.GetRelativePath(Path, file));
            // A lock that is held cannot be read, and is not the copy's.
            if (file != Data.LockFile) File.Copy(file, target);
        }
        return copy;
    }

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
