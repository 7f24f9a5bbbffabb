using Soundings.Reading.Exports;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Api;

/// <summary>Owns that only one import runs at a time, and lets others see how far it is and stop it.</summary>
internal sealed class Imports(ImportRun run, DataFolder folder, LabelStore labels, Learner learner, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private (ImportMeter Meter, CancellationTokenSource Stop)? _running;

    /// <summary>How far the running import is; null where none runs.</summary>
    public ImportProgress? Now
    {
        get
        {
            lock (_gate) return _running?.Meter.Now;
        }
    }

    /// <summary>True: one was running, and ends now with nothing stored, unless its storing was already done.</summary>
    public bool Cancel()
    {
        lock (_gate)
        {
            _running?.Stop.Cancel();
            return _running is not null;
        }
    }

    /// <summary>
    /// Null where another runs. The place is taken before <paramref name="prepare"/> fetches the file, so that two uploads do not wait on each other;
    /// <paramref name="dropped"/> is whoever asked going away.
    /// </summary>
    public async Task<ImportReport?> RunAsync(string name, Func<CancellationToken, Task<string>> prepare, CancellationToken dropped)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(dropped);
        ImportMeter meter = new(stop.Token);
        lock (_gate)
        {
            if (_running is not null) return null;
            _running = (meter, stop);
        }
        try
        {
            ImportRun.ForgetLeftovers(folder);
            meter.Begin("receiving");
            string path = await prepare(stop.Token);
            return IsLabels(path, name) ? await LabelsAsync(path, name) : await run.RunAsync(path, name, meter);
        }
        finally
        {
            lock (_gate) _running = null;
        }
    }

    private static bool IsLabels(string path, string name)
    {
        if (Directory.Exists(path)) return false;
        byte[] head = new byte[ImportFormats.HeadBytes];
        using FileStream file = File.OpenRead(path);
        return ImportFormats.Recognise(name, head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false))) == ImportFormat.OwnLines;
    }

    /// <summary>The user's own labels, which an earlier export or another machine wrote down: learned from as if just said.</summary>
    private async Task<ImportReport> LabelsAsync(string path, string name)
    {
        List<NewLabel> read = LabelImport.Read(path, name);
        IReadOnlyList<bool> known = await labels.AddAsync(read, clock.GetUtcNow().ToUnixTimeMilliseconds());
        await learner.LearnAsync();
        int added = known.Count(duplicate => !duplicate);
        return new(read.Count, read.Count, 0, added, read.Count - added, 0, new(0, 0, 0, 0), [], [new(ImportRefused.ShownName(name), read.Count, read.Count, 0, 0)], []);
    }
}
