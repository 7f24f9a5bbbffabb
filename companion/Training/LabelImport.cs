using Soundings.Api;
using Soundings.Cli;
using Soundings.Reading.Exports;
using Soundings.Storage;

namespace Soundings.Training;

/// <summary>Owns importing the user's own labels from JSON Lines, for <c>import PATH</c>, which has recognised the file as such.</summary>
internal static class LabelImport
{
    /// <summary>The exit code. Goes through the companion where one runs on the folder. Every line is read before the first is stored.</summary>
    public static async Task<int> RunAsync(FileInfo file, DataFolder data, CancellationToken stop)
    {
        List<NewLabel> labels = Read(file.FullName, file.Name);
        int stored;
        if (Vault.IsHeld(data))
            stored = await SendAsync(labels, data, stop);
        else
        {
            await using OfflineCompanion companion = new(data);
            IReadOnlyList<bool> known = await companion.Get<LabelStore>().AddAsync(labels, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            stored = known.Count(duplicate => !duplicate);
            await companion.Get<Learner>().LearnAsync();
        }
        Console.WriteLine($"{stored} {(stored == 1 ? "label" : "labels")} taken in; {labels.Count - stored} were there already.");
        return 0;
    }

    /// <summary>All labels of a file, or what is wrong with it, line by line. <paramref name="name"/> is how it is called to whoever gave it.</summary>
    public static List<NewLabel> Read(string path, string name)
    {
        List<NewLabel> labels = [];
        List<string> faults = [];
        using FileStream stream = LineFiles.Open(new FileInfo(path));
        foreach ((int number, string text) in StrictLines.Read(stream, name))
        {
            if (string.IsNullOrWhiteSpace(text)) continue;
            try
            {
                labels.Add(LabelLines.Read(text, "import", null));
            }
            catch (FormatException fault)
            {
                faults.Add($"line {number}: {fault.Message}");
            }
        }
        if (faults.Count > 0)
            throw new MendableError($"{string.Join('\n', faults.Take(20))}\n{faults.Count} {(faults.Count == 1 ? "line is" : "lines are")} broken in {name}; nothing was taken in.");
        return labels.Count > 0 ? labels : throw new MendableError($"{name} holds no labels.");
    }

    private static async Task<int> SendAsync(List<NewLabel> labels, DataFolder data, CancellationToken stop)
    {
        int stored = 0;
        foreach (NewLabel[] part in Parts(labels))
        {
            ImportLabelsRequest body = new([.. part.Select(LineOf)]);
            LabelsReply reply = await CompanionCall.PostAsync(data, "labels/import", body, WireJson.Context.ImportLabelsRequest, WireJson.Context.LabelsReply, stop);
            stored += reply.Results.Count(result => !result.Duplicate);
        }
        return stored;
    }

    private static string LineOf(NewLabel label) => LabelLines.Write(new StoredLabel(0, label.Id, label.Label, label.Facets, label.Deeper, label.Content, label.At, 0, label.Source));

    // Well below the limit of a body, and few enough for one transaction.
    private static IEnumerable<NewLabel[]> Parts(List<NewLabel> labels)
    {
        List<NewLabel> part = [];
        int length = 0;
        foreach (NewLabel label in labels)
        {
            if (part.Count == 500 || part.Count > 0 && length + label.Content.Length > 150_000)
            {
                yield return [.. part];
                part.Clear();
                length = 0;
            }
            part.Add(label);
            length += label.Content.Length;
        }
        if (part.Count > 0) yield return [.. part];
    }
}
