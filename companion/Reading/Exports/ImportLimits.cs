namespace Soundings.Reading.Exports;

/// <summary>
/// Owns how much an import may ask of this machine. Each limit is well above what real exports were seen to hold; past it the import is
/// refused with the limit named, and nothing is changed.
/// </summary>
internal static class ImportLimits
{
    /// <summary>Bytes of one record. The longest LinkedIn post is 3,000 characters, a Facebook post 63,206: some 250 KB with every letter escaped.</summary>
    public const int RecordBytes = 1024 * 1024;

    /// <summary>Files in an archive: what a zip can state without its 64-bit extension. Bigger Facebook exports come in several archives.</summary>
    public const int Entries = 65_535;

    /// <summary>Bytes of a zip's directory. 65,535 entries with names of 200 bytes take a quarter of it; memory for it is bounded so.</summary>
    public const int DirectoryBytes = 64 * 1024 * 1024;

    /// <summary>Bytes of one file that is read, unpacked. Ten years of a busy account's comments took under 30 MB.</summary>
    public const long FileBytes = 1024L * 1024 * 1024;

    /// <summary>Bytes of all files that are read from one archive, unpacked.</summary>
    public const long TotalBytes = 4 * FileBytes;

    /// <summary>
    /// How often a file may be larger unpacked than packed. Twenty is right for a backup of ours; the sites' HTML repeats its markup for
    /// every record and was seen at 40, so the line is drawn at 100. A bomb of zeros reaches 1,000.
    /// </summary>
    public const int Ratio = 100;

    /// <summary>Below this many unpacked bytes the ratio is not looked at: it is harmless, and a short file of equal lines packs well.</summary>
    public const long RatioFreeBytes = 4 * 1024 * 1024;

    /// <summary>Bytes of a saved page, which must be held whole. A feed saved after long scrolling has 5-10 MB.</summary>
    public const long PageBytes = 24 * 1024 * 1024;

    /// <summary>Bytes of an uploaded body (gate G7). Bigger archives are imported by the verb, which reads them where they lie.</summary>
    public const long UploadBytes = 64 * 1024 * 1024;

    /// <summary>Characters of a path inside an archive or folder, and how deep folders are followed.</summary>
    public const int NameLength = 1024, Depth = 32;

    /// <summary>Left-out records that are told one by one; all of them are counted.</summary>
    public const int SkipsListed = 1000;
}
