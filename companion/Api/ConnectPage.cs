using System.Reflection;

namespace Soundings.Api;

/// <summary>The static page <c>/connect</c>: no user data, everything from this companion, under the strict policy.</summary>
internal static class ConnectPage
{
    public static void MapConnectPage(this IEndpointRouteBuilder app)
    {
        Map(app, "/connect", "connect.html", "text/html; charset=utf-8", Surface.Page);
        Map(app, "/connect.css", "connect.css", "text/css; charset=utf-8", Surface.Asset);
        Map(app, "/connect.js", "connect.js", "text/javascript; charset=utf-8", Surface.Asset);
    }

    private static void Map(IEndpointRouteBuilder app, string path, string file, string contentType, Surface surface)
    {
        Lazy<byte[]> content = new(() => Resource(file));
        app.MapGet(path, (HttpContext http) =>
        {
            http.Response.ContentType = contentType;
            http.Response.ContentLength = content.Value.Length;
            return http.Response.Body.WriteAsync(content.Value, http.RequestAborted).AsTask();
        }).With(new Access(Scopes.None) { Open = true, Surface = surface });
    }

    private static byte[] Resource(string file)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Soundings.Pairing.Page." + file)
            ?? throw new InvalidOperationException($"{file} is not embedded; see companion.csproj");
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
