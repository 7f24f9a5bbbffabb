namespace Soundings.Reading.Exports;

/// <summary>Which of LinkedIn's tables a file is.</summary>
internal enum LinkedInTable
{
    Comments,
    Shares,
    Reactions,
}

/// <summary>
/// Owns the first line of a table: which table it begins, and where its columns are. LinkedIn's names are English in every language of the
/// site; a few spellings that people and tools make of them are understood too.
/// </summary>
internal sealed class TableHeader
{
    /// <summary>What a column holds, by its name without blanks and capitals.</summary>
    private static readonly Dictionary<string, string> Names = Spelled(
        ("date", "date datetime createdat created datum fecha data"),
        ("link", "link url commentlink"),
        ("shareLink", "sharelink postlink"),
        ("message", "message comment commenttext nachricht mensaje mensagem"),
        ("commentary", "sharecommentary commentary"),
        ("type", "type reactiontype reaction"));

    private readonly List<string> _columns;

    private TableHeader(LinkedInTable table, List<string> columns, string text)
    {
        (Table, _columns, Text) = (table, columns, text);
        Date = Column("date");
        Link = Math.Max(Column("link"), Column("shareLink"));
        TextColumn = table switch { LinkedInTable.Comments => Column("message"), LinkedInTable.Shares => Column("commentary"), _ => Column("type") };
        IsUsual = Date == 0 && (table == LinkedInTable.Reactions ? TextColumn == 1 && Link == 2 : Link == 1 && TextColumn == 2);
    }

    public LinkedInTable Table { get; }

    /// <summary>The line itself.</summary>
    public string Text { get; }
    public int Count => _columns.Count;
    public int Date { get; }
    public int Link { get; }

    /// <summary>The column of the words, or of the reaction's type.</summary>
    public int TextColumn { get; }

    /// <summary>Time, address and text stand first, as LinkedIn writes them, so that a line shows by itself whether it begins a record.</summary>
    public bool IsUsual { get; }

    public static TableHeader Read(StrictLines.Line line, string file)
    {
        if (line.Text.Contains('\r', StringComparison.Ordinal)) throw new ImportRefused(file, line.Number, "its lines end in CR alone. Save it with LF or CRLF line ends.");
        List<string> columns = [.. line.Text.Split(',').Select(Name)];
        if (TableOf(columns) is not { } table)
        {
            foreach ((char separator, string called) in (ReadOnlySpan<(char, string)>)[(';', "semicolons"), ('\t', "tabs"), ('|', "bars")])
            {
                if (TableOf([.. line.Text.Split(separator).Select(Name)]) is not null)
                    throw new ImportRefused(file, line.Number, $"its columns are separated by {called}. Save it with commas, or give the export as the site sent it.");
            }
            throw new ImportRefused(file, line.Number, "its columns are none of LinkedIn's Comments.csv, Shares.csv or Reactions.csv.");
        }
        if (columns.Where(column => column.Length > 0).GroupBy(column => column, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ImportRefused(file, line.Number, $"the column {twice.Key} is in it twice.");
        return new TableHeader(table, columns, line.Text);
    }

    private static LinkedInTable? TableOf(List<string> columns) =>
        !columns.Contains("date") ? null
        : columns.Contains("commentary") ? LinkedInTable.Shares
        : columns.Contains("message") && columns.Contains("link") ? LinkedInTable.Comments
        // Before there were other reactions than likes, their table was called Likes.csv and had no type.
        : columns.Contains("link") && columns.Count <= 4 ? LinkedInTable.Reactions
        : null;

    private static Dictionary<string, string> Spelled(params (string Column, string Spellings)[] columns) =>
        columns.SelectMany(column => column.Spellings.Split(' ').Select(spelling => (spelling, column.Column))).ToDictionary(StringComparer.Ordinal);

    private static string Name(string column)
    {
        string folded = string.Concat(column.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        return Names.GetValueOrDefault(folded, folded);
    }

    private int Column(string name) => _columns.IndexOf(name);
}
