using System.Diagnostics;
using Soundings.Tests.Api;

namespace Soundings.Tests.Cli;

/// <summary>The verb <c>train</c> as the build and the companion start it.</summary>
public sealed class TrainVerbTests
{
    [Fact]
    public async Task A_training_ends_with_the_companion_that_started_it()
    {
        using TestFolder folder = new();
        string made = Path.Combine(Directory.CreateDirectory(folder.Path).FullName, "made.model");
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "soundings.exe" : "soundings");
        using Process training = Process.Start(new ProcessStartInfo(program, ["train", "--out", made, "--child"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        training.StandardInput.Close(); // what a killed companion leaves behind

        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(30));
        await training.WaitForExitAsync(stop.Token);

        Assert.Equal(1, training.ExitCode);
        Assert.False(File.Exists(made), "it went on to the end, without anybody to hand the model to");
    }
}
