using Soundings.Depth;

namespace Soundings.Training;

/// <summary>
/// Owns the variants that training adds to the corpus: empty texts padded to length stay empty, full ones in a polite frame, with slips
/// of the finger or with emoji stay full, and a text under a parent that says the same already is an echo. Always the same variants.
/// </summary>
internal sealed class Augmenter
{
    private const int LongWords = 85;

    private readonly ILookup<string, string> _phrases;

    private Augmenter(ILookup<string, string> phrases) => _phrases = phrases;

    /// <summary>How much each variant counts beside a written example.</summary>
    public required float Weight { get; init; }

    public static Augmenter Read(string directory, float weight = 0.5f) => new(
        File.ReadLines(Path.Combine(directory, "augment.txt")).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('|', 3))
            .ToLookup(p => $"{p[0]} {p[1]}", p => p[2]))
    { Weight = weight };

    public IEnumerable<Example> Variants(IReadOnlyList<Example> examples)
    {
        foreach (var empty in Empty())
            yield return empty;
        foreach (var example in examples)
        {
            var item = example.Item;
            var language = example.Language is "es" or "pt" or "fr" or "de" ? example.Language : "en";
            var chance = (int)(Hashing.Of(item.Id) >> 33);
            var words = Report.WordsOf(item.Text);
            if (!example.Substantive && words < 35 && item.Kind != Kind.Post)
            {
                if (chance % 4 == 0)
                    yield return As(example, Padded(item, language, "stock", chance));
                if (chance % 4 == 1)
                    yield return As(example, Padded(item, language, "filler", chance));
            }
            if (words < 60 && chance % 5 == 2)
                yield return As(example, item with { Text = Framed(item.Text, language, chance) });
            if (chance % 5 == 3)
                yield return As(example, item with { Text = Mistyped(item.Text, chance) });
            if (words < 60 && chance % 5 == 4)
                yield return As(example, item with { Text = Decorated(item.Text, chance) });
            if (example.Substantive && item.Parent is not null && words is > 4 and < 60 && chance % 3 == 0)
                yield return Echo(example, chance);
        }
    }

    // Stock phrases and filler by themselves, one to six in a row: this is what emptiness sounds like.
    private IEnumerable<Example> Empty()
    {
        foreach (var language in Lexicon.Judged)
        {
            foreach (var use in (string[])["stock", "filler"])
            {
                var phrases = _phrases[$"{use} {language}"].ToList();
                for (var i = 0; i < phrases.Count; i++)
                {
                    var text = string.Join(' ', Enumerable.Range(0, 1 + i % 6).Select(k => phrases[(i + k * 7) % phrases.Count]));
                    yield return new(new($"{use}-{language}-{i}", Kind.Comment, text), false, Facet.None, language, "nat-augment", Weight * 2);
                }
            }
        }
    }

    private Example As(Example example, Item item) => example with { Item = item, Weight = example.Weight * Weight };

    private Item Padded(Item item, string language, string use, int chance)
    {
        var phrases = _phrases[$"{use} {language}"].ToList();
        var text = item.Text.TrimEnd();
        for (var i = chance % 97; Report.WordsOf(text) < 25 + chance % (LongWords - 25); i += 7)
        {
            var phrase = phrases[i % phrases.Count];
            text = i % 3 == 0 ? $"{phrase} {text}" : $"{text}{(text.Length > 0 && char.IsLetterOrDigit(text[^1]) ? "." : "")} {phrase}";
        }
        return item with { Text = text };
    }

    private string Framed(string text, string language, int chance)
    {
        var frames = _phrases[$"frame {language}"].ToList();
        var frame = frames[chance / 7 % frames.Count].Split('|');
        return (chance / 64 % 3) switch { 0 => $"{frame[0]} {text}", 1 => $"{text} {frame[1]}", _ => $"{frame[0]} {text} {frame[1]}" };
    }

    private string Decorated(string text, int chance)
    {
        var emoji = _phrases["emoji any"].ToList();
        var one = emoji[chance / 7 % emoji.Count];
        var cut = text.IndexOf(' ', text.Length / 2);
        return chance / 64 % 2 == 0 || cut < 0 ? $"{text} {one}{emoji[chance / 11 % emoji.Count]}" : $"{text[..cut]} {one}{text[cut..]} {one}";
    }

    private static string Mistyped(string text, int chance)
    {
        var words = text.Split(' ');
        for (var i = chance % 6; i < words.Length; i += 5 + chance / 8 % 5)
        {
            var word = words[i];
            if (word.Length < 4 || !word.All(char.IsLetter))
                continue;
            var at = 1 + (chance / 16 + i) % (word.Length - 2);
            words[i] = ((chance + i) % 3) switch
            {
                0 => word.Remove(at, 1),
                1 => word[..at] + word[at + 1] + word[at] + word[(at + 2)..],
                _ => word.Insert(at, word[at].ToString()),
            };
        }
        return string.Join(' ', words);
    }

    // The parent now holds the text's own words, some dropped and its sentences turned round, beside what it said before: an echo.
    private Example Echo(Example example, int chance)
    {
        var item = example.Item;
        var parts = item.Text.Split(['.', '!', '?', ';', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Reverse();
        var said = string.Join(". ", parts.Select(p => string.Join(' ', p.Split(' ').Where((_, i) => (i + chance) % (4 + chance / 8 % 4) != 0))));
        var parent = (chance / 64 % 3) switch { 0 => said, 1 => $"{said}. {item.Parent}", _ => $"{item.Parent} {said}." };
        return example with { Item = item with { Parent = parent }, Substantive = false, Facets = Facet.None, Weight = example.Weight * Weight };
    }
}
