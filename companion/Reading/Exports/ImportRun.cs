using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Soundings.Depth;
using Soundings.Storage;

namespace Soundings.Reading.Exports;

/// <summary>
/// Owns the way of an import: read, score and stage everything on disk first, then store it in one transaction. Whatever is wrong with the
/// files shows before anything is stored, and the writer is held only for the inserts.
/// </summary>
internal sealed class ImportRun(DataFolder folder, ImportStore store, ActiveModel model, TimeProvider clock)
{
    private const int Batch = 128;

    /// <param name="path">A file or folder on this machine.</param>
    /// <param name="name">How whoever gave it calls it. Only shown.</param>
    /// <param name="meter">Is told how far it is, and when to stop.</param>
    public async Task<ImportReport> RunAsync(string path, string name, ImportMeter meter)
    {
        string staged = System.IO.Path.Combine(folder.RunFolder, $"import-{Guid.NewGuid():n}.staged");
        ImportTally tally = new(meter);
        try
        {
            await Task.Run(() => Stage(path, name, staged, meter, tally), meter.Stop);
            meter.Begin("storing");
            ImportCounts counts = await store.AddAsync(Staged(staged), clock.GetUtcNow().ToUnixTimeMilliseconds(), meter.Stop);
            return tally.Report(counts);
        }
        finally
        {
            File.Delete(staged);
        }
    }

    /// <summary>What an import left behind that was killed. Only one runs at a time: before it begins, whatever lies there is nobody's.</summary>
    public static void ForgetLeftovers(DataFolder folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder.RunFolder, "import-*")) File.Delete(file);
    }

    private void Stage(string path, string name, string staged, ImportMeter meter, ImportTally tally)
    {
        using FileStream? opened = Directory.Exists(path) ? null : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        IReadOnlyList<ExportFile> files = opened is null ? ExportFiles.Folder(path, meter) : ExportFiles.In(opened, name, meter);
        meter.Begin("reading", files.Sum(file => file.Bytes));
        using FileStream output = new(staged, DataFolder.Options(FileMode.CreateNew, FileAccess.Write));
        // Once each: sixteen bytes a record, whatever its key's length.
        HashSet<UInt128> seen = [];
        Func<SiteCatalogue> sites = () => SiteCatalogue.Open(SiteCatalogue.OwnFolder(folder.Path));
        List<(Origin Origin, Item Item)> items = [];
        foreach (ExportFile file in files)
        {
            tally.Begin(file.Name);
            foreach (ExportRecord record in ExportReader.Read(file, clock.LocalTimeZone, sites))
            {
                string? key = record.Item is { } item ? "item\n" + item.Id : record.Reaction is { } reaction ? "reaction\n" + reaction.Id : null;
                string? leftOut = record.LeftOut ?? (seen.Add(Hash(key!)) ? null : LeftOut.Repeated);
                tally.Add(record, leftOut);
                if (leftOut is not null) continue;
                if (record.Reaction is not null) Write(output, new(record.Origin, null, null, record.Reaction));
                else items.Add((record.Origin, record.Item!));
                if (items.Count == Batch) Flush(output, items);
            }
        }
        Flush(output, items);
    }

    private void Flush(FileStream output, List<(Origin Origin, Item Item)> items)
    {
        IReadOnlyList<Score> scores = model.Current.Score([.. items.Select(pair => pair.Item)]);
        for (int i = 0; i < items.Count; i++) Write(output, new(items[i].Origin, items[i].Item, scores[i] with { Evidence = [] }, null));
        items.Clear();
    }

    private static void Write(FileStream output, StagedRecord record)
    {
        output.Write(JsonSerializer.SerializeToUtf8Bytes(record, StagedJson.Default.StagedRecord));
        output.WriteByte((byte)'\n');
    }

    private static IEnumerable<StagedRecord> Staged(string path)
    {
        foreach (string line in File.ReadLines(path)) yield return JsonSerializer.Deserialize(line, StagedJson.Default.StagedRecord)!;
    }

    private static UInt128 Hash(string key)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        return new UInt128(BitConverter.ToUInt64(hash, 0), BitConverter.ToUInt64(hash, 8));
    }
}
