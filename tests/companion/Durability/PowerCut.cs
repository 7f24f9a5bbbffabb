using System.Globalization;

namespace Soundings.Tests.Durability;

/// <summary>
/// What a disk holds after the power fails at some point of a record: everything that was flushed, and of the rest each write wholly, in part or not
/// at all, by a seeded choice. The record is taken in order, so points must be asked for in order.
/// </summary>
internal sealed class PowerCut(IReadOnlyList<Done> log, IReadOnlyDictionary<string, byte[]> before, bool flushesCount = true)
{
    /// <summary>What a disk writes as one.</summary>
    private const int Sector = 512;

    private readonly Dictionary<string, byte[]> _flushed = new(before);
    private readonly Dictionary<string, List<Done>> _pending = [];
    private Done? _lastRename;
    private int _next;

    /// <summary>The marks that stood in the record before the point.</summary>
    public List<string> Marks { get; } = [];

    /// <summary>The files as they are found after the power failed just before entry <paramref name="point"/>.</summary>
    public Dictionary<string, byte[]> At(int point, Random random)
    {
        while (_next < point) Take(log[_next++]);
        Dictionary<string, byte[]> left = new(_flushed);
        // The very last thing done may have been a change of names that had not reached the disk.
        if (_lastRename is { } rename && random.Next(2) == 0) Rename(left, rename);
        int keep = random.Next(3);
        foreach ((string path, List<Done> pending) in _pending)
        {
            foreach (Done done in pending.Where(_ => keep == 1 || keep == 2 && random.Next(2) == 0)) left[path] = Apply(left.GetValueOrDefault(path, []), Torn(done, random));
        }
        return left;
    }

    private void Take(Done done)
    {
        if (_lastRename is { } rename)
        {
            Rename(_flushed, rename);
            if (_pending.Remove(rename.Path, out List<Done>? moved)) _pending[rename.Text] = moved;
            _lastRename = null;
        }
        switch (done.Deed)
        {
            case Deed.Mark: Marks.Add(done.Text); break;
            case Deed.Rename: _lastRename = done; break;
            case Deed.Delete:
                _flushed.Remove(done.Path);
                _pending.Remove(done.Path);
                break;
            case Deed.Sync when flushesCount:
                if (_pending.Remove(done.Path, out List<Done>? pending))
                    foreach (Done one in pending) _flushed[done.Path] = Apply(_flushed.GetValueOrDefault(done.Path, []), one);
                break;
            case Deed.Sync: break;
            default:
                if (!_pending.TryGetValue(done.Path, out List<Done>? waiting)) _pending[done.Path] = waiting = [];
                waiting.Add(done);
                break;
        }
    }

    private static void Rename(Dictionary<string, byte[]> files, Done rename)
    {
        if (files.Remove(rename.Path, out byte[]? content)) files[rename.Text] = content;
    }

    private static Done Torn(Done done, Random random) =>
        done.Deed == Deed.Write && random.Next(4) == 0 ? done with { Data = done.Data![..(random.Next(done.Data!.Length / Sector + 1) * Sector)] } : done;

    private static byte[] Apply(byte[] content, Done done)
    {
        if (done.Deed == Deed.Truncate)
        {
            byte[] cut = new byte[done.Offset];
            content.AsSpan(0, (int)Math.Min(content.Length, done.Offset)).CopyTo(cut);
            return cut;
        }
        byte[] written = new byte[Math.Max(content.Length, done.Offset + done.Data!.Length)];
        content.CopyTo(written, 0);
        done.Data.CopyTo(written, done.Offset);
        return written;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_next} of {log.Count}");
}
