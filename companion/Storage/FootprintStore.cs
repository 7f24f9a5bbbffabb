namespace Soundings.Storage;

/// <summary>How much is kept: rows, bytes, and from when the oldest is. <c>Texts</c> counts those whose words are still there.</summary>
internal sealed record Footprint(long Items, long Mine, long Texts, long Labels, long? Oldest, long Bytes);

/// <summary>What there is in the data folder, for those who want to know what is kept of them.</summary>
internal sealed class FootprintStore(Database database, Vault vault)
{
    public Footprint Read()
    {
        long bytes = new DirectoryInfo(vault.Folder.Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(LengthOf);
        return database.Read(connection => new Footprint(
            connection.Scalar<long>("SELECT items FROM counts"),
            connection.Scalar<long>("SELECT mine FROM counts"),
            connection.Scalar<long>("SELECT texts FROM counts"),
            connection.Scalar<long>("SELECT count(*) FROM labels l WHERE withdraws IS NULL AND NOT EXISTS (SELECT 1 FROM labels w WHERE w.withdraws = l.id)"),
            connection.Scalar<long?>("SELECT min(moment) FROM items"),
            bytes));
    }

    /// <summary>Files come and go beside a database in use: one that has just gone weighs nothing.</summary>
    private static long LengthOf(FileInfo file)
    {
        file.Refresh();
        return file.Exists ? file.Length : 0;
    }
}
