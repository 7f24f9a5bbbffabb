using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Soundings.Reading.Exports;

/// <summary>
/// Owns whether an archive is what the sites send: its directory is looked at as bytes before anything is allocated for it, then every entry's
/// name and kind, also of those that will not be read. One entry that no site would write refuses the archive: it was made to harm.
/// </summary>
internal static partial class ZipDirectory
{
    private const int EndLength = 22, LongestComment = 65_535, Locator64Length = 20;
    private const int SymbolicLink = 0xA000, FileKind = 0xF000;

    public static ZipArchive Open(FileStream file, string name)
    {
        RefuseLargeDirectory(file, name);
        file.Position = 0;
        ZipArchive archive;
        try
        {
            archive = new ZipArchive(file, ZipArchiveMode.Read);
            RefuseBadEntries(archive, name);
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException or NotSupportedException or EndOfStreamException)
        {
            throw new ImportRefused(name, "it is a damaged zip archive. Download the export again.");
        }
        return archive;
    }

    /// <summary>
    /// The library reads the whole directory before it compares the count, so a lie in the count could fill the memory. The directory
    /// lies between where its end record says and the end record itself; that many bytes are allowed and no more.
    /// </summary>
    private static void RefuseLargeDirectory(FileStream file, string name)
    {
        byte[] tail = new byte[(int)Math.Min(file.Length, EndLength + LongestComment + Locator64Length)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        int end = -1;
        for (int at = tail.Length - EndLength; at >= 0 && end < 0; at--)
        {
            if (tail.AsSpan(at).StartsWith("PK\x05\x06"u8)) end = at;
        }
        if (end < 0) throw new ImportRefused(name, "it begins as a zip archive and does not end as one: it was cut. Download the export again.");
        ReadOnlySpan<byte> record = tail.AsSpan(end);
        long count = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]), start = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        if (end >= Locator64Length && tail.AsSpan(end - Locator64Length).StartsWith("PK\x06\x07"u8))
            (count, start) = Record64(file, name, BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(end - Locator64Length + 8)), count, start);
        if (count > ImportLimits.Entries) throw new ImportRefused(name, $"there are more than {ImportLimits.Entries} files in it.");
        long bytes = file.Length - tail.Length + end - start;
        if (start < 0 || bytes < 0 || bytes > ImportLimits.DirectoryBytes) throw new ImportRefused(name, "its directory is not where the archive says, or too large.");
    }

    private static (long Count, long Start) Record64(FileStream file, string name, long at, long count, long start)
    {
        Span<byte> record = stackalloc byte[56];
        if (at < 0 || at > file.Length - record.Length) throw new ImportRefused(name, "its directory is not where the archive says, or too large.");
        file.Position = at;
        file.ReadExactly(record);
        if (!record.StartsWith("PK\x06\x06"u8)) throw new ImportRefused(name, "its directory is not where the archive says, or too large.");
        long count64 = BinaryPrimitives.ReadInt64LittleEndian(record[32..]), start64 = BinaryPrimitives.ReadInt64LittleEndian(record[48..]);
        // The small record holds either the same number or the mark that it stands here.
        if (count != ushort.MaxValue && count != count64) throw new ImportRefused(name, "its two directories contradict each other.");
        return (count64 < 0 ? long.MaxValue : count64, start == uint.MaxValue ? start64 : start);
    }

    private static void RefuseBadEntries(ZipArchive archive, string name)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            if (WrongName(entry.FullName) is { } wrong) throw new ImportRefused(name, $"the entry {ImportRefused.ShownName(entry.FullName)} {wrong}.");
            if (!names.Add(entry.FullName)) throw new ImportRefused(name, $"the entry {ImportRefused.ShownName(entry.FullName)} is in it twice.");
            if (entry.IsEncrypted) throw new ImportRefused(name, "it is locked with a password. Unpack it, and give the folder.");
            if ((entry.ExternalAttributes >> 16 & FileKind) == SymbolicLink)
                throw new ImportRefused(name, $"the entry {ImportRefused.ShownName(entry.FullName)} is a link to another file.");
            if (Packed().IsMatch(entry.FullName) && !Attachment().IsMatch(entry.FullName))
                throw new ImportRefused(name, $"the entry {ImportRefused.ShownName(entry.FullName)} is an archive itself. Give that one.");
        }
    }

    private static string? WrongName(string name)
    {
        if (name.Length is 0 or > ImportLimits.NameLength) return "has a name no site would give";
        if (name.Any(c => char.IsControl(c) || ImportRefused.IsTurning(c))) return "has letters in its name that cannot be seen";
        if (name[0] is '/' or '\\' || name.Contains('\\', StringComparison.Ordinal) || (name.Length > 1 && name[1] == ':')) return "names a place outside the archive";
        foreach (string part in name.TrimEnd('/').Split('/'))
        {
            if (part is "" or "." or "..") return "names a place outside the archive";
            if (part[^1] is '.' or ' ' || Device().IsMatch(part)) return "has a name that some systems take for another";
        }
        return null;
    }

    [GeneratedRegex(@"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Device();

    [GeneratedRegex(@"\.(zip|7z|rar|gz|tgz|bz2|xz|tar)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Packed();

    // Facebook packs what friends sent each other, archives among it, below these; nothing there is opened.
    [GeneratedRegex(@"(^|/)(messages|files|media)/", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Attachment();
}
