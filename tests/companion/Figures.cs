namespace Soundings.Tests;

/// <summary>Figures that a run measured and does not judge: the test command prints them at its end.</summary>
internal static class Figures
{
    public static void Say(FormattableString figure)
    {
        string line = FormattableString.Invariant(figure);
        if (Environment.GetEnvironmentVariable("SOUNDINGS_FIGURES") is { Length: > 0 } file) File.AppendAllText(file, line + "\n");
        else Console.WriteLine(line);
    }
}
