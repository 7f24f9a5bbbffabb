using Soundings.Api;
using Soundings.Reading.Exports;
using Soundings.Storage;

namespace Soundings.Dashboard;

/// <summary>What the page of imports does: hands a file over, and looks how far it is. The same as POST, GET and DELETE import.</summary>
internal sealed class ImportData(Imports imports, DataFolder folder)
{
    public ImportProgress? Now => imports.Now;

    public bool Cancel() => imports.Cancel();

    /// <summary>Null: another import is running. <paramref name="open"/> gives the file's bytes as the browser sends them.</summary>
    public async Task<ImportReport?> RunAsync(string name, Func<CancellationToken, Stream> open, CancellationToken left)
    {
        string upload = Path.Combine(folder.RunFolder, $"import-{Guid.NewGuid():n}.upload");
        try
        {
            return await imports.RunAsync(name, stop => SpoolAsync(open, upload, stop), left);
        }
        finally
        {
            File.Delete(upload);
        }
    }

    private static async Task<string> SpoolAsync(Func<CancellationToken, Stream> open, string upload, CancellationToken stop)
    {
        await using FileStream file = new(upload, DataFolder.Options(FileMode.CreateNew, FileAccess.Write));
        await using Stream content = open(stop);
        await content.CopyToAsync(file, stop);
        return upload;
    }
}
