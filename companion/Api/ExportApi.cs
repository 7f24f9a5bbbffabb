using Microsoft.AspNetCore.Http.Features;
using Soundings.Storage;

namespace Soundings.Api;

/// <summary>
/// <c>GET export</c>: the user's labels as JSON Lines. <c>GET export?all=true</c>: everything that is stored, as a zip, sent as it is written.
/// </summary>
internal static class ExportApi
{
    public static void MapExport(this IEndpointRouteBuilder api) => api.MapGet("/export", GetAsync).For(Scopes.Dash | Scopes.Cli);

    private static async Task GetAsync(HttpContext http)
    {
        QueryCheck query = new(http.Request.Query);
        bool all = query.OneOf("all", ("true", true), ("false", false)) == true;
        if (query.Finish() is { } fault)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, fault);
            return;
        }
        if (!all)
        {
            await Reply.LinesAsync(http, LabelFilesApi.Lines(http.RequestServices.GetRequiredService<LabelStore>()));
            return;
        }
        await http.RequestServices.GetRequiredService<Database>().SettleAsync();
        http.Response.ContentType = "application/zip";
        // The zip's own packing ends an entry with writes that do not wait; there is nothing to hold up beside this one answer.
        if (http.Features.Get<IHttpBodyControlFeature>() is { } control) control.AllowSynchronousIO = true;
        await http.RequestServices.GetRequiredService<Archive>().WriteAsync(http.Response.Body, http.RequestAborted);
    }
}
