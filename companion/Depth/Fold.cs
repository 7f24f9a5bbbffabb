namespace Soundings.Depth;

/// <summary>
/// Owns how a text is made comparable: lower case, no diacritics, one form for quotes, dashes and blanks, the bold and
/// italic alphabets of LinkedIn as plain letters. Every folded character remembers the UTF-16 offset it came from.
/// </summary>
/// <remarks>
/// Done by hand, unit by unit, instead of string.Normalize: that throws on lone surrogates, loses offsets, allocates,
/// and depends on the ICU of the machine, while a score must be the same everywhere.
/// </remarks>
internal static class Fold
{
    /// <summary>Emoji of the astral planes fold to one private-use unit each, so that they stay apart and stay one unit long.</summary>
    public const char EmojiFirst = '\uE000', EmojiLast = '\uF1FF';

    public const char Broken = '\uFFFD';

    private const string Latin =
        "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllllln"
        + "nnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

    private const string LatinAdditional =
        "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwww"
        + "wwwwwwxxxxyyzzzzzzhtwyassssdaaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyllvvyy";

    /// <summary>Folds <paramref name="text"/>; both buffers must hold twice its length. Returns how many units were written.</summary>
    public static int Run(ReadOnlySpan<char> text, Span<char> folded, Span<int> source)
    {
        var n = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var at = i;
            if (c < 0x80)
            {
                if (c is >= 'A' and <= 'Z')
                    c = (char)(c | 0x20);
                else if (c < ' ' && c != '\n')
                    c = ' ';
                else if (c == '`')
                    c = '\'';
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                c = Astral(char.ConvertToUtf32(c, text[++i]));
                if (c == '\0')
                    continue;
            }
            else
            {
                if (Dropped(c))
                    continue;
                var second = c switch { 'ß' or 'ẞ' => 's', 'æ' or 'Æ' or 'œ' or 'Œ' => 'e', '…' => '.', _ => '\0' };
                c = Plain(c);
                if (second != '\0')
                {
                    folded[n] = c;
                    source[n++] = at;
                    c = second;
                }
            }
            folded[n] = c;
            source[n++] = at;
        }
        return n;
    }

    // Combining marks, joiners, direction marks, variation selectors and soft hyphens say nothing about depth.
    private static bool Dropped(char c) =>
        c is (>= '\u0300' and <= '\u036F') or '\u00AD' or '\u061C' or '\uFEFF'
            or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u206F') or (>= '\uFE00' and <= '\uFE0F');

    private static char Astral(int code) => code switch
    {
        >= 0x1F3FB and <= 0x1F3FF => '\0', // skin tones
        >= 0x1F130 and <= 0x1F149 => (char)('a' + code - 0x1F130),
        >= 0x1F150 and <= 0x1F169 => (char)('a' + code - 0x1F150),
        >= 0x1F170 and <= 0x1F189 => (char)('a' + code - 0x1F170),
        >= 0x1F000 and <= 0x1FFFF => (char)(EmojiFirst + (code & 0xFFF)),
        >= 0x1D400 and <= 0x1D6A3 => Letter((code - 0x1D400) % 52),
        >= 0x1D7CE and <= 0x1D7FF => (char)('0' + (code - 0x1D7CE) % 10),
        >= 0xE0000 and <= 0xE0FFF => '\0', // tags
        >= 0x20000 and <= 0x323AF => '\u4E00', // rare ideographs: some ideograph
        _ => Broken,
    };

    private static char Letter(int index) => (char)('a' + index % 26);

    private static char Plain(char c)
    {
        switch (c)
        {
            case >= '\u00C0' and <= '\u017F':
                return c is '×' or '÷' ? '*' : Latin[c - 0xC0];
            case >= '\u1E00' and <= '\u1EFF':
                return LatinAdditional[c - 0x1E00];
            case '‘' or '’' or 'ʼ' or '´' or '′' or '‛':
                return '\'';
            case '“' or '”' or '„' or '«' or '»' or '″' or '‟':
                return '"';
            case >= '\u2010' and <= '\u2015' or '−':
                return '-';
            case '\u00A0' or '\u1680' or (>= '\u2000' and <= '\u200A') or '\u202F' or '\u205F' or '\u3000':
                return ' ';
            case '\u0085' or '\u2028' or '\u2029':
                return '\n';
            case '…' or '。' or '۔' or '।':
                return '.';
            case '؟' or ';':
                return '?';
            case '、' or '،':
                return ',';
            case '²':
                return '2';
            case '³':
                return '3';
            case '¹':
                return '1';
            case 'ª':
                return 'a';
            case 'º':
                return 'o';
            case >= '\u24B6' and <= '\u24E9':
                return Letter((c - 0x24B6) % 26);
            case >= '\uFF01' and <= '\uFF5E':
                return char.ToLowerInvariant((char)(c - 0xFEE0));
            case >= '\u2600' and <= '\u27BF' or '\u2B50' or '\u2B55' or '\u203C' or '\u2049':
                return (char)('\uF000' + (c & 0x1FF));
            case 'ℎ':
                return 'h';
        }
        return char.IsSurrogate(c) || c is >= '\uE000' and <= '\uF8FF' ? Broken : char.ToLowerInvariant(c);
    }
}
