using Soundings.Storage;

namespace Soundings.Api;

internal sealed record BackupRequest(string Path);

/// <summary>What a backup holds, and (of a restore) where what it replaced will be.</summary>
internal sealed record BackupReply(string Made, long Labels, long Items, int Files)
{
    public static BackupReply Of(BackupManifest manifest) =>
        new(Moment.Format(manifest.Made.ToUnixTimeMilliseconds()), manifest.Labels, manifest.Items, manifest.Files.Count);
}

/// <summary>
/// Backup and restore while the companion has the folder. Both name a path on this machine, so they are for the command line alone: its token
/// proves that it may read what this user may read.
/// </summary>
internal static class BackupApi
{
    public static void MapBackups(this IEndpointRouteBuilder api)
    {
        api.MapPost("/backup", BackupAsync).For(Scopes.Cli);
        api.MapPost("/restore", RestoreAsync).For(Scopes.Cli);
    }

    private static Task BackupAsync(HttpContext http) => AnswerAsync(http, path =>
        http.RequestServices.GetRequiredService<Backups>().Write(path, http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()));

    /// <summary>The backup is proven and laid ready; then the companion closes its database, changes places and begins anew on the same port.</summary>
    private static async Task RestoreAsync(HttpContext http)
    {
        IServiceProvider services = http.RequestServices;
        DateTimeOffset now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (!await AnswerAsync(http, path => Restore.Stage(services.GetRequiredService<Vault>().Folder, path, now))) return;
        http.Response.OnCompleted(() =>
        {
            services.GetRequiredService<Restarting>().Begin();
            return Task.CompletedTask;
        });
    }

    private static async Task<bool> AnswerAsync(HttpContext http, Func<string, BackupManifest> work)
    {
        if (await WireJson.ReadAsync(http, WireJson.Context.BackupRequest) is not { } request) return false;
        if (!Path.IsPathFullyQualified(request.Path) || request.Path.Contains('\0', StringComparison.Ordinal))
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, "path is the whole path of a file.");
            return false;
        }
        try
        {
            BackupManifest manifest = await Task.Run(() => work(request.Path));
            await Reply.JsonAsync(http, BackupReply.Of(manifest), WireJson.Context.BackupReply);
            return true;
        }
        catch (MendableError refused)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, refused.Message);
            return false;
        }
    }
}

/// <summary>Whether the companion is to begin anew once it has stopped: what was laid ready is put in place between the two.</summary>
internal sealed class Restarting(IHostApplicationLifetime lifetime)
{
    public bool Wanted { get; private set; }

    public void Begin()
    {
        Wanted = true;
        lifetime.StopApplication();
    }
}
