using System.Numerics;

namespace Soundings.Depth;

/// <summary>Owns the word lists: which classes a word or a phrase of up to six words has in each language, and which languages know a word.</summary>
internal sealed class Lexicon
{
    /// <summary>Languages that are judged; their place here is their place in the tables.</summary>
    public static readonly string[] Judged = ["en", "es", "pt", "fr", "de"];

    public const int MaxWords = 6;

    public static Lexicon Shared { get; } = new();

    private readonly ulong[] _keys;
    private readonly Entry[] _entries;
    private readonly int _mask;

    private Lexicon()
    {
        var found = new Dictionary<ulong, Entry>();
        var scan = new TextScan();
        for (var language = 0; language < Judged.Length; language++)
        {
            foreach (var line in Lines(Judged[language]))
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                var word = Enum.Parse<WordClass>(line[..colon], ignoreCase: true);
                foreach (var phrase in line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                    Add(found, scan, phrase, language, word);
            }
        }
        var languages = new List<string>(Judged);
        foreach (var line in Lines("others").Where(line => line[0] != '#'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            languages.Add(line[..colon]);
            foreach (var word in line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries))
                Add(found, scan, word, languages.Count - 1, WordClass.None);
        }
        Languages = [.. languages];
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)found.Count * 4);
        _mask = size - 1;
        _keys = new ulong[size];
        _entries = new Entry[size];
        foreach (var (key, entry) in found)
        {
            var at = (int)(key & (ulong)_mask);
            while (_keys[at] != 0)
                at = (at + 1) & _mask;
            _keys[at] = key;
            _entries[at] = entry;
        }
    }

    /// <summary>Every language the lists know, judged ones first.</summary>
    public string[] Languages { get; }

    /// <summary>The place of a word or phrase, or -1.</summary>
    public int Find(ulong key)
    {
        for (var at = (int)(key & (ulong)_mask); _keys[at] != 0; at = (at + 1) & _mask)
        {
            if (_keys[at] == key)
                return at;
        }
        return -1;
    }

    public ref readonly Entry At(int place) => ref _entries[place];

    /// <summary>The key of a phrase is that of its words, joined one by one.</summary>
    public static ulong Join(ulong phrase, ulong word) => Hashing.Mix(Hashing.Step(phrase, word));

    private static void Add(Dictionary<ulong, Entry> found, TextScan scan, string phrase, int language, WordClass word)
    {
        scan.Read(phrase);
        var key = 0UL;
        var words = 0;
        var first = 0UL;
        foreach (ref readonly var token in scan.All)
        {
            if (token.Kind is not (TokenKind.Word or TokenKind.Number))
                continue;
            key = words == 0 ? token.Hash : Join(key, token.Hash);
            if (words++ == 0)
                first = key;
        }
        var entry = found.GetValueOrDefault(key);
        entry.Set(language, word);
        if (words == 1)
            entry.Known |= 1u << language;
        found[key] = entry;
        if (words > 1)
        {
            var start = found.GetValueOrDefault(first);
            start.Longest = (byte)Math.Max(start.Longest, Math.Min(words, MaxWords));
            found[first] = start;
        }
    }

    private static IEnumerable<string> Lines(string name)
    {
        using var stream = typeof(Lexicon).Assembly.GetManifestResourceStream($"lexicon.{name}.txt")
            ?? throw new InvalidOperationException($"The word list {name} is not part of the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>What the lists say about one word or phrase.</summary>
    internal struct Entry
    {
        private WordClass _en, _es, _pt, _fr, _de;

        /// <summary>Bit by bit the languages that have it as a word of its own.</summary>
        public uint Known;

        /// <summary>The longest phrase that begins with it, in words (0: none).</summary>
        public byte Longest;

        public readonly WordClass In(int language) => language switch { 0 => _en, 1 => _es, 2 => _pt, 3 => _fr, 4 => _de, _ => WordClass.None };

        public readonly WordClass InAny => _en | _es | _pt | _fr | _de;

        public void Set(int language, WordClass word)
        {
            switch (language)
            {
                case 0: _en |= word; break;
                case 1: _es |= word; break;
                case 2: _pt |= word; break;
                case 3: _fr |= word; break;
                case 4: _de |= word; break;
            }
        }
    }
}
