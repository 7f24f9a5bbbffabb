using System.Numerics;

namespace Soundings.Depth;

/// <summary>
/// Owns the measures: some eighty numbers a person could count by hand (reasons, numbers, questions, stock phrases, what repeats the
/// parent). Counts are per square root of the words, so that a long text cannot collect depth by the yard.
/// </summary>
internal static class Measures
{
    private static readonly string[] Fixed =
    [
        "post", "comment", "reply", "has parent", "words", "new content words", "new share", "echo share", "echo pairs", "longest echo",
        "parent covered", "numbers", "a number", "number with unit", "names", "capitals", "questions", "hollow questions", "ends asking",
        "asks you", "content asked", "self past", "own people", "exclamations", "emoji", "only emoji", "link", "hashtags", "mentions",
        "mail", "commas", "colons", "brackets", "quotes", "word length", "long words", "variety", "stock sentences", "fullest sentence",
        "full sentences", "parent asks", "answers", "answers with number", "unknown language", "lines", "empty sentence share", "short and new",
    ];

    private static readonly WordClass[] Classes = [.. Enum.GetValues<WordClass>().Where(c => BitOperations.PopCount((uint)c) == 1 && c != WordClass.Function && c != WordClass.Ask)];

    public static readonly string[] Names = [.. Fixed, .. Classes.Select(c => c.ToString())];

    public static int Count => Names.Length;

    public static void Of(ItemReading reading, Span<float> m)
    {
        m.Clear();
        var text = reading.Text;
        var words = reading.Words;
        var n = words.Length;
        var scale = 1f / MathF.Sqrt(n + 3);
        Span<int> classes = stackalloc int[32];
        classes.Clear();
        Span<int> content = stackalloc int[64];
        content.Clear();
        Span<int> stock = stackalloc int[64];
        stock.Clear();
        Span<int> size = stackalloc int[64];
        size.Clear();
        int contents = 0, fresh = 0, echoed = 0, echoPairs = 0, pairs = 0, run = 0, longest = 0, numbers = 0, units = 0, names = 0, capitals = 0;
        int selfPast = 0, ownPeople = 0, letters = 0, longWords = 0, distinct = 0;
        var lastSelf = -10;
        var before = 0UL;
        reading.Seen.Clear();
        var tokens = text.Tokens;
        for (var w = 0; w < n; w++)
        {
            ref readonly var token = ref tokens[words[w]];
            var sentence = Math.Min(token.Sentence, 63);
            size[sentence]++;
            for (var rest = (uint)token.Classes; rest != 0; rest &= rest - 1)
                classes[BitOperations.TrailingZeroCount(rest)]++;
            if ((token.Classes & WordClass.Stock) != 0)
                stock[sentence]++;
            if ((token.Classes & WordClass.Self) != 0)
                lastSelf = w;
            else if (w - lastSelf < 5)
            {
                if ((token.Classes & WordClass.Past) != 0)
                    selfPast++;
                if (w - lastSelf < 3 && (token.Classes & WordClass.Family) != 0)
                    ownPeople++;
            }
            if (reading.Seen.Add(token.Stem))
                distinct++;
            letters += token.Length;
            if (token.Length > 7)
                longWords++;
            if (token.AllCapitals)
                capitals++;
            if (token.Kind == TokenKind.Number && token.Novel)
            {
                numbers++;
                if (w + 1 < n && (tokens[words[w + 1]].Classes & (WordClass.Unit | WordClass.Time)) != 0 || !char.IsAsciiDigit(text.Chars[token.End - 1]) || !char.IsAsciiDigit(text.Chars[token.Start]))
                    units++;
            }
            if (token.Capital && !token.AllCapitals && token.Content && token.Novel && w > 0 && tokens[words[w - 1]].Sentence == token.Sentence)
                names++;
            if (token.Content)
            {
                contents++;
                if (token.Novel)
                {
                    fresh++;
                    content[sentence]++;
                }
                else
                    echoed++;
            }
            if (reading.HasParent)
            {
                if (before != 0)
                {
                    pairs++;
                    if (reading.ParentPairs.Contains(Lexicon.Join(before, token.Stem)))
                    {
                        echoPairs++;
                        longest = Math.Max(longest, ++run);
                    }
                    else
                        run = 0;
                }
                before = token.Stem;
            }
        }

        int exclamations = 0, emoji = 0, links = 0, hashtags = 0, mentions = 0, mails = 0, commas = 0, colons = 0, brackets = 0, quotes = 0, lines = 0;
        int questions = 0, hollow = 0, asksYou = 0, contentAsked = 0;
        var endsAsking = false;
        for (var i = 0; i < text.Count; i++)
        {
            ref readonly var token = ref tokens[i];
            switch (token.Kind)
            {
                case TokenKind.Emoji: emoji++; break;
                case TokenKind.Url: links++; break;
                case TokenKind.Hashtag: hashtags++; break;
                case TokenKind.Mention: mentions++; break;
                case TokenKind.Mail: mails++; break;
                case TokenKind.Line: lines++; break;
                case TokenKind.Mark:
                    switch (text.Chars[token.Start])
                    {
                        case '!': exclamations++; break;
                        case ',': commas++; break;
                        case ':' or ';': colons++; break;
                        case '(': brackets++; break;
                        case '"': quotes++; break;
                        case '?':
                            var asked = Asked(reading, i);
                            if (asked.Real)
                                questions++;
                            else
                                hollow++;
                            if (asked.You)
                                asksYou++;
                            contentAsked = Math.Max(contentAsked, asked.Content);
                            endsAsking = asked.Real && i >= text.Count - 3;
                            break;
                    }
                    break;
            }
        }

        int stockSentences = 0, fullSentences = 0, emptySentences = 0, fullest = 0, spoken = 0;
        for (var s = 0; s < 64; s++)
        {
            if (size[s] == 0)
                continue;
            spoken++;
            fullest = Math.Max(fullest, content[s]);
            if (content[s] >= 3)
                fullSentences++;
            if (content[s] == 0)
                emptySentences++;
            if (stock[s] > 0 && content[s] <= 1)
                stockSentences++;
        }

        var k = 0;
        m[k++] = reading.Kind == Kind.Post ? 1 : 0;
        m[k++] = reading.Kind == Kind.Comment ? 1 : 0;
        m[k++] = reading.Kind == Kind.Reply ? 1 : 0;
        m[k++] = reading.HasParent ? 1 : 0;
        m[k++] = MathF.Log(1 + Math.Min(n, 60));
        m[k++] = MathF.Log(1 + Math.Min(fresh, 20));
        m[k++] = fresh / (float)Math.Max(n, 3);
        m[k++] = contents == 0 ? 0 : echoed / (float)contents;
        m[k++] = pairs == 0 ? 0 : echoPairs / (float)pairs;
        m[k++] = Math.Min(longest, 8);
        m[k++] = reading.ParentContent == 0 ? 0 : Math.Min(1, echoed / (float)reading.ParentContent);
        m[k++] = numbers * scale;
        m[k++] = numbers > 0 ? 1 : 0;
        m[k++] = units * scale;
        m[k++] = names * scale;
        m[k++] = n == 0 ? 0 : capitals / (float)n;
        m[k++] = questions * scale;
        m[k++] = hollow * scale;
        m[k++] = endsAsking ? 1 : 0;
        m[k++] = asksYou > 0 ? 1 : 0;
        m[k++] = Math.Min(contentAsked, 6);
        m[k++] = selfPast * scale;
        m[k++] = ownPeople * scale;
        m[k++] = exclamations * scale;
        m[k++] = Math.Min(emoji, 10) * scale;
        m[k++] = n == 0 ? 1 : 0;
        m[k++] = links > 0 ? 1 : 0;
        m[k++] = Math.Min(hashtags, 8) * scale;
        m[k++] = Math.Min(mentions, 4) * scale;
        m[k++] = mails > 0 ? 1 : 0;
        m[k++] = commas * scale;
        m[k++] = colons * scale;
        m[k++] = brackets * scale;
        m[k++] = quotes * scale;
        m[k++] = n == 0 ? 4 : Math.Min(letters / (float)n, 9);
        m[k++] = n == 0 ? 0 : longWords / (float)n;
        m[k++] = n == 0 ? 1 : distinct / MathF.Sqrt(n) / 8;
        m[k++] = spoken == 0 ? 1 : stockSentences / (float)spoken;
        m[k++] = Math.Min(fullest, 10);
        m[k++] = MathF.Log(1 + Math.Min(fullSentences, 6));
        m[k++] = reading.ParentAsks ? 1 : 0;
        m[k++] = reading.ParentAsks && fresh > 0 && questions + hollow == 0 ? 1 : 0;
        m[k++] = reading.ParentAsks && numbers > 0 ? 1 : 0;
        m[k++] = reading.Language is < 0 or > 4 && n > 3 ? 1 : 0;
        m[k++] = Math.Min(lines, 20) * scale;
        m[k++] = spoken == 0 ? 1 : emptySentences / (float)spoken;
        m[k++] = n is > 2 and < 26 ? fresh / (float)n : 0;
        foreach (var word in Classes)
            m[k++] = classes[BitOperations.TrailingZeroCount((uint)word)] * scale;
    }

    /// <summary>What a question mark at token <paramref name="mark"/> asks: something that names its matter, or only "thoughts?".</summary>
    public static (bool Real, bool You, int Content, int First) Asked(ItemReading reading, int mark)
    {
        var tokens = reading.Text.Tokens;
        var first = mark;
        int content = 0, words = 0;
        bool you = false, hollow = false, ask = false;
        for (var i = mark - 1; i >= 0; i--)
        {
            ref readonly var token = ref tokens[i];
            if (token.Kind == TokenKind.Line || token.Kind == TokenKind.Mark && reading.Text.Chars[token.Start] is '.' or '!' or '?')
                break;
            if (mark - i > 60)
                break;
            first = i;
            if (token.Kind is not (TokenKind.Word or TokenKind.Number))
                continue;
            words++;
            if (token.Content)
                content++;
            you |= (token.Classes & (WordClass.You | WordClass.Point)) != 0;
            hollow |= (token.Classes & WordClass.Hollow) != 0;
            ask |= (token.Classes & (WordClass.Ask | WordClass.Point)) != 0;
        }
        return (content > 0 && words > 1 && (ask || content > 1) && !(hollow && content < 2), you, content, first);
    }
}
