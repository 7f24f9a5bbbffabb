namespace Soundings.Depth;

/// <summary>
/// Owns the hashed n-grams of a reading: words and pairs of words in one space, three letters in a row in the other. Presence, not
/// counts; a word the parent already holds counts for little, because only what is left when the echo is struck can be deep.
/// </summary>
internal sealed class Grams
{
    public const int Bits = 15;
    public const int Space = 1 << Bits;
    public const int Buckets = 2 * Space;

    /// <summary>How much of a word counts that the parent said too.</summary>
    public const float EchoWeight = 0.3f;

    private readonly int[] _stamps = new int[Buckets];
    private readonly int[] _places = new int[Buckets];
    private int _stamp;

    public int[] Indices { get; private set; } = new int[4_096];
    public float[] Weights { get; private set; } = new float[4_096];

    /// <summary>How many of the indices are word grams; letter grams follow.</summary>
    public int Words { get; private set; }

    public int Count { get; private set; }

    public void Read(ItemReading reading)
    {
        if (++_stamp == int.MaxValue)
        {
            Array.Clear(_stamps);
            _stamp = 1;
        }
        Count = 0;
        ReadWords(reading);
        Words = Count;
        ReadLetters(reading);
    }

    private void ReadWords(ItemReading reading)
    {
        var tokens = reading.Text.All;
        var before = 0x51UL;
        var beforeWeight = 1f;
        foreach (ref readonly var token in tokens)
        {
            var hash = token.Kind == TokenKind.Word ? token.Hash : Plain(in token);
            if (token.Kind == TokenKind.Line)
            {
                before = 0x51UL;
                beforeWeight = 1;
                continue;
            }
            var weight = token.Novel ? 1f : EchoWeight;
            Add(Hashing.Bucket(hash, Bits), weight);
            Add(Hashing.Bucket(Lexicon.Join(before, hash), Bits), Math.Min(weight, beforeWeight));
            (before, beforeWeight) = (hash, weight);
        }
    }

    private void ReadLetters(ItemReading reading)
    {
        var chars = reading.Text.Chars;
        foreach (ref readonly var token in reading.Text.All)
        {
            if (token.Kind != TokenKind.Word)
                continue;
            var weight = token.Novel ? 1f : EchoWeight;
            var end = Math.Min(token.End, token.Start + 40);
            ulong a = ' ', b = chars[token.Start];
            for (var i = token.Start + 1; i <= end; i++)
            {
                var c = i == end ? ' ' : chars[i];
                Add(Space + Hashing.Bucket(a << 32 | b << 16 | c, Bits), weight);
                (a, b) = (b, c);
            }
        }
    }

    // Numbers, links, mentions and the like count as what they are, not by their letters.
    private static ulong Plain(ref readonly Token token) => token.Kind switch
    {
        TokenKind.Number => token.Length > 3 ? 0x101UL : 0x102UL,
        TokenKind.Url => 0x103UL,
        TokenKind.Mail => 0x104UL,
        TokenKind.Mention => 0x105UL,
        TokenKind.Hashtag => 0x106UL,
        _ => token.Hash,
    };

    private void Add(int bucket, float weight)
    {
        if (_stamps[bucket] == _stamp)
        {
            var place = _places[bucket];
            if (weight > Weights[place])
                Weights[place] = weight;
            return;
        }
        if (Count == Indices.Length)
        {
            var (indices, weights) = (Indices, Weights);
            Array.Resize(ref indices, Count * 2);
            Array.Resize(ref weights, Count * 2);
            (Indices, Weights) = (indices, weights);
        }
        _stamps[bucket] = _stamp;
        _places[bucket] = Count;
        Indices[Count] = bucket;
        Weights[Count++] = weight;
    }
}
