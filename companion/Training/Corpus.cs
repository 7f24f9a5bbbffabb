namespace Soundings.Training;

/// <summary>Owns reading the starter corpus: every slice in seeds/, in the order of their names, without what is kept for checking.</summary>
internal static class Corpus
{
    /// <summary>Never trained on: the floors of the tests are measured on it.</summary>
    public const string Holdout = "holdout";

    public static List<Example> Read(string directory)
    {
        var examples = new List<Example>();
        foreach (var path in Directory.EnumerateFiles(directory, "*.jsonl").Order(StringComparer.Ordinal))
        {
            var slice = Path.GetFileNameWithoutExtension(path);
            if (slice == Holdout)
                continue;
            examples.AddRange(ReadSlice(path));
        }
        return examples.Count > 0 ? examples : throw new InvalidDataException($"There is no corpus in {directory}.");
    }

    /// <summary>One file of the corpus; a bad line in it is our own fault, so it throws.</summary>
    public static IEnumerable<Example> ReadSlice(string path)
    {
        using var stream = File.OpenRead(path);
        foreach (var line in JsonLines.Read(stream, Path.GetFileNameWithoutExtension(path), labelled: true))
            yield return line.Example ?? throw new InvalidDataException($"{path}, line {line.Number}: {line.Problem}.");
    }
}
