using System.Globalization;
using Microsoft.Extensions.Primitives;
using Soundings.Storage;

namespace Soundings.Api;

/// <summary>
/// The gates before routing (G1, G2 and the Origin half of G3) and the headers that every answer carries, errors included.
/// None of them looks at the path: static files, unknown routes and the API stand behind the same door.
/// </summary>
internal sealed class OuterGuard(RequestDelegate next, Vault vault)
{
    /// <summary>For everything that does not bring its own: nothing but what this companion serves, no frames, no forms, no script from strings.</summary>
    public const string StrictContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private readonly string _serverId = vault.ServerId;

    public Task InvokeAsync(HttpContext http)
    {
        AddHeaders(http.Response.Headers);
        if (!HostIsOurs(http))
        {
            http.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return Task.CompletedTask;
        }
        if (TransportProblem(http.Request) is { } problem)
        {
            // Whoever frames a request in doubt gets no second one on this connection.
            http.Response.Headers.Connection = "close";
            return Reply.ProblemAsync(http, problem);
        }
        if (!OriginIsNoForeignSite(http))
        {
            http.Abort();
            return Task.CompletedTask;
        }
        return next(http);
    }

    private void AddHeaders(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = StrictContentPolicy;
        headers["X-Soundings-Server"] = _serverId;
    }

    /// <summary>
    /// G1: the Host header is exactly the address we listen on. A page that rebinds its name to 127.0.0.1 comes with a matching Origin
    /// and with <c>Sec-Fetch-Site: same-origin</c> (measured), so nothing else can tell it.
    /// </summary>
    private static bool HostIsOurs(HttpContext http)
    {
        StringValues host = http.Request.Headers.Host;
        return host.Count == 1 && string.Equals(host[0], OwnHost(http), StringComparison.Ordinal);
    }

    public static string OwnHost(HttpContext http) =>
        string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{http.Connection.LocalPort}");

    /// <summary>G2: HTTP/1.1, one framing of the body, no encoded body, no change of protocol.</summary>
    private static Problem? TransportProblem(HttpRequest request)
    {
        IHeaderDictionary headers = request.Headers;
        if (request.Protocol != "HTTP/1.1") return ProblemTypes.HttpVersion;
        // Kestrel takes both and believes the encoding; whoever stands before us may believe the length. By now it has put the length away under this name.
        if (headers.ContainsKey("X-Content-Length") && headers.ContainsKey("Transfer-Encoding")) return ProblemTypes.BadRequest;
        // Kestrel takes any list that ends in chunks and hands the inner coding on as if it were the text.
        if (headers.TransferEncoding.Count > 0 && !(headers.TransferEncoding is [{ } coding] && coding.Equals("chunked", StringComparison.OrdinalIgnoreCase))) return ProblemTypes.BadRequest;
        if (headers.ContainsKey("Content-Encoding")) return ProblemTypes.WrongMediaType;
        return headers.ContainsKey("Upgrade") ? ProblemTypes.BadRequest : null;
    }

    /// <summary>
    /// G3, first half: a request that says it comes from a web page other than ours is cut off without an answer, so that a page sees the same
    /// as with no companion at all. Origins are compared as whole strings. An extension's origin passes here; its token decides.
    /// </summary>
    private static bool OriginIsNoForeignSite(HttpContext http)
    {
        StringValues origin = http.Request.Headers.Origin;
        if (origin.Count == 0) return true;
        if (origin is not [{ Length: > 0 } only] || only == "null") return false;
        bool web = only.StartsWith("http:", StringComparison.OrdinalIgnoreCase) || only.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        return !web || only == "http://" + OwnHost(http);
    }
}
