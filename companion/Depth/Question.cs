namespace Soundings.Depth;

/// <summary>Owns telling a question that asks for something from one that only looks like it.</summary>
internal static class Question
{
    /// <summary>What a question mark at token <paramref name="mark"/> asks: something that names its matter, or only "thoughts?".</summary>
    public static (bool Real, bool You, int Content, int First) At(ItemReading reading, int mark)
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
