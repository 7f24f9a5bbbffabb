namespace Soundings.Reading.Exports;

/// <summary>
/// A file that is not imported at all: where (file, and line where it has lines) and why, in words for whoever gave it.
/// Nothing was changed. The message never quotes a text.
/// </summary>
internal sealed class ImportRefused(string file, int? line, string reason) : Exception(Sentence(file, line, reason))
{
    public string File { get; } = ShownName(file);
    public int? Line { get; } = line;
    public string Reason { get; } = reason;

    /// <summary>JSON, but of nobody that is known here: not what was asked for at all.</summary>
    public bool IsOtherJson { get; init; }

    public ImportRefused(string file, string reason) : this(file, null, reason)
    {
    }

    /// <summary>A name as it may be shown: a name out of an archive can hold anything, also what turns a line around or ends it.</summary>
    public static string ShownName(string name)
    {
        string shown = string.Concat(name.Select(c => char.IsControl(c) || IsTurning(c) ? '\uFFFD' : c));
        return shown.Length <= 120 ? shown : "…" + shown[^119..];
    }

    /// <summary>Marks that change the direction of what follows: with them "gpj.exe" can be shown as "exe.jpg".</summary>
    public static bool IsTurning(char c) => c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u2028' or '\u2029';

    private static string Sentence(string file, int? line, string reason) =>
        line is { } number ? $"{ShownName(file)}, line {number}: {reason}" : $"{ShownName(file)}: {reason}";
}
