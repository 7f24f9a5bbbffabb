using System.Text;
using System.Text.RegularExpressions;

namespace Soundings.Reading.Exports;

/// <summary>
/// Owns how a text of an export becomes the text the page would show, so that an item imported and the same item seen later have one text:
/// runs of line ends and of blanks become one, invisible letters go, and the exports' spelling of mentions and hashtags becomes their words.
/// </summary>
internal static partial class OwnText
{
    public static string Clean(string text)
    {
        if (text.Contains("@[", StringComparison.Ordinal) || text.Contains("{hashtag|", StringComparison.Ordinal))
            text = Hashtag().Replace(LinkedInMention().Replace(FacebookMention().Replace(text, "$1"), "$1"), "#$1");
        StringBuilder clean = new(text.Length);
        var line = false;
        var blank = false;
        foreach (char c in text)
        {
            if (c is '\n' or '\r' or '\u2028' or '\u2029' or '\u0085')
            {
                line = true;
            }
            else if (c is ' ' or '\t' or '\u00A0')
            {
                blank = true;
            }
            else if (!IsInvisible(c))
            {
                if (clean.Length > 0 && (line || blank)) clean.Append(line ? '\n' : ' ');
                (line, blank) = (false, false);
                clean.Append(c);
            }
        }
        return clean.ToString();
    }

    // The zero-width joiner stays: it holds emoji together. Other controls cannot be shown, and NUL not be stored.
    private static bool IsInvisible(char c) => c is '\u034F' or '\u200B' or '\u2060' or '\uFEFF' or '\u00AD' || char.IsControl(c);

    [GeneratedRegex(@"@\[\d{1,25}:\d{1,8}:([^\]\n]{1,200})\]", RegexOptions.CultureInvariant)]
    private static partial Regex FacebookMention();

    [GeneratedRegex(@"@\[([^\]\n]{1,200})\]\(urn:li:[^)\n]{1,80}\)", RegexOptions.CultureInvariant)]
    private static partial Regex LinkedInMention();

    [GeneratedRegex(@"\{hashtag\|\\?#\|([^}\n]{1,200})\}", RegexOptions.CultureInvariant)]
    private static partial Regex Hashtag();
}
