using System.Text.Json.Serialization;
using Soundings.Storage;

namespace Soundings.Reading.Exports;

/// <summary>How many records became what.</summary>
internal sealed record ImportKinds(int Posts, int Comments, int Replies, int Reactions);

/// <summary>How many records were left out for one reason.</summary>
internal sealed record ImportReason(string Reason, int Count);

/// <summary>What one file held. <c>Mended</c>: records kept although their quoting or encoding was broken.</summary>
internal sealed record ImportedFile(string Name, int Read, int Kept, int Skipped, int Mended);

/// <summary>One record that was left out.</summary>
internal sealed record ImportSkip(string File, int Line, string Reason);

/// <summary>
/// What an import came to: read = kept + skipped, kept = added + known (here before). <c>Skips</c> tells of the first thousand of the skipped one by
/// one; <c>Reasons</c> counts all.
/// </summary>
internal sealed record ImportReport(
    int Read, int Kept, int Skipped, int Added, int Known, int Mended, ImportKinds Kinds,
    IReadOnlyList<ImportReason> Reasons, IReadOnlyList<ImportedFile> Files, IReadOnlyList<ImportSkip> Skips);

/// <summary>Owns counting what becomes of the records while they are read.</summary>
internal sealed class ImportTally(ImportMeter meter)
{
    private readonly SortedDictionary<string, int> _reasons = new(StringComparer.Ordinal);
    private readonly List<ImportedFile> _files = [];
    private readonly List<ImportSkip> _skips = [];
    private readonly int[] _kinds = new int[4];
    private ImportedFile _file = new("", 0, 0, 0, 0);
    private int _read, _skipped, _mended;

    public void Begin(string file)
    {
        End();
        _file = new(ImportRefused.ShownName(file), 0, 0, 0, 0);
    }

    public void Add(in ExportRecord record, string? leftOut)
    {
        _read++;
        if (leftOut is not null)
        {
            _skipped++;
            _reasons[leftOut] = _reasons.GetValueOrDefault(leftOut) + 1;
            if (_skips.Count < ImportLimits.SkipsListed) _skips.Add(new(_file.Name, record.Line, leftOut));
        }
        else
        {
            _kinds[record.Item is { } item ? (int)item.Kind : 3]++;
            if (record.Repaired) _mended++;
        }
        bool kept = leftOut is null;
        _file = _file with { Read = _file.Read + 1, Kept = _file.Kept + (kept ? 1 : 0), Skipped = _file.Skipped + (kept ? 0 : 1), Mended = _file.Mended + (kept && record.Repaired ? 1 : 0) };
        meter.Count(_read, _read - _skipped, _skipped);
    }

    public ImportReport Report(ImportCounts counts)
    {
        End();
        return new(_read, _read - _skipped, _skipped, counts.Added, counts.Known, _mended, new(_kinds[0], _kinds[1], _kinds[2], _kinds[3]),
            [.. _reasons.Select(pair => new ImportReason(pair.Key, pair.Value)).OrderByDescending(reason => reason.Count)], _files, _skips);
    }

    private void End()
    {
        if (_file.Name.Length > 0) _files.Add(_file);
        _file = new("", 0, 0, 0, 0);
    }
}

/// <summary>How records wait on disk between being read and being stored: one JSON object a line.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StagedRecord))]
internal sealed partial class StagedJson : JsonSerializerContext;
