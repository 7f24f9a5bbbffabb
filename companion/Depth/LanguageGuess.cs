using System.Numerics;

namespace Soundings.Depth;

/// <summary>
/// Owns the guess which language a text is in: by script, then by how many of its words each language's list knows,
/// with the letters only one language has as a tie-breaker. Null when the text gives too little to go by.
/// </summary>
internal static class LanguageGuess
{
    /// <summary>Place in Lexicon.Languages, or -1 for unknown; <paramref name="script"/> names a language by its script, else null.</summary>
    public static int Of(TextScan scan, string text, Span<float> votes, out string? script)
    {
        votes.Clear();
        script = null;
        var words = 0;
        var foreign = 0;
        foreach (ref readonly var token in scan.All)
        {
            if (token.Kind != TokenKind.Word)
                continue;
            words++;
            if (scan.Chars[token.Start] >= 0x250)
                foreign++;
            if (token.Entry < 0)
                continue;
            var known = Lexicon.Shared.At(token.Entry).Known;
            if (known == 0)
                continue;
            var share = 1f / BitOperations.PopCount(known);
            for (var rest = known; rest != 0; rest &= rest - 1)
                votes[BitOperations.TrailingZeroCount(rest)] += share;
        }
        if (words == 0)
            return -1;
        if (foreign * 2 > words)
        {
            script = ScriptOf(scan);
            return -1;
        }
        Letters(text, votes);
        var best = 0;
        var second = -1;
        for (var i = 1; i < Lexicon.Shared.Languages.Length; i++)
        {
            if (votes[i] > votes[best])
                (second, best) = (best, i);
            else if (second < 0 || votes[i] > votes[second])
                second = i;
        }
        // A language outside the five must be clearly ahead: short English texts are full of words such as "is" and "a".
        var needed = best < Lexicon.Judged.Length ? Math.Min(0.5f, 0.12f * words) : 1.5f + 0.05f * words;
        if (votes[best] < needed || votes[best] < votes[second] * 1.1f)
            return -1;
        return best;
    }

    private static void Letters(string text, Span<float> votes)
    {
        var end = Math.Min(text.Length, 600);
        for (var i = 0; i < end; i++)
        {
            var c = text[i];
            if (c < 0x80)
                continue;
            switch (c)
            {
                case 'ß' or 'ä' or 'Ä': votes[4] += 0.5f; break;
                case 'ö' or 'ü' or 'Ö' or 'Ü': votes[4] += 0.3f; break;
                case 'ñ' or '¿' or '¡': votes[1] += 0.7f; break;
                case 'á' or 'í' or 'ó' or 'ú': votes[1] += 0.25f; votes[2] += 0.15f; break;
                case 'ã' or 'õ': votes[2] += 0.7f; break;
                case 'ç': votes[2] += 0.3f; votes[3] += 0.3f; break;
                case 'è' or 'ù' or 'œ' or 'û' or 'î': votes[3] += 0.5f; break;
                case 'à': votes[3] += 0.4f; break;
                case 'ê': votes[3] += 0.3f; votes[2] += 0.3f; break;
                case 'é': votes[3] += 0.3f; votes[2] += 0.1f; votes[1] += 0.1f; break;
            }
        }
    }

    private static string? ScriptOf(TextScan scan)
    {
        // Japanese mixes Chinese characters with its own, and only the latter tell it apart.
        if (scan.Chars.AsSpan(0, scan.Length).IndexOfAnyInRange('\u3040', '\u30FF') >= 0)
            return "ja";
        foreach (ref readonly var token in scan.All)
        {
            if (token.Kind != TokenKind.Word)
                continue;
            switch (scan.Chars[token.Start])
            {
                case >= '\u0370' and <= '\u03FF': return "el";
                case >= '\u0400' and <= '\u052F': return "ru";
                case >= '\u0590' and <= '\u05FF': return "he";
                case >= '\u0600' and <= '\u06FF': return "ar";
                case >= '\u0900' and <= '\u097F': return "hi";
                case >= '\u0980' and <= '\u09FF': return "bn";
                case >= '\u0B80' and <= '\u0BFF': return "ta";
                case >= '\u0C00' and <= '\u0C7F': return "te";
                case >= '\u0E00' and <= '\u0E7F': return "th";
                case >= '\uAC00' and <= '\uD7AF': return "ko";
                case >= '\u4E00' and <= '\u9FFF': return "zh";
            }
        }
        return null;
    }
}
