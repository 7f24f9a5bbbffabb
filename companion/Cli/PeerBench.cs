using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Soundings.Depth;
using Soundings.Training;

namespace Soundings.Cli;

/// <summary>
/// What one would take instead of the scorer, on the same texts in the same run: microseconds of the processor a text, the best of several rounds,
/// so that other work on the machine changes it least. A peer that is not installed is null, with what to install.
/// </summary>
internal sealed class PeerBench(IReadOnlyList<Example> corpus, IReadOnlyList<Item> texts) : IDisposable
{
    private const int Rounds = 5, Repeats = 8, BatchSize = 20;

    /// <summary>TF-IDF over words and characters before a logistic regression, asked in batches of twenty; says its microseconds a text.</summary>
    private const string Sklearn = """
        import json, sys, time
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline, make_union
        rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
        texts = json.load(open(sys.argv[2], encoding="utf-8"))
        model = make_pipeline(make_union(TfidfVectorizer(ngram_range=(1, 2)), TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5))), LogisticRegression(max_iter=200))
        model.fit([row["text"] for row in rows], [row["label"] for row in rows])
        batches = [texts[i:i + 20] for i in range(0, 600, 20)]
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            for batch in batches: model.predict_proba(batch)
            best = min(best, time.process_time() - start)
        print(best / 600 * 1e6)
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("soundings-bench-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Verdict, four facets, evidence and parents, in batches of twenty on one thread.</summary>
    public double Soundings(Scorer scorer)
    {
        Item[][] batches = [.. texts.Chunk(BatchSize)];
        return Best(() =>
        {
            foreach (Item[] batch in batches) scorer.Score(batch);
        }, texts.Count);
    }

    /// <summary>ML.NET's own pipeline, one label, no parent.</summary>
    public double Engine()
    {
        var engine = PlainPipeline.Train(corpus);
        PlainPipeline.Plain[] plain = [.. texts.Select(item => new PlainPipeline.Plain { Text = item.Text })];
        return Best(() =>
        {
            foreach (PlainPipeline.Plain one in plain) engine.Predict(one);
        }, plain.Length);
    }

    /// <summary>fastText with words 1-2 and characters 3, one label, no parent; asked once it has loaded its model.</summary>
    public (double? Micros, string? Why) FastText()
    {
        string train = In("train.txt"), model = In("fasttext");
        File.WriteAllLines(train, corpus.Select(example => $"__label__{(example.Substantive ? "deep" : "shallow")} {OneLine(example.Item.Text)}"));
        if (Run("fasttext", "supervised", "-input", train, "-output", model, "-wordNgrams", "2", "-minn", "3", "-maxn", "3", "-thread", "1", "-seed", "1", "-verbose", "0") is { Said: null })
            return (null, "fasttext is not installed (Debian: apt install fasttext)");
        string asked = string.Concat(texts.Select(item => OneLine(item.Text) + "\n"));
        using Process process = Process.Start(new ProcessStartInfo("fasttext", ["predict", model + ".bin", "-"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        double best = double.MaxValue;
        Ask("x\n", 1); // its model is loaded now
        for (int round = 0; round < Rounds; round++)
        {
            TimeSpan before = process.TotalProcessorTime;
            for (int i = 0; i < Repeats; i++) Ask(asked, texts.Count);
            process.Refresh();
            best = Math.Min(best, (process.TotalProcessorTime - before).TotalMicroseconds / Repeats / texts.Count);
        }
        process.Kill();
        return (best, null);

        void Ask(string lines, int count)
        {
            Task sending = process.StandardInput.WriteAsync(lines).ContinueWith(_ => process.StandardInput.Flush(), TaskScheduler.Default);
            for (int i = 0; i < count; i++) process.StandardOutput.ReadLine();
            sending.Wait();
        }
    }

    /// <summary>scikit-learn's TF-IDF (words 1-2, characters 2-5) and logistic regression, in batches of twenty.</summary>
    public (double? Micros, string? Why) ScikitLearn()
    {
        string script = In("peer.py"), rows = In("rows.jsonl"), asked = In("texts.json");
        File.WriteAllText(script, Sklearn);
        File.WriteAllLines(rows, corpus.Select(example => $"{{\"text\":{JsonSerializer.Serialize(example.Item.Text)},\"label\":{(example.Substantive ? 1 : 0)}}}"));
        File.WriteAllText(asked, JsonSerializer.Serialize(texts.Select(item => item.Text)));
        string why = "";
        // The system's own python has Debian's packages; another one on the path often has not.
        foreach (string python in (string[])["/usr/bin/python3", "python3", "python"])
        {
            (string? said, string error) = Run(python, script, rows, asked);
            if (double.TryParse(said, CultureInfo.InvariantCulture, out double micros)) return (micros, null);
            if (why.Length == 0) why = error;
        }
        return (null, $"scikit-learn did not run (Debian: apt install python3-sklearn): {why}");
    }

    private string In(string name) => Path.Combine(_folder, name);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static double Best(Action round, int count)
    {
        double best = double.MaxValue;
        for (int i = 0; i < Rounds + 2; i++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            round();
            best = Math.Min(best, (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / count);
        }
        return best;
    }

    /// <summary>What a program says, or null where it is missing or fails, with its last word on why.</summary>
    private static (string? Said, string Error) Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? (said.Trim(), "") : (null, error.Result.Trim().Split('\n')[^1]);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (null, $"there is no {program}");
        }
    }
}
