using System.Diagnostics;
using System.Globalization;

namespace Soundings.Tests.Fuzz;

/// <summary>
/// Tells what hangs from what waits for a busy machine: by the processor's time where the system tells it (Linux), and by a clock that is patient.
/// </summary>
internal static class Patience
{
    /// <summary>Seconds of the processor that one input may cost.</summary>
    public const double Seconds = 2;

    private static readonly TimeSpan Wall = TimeSpan.FromSeconds(OperatingSystem.IsLinux() ? 60 : 2);

    public static void Hold(string what, Action act)
    {
        (double before, long start) = (ThreadSeconds(), Stopwatch.GetTimestamp());
        act();
        Judge(what, ThreadSeconds() - before, Stopwatch.GetElapsedTime(start));
    }

    /// <param name="process">The program that is asked, and does nothing else meanwhile.</param>
    /// <param name="what">The input, for the message.</param>
    /// <param name="act">Asks.</param>
    public static async Task HoldAsync(int process, string what, Func<Task> act)
    {
        (double before, long start) = (ProcessSeconds(process), Stopwatch.GetTimestamp());
        await act();
        Judge(what, ProcessSeconds(process) - before, Stopwatch.GetElapsedTime(start));
    }

    private static void Judge(string what, double processor, TimeSpan wall) =>
        Assert.True(processor < Seconds && wall < Wall, $"{what} took {processor:0.0} s of the processor, {wall.TotalSeconds:0.0} s in all");

    private static double ThreadSeconds() =>
        OperatingSystem.IsLinux() ? double.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1e9 : 0;

    private static double ProcessSeconds(int id)
    {
        using Process process = Process.GetProcessById(id);
        return OperatingSystem.IsLinux() ? process.TotalProcessorTime.TotalSeconds : 0;
    }
}
