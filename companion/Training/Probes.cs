using System.Text.Json;
using Soundings.Depth;

namespace Soundings.Training;

/// <summary>
/// Owns the checks that a figure on real text cannot make: hard pairs, stock comments bare and padded, short concrete replies, one text
/// under two parents, one text in four dresses, facets. All on seeds/holdout.jsonl, which nothing is trained on.
/// </summary>
internal sealed class Probes
{
    private readonly List<Probe> _probes = [];
    private readonly List<(string Use, string Language, string Text)> _padding = [];

    private Probes()
    {
    }

    /// <summary>One line of the hold-out with what it is there for.</summary>
    private sealed record Probe(string Use, string? Group, Example Example);

    public static Probes Read(string directory)
    {
        var probes = new Probes();
        var path = Path.Combine(directory, "holdout.jsonl");
        foreach (var (line, example) in File.ReadLines(path).Zip(Corpus.ReadSlice(path)))
        {
            using var document = JsonDocument.Parse(line);
            var use = document.RootElement.GetProperty("probe").GetString()!;
            probes._probes.Add(new(use, document.RootElement.TryGetProperty("group", out var group) ? group.GetString() : null, example));
        }
        foreach (var line in File.ReadLines(Path.Combine(directory, "holdout-padding.txt")).Where(l => l.Length > 0 && l[0] != '#'))
        {
            var parts = line.Split('|', 3);
            probes._padding.Add((parts[0], parts[1], parts[2]));
        }
        return probes;
    }

    /// <summary>Every figure with the number of cases behind it.</summary>
    public IReadOnlyList<(string Name, double Value, int Cases)> Measure(Func<Item, Score> score)
    {
        var scored = _probes.ToDictionary(p => p, p => score(p.Example.Item));
        var figures = new List<(string, double, int)>();

        var pairs = (from deep in Of("short") from empty in Of("long") select scored[deep].Probability > scored[empty].Probability).ToList();
        figures.Add(("short and deep above long and empty", Share(pairs), pairs.Count));

        var stock = Of("stock").ToList();
        Called("stock comments", stock.Select(p => scored[p]).ToList());
        Called("stock comments padded with stock phrases", stock.Select(p => score(Padded(p, "stock"))).ToList());
        Called("stock comments padded with neutral filler", stock.Select(p => score(Padded(p, "filler"))).ToList());

        var concrete = Of("concrete").Select(p => scored[p]).ToList();
        figures.Add(("concrete short replies called superficial", Share(concrete, s => s.Verdict == Verdict.Superficial), concrete.Count));
        figures.Add(("concrete short replies below one half", Share(concrete, s => s.Probability < 0.5), concrete.Count));

        var groups = _probes.Where(p => p.Use is not ("echo" or "new")).Select(p => Dresses(p).Select(score).ToList()).ToList();
        figures.Add(("same verdict clean, with typos, with emoji, in a polite frame", Share(groups, g => !(g.Exists(s => s.Verdict == Verdict.Superficial) && g.Exists(s => s.Verdict == Verdict.Substantive))), groups.Count));

        var twins = Of("new").Join(Of("echo"), p => p.Group, p => p.Group, (n, e) => scored[n].Probability - scored[e].Probability).ToList();
        figures.Add(("new under one parent above echo under the other", Share(twins, d => d > 0), twins.Count));
        figures.Add(("and at least 0.2 above", Share(twins, d => d >= 0.2), twins.Count));

        var facets = Of("facet").ToList();
        figures.Add(("right facet first", Share(facets, p => First(scored[p].Facets) == p.Example.Facets), facets.Count));
        return figures;

        void Called(string what, List<Score> scores)
        {
            figures.Add(($"{what} called substantive", Share(scores, s => s.Verdict == Verdict.Substantive), scores.Count));
            figures.Add(($"{what} at one half or above", Share(scores, s => s.Probability >= 0.5), scores.Count));
        }
    }

    public IReadOnlyList<(string Use, Example Example)> Lines => [.. _probes.Select(p => (p.Use, p.Example))];

    private IEnumerable<Probe> Of(string use) => _probes.Where(p => p.Use == use);

    // Fitting phrases in the text's language, before and after it in turn, until it has sixty words.
    private Item Padded(Probe probe, string use)
    {
        var item = probe.Example.Item;
        var phrases = _padding.Where(p => p.Use == use && p.Language == probe.Example.Language).Select(p => p.Text).ToList();
        var text = item.Text;
        for (var i = Spread(item.Id); Report.WordsOf(text) < 60; i++)
        {
            var phrase = phrases[i % phrases.Count];
            text = i % 3 == 0 ? $"{phrase} {text}" : text[^1] is '.' or '!' or '?' ? $"{text} {phrase}" : $"{text}. {phrase}";
        }
        return item with { Text = text };
    }

    private IEnumerable<Item> Dresses(Probe probe)
    {
        var item = probe.Example.Item;
        yield return item;
        yield return item with { Text = Mistyped(item.Text, Spread(item.Id)) };
        var cut = item.Text.IndexOf(' ', item.Text.Length / 2);
        yield return item with { Text = (cut < 0 ? item.Text : $"{item.Text[..cut]} 😊{item.Text[cut..]}") + " 🙏✨" };
        var frames = _padding.Where(p => p.Use == "frame" && p.Language == probe.Example.Language).Select(p => p.Text.Split('|')).ToList();
        var frame = frames[Spread(item.Id) % frames.Count];
        yield return item with { Text = $"{frame[0]} {item.Text} {frame[1]}" };
    }

    /// <summary>Every ninth or so word loses a letter or has two exchanged, always the same ones.</summary>
    private static string Mistyped(string text, int seed)
    {
        var words = text.Split(' ');
        for (var i = seed % 5; i < words.Length; i += 7)
        {
            var word = words[i];
            if (word.Length < 4 || !word.All(char.IsLetter))
                continue;
            var at = 1 + (seed + i) % (word.Length - 2);
            words[i] = (seed + i) % 2 == 0 ? word.Remove(at, 1) : word[..at] + word[at + 1] + word[at] + word[(at + 2)..];
        }
        return string.Join(' ', words);
    }

    private static int Spread(string id) => (int)(Hashing.Of(id) >> 40);

    private static Facet First(Facets facets)
    {
        (double Value, Facet Facet)[] all = [(facets.Reveal, Facet.Reveal), (facets.Wisdom, Facet.Wisdom), (facets.Solicit, Facet.Solicit), (facets.Engage, Facet.Engage)];
        return all.MaxBy(f => f.Value).Facet;
    }

    private static double Share(IReadOnlyCollection<bool> all) => (double)all.Count(b => b) / all.Count;

    private static double Share<T>(IReadOnlyCollection<T> all, Func<T, bool> holds) => (double)all.Count(holds) / all.Count;
}
