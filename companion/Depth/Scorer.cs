namespace Soundings.Depth;

/// <summary>
/// Owns the way from an item to its score: reads it, adds up the model's weights, and says what moved the sum. Immutable and safe to
/// share between threads; what changes while reading belongs to the thread. ML.NET trains these weights and is not needed here.
/// </summary>
internal sealed class Scorer
{
    /// <summary>Fewer words than this may be in any language without showing it; they are judged as they are.</summary>
    private const int FewWords = 8;

    private readonly Model _model;

    public Scorer(Model model) => _model = model;

    public string Version => _model.Version;

    public static Scorer Load(string path) => new(Model.Load(path));

    public IReadOnlyList<Score> Score(IReadOnlyList<Item> items)
    {
        var scores = new Score[items.Count];
        for (var i = 0; i < scores.Length; i++)
            scores[i] = Score(items[i]);
        return scores;
    }

    public Score Score(Item item)
    {
        Span<float> logits = stackalloc float[Model.Lanes];
        Span<float> measures = stackalloc float[Measures.Count];
        var work = Work.OfThread;
        var reading = work.Reading;
        Logits(item, work, logits, measures);
        var probability = Probability(logits, 0);
        var known = reading.Language is >= 0 and < 5 || reading.Language < 0 && reading.Script is null && reading.WordCount < FewWords;
        var verdict = Verdicts.Of(probability, known);
        return new(
            item.Id, (int)Math.Round(probability * 100), probability, verdict,
            new(Probability(logits, 1), Probability(logits, 2), Probability(logits, 3), Probability(logits, 4)),
            work.Evidence.Of(reading, verdict, probability, known, LengthPush(measures)), reading.LanguageCode, Version);
    }

    /// <summary>The raw sums of all heads, before calibration: what ML.NET's own model must give too.</summary>
    public void Logits(Item item, Work work, Span<float> logits, Span<float> measures)
    {
        work.Read(item, _model.SentenceHead);
        Measures.Of(work.Reading, measures);
        logits.Clear();
        Add(work.Grams, 0, work.Grams.Words, Grams.WordScale, logits);
        Add(work.Grams, work.Grams.Words, work.Grams.Count, Grams.LetterScale, logits);
        for (var i = 0; i < measures.Length; i++)
            measures[i] = Measures.Standard(measures[i], _model.MeasureMeans[i], _model.MeasureScales[i]);
        for (var h = 0; h < Model.Heads.Length; h++)
        {
            var weights = _model.MeasureWeights.AsSpan(h * 2 * measures.Length, 2 * measures.Length);
            logits[h] += _model.Biases[h] + Measures.Scale * Dot(weights, measures);
            if (item.Kind == Kind.Post)
                logits[h] += Measures.PostScale * Dot(weights[measures.Length..], measures);
        }
    }

    // What the count of words alone adds to the depth sum; measures are standard here.
    private float LengthPush(ReadOnlySpan<float> measures) => Measures.Scale * _model.Slopes[0] * _model.MeasureWeights[Measures.WordsPlace] * measures[Measures.WordsPlace];

    private static float Dot(ReadOnlySpan<float> weights, ReadOnlySpan<float> values)
    {
        var sum = 0f;
        for (var i = 0; i < values.Length; i++)
            sum += weights[i] * values[i];
        return sum;
    }

    private void Add(Grams grams, int from, int to, float scale, Span<float> logits)
    {
        if (from == to)
            return;
        Span<float> sums = stackalloc float[Model.Heads.Length];
        sums.Clear();
        var table = _model.Table;
        var norm = 0f;
        for (var i = from; i < to; i++)
        {
            var gate = grams.Gates[i];
            var weight = grams.Weights[i] * gate;
            var row = table.AsSpan(grams.Indices[i] * Model.Lanes, Model.Lanes);
            for (var h = 0; h < sums.Length; h++)
                sums[h] += weight * row[h];
            norm += row[Model.RarityLane] * row[Model.RarityLane] * gate * gate;
        }
        scale /= MathF.Sqrt(Math.Max(norm, Grams.LeastNorm));
        for (var h = 0; h < sums.Length; h++)
            logits[h] += sums[h] * scale;
    }

    // Four digits: more would only show the last bits in which processors differ.
    private double Probability(ReadOnlySpan<float> logits, int head) => Math.Round(1 / (1 + Math.Exp(-(_model.Slopes[head] * logits[head] + _model.Shifts[head]))), 4);

    /// <summary>The buffers one thread reads with.</summary>
    internal sealed class Work
    {
        [ThreadStatic]
        private static Work? _mine;

        public static Work OfThread => _mine ??= new();

        public ItemReading Reading { get; } = new();
        public Grams Grams { get; } = new();
        public EvidenceFinder Evidence { get; } = new();

        /// <summary>Reads an item, judges its sentences, and gathers what is left when echo and emptiness are struck.</summary>
        public void Read(Item item, in Sentences.Head head)
        {
            ReadOpen(item, head.Rarity, head.Stride);
            Reading.Sentences.Judge(Grams, in head);
            Grams.Gather(Reading);
        }

        /// <summary>Reads an item as far as its sentences, none of them judged.</summary>
        public void ReadOpen(Item item, ReadOnlySpan<float> rarity, int stride)
        {
            Reading.Read(item);
            Grams.ReadStream(Reading);
            Reading.Sentences.Read(Reading, rarity, stride);
        }
    }
}
