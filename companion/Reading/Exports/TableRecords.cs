using System.Text;
using System.Text.RegularExpressions;

namespace Soundings.Reading.Exports;

/// <summary>One record of a table: the values of its columns, in their order.</summary>
internal readonly record struct TableRecord(int Line, IReadOnlyList<string>? Values, bool Repaired);

/// <summary>
/// Owns cutting LinkedIn's tables into records. They are no sound CSV: comments escape a quote with a backslash, shares double it and put quotes
/// round every line, and a quote forgotten makes the rest of the file one field.
/// </summary>
/// <remarks>
/// Question: CsvHelper or own code? CsvHelper reads either dialect, but one a file, and after a forgotten quote it gives one record that holds
/// many comments. Decision: records begin where a line begins with a time and an address, which no text does, whatever the quotes say; the quotes
/// only matter inside the record, where both dialects are tried. With columns in another order that sign is missing, and quotes alone decide.
/// </remarks>
internal static partial class TableRecords
{
    public static IEnumerable<TableRecord> Read(IEnumerable<StrictLines.Line> lines, TableHeader header, string file)
    {
        StringBuilder open = new();
        int begin = 0, last = 0;
        foreach (StrictLines.Line line in lines)
        {
            last = line.Number;
            if (line.Text == header.Text) continue; // two exports, one behind the other
            bool begins = header.Table == LinkedInTable.Reactions || (header.IsUsual ? Beginning().IsMatch(line.Text) : open.Length == 0 || !IsOpen(open.ToString()));
            if (begins && open.Length > 0)
            {
                yield return Cut(open.ToString(), begin, header, file, isLast: false);
                open.Clear();
            }
            if (open.Length == 0)
            {
                if (line.Text.Length == 0) continue;
                begin = line.Number;
            }
            else
            {
                open.Append('\n');
            }
            open.Append(line.Text);
            if (open.Length > ImportLimits.RecordBytes) throw new ImportRefused(file, begin, $"the record that begins here is longer than {ImportLimits.RecordBytes >> 20} MiB.");
        }
        if (open.Length > 0) yield return Cut(open.ToString().TrimEnd('\n'), begin, header, file, isLast: true);
    }

    private static TableRecord Cut(string record, int line, TableHeader header, string file, bool isLast)
    {
        record = record.TrimEnd('\n');
        bool escapes = record.Contains("\\\"", StringComparison.Ordinal);
        if (escapes && Fields(record, backslash: true) is { } escaped && Fits(escaped, header)) return new(line, escaped, false);
        if (Fields(record, backslash: false) is { } doubled && Fits(doubled, header)) return new(line, doubled, false);
        if (isLast && IsOpen(record)) throw new ImportRefused(file, line, "a quote opens in the record that begins here and never closes: the file was cut.");
        return new(line, header.IsUsual ? Salvage(record, header) : null, true);
    }

    /// <summary>As many as there are columns; a spreadsheet that passed the table on may have put empty ones behind.</summary>
    private static bool Fits(List<string> fields, TableHeader header) =>
        fields.Count == header.Count || (fields.Count > header.Count && fields.Skip(header.Count).All(string.IsNullOrEmpty));

    /// <summary>The fields of a sound record, or null. A quote opens only at the beginning of a field.</summary>
    private static List<string>? Fields(string record, bool backslash)
    {
        List<string> fields = [];
        StringBuilder field = new();
        for (int i = 0; ; i++)
        {
            field.Clear();
            if (i < record.Length && record[i] == '"')
            {
                for (i++; ; i++)
                {
                    if (i >= record.Length) return null;
                    if (backslash && record[i] == '\\' && i + 1 < record.Length && record[i + 1] is '"' or '\\') field.Append(record[++i]);
                    else if (record[i] != '"') field.Append(record[i]);
                    else if (i + 1 < record.Length && record[i + 1] == '"') field.Append(record[++i]);
                    else break;
                }
                i++;
                if (i < record.Length && record[i] != ',') return null;
            }
            else
            {
                int end = record.IndexOf(',', i);
                if (end < 0) end = record.Length;
                if (record.AsSpan(i, end - i).Contains('\n')) return null;
                field.Append(record, i, end - i);
                i = end;
            }
            fields.Add(field.ToString());
            if (i >= record.Length) return fields;
        }
    }

    /// <summary>Whether a field that opened with a quote is still open at the end.</summary>
    private static bool IsOpen(string record)
    {
        bool inside = false, atStart = true;
        bool escapes = record.Contains("\\\"", StringComparison.Ordinal);
        for (int i = 0; i < record.Length; i++)
        {
            char c = record[i];
            if (inside && escapes && c == '\\') i++;
            else if (c == '"' && (inside || atStart)) inside = !inside;
            else if (inside && c == '"' && i + 1 < record.Length && record[i + 1] == '"') i++;
            atStart = !inside && c is ',' or '\n';
        }
        return inside;
    }

    /// <summary>
    /// A record whose quotes do not add up: time and address are cut off at the left, the columns behind the text at the right, and what is
    /// between them is the text.
    /// </summary>
    private static List<string>? Salvage(string record, TableHeader header)
    {
        List<string> left = [];
        int from = 0;
        while (left.Count < header.TextColumn)
        {
            Match field = PlainField().Match(record, from);
            if (!field.Success) return null;
            left.Add(field.Groups["value"].Value);
            from = field.Index + field.Length;
        }
        int to = record.Length;
        List<string> right = [];
        for (int column = header.Count - 1; column > header.TextColumn; column--)
        {
            Match field = LastField().Match(record[from..to]);
            if (!field.Success) return null;
            right.Insert(0, field.Groups["value"].Value);
            to = from + field.Index;
        }
        string text = record[from..to].Trim();
        // A record inside another's broken field has its own quotes doubled.
        if (text.Length > 4 && text.StartsWith("\"\"", StringComparison.Ordinal) && text.EndsWith("\"\"", StringComparison.Ordinal)) text = text.Trim('"');
        if (text.StartsWith('"')) text = text[1..];
        if (text.EndsWith('"') && !text.EndsWith("\\\"", StringComparison.Ordinal)) text = text[..^1];
        text = text.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\"\"", "\"", StringComparison.Ordinal);
        return [.. left, text, .. right];
    }

    /// <summary>A time at the beginning of a line, or anything short and an address of LinkedIn behind it.</summary>
    [GeneratedRegex("""^("?\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?([ ]?(UTC|Z))?"?,"?(https?://|,|$)|("[^"\n]{0,60}"|[^",\n]{0,40}),"?https?://(([a-z]+\.)?linkedin\.com|lnkd\.in)/|,,)""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Beginning();

    [GeneratedRegex("""\G("(?<value>[^"\n]*)"|(?<value>[^",\n]*)),""", RegexOptions.CultureInvariant)]
    private static partial Regex PlainField();

    [GeneratedRegex(""",("(?<value>[^"\n]*)"|(?<value>[^",\s]*))$""", RegexOptions.CultureInvariant)]
    private static partial Regex LastField();
}
