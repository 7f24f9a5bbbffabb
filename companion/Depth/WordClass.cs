namespace Soundings.Depth;

/// <summary>What a word or phrase does in a text, whatever its language. The lists are in lexicon/*.txt.</summary>
[Flags]
internal enum WordClass : uint
{
    None = 0,
    Function = 1 << 0, Self = 1 << 1, You = 1 << 2, Reason = 1 << 3, Contrast = 1 << 4, Condition = 1 << 5, Evidence = 1 << 6,
    Time = 1 << 7, Past = 1 << 8, Ask = 1 << 9, Praise = 1 << 10, Formula = 1 << 11, Agree = 1 << 12, Cta = 1 << 13,
    Hollow = 1 << 14, Insult = 1 << 15, Laugh = 1 << 16, Hedge = 1 << 17, Platitude = 1 << 18, Feeling = 1 << 19,
    Family = 1 << 20, Advice = 1 << 21, Unit = 1 << 22, Announce = 1 << 23, Vague = 1 << 24, Point = 1 << 25,

    /// <summary>Words that would fit under any post.</summary>
    Stock = Praise | Formula | Agree | Laugh | Vague | Platitude | Announce | Cta | Insult | Hollow,
}
