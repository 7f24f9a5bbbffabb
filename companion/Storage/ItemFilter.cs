using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Soundings.Depth;
using Soundings.Training;

namespace Soundings.Storage;

/// <summary>The order of a page. Each turns round wholly: the oldest of the shallowest come first.</summary>
internal enum ItemSort
{
    Newest,
    Oldest,
    Deepest,
    Shallowest,
}

/// <summary>Which items, and in what order: null takes all. Times in milliseconds since 1970, from inclusive, to exclusive.</summary>
internal sealed record ItemFilter
{
    public long? From { get; init; }
    public long? To { get; init; }
    public string? Site { get; init; }
    public Kind? Kind { get; init; }
    public bool? Mine { get; init; }
    public Verdict? Verdict { get; init; }

    /// <summary>A profile, with all that the user said are the same person's.</summary>
    public long? Person { get; init; }

    /// <summary>Those that probably have it.</summary>
    public Facet? Facet { get; init; }

    /// <summary>The version of the model that judged it last.</summary>
    public string? Model { get; init; }

    /// <summary>Whether the user has said something of it.</summary>
    public bool? Labelled { get; init; }

    /// <summary>Words that all stand in the text, each at the beginning of one (a single letter wholly: half of all texts have a word that begins with it); in quotation marks, next to each other. Accents and case do not count.</summary>
    public string? Words { get; init; }

    public ItemSort Sort { get; init; }

    public bool ByDepth => Sort is ItemSort.Deepest or ItemSort.Shallowest;

    /// <summary>From the small to the large: the oldest, or the shallowest, first.</summary>
    public bool Ascending => Sort is ItemSort.Oldest or ItemSort.Shallowest;

    /// <summary>What the index is asked for; null where there is no word to ask for, though something was typed.</summary>
    public string? Match
    {
        get
        {
            List<string> phrases = [];
            string[] parts = (Words ?? "").Split('"');
            // Every second part stood between quotation marks; one that was not closed yet is still being typed.
            for (int i = 0; i < parts.Length && phrases.Count < MaxWords; i++)
            {
                if (i % 2 == 1 && i + 1 < parts.Length) AddPhrase(parts[i], "");
                else foreach (string word in parts[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) AddPhrase(word, word.Length == 1 && char.IsAscii(word[0]) ? "" : "*");
            }
            return phrases.Count == 0 ? null : string.Join(' ', phrases);

            void AddPhrase(string words, string ending)
            {
                if (words.Any(char.IsLetterOrDigit)) phrases.Add($"\"{words}\"{ending}");
            }
        }
    }

    private const int MaxWords = 20;
}

/// <summary>Where in an order an item stands, so that the next page begins after it. <c>Depth</c> counts only where it is ordered by depth.</summary>
internal readonly record struct ItemPlace(int Depth, long Moment, long Row)
{
    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Depth}.{Moment}.{Row}")));

    /// <summary>Null for whatever is none.</summary>
    public static ItemPlace? Parse(string cursor)
    {
        Span<byte> bytes = stackalloc byte[64];
        if (cursor.Length > 64 || !Base64Url.IsValid(cursor) || !Base64Url.TryDecodeFromChars(cursor, bytes, out int length)) return null;
        string[] parts = Encoding.ASCII.GetString(bytes[..length]).Split('.');
        return parts.Length == 3
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int depth)
            && long.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long moment)
            && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out long row)
                ? new ItemPlace(depth, moment, row)
                : null;
    }
}
