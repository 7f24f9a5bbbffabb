using Soundings.Storage;

namespace Soundings.Reading.Exports;

/// <summary>Owns which reader a file goes to: what it is, its own bytes say.</summary>
internal static class ExportReader
{
    /// <param name="file">The file.</param>
    /// <param name="zone">Where the clock hung by which Facebook's HTML tells the time.</param>
    /// <param name="sites">The rules by which saved pages are read.</param>
    public static IEnumerable<ExportRecord> Read(ExportFile file, TimeZoneInfo zone, Func<SiteCatalogue> sites)
    {
        // Not counted as read: the reader begins anew.
        byte[] head = new byte[ImportFormats.HeadBytes];
        int length;
        using (Stream peek = file.Open()) length = peek.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        // In an export an empty file means that there is nothing to tell, and a page without records is one of the export's all the same.
        if (length == 0 && file.IsPart) return [];
        ImportFormat format = ImportFormats.Recognise(file.Name, head.AsSpan(0, length));
        if (format == ImportFormat.SavedPage && file.IsPart) format = ImportFormat.FacebookHtml;
        Origin origin = format switch { ImportFormat.LinkedInTable => Origin.LinkedInTable, ImportFormat.FacebookJson => Origin.FacebookJson, ImportFormat.FacebookHtml => Origin.FacebookHtml, _ => Origin.SavedPage };
        return Checked(file, origin, stream => format switch
        {
            ImportFormat.LinkedInTable => LinkedInExport.Read(stream, file.Name),
            ImportFormat.FacebookJson => FacebookJson.Read(stream, file.Name),
            ImportFormat.FacebookHtml => FacebookHtml.Read(stream, file.Name, zone),
            ImportFormat.OwnLines => throw new ImportRefused(file.Name, "it holds labels of Soundings' own; import it alone."),
            _ => SavedPage.Read(stream, file.Name, sites()),
        });
    }

    private static IEnumerable<ExportRecord> Checked(ExportFile file, Origin origin, Func<Stream, IEnumerable<ExportRecord>> read)
    {
        using Stream stream = file.Open();
        foreach (ExportRecord record in read(stream)) yield return record with { Origin = origin };
    }
}
