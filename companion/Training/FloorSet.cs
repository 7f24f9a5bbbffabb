using Soundings.Depth;

namespace Soundings.Training;

/// <summary>Owns the floor under every personal model: some of the starter's own texts, on which it must not turn things round.</summary>
internal sealed class FloorSet
{
    /// <summary>One in so many of the natural slices: some two hundred texts, scored in two milliseconds.</summary>
    private const int OneIn = 20;

    private readonly List<(Item Item, bool Substantive)> _texts;

    private FloorSet(List<(Item, bool)> texts) => _texts = texts;

    public int Count => _texts.Count;

    public static FloorSet Read(string seeds) => new(
        Directory.Exists(seeds)
            ? [.. Corpus.Read(seeds).Where(example => example.Natural && Hashing.Of(example.Item.Id) % OneIn == 0).Select(example => (example.Item, example.Substantive))]
            : []);

    /// <summary>The texts as heads on this model see them: read once, then a head is held against them in a few microseconds a text.</summary>
    public IReadOnlyList<PersonalRow> Rows(Scorer starter) =>
    [
        .. _texts.Select(text =>
        {
            var view = new float[PersonalView.Length];
            var prior = starter.View(text.Item, view);
            return new PersonalRow(view, prior, text.Substantive);
        }),
    ];

    /// <summary>Null where there is no corpus beside the program.</summary>
    public static double? Auc(IReadOnlyList<PersonalRow> rows, PersonalHead head) =>
        Evaluation.Auc([.. rows.Select(row => ((double)head.Judge(row.Prior, row.View), row.Deep))]);

    public double? Auc(Scorer scorer) => Evaluation.Auc([.. _texts.Select(text => (scorer.Score(text.Item).Probability, text.Substantive))]);
}
