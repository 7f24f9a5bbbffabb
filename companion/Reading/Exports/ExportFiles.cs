using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Soundings.Reading.Exports;

/// <summary>One file of an export that may be read: its name, and its bytes when asked. <c>IsPart</c>: of an archive or folder, not given alone.</summary>
internal sealed record ExportFile(string Name, long Bytes, Func<Stream> Open, bool IsPart = true);

/// <summary>
/// Owns which files of an export are opened: those that hold the user's own posts, comments and reactions, by the names the sites give them.
/// Nothing else is, least of all messages.
/// </summary>
internal static partial class ExportFiles
{
    /// <summary>What lies at a path: an archive, an unpacked folder or a single file. <paramref name="opened"/> stays open while they are read.</summary>
    public static IReadOnlyList<ExportFile> In(FileStream opened, string name, ImportMeter meter)
    {
        byte[] head = new byte[ImportFormats.HeadBytes];
        int length = opened.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (ImportFormats.Recognise(name, head.AsSpan(0, length)) != ImportFormat.Zip)
            return [new(name, opened.Length, () => Whole(opened, name, meter), IsPart: false)];
        ZipArchive archive = ZipDirectory.Open(opened, name);
        return Chosen(name, archive.Entries.Select(entry => new ExportFile(
            entry.FullName, entry.Length, () => new MeteredStream(Unpacking(entry), entry.FullName, entry.CompressedLength, meter))));
    }

    /// <summary>An entry's bytes; its own header, which may contradict the directory's, is looked at only here.</summary>
    private static Stream Unpacking(ZipArchiveEntry entry)
    {
        try
        {
            return entry.Open();
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException)
        {
            throw new ImportRefused(entry.FullName, "it is damaged in the archive, or packed in a way no site packs. Download the export again.");
        }
    }

    private static MeteredStream Whole(FileStream opened, string name, ImportMeter meter)
    {
        opened.Position = 0;
        return new MeteredStream(opened, name, null, meter, leaveOpen: true);
    }

    /// <summary>The files of an unpacked export. Links are not followed: they may lead out of it.</summary>
    public static IReadOnlyList<ExportFile> Folder(string path, ImportMeter meter)
    {
        EnumerationOptions everything = new()
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = ImportLimits.Depth,
            AttributesToSkip = FileAttributes.ReparsePoint,
            IgnoreInaccessible = true,
        };
        string shown = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        return Chosen(shown, new DirectoryInfo(path).EnumerateFiles("*", everything).Take(ImportLimits.Entries + 1).Select((file, count) =>
        {
            if (count == ImportLimits.Entries) throw new ImportRefused(shown, $"there are more than {ImportLimits.Entries} files in it.");
            string name = Path.GetRelativePath(path, file.FullName).Replace('\\', '/');
            return new ExportFile(name, file.Length, () => new MeteredStream(file.OpenRead(), name, null, meter));
        }));
    }

    private static List<ExportFile> Chosen(string shown, IEnumerable<ExportFile> files)
    {
        List<ExportFile> chosen = [.. files.Where(file => IsOwnWords(file.Name)).OrderBy(file => file.Name, StringComparer.Ordinal)];
        return chosen.Count > 0
            ? chosen
            : throw new ImportRefused(shown, "there is nothing of LinkedIn's or Facebook's in it that Soundings reads (comments, posts, reactions).");
    }

    public static bool IsOwnWords(string name)
    {
        string[] parts = name.Split('/');
        return parts.Any(part => Private().IsMatch(part)) ? false : OwnWords().IsMatch(parts[^1]) && !parts.Contains("__MACOSX", StringComparer.Ordinal);
    }

    // Whatever the file is called: nothing below these is looked at.
    [GeneratedRegex(@"^(messages?|inbox|archived_threads|filtered_threads|message_requests|e2ee_cutover|message_\d+\.(json|html))$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Private();

    // LinkedIn's complete export puts the member's number behind the name, a browser that has the file already "(1)".
    [GeneratedRegex("""
        ^(
          (comments|shares|reactions|likes)(_\d+)?([ ]\(\d+\))?\.csv
        | (comments(_\d+)?|your_comments_in_groups|your_posts(__check_ins__photos_and_videos)?(_\d+)?|your_posts(_and_comments)?_in_groups
          |group_posts_and_comments|anonymous_posts_you_?'?_?ve_written|likes_and_reactions(_\d+)?|posts_and_comments)\.(json|html?)
        )$
        """, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex OwnWords();
}
