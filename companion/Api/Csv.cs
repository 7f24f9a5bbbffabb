namespace Soundings.Api;

/// <summary>Rows of a table as RFC 4180 has them, and safe to open: what a spreadsheet could run as a formula is text to it.</summary>
internal static class Csv
{
    public static string Row(IEnumerable<object?> cells) => string.Join(',', cells.Select(Cell));

    /// <summary>Numbers as they are; all else between quotation marks, after an apostrophe where its first sign could begin a formula.</summary>
    public static string Cell(object? value) => value switch
    {
        null => "",
        int or long or double => ((IFormattable)value).ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        Enum name => name.ToString().ToLowerInvariant(),
        _ => Quoted(value.ToString()!),
    };

    private static string Quoted(string text) =>
        $"\"{(text.Length > 0 && text[0] is ('=' or '+' or '-' or '@' or '\t' or '\r' or '\n') ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
