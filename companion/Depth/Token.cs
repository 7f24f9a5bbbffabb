namespace Soundings.Depth;

/// <summary>What a token is; only words and numbers can carry depth, the rest is punctuation, furniture or decoration.</summary>
internal enum TokenKind : byte { Word, Number, Url, Mail, Mention, Hashtag, Emoji, Mark, Line }

/// <summary>One token of a folded text. Offsets are into the folded characters; TextScan knows the way back to the original.</summary>
internal struct Token
{
    public int Start, End;
    public TokenKind Kind;

    /// <summary>The word started with a capital in the original; all its letters were capitals.</summary>
    public bool Capital, AllCapitals;

    /// <summary>The parent does not hold this word, nor another of the same stem.</summary>
    public bool Novel;

    /// <summary>Neither a function word nor a formula: a word that can name something.</summary>
    public bool Content;

    public int Sentence;
    public ulong Hash, Stem;

    /// <summary>Classes of the word or of the phrase it stands in, in the language of the text.</summary>
    public WordClass Classes;

    /// <summary>Place in the lexicon, or -1.</summary>
    public int Entry;

    public readonly int Length => End - Start;
}
