using System.Globalization;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;
using Soundings.Api;

namespace Soundings.Dashboard;

/// <summary>
/// The files the dashboard is made of: the shell at the address of each page, and a closed list of what it loads. Listed rather than
/// served by folder, so that a file which strays into the build is not given out.
/// </summary>
internal static class DashboardAssets
{
    /// <summary>The circuit's scripts add style attributes, never style elements; Trusted Types would end it at once (tested).</summary>
    public const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; font-src 'self'; img-src 'self' data:; " +
        "connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Every address of a page: the shell answers at each, so that a page can be loaded again where one is.</summary>
    public static readonly IReadOnlyList<string> Pages = ["/", "/items", "/people", "/person", "/teach", "/import", "/privacy"];

    private const string Shell = "dashboard.html";

    private static readonly IReadOnlyList<(string Path, string ContentType)> Files =
    [
        ("dashboard/dashboard.css", "text/css; charset=utf-8"),
        ("dashboard/figures.css", "text/css; charset=utf-8"),
        ("dashboard/items.css", "text/css; charset=utf-8"),
        ("dashboard/people.css", "text/css; charset=utf-8"),
        ("dashboard/teach.css", "text/css; charset=utf-8"),
        ("dashboard/import.css", "text/css; charset=utf-8"),
        ("dashboard/privacy.css", "text/css; charset=utf-8"),
        ("dashboard/dashboard.js", "text/javascript; charset=utf-8"),
        ("dashboard/icon.svg", "image/svg+xml"),
        ("_framework/blazor.server.js", "text/javascript; charset=utf-8"),
        ("_content/Radzen.Blazor/Radzen.Blazor.min.js", "text/javascript; charset=utf-8"),
    ];

    public static void MapDashboardAssets(this WebApplication app)
    {
        IFileProvider files = app.Environment.WebRootFileProvider;
        Access page = new(Scopes.None) { Open = true, Surface = Surface.Page, ContentPolicy = ContentPolicy };
        Access asset = new(Scopes.None) { Open = true, Surface = Surface.Asset };
        foreach (string address in Pages) Map(app, files, address, Shell, "text/html; charset=utf-8", page);
        foreach ((string path, string contentType) in Files) Map(app, files, "/" + path, path, contentType, asset);
    }

    private static void Map(WebApplication app, IFileProvider files, string address, string path, string contentType, Access access)
    {
        IFileInfo file = files.GetFileInfo(path);
        // Said at start, not at the first visit: a build without its scripts must not look like a working one.
        if (!file.Exists) throw new FileNotFoundException($"{path} is missing beside the program; build or unpack it again.", path);
        EntityTagHeaderValue tag = new(string.Create(CultureInfo.InvariantCulture, $"\"{file.LastModified.UtcTicks:x}-{file.Length:x}\""));
        app.MapGet(address, (HttpContext http) => SendAsync(http, file, contentType, tag)).With(access);
    }

    /// <summary>Asked again at each visit, sent again only when it changed: the same for everyone, so it may lie in the browser's cache.</summary>
    private static Task SendAsync(HttpContext http, IFileInfo file, string contentType, EntityTagHeaderValue tag)
    {
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.ETag = tag.ToString();
        if (http.Request.Headers.IfNoneMatch == tag.ToString())
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        http.Response.ContentType = contentType;
        http.Response.ContentLength = file.Length;
        return http.Response.SendFileAsync(file, http.RequestAborted);
    }
}
