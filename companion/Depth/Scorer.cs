namespace Soundings.Depth;

/// <summary>
/// Owns the way from an item to its score: reads it, adds up the model's weights, and says what moved the sum. Immutable and safe to
/// share between threads; what changes while reading belongs to the thread. ML.NET trains these weights and is not needed here.
/// </summary>
internal sealed class Scorer
{
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
        var probability = Rounded(_model.Slope * logits[0] + _model.Shift);
        var known = reading.Language is >= 0 and < 5 || reading.Language < 0 && reading.Script is null && reading.WordCount < 5;
        var verdict = Verdicts.Of(probability, known);
        return new(
            item.Id, (int)Math.Round(probability * 100), probability, verdict,
            new(Rounded(logits[1]), Rounded(logits[2]), Rounded(logits[3]), Rounded(logits[4])),
            EvidenceFinder.Of(reading, verdict, known), reading.LanguageCode, Version);
    }

    /// <summary>The raw sums of all heads, before calibration: what ML.NET's own model must give too.</summary>
    public void Logits(Item item, Work work, Span<float> logits, Span<float> measures)
    {
        work.Reading.Read(item);
        work.Grams.Read(work.Reading);
        Measures.Of(work.Reading, measures);
        Span<float> sums = stackalloc float[Model.Lanes];
        logits.Clear();
        Add(work.Grams, 0, work.Grams.Words, sums, logits);
        Add(work.Grams, work.Grams.Words, work.Grams.Count, sums, logits);
        for (var i = 0; i < measures.Length; i++)
            measures[i] = Standard(measures[i], _model.MeasureMeans[i], _model.MeasureScales[i]);
        for (var h = 0; h < Model.Heads.Length; h++)
        {
            var sum = _model.Biases[h];
            var weights = _model.MeasureWeights.AsSpan(h * measures.Length, measures.Length);
            for (var i = 0; i < measures.Length; i++)
                sum += weights[i] * measures[i];
            logits[h] += sum;
        }
    }

    /// <summary>A measure as the model sees it: centred, in spreads, clipped so that nothing is extrapolated, and halved beside the n-grams.</summary>
    public static float Standard(float value, float mean, float scale) => 0.5f * Math.Clamp((value - mean) * scale, -3f, 3f);

    private void Add(Grams grams, int from, int to, Span<float> sums, Span<float> logits)
    {
        if (from == to)
            return;
        sums.Clear();
        var table = _model.Table;
        var norm = 0f;
        for (var i = from; i < to; i++)
        {
            var weight = grams.Weights[i];
            var row = table.AsSpan(grams.Indices[i] * Model.Lanes, Model.Lanes);
            for (var h = 0; h < 5; h++)
                sums[h] += weight * row[h];
            norm += row[Model.Lanes - 1];
        }
        var scale = 1 / MathF.Sqrt(Math.Max(norm, 1e-6f));
        for (var h = 0; h < 5; h++)
            logits[h] += sums[h] * scale;
    }

    // Four digits: more would only show the last bits in which processors differ.
    private static double Rounded(double logit) => Math.Round(1 / (1 + Math.Exp(-logit)), 4);

    /// <summary>The buffers one thread reads with.</summary>
    internal sealed class Work
    {
        [ThreadStatic]
        private static Work? _mine;

        public static Work OfThread => _mine ??= new();

        public ItemReading Reading { get; } = new();
        public Grams Grams { get; } = new();
    }
}
