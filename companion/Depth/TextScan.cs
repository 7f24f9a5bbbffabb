using System.Runtime.CompilerServices;

namespace Soundings.Depth;

/// <summary>
/// Owns one text while it is read: its folded characters, its tokens and its sentences. Buffers are kept and used again,
/// so reading allocates nothing once warm. Everything here is linear in the text, whatever the text is.
/// </summary>
internal sealed class TextScan
{
    private const int KeptUnits = 4_096;
    private const char Keycap = '\u20E3';

    private string _original = "";

    public char[] Chars { get; private set; } = new char[KeptUnits];
    public int[] Source { get; private set; } = new int[KeptUnits];
    public int Length { get; private set; }
    public Token[] Tokens { get; private set; } = new Token[KeptUnits];
    public int Count { get; private set; }
    public int Sentences { get; private set; }

    public ReadOnlySpan<Token> All => Tokens.AsSpan(0, Count);

    public void Read(string text)
    {
        _original = text.Length <= Item.MaxTextLength ? text : text[..Cut(text)];
        var most = _original.Length * 2 + 2;
        if (Chars.Length < most || (Chars.Length > 64 * KeptUnits && most <= KeptUnits))
        {
            Chars = new char[Math.Max(most, KeptUnits)];
            Source = new int[Chars.Length];
        }
        if (Tokens.Length < most)
            Tokens = new Token[most];
        Length = Fold.Run(_original, Chars, Source);
        Chars[Length] = ' ';
        Source[Length] = _original.Length;
        Tokenise();
    }

    /// <summary>Where a token stands in the original text.</summary>
    public (int Start, int Length) Span(int firstToken, int lastToken)
    {
        var start = Source[Tokens[firstToken].Start];
        return (start, EndOf(Tokens[lastToken].End) - start);
    }

    private static int Cut(string text) =>
        char.IsHighSurrogate(text[Item.MaxTextLength - 1]) ? Item.MaxTextLength - 1 : Item.MaxTextLength;

    // One past the original unit the last folded unit came from; a surrogate pair and marks dropped after it belong to it.
    private int EndOf(int foldedEnd)
    {
        var last = Source[foldedEnd - 1];
        return last + (char.IsHighSurrogate(_original[last]) && last + 1 < _original.Length && char.IsLowSurrogate(_original[last + 1]) ? 2 : 1);
    }

    private void Tokenise()
    {
        var count = 0;
        var sentence = 0;
        var opened = false; // the current sentence holds a word, number or other matter
        var i = 0;
        while (i < Length)
        {
            var c = Chars[i];
            if (c == ' ')
            {
                i++;
                continue;
            }
            ref var token = ref Tokens[count];
            token = default;
            token.Start = i;
            token.Entry = -1;
            token.Novel = true;
            if (c == '\n')
            {
                i++;
                token.Kind = TokenKind.Line;
                if (opened)
                    (sentence, opened) = (sentence + 1, false);
            }
            else if (IsLetter(c))
            {
                i = Word(ref token, i);
                opened = true;
            }
            else if (IsDigit(c) || (c is '$' or '£' or '€' && i + 1 < Length && IsDigit(Chars[i + 1])))
            {
                i = Number(ref token, i);
                opened |= token.Kind != TokenKind.Mark;
            }
            else if (c is '@' or '#' && i + 1 < Length && (IsLetter(Chars[i + 1]) || (c == '@' && IsDigit(Chars[i + 1]))))
            {
                token.Kind = c == '@' ? TokenKind.Mention : TokenKind.Hashtag;
                i++;
                while (i < Length && (IsLetter(Chars[i]) || IsDigit(Chars[i]) || Chars[i] is '_' or '.' && i + 1 < Length && IsLetter(Chars[i + 1])))
                    i++;
                token.Hash = HashOf(token.Start, i);
                opened = true;
            }
            else if (c is >= Fold.EmojiFirst and <= Fold.EmojiLast)
            {
                token.Kind = TokenKind.Emoji;
                token.Hash = Hashing.Mix(c);
                i++;
            }
            else
            {
                token.Kind = TokenKind.Mark;
                while (i < Length && Chars[i] == c)
                    i++;
                token.Hash = Hashing.Mix(c);
            }
            token.End = i;
            token.Sentence = opened || sentence == 0 ? sentence : sentence - 1;
            count++;
            // A full stop inside "v2.1" or "z.B." does not end a sentence: only one before a blank does.
            if (token.Kind == TokenKind.Mark && c is '.' or '!' or '?' && opened && (i >= Length || Chars[i] is ' ' or '\n' or '"' or ')' or >= Fold.EmojiFirst))
                (sentence, opened) = (sentence + 1, false);
        }
        Count = count;
        Sentences = Math.Max(1, opened ? sentence + 1 : sentence);
    }

    private int Word(ref Token token, int i)
    {
        if (TryUrl(i, out var urlEnd))
        {
            token.Kind = TokenKind.Url;
            token.Hash = 1;
            return urlEnd;
        }
        var start = i;
        if (IsIdeograph(Chars[i]))
            i++;
        else
        {
            while (i < Length && (IsLetter(Chars[i]) && !IsIdeograph(Chars[i]) || IsDigit(Chars[i]) || Chars[i] == '\'' && Joins(start, i)))
                i++;
        }
        if (i < Length && Chars[i] == '@' && i + 1 < Length && IsLetter(Chars[i + 1]))
        {
            while (i < Length && Chars[i] is not (' ' or '\n' or ',' or ')'))
                i++;
            token.Kind = TokenKind.Mail;
            token.Hash = 2;
            return i;
        }
        token.Kind = TokenKind.Word;
        token.Hash = HashOf(start, i);
        token.Stem = StemOf(start, i, token.Hash);
        var first = _original[Source[start]];
        token.Capital = char.IsUpper(first);
        token.AllCapitals = token.Capital && i - start > 2 && char.IsUpper(_original[Source[start + 1]]) && char.IsUpper(_original[Source[i - 1]]);
        return i;
    }

    // don't, I've, it's stay whole; l'équipe, d'accord, qu'on fall apart after the apostrophe.
    private bool Joins(int start, int apostrophe)
    {
        if (apostrophe + 1 >= Length || !IsLetter(Chars[apostrophe + 1]))
            return false;
        var rest = apostrophe + 1;
        while (rest < Length && rest - apostrophe <= 3 && IsLetter(Chars[rest]))
            rest++;
        var before = apostrophe - start;
        var after = rest - apostrophe - 1;
        return after <= 2 ? before > 1 || Chars[start] == 'i' || after == 1 : before > 2;
    }

    private int Number(ref Token token, int i)
    {
        var start = i;
        if (!IsDigit(Chars[i]))
            i++;
        while (i < Length && (IsDigit(Chars[i]) || (Chars[i] is '.' or ',' or ':' or '/' or '\'' && i + 1 < Length && IsDigit(Chars[i + 1]))))
            i++;
        var digits = i;
        while (i < Length && i - digits < 3 && IsLetter(Chars[i]))
            i++;
        if (i < Length && IsLetter(Chars[i]))
        {
            while (i < Length && (IsLetter(Chars[i]) || IsDigit(Chars[i])))
                i++;
            token.Kind = TokenKind.Word; // 2fa, 4chan: a name with a digit in front
        }
        else
        {
            if (Counts(ref token, start, i))
                return token.End;
            if (i < Length && Chars[i] is '%' or '€' or '£' or '$' or '°')
                i++;
            token.Kind = TokenKind.Number;
        }
        token.Hash = token.Stem = HashOf(start, i);
        return i;
    }

    // "1." and "2)" at the beginning of a line, and keycaps, only count the items of a list: a mark, no number that says something.
    private bool Counts(ref Token token, int start, int end)
    {
        if (end - start > 2 || end >= Length || !(Chars[end] == Keycap || Chars[end] is '.' or ')' && Chars[end + 1] is ' ' or '\n' && StartsLine(start)))
            return false;
        token.Kind = TokenKind.Mark;
        token.Hash = Hashing.Mix(Keycap);
        token.End = end + 1;
        return true;
    }

    private bool StartsLine(int i)
    {
        while (i > 0 && Chars[i - 1] == ' ')
            i--;
        return i == 0 || Chars[i - 1] == '\n';
    }

    private bool TryUrl(int i, out int end)
    {
        end = i;
        var c = Chars[i];
        if (c == 'h' && At(i, "http") && (At(i + 4, "://") || At(i + 4, "s://")) || c == 'w' && At(i, "www."))
        {
            while (end < Length && Chars[end] is not (' ' or '\n'))
                end++;
            return true;
        }
        // name.tld/…: the letters, at least one dot, a well-known ending, and not the middle of a longer word.
        while (end < Length && end - i < 64 && (char.IsAsciiLetterOrDigit(Chars[end]) || Chars[end] is '-' or '.' && end + 1 < Length && char.IsAsciiLetterOrDigit(Chars[end + 1])))
            end++;
        var dot = Chars.AsSpan(i, end - i).LastIndexOf('.');
        if (dot < 1 || !IsTopLevel(Chars.AsSpan(i + dot + 1, end - i - dot - 1), end < Length && Chars[end] == '/'))
            return false;
        if (end < Length && Chars[end] is '/' or '?')
        {
            while (end < Length && Chars[end] is not (' ' or '\n'))
                end++;
        }
        return true;
    }

    private static bool IsTopLevel(ReadOnlySpan<char> end, bool path) => end is
        "com" or "org" or "net" or "io" or "ly" or "edu" or "gov" or "info" || path && end is "co" or "in" or "uk" or "be" or "ai" or "app" or "dev" or "eu" or "me" or "gl" or "de" or "fr" or "es";

    private bool At(int i, string what) => Chars.AsSpan(0, Length)[Math.Min(i, Length)..].StartsWith(what);

    private static bool IsLetter(char c) => c < 0x80 ? c is >= 'a' and <= 'z' : c is not (>= Fold.EmojiFirst and <= Fold.Broken) && char.IsLetter(c) || c is >= '\uFF66' and <= '\uFFDC';

    private static bool IsDigit(char c) => c is >= '0' and <= '9' || c > 0x80 && char.IsDigit(c);

    private static bool IsIdeograph(char c) => c is (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF');

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong HashOf(int start, int end) => Hashing.Of(Chars.AsSpan(start, end - start));

    // Two words count as the same thing said when they share their first five letters, or differ by a plural s.
    private ulong StemOf(int start, int end, ulong whole)
    {
        var length = end - start;
        if (length >= 6)
            return HashOf(start, start + 5);
        return length >= 4 && Chars[end - 1] == 's' ? HashOf(start, end - 1) : whole;
    }
}
