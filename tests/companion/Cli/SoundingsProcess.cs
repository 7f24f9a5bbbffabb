using System.Diagnostics;
using Soundings.Tests.Api;

namespace Soundings.Tests.Cli;

/// <summary>The real program in a process of its own, as a user starts it.</summary>
internal sealed class SoundingsProcess : IDisposable
{
    private static readonly string Path = System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "soundings.exe" : "soundings");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Process _process;

    /// <summary>The home folder of every program started here: the companion has no business in it but its data folder.</summary>
    public static string Home { get; } = Directory.CreateTempSubdirectory("soundings-home-").FullName;

    private SoundingsProcess(Process process) => _process = process;

    public string Address { get; private set; } = "";
    public int Id => _process.Id;
    public string FirstLine { get; private set; } = "";
    public string SecondLine { get; private set; } = "";

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource stop = new(Patience);
        await process.WaitForExitAsync(stop.Token);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Starts <c>serve</c> and waits until it listens.</summary>
    public static async Task<SoundingsProcess> ServeAsync(TestFolder folder, params string[] more)
    {
        SoundingsProcess companion = new(Start(["serve", "--no-browser", "--data", folder.Path, .. more]));
        using CancellationTokenSource stop = new(Patience);
        companion.FirstLine = await companion._process.StandardOutput.ReadLineAsync(stop.Token) ?? await companion._process.StandardError.ReadToEndAsync(stop.Token);
        companion.SecondLine = await companion._process.StandardOutput.ReadLineAsync(stop.Token) ?? "";
        companion.Address = companion.FirstLine.Split(' ')[^1];
        return companion;
    }

    /// <summary>As a power cut does it, as far as a process can tell.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Whatever it has said until its end; call once it has been stopped or killed.</summary>
    public async Task<string> SaidAsync() =>
        FirstLine + "\n" + SecondLine + "\n" + await _process.StandardOutput.ReadToEndAsync() + await _process.StandardError.ReadToEndAsync();

    public async Task<int> StopAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        using CancellationTokenSource stop = new(Patience);
        await _process.WaitForExitAsync(stop.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private static Process Start(IEnumerable<string> arguments)
    {
        ProcessStartInfo info = new(Path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // None of these may reach the companion: it has one environment and one address.
        info.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        info.Environment["ASPNETCORE_URLS"] = "http://0.0.0.0:5999";
        info.Environment["HOME"] = Home;
        return Process.Start(info)!;
    }
}
