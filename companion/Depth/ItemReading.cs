namespace Soundings.Depth;

/// <summary>
/// Owns one item while it is read against its parent: tokens with their classes, what is new and what the parent said already.
/// One per thread, used again for every item.
/// </summary>
internal sealed class ItemReading
{
    private readonly float[] _votes = new float[32];
    private int[] _words = new int[1_024];

    public TextScan Text { get; } = new();
    public TextScan Parent { get; } = new();
    public Sentences Sentences { get; } = new();
    public Kind Kind { get; private set; }
    public bool HasParent { get; private set; }

    /// <summary>Place in Lexicon.Languages, -1 when unknown.</summary>
    public int Language { get; private set; }

    /// <summary>A language told by its script alone.</summary>
    public string? Script { get; private set; }

    /// <summary>Stems of the parent's words, and pairs of neighbouring ones.</summary>
    public StemSet ParentStems { get; } = new();

    public StemSet ParentPairs { get; } = new();

    public StemSet Seen { get; } = new();

    public int ParentContent { get; private set; }
    public bool ParentAsks { get; private set; }

    /// <summary>Token places of the text's words and numbers, in order.</summary>
    public ReadOnlySpan<int> Words => _words.AsSpan(0, WordCount);

    public int WordCount { get; private set; }

    public string? LanguageCode => Language >= 0 ? Lexicon.Shared.Languages[Language] : Script;

    public void Read(Item item)
    {
        Kind = item.Kind;
        Text.Read(item.Text);
        Find(Text);
        Language = LanguageGuess.Of(Text, item.Text, _votes, out var script);
        Script = script;
        var lists = Language;
        HasParent = !string.IsNullOrWhiteSpace(item.Parent) && item.Kind != Kind.Post;
        ReadParent(HasParent ? item.Parent! : "", ref lists);
        Classify(Text, lists);
        Compare();
    }

    private void ReadParent(string parent, ref int lists)
    {
        ParentStems.Clear();
        ParentPairs.Clear();
        ParentContent = 0;
        ParentAsks = false;
        Parent.Read(parent);
        if (Parent.Count == 0)
            return;
        Find(Parent);
        // Too short a text to tell its language is most likely in its parent's: its words are looked up there.
        var language = LanguageGuess.Of(Parent, parent, _votes, out _);
        if (lists < 0 || lists >= Lexicon.Judged.Length)
            lists = lists < 0 ? language : lists;
        Classify(Parent, language);
        ParentContent = 0;
        var before = 0UL;
        foreach (ref readonly var token in Parent.All)
        {
            if (token.Kind == TokenKind.Mark && Parent.Chars[token.Start] == '?')
                ParentAsks = true;
            if (token.Kind is not (TokenKind.Word or TokenKind.Number))
                continue;
            if (ParentStems.Add(token.Stem) && token.Content)
                ParentContent++;
            if (before != 0)
                ParentPairs.Add(Lexicon.Join(before, token.Stem));
            before = token.Stem;
        }
    }

    private static void Find(TextScan scan)
    {
        var tokens = scan.Tokens;
        for (var i = 0; i < scan.Count; i++)
        {
            if (tokens[i].Kind is TokenKind.Word or TokenKind.Number)
                tokens[i].Entry = Lexicon.Shared.Find(tokens[i].Hash);
        }
    }

    private void Classify(TextScan scan, int language)
    {
        if (_words.Length < scan.Count)
            _words = new int[scan.Count * 2];
        var count = 0;
        var tokens = scan.Tokens;
        for (var i = 0; i < scan.Count; i++)
        {
            if (tokens[i].Kind is not (TokenKind.Word or TokenKind.Number))
                continue;
            _words[count++] = i;
            if (tokens[i].Entry >= 0)
                tokens[i].Classes = Meaning(in Lexicon.Shared.At(tokens[i].Entry), language);
        }
        WordCount = count;
        for (var w = 0; w < count; w++)
        {
            ref var token = ref tokens[_words[w]];
            if (token.Entry >= 0 && Lexicon.Shared.At(token.Entry).Longest > 1)
                Phrases(scan, w, count, language);
        }
        for (var w = 0; w < count; w++)
        {
            ref var token = ref tokens[_words[w]];
            token.Content = token.Kind == TokenKind.Number
                || (token.Classes & (WordClass.Function | WordClass.Stock)) == 0 && (token.Length > 2 || scan.Chars[token.Start] >= 0x250);
        }
    }

    private void Phrases(TextScan scan, int from, int count, int language)
    {
        var tokens = scan.Tokens;
        ref readonly var start = ref Lexicon.Shared.At(tokens[_words[from]].Entry);
        var key = tokens[_words[from]].Hash;
        for (var length = 1; length < start.Longest && from + length < count; length++)
        {
            var (before, at) = (_words[from + length - 1], _words[from + length]);
            // A mark between two words ends a phrase unless it clings to both, as in "j'ai" and "z.B.".
            if (at - before > 2 || (at - before == 2 && (tokens[before].End != tokens[before + 1].Start || tokens[before + 1].End != tokens[at].Start)))
                return;
            key = Lexicon.Join(key, tokens[at].Hash);
            var place = Lexicon.Shared.Find(key);
            if (place < 0)
                continue;
            var meaning = Meaning(in Lexicon.Shared.At(place), language);
            if (meaning == WordClass.None)
                continue;
            for (var w = from; w <= from + length; w++)
                tokens[_words[w]].Classes |= meaning;
        }
    }

    // The lists of the text's own language; formulas and praise also from the others, for people mix those ("Congrats, Herr Doktor").
    private static WordClass Meaning(ref readonly Lexicon.Entry entry, int language)
    {
        if (language is < 0 or > 4)
            return entry.In(0) != WordClass.None ? entry.In(0) : entry.InAny;
        var own = entry.In(language);
        return own != WordClass.None ? own : entry.InAny & (WordClass.Praise | WordClass.Formula | WordClass.Agree | WordClass.Laugh | WordClass.Insult);
    }

    private void Compare()
    {
        if (!HasParent)
            return;
        var tokens = Text.Tokens;
        for (var w = 0; w < WordCount; w++)
        {
            ref var token = ref tokens[_words[w]];
            token.Novel = !ParentStems.Contains(token.Stem);
        }
    }
}
