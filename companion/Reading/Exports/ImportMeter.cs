namespace Soundings.Reading.Exports;

/// <summary>How far an import is, at one moment. <c>TotalBytes</c> is null where it cannot be known before.</summary>
internal sealed record ImportProgress(string State, string? File, long Bytes, long? TotalBytes, int Read, int Kept, int Skipped);

/// <summary>Owns how far a running import is, for whoever watches from another thread, and the word to stop.</summary>
internal sealed class ImportMeter(CancellationToken stop)
{
    private readonly Lock _gate = new();
    private (string State, string? File, long Bytes, long? Total, int Read, int Kept, int Skipped) _now = ("reading", null, 0, null, 0, 0, 0);

    public CancellationToken Stop => stop;

    public ImportProgress Now
    {
        get
        {
            lock (_gate) return new(_now.State, _now.File, _now.Bytes, _now.Total, _now.Read, _now.Kept, _now.Skipped);
        }
    }

    public void Begin(string state, long? totalBytes = null)
    {
        lock (_gate) (_now.State, _now.Total) = (state, totalBytes ?? _now.Total);
    }

    /// <summary>Bytes that came out of a file; ends the import past the limit or when it is cancelled.</summary>
    public void Add(string file, int bytes)
    {
        stop.ThrowIfCancellationRequested();
        lock (_gate) (_now.File, _now.Bytes) = (ImportRefused.ShownName(file), _now.Bytes + bytes);
        if (_now.Bytes > ImportLimits.TotalBytes)
            throw new ImportRefused(file, $"with it, more than {ImportLimits.TotalBytes >> 20} MiB were unpacked.");
    }

    public void Count(int read, int kept, int skipped)
    {
        lock (_gate) (_now.Read, _now.Kept, _now.Skipped) = (read, kept, skipped);
    }
}
