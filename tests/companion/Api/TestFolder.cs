using Soundings.Storage;

namespace Soundings.Tests.Api;

/// <summary>A throw-away data folder.</summary>
public sealed class TestFolder : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "soundings-test-" + Guid.NewGuid().ToString("n"));

    internal DataFolder Data => DataFolder.At(Path);

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
