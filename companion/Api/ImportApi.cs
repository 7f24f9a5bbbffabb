using Microsoft.AspNetCore.Http.Features;
using Soundings.Reading.Exports;
using Soundings.Storage;

namespace Soundings.Api;

internal sealed record ImportLocalRequest(string Path);

/// <summary><c>State</c>: idle, receiving, reading or storing.</summary>
internal sealed record ImportStateReply(string State, string? File, long Bytes, long? TotalBytes, int Read, int Kept, int Skipped);

internal sealed record ImportCancelReply(bool Cancelled);

/// <summary>
/// A site's export, or labels of the user's own, in; counts out. <c>POST import?name=…</c> takes the file itself as the body, whatever it is; the name is only shown.
/// <c>POST import/local</c> names a path on this machine, for archives over the limit of a body: only for the command line, whose token proves
/// that it may read what this user may read. While one runs, <c>GET import</c> tells how far it is and <c>DELETE import</c> stops it.
/// </summary>
internal static class ImportApi
{
    public static void MapImport(this IEndpointRouteBuilder api)
    {
        api.MapPost("/import", PostAsync).With(new Access(Scopes.Dash | Scopes.Cli) { Upload = true });
        api.MapPost("/import/local", PostLocalAsync).For(Scopes.Cli);
        api.MapGet("/import", GetAsync).For(Scopes.Dash | Scopes.Cli);
        api.MapDelete("/import", DeleteAsync).For(Scopes.Dash | Scopes.Cli);
    }

    private static async Task PostAsync(HttpContext http)
    {
        string name = http.Request.Query["name"] is [{ Length: > 0 and <= 1000 } given] ? given : "the file";
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = ImportLimits.UploadBytes;
        DataFolder folder = http.RequestServices.GetRequiredService<Vault>().Folder;
        string upload = Path.Combine(folder.RunFolder, $"import-{Guid.NewGuid():n}.upload");
        try
        {
            await RunAsync(http, name, stop => SpoolAsync(http.Request, upload, stop));
        }
        finally
        {
            File.Delete(upload);
        }
    }

    private static async Task PostLocalAsync(HttpContext http)
    {
        if (await WireJson.ReadAsync(http, WireJson.Context.ImportLocalRequest) is not { } request) return;
        bool isThere = Path.IsPathFullyQualified(request.Path) && (File.Exists(request.Path) || Directory.Exists(request.Path));
        if (!isThere)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, "There is no such file or folder.");
            return;
        }
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(request.Path));
        await RunAsync(http, name, _ => Task.FromResult(request.Path));
    }

    private static async Task RunAsync(HttpContext http, string name, Func<CancellationToken, Task<string>> prepare)
    {
        try
        {
            if (await http.RequestServices.GetRequiredService<Imports>().RunAsync(name, prepare, http.RequestAborted) is { } report)
            {
                await Reply.JsonAsync(http, report, WireJson.Context.ImportReport);
                return;
            }
            Reply.RetryAfter(http, TimeSpan.FromSeconds(5));
            await Reply.ProblemAsync(http, ProblemTypes.Busy, "Another import is running.");
        }
        catch (ImportRefused refused)
        {
            await Reply.ProblemAsync(http, refused.IsOtherJson ? ProblemTypes.BadJson : ProblemTypes.Invalid, refused.Message + " Nothing was imported.");
        }
        catch (MendableError broken)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, broken.Message);
        }
        catch (LabelConflictException conflict)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Conflict, $"Label {conflict.LabelId} is stored with another content. Nothing was imported.");
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Cancelled);
        }
        catch (IOException error) when (Reserve.IsFull(error))
        {
            await Reply.ProblemAsync(http, ProblemTypes.DiskFull);
        }
    }

    /// <summary>An archive is read from its end, so the body must lie somewhere before it can be looked at.</summary>
    private static async Task<string> SpoolAsync(HttpRequest request, string upload, CancellationToken stop)
    {
        if (request.ContentLength > new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(upload)! : Path.GetDirectoryName(upload)!).AvailableFreeSpace) throw new IOException("no room for the upload", 28);
        await using FileStream file = new(upload, DataFolder.Options(FileMode.CreateNew, FileAccess.Write));
        await request.Body.CopyToAsync(file, stop);
        return upload;
    }

    private static Task GetAsync(HttpContext http)
    {
        ImportProgress? now = http.RequestServices.GetRequiredService<Imports>().Now;
        return Reply.JsonAsync(http, now is null ? new ImportStateReply("idle", null, 0, null, 0, 0, 0)
            : new ImportStateReply(now.State, now.File, now.Bytes, now.TotalBytes, now.Read, now.Kept, now.Skipped), WireJson.Context.ImportStateReply);
    }

    private static Task DeleteAsync(HttpContext http) =>
        Reply.JsonAsync(http, new ImportCancelReply(http.RequestServices.GetRequiredService<Imports>().Cancel()), WireJson.Context.ImportCancelReply);
}
