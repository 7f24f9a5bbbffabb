using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
    private readonly PersonalHead? _head;

    /// <summary>With a head, depth is judged as its user would; the facets stay the starter's.</summary>
    public Scorer(Model model, PersonalHead? head = null) => (_model, _head) = (model, head);

    public string Version => _head?.Version ?? _model.Version;

    /// <summary>The same model without what was learned on top of it.</summary>
    public Scorer Base => _head is null ? this : new(_model);

    /// <summary>The same model with this learned on top of it.</summary>
    public Scorer With(PersonalHead head) => new(_model, head);

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
        var probability = ProbabilityOf(Depth(work, logits, measures));
        var known = reading.Language is >= 0 and < 5 || reading.Language < 0 && reading.Script is null && reading.WordCount < FewWords;
        var verdict = Verdicts.Of(probability, known);
        var turned = _head is not null && probability >= 0.5 != Probability(logits, 0) >= 0.5;
        return new(
            item.Id, (int)Math.Round(probability * 100), probability, verdict,
            new(Probability(logits, 1), Probability(logits, 2), Probability(logits, 3), Probability(logits, 4)),
            work.Evidence.Of(reading, verdict, probability, known, LengthPush(measures), turned), reading.LanguageCode, Version);
    }

    /// <summary>How the personal head sees an item; gives what the starter makes of it, on the head's scale.</summary>
    public float View(Item item, Span<float> view)
    {
        Span<float> logits = stackalloc float[Model.Lanes];
        Span<float> measures = stackalloc float[Measures.Count];
        var work = Work.OfThread;
        Logits(item, work, logits, measures);
        return View(work, logits, measures, view);
    }

    /// <summary>The item's words as a direction of length one: how alike two texts are is the dot product of theirs.</summary>
    public float[] WordsOf(Item item)
    {
        var view = new float[PersonalView.Length];
        View(item, view);
        return PersonalView.WordsOf(view);
    }

    private float View(Work work, ReadOnlySpan<float> logits, ReadOnlySpan<float> measures, Span<float> view)
    {
        var starter = _model.Slopes[0] * logits[0] + _model.Shifts[0];
        Span<float> open = stackalloc float[Measures.Count];
        Span<float> judged = stackalloc float[Sentences.Most];
        work.Reading.Sentences.Gates.CopyTo(judged);
        work.Reading.Sentences.Open();
        Measures.Of(work.Reading, open);
        // The reasons shown with the score rest on the sentences as they were judged.
        judged.CopyTo(work.Reading.Sentences.Gates);
        Standardise(open);
        PersonalView.Fill(view, starter, logits, measures, open, work.Grams, _model.Table.AsSpan(Model.RarityLane), Model.Lanes);
        return PersonalView.Prior(starter);
    }

    private float Depth(Work work, ReadOnlySpan<float> logits, ReadOnlySpan<float> measures)
    {
        if (_head is null)
            return _model.Slopes[0] * logits[0] + _model.Shifts[0];
        Span<float> view = stackalloc float[PersonalView.Length];
        return PersonalView.Unfold(_head.Judge(View(work, logits, measures, view), view));
    }

    /// <summary>The raw sums of all heads, before calibration: what ML.NET's own model must give too.</summary>
    public void Logits(Item item, Work work, Span<float> logits, Span<float> measures)
    {
        work.Read(item, _model.SentenceHead);
        Measures.Of(work.Reading, measures);
        logits.Clear();
        Add(work.Grams, 0, work.Grams.Words, Grams.WordScale, logits);
        Add(work.Grams, work.Grams.Words, work.Grams.Count, Grams.LetterScale, logits);
        Standardise(measures);
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

    private void Standardise(Span<float> measures)
    {
        for (var i = 0; i < measures.Length; i++)
            measures[i] = Measures.Standard(measures[i], _model.MeasureMeans[i], _model.MeasureScales[i]);
    }

    private static float Dot(ReadOnlySpan<float> weights, ReadOnlySpan<float> values)
    {
        var sum = 0f;
        for (var i = 0; i < values.Length; i++)
            sum += weights[i] * values[i];
        return sum;
    }

    // A bucket's eight floats are one vector: five heads at once, and the rarity with them.
    private void Add(Grams grams, int from, int to, float scale, Span<float> logits)
    {
        if (from == to)
            return;
        var sums = Vector256<float>.Zero;
        var norm = 0f;
        ref var table = ref MemoryMarshal.GetArrayDataReference(_model.Table);
        for (var i = from; i < to; i++)
        {
            var gate = grams.Gates[i];
            var row = Vector256.LoadUnsafe(ref table, (nuint)(grams.Indices[i] * Model.Lanes));
            sums += row * (grams.Weights[i] * gate);
            var rarity = row.GetElement(Model.RarityLane) * gate;
            norm += rarity * rarity;
        }
        scale /= MathF.Sqrt(Math.Max(norm, Grams.LeastNorm));
        for (var h = 0; h < Model.Heads.Length; h++)
            logits[h] += sums.GetElement(h) * scale;
    }

    // Four digits: more would only show the last bits in which processors differ.
    private double Probability(ReadOnlySpan<float> logits, int head) => ProbabilityOf(_model.Slopes[head] * logits[head] + _model.Shifts[head]);

    private static double ProbabilityOf(float logit) => Math.Round(1 / (1 + Math.Exp(-logit)), 4);

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
