using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Soundings.Pairing;
using Soundings.Reading.Exports;
using Soundings.Storage;

namespace Soundings.Api;

/// <summary>
/// The gates that look at the endpoint a request was routed to (the rest of G3, and G4 to G8). They are decided by the
/// <see cref="Access"/> on the endpoint, never by the spelling of a path; what carries none falls under <see cref="Access.Fallback"/>.
/// </summary>
internal sealed class LocalGuard(RequestDelegate next, Vault vault, Sessions sessions, PairingAttempts attempts, TimeProvider clock)
{
    private readonly string _serverId = vault.ServerId;

    public async Task InvokeAsync(HttpContext http)
    {
        Access access = http.GetEndpoint()?.Metadata.GetMetadata<Access>() ?? Access.Fallback;
        if (!FetchIsInOrder(http.Request, access.Surface))
        {
            http.Abort();
            return;
        }
        Problem? refusal = access.Open ? OpenRefusal(http, access) : TokenRefusal(http, access);
        refusal ??= BodyRefusal(http.Request, access);
        if (refusal is not null)
        {
            await Reply.ProblemAsync(http, refusal);
            return;
        }
        if (access.ContentPolicy is { } policy) http.Response.Headers.ContentSecurityPolicy = policy;
        await next(http);
        if (!http.Response.HasStarted && http.Response.StatusCode is 404 or 405)
            await Reply.ProblemAsync(http, http.Response.StatusCode == 404 ? ProblemTypes.NotFound : ProblemTypes.MethodNotAllowed);
    }

    /// <summary>
    /// G3, second half. Our worker's requests arrive as <c>none</c> from Chromium and as <c>same-origin</c> from Firefox (measured),
    /// so the rule names what is refused. Another site may lead a person to a page of ours, and to nothing else.
    /// </summary>
    private static bool FetchIsInOrder(HttpRequest request, Surface surface)
    {
        StringValues site = request.Headers["Sec-Fetch-Site"], mode = request.Headers["Sec-Fetch-Mode"], dest = request.Headers["Sec-Fetch-Dest"];
        bool foreign = Any(site, "cross-site") || Any(site, "same-site");
        return surface switch
        {
            Surface.Page => dest.Count == 0 ? !foreign : Any(dest, "document") && Any(mode, "navigate") && HttpMethods.IsGet(request.Method)
                || Any(dest, "empty") && !foreign,
            Surface.Asset => !foreign,
            _ => !foreign && !Any(mode, "navigate") && !Any(mode, "no-cors") && !Any(mode, "websocket"),
        };

        static bool Any(StringValues values, string value) => values.Contains(value, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>An endpoint without token: only the few pairing attempts a minute are counted (G8).</summary>
    private Problem? OpenRefusal(HttpContext http, Access access) =>
        access.PairingAttempt && !attempts.TryTake(out TimeSpan wait) ? TooMany(http, wait) : null;

    /// <summary>G4 (a token we know), G5 (its scope, and the origin it belongs to), G8 (not too often).</summary>
    private Problem? TokenRefusal(HttpContext http, Access access)
    {
        if (BearerToken(http.Request) is not { } token) return Challenge(http, ProblemTypes.TokenMissing);
        if (sessions.Find(token) is not { } session) return Challenge(http, ProblemTypes.SessionExpired);
        http.Features.Set(session);

        string? origin = http.Request.Headers.Origin;
        if (origin is not null && origin != session.Origin && origin != "http://" + OuterGuard.OwnHost(http)) return ProblemTypes.Forbidden;
        if (access.Surface != Surface.Circuit && !session.Budget.TryTake(clock.GetTimestamp(), out TimeSpan wait)) return TooMany(http, wait);
        if (http.GetEndpoint() is null) return ProblemTypes.NotFound;
        if (IsMethodMismatch(http)) return null;
        return (session.Scopes & access.Scopes) == 0 ? ProblemTypes.Forbidden : null;
    }

    /// <summary>Routing answers a known path with a wrong method by an endpoint of its own, which carries no access; it only says 405.</summary>
    private static bool IsMethodMismatch(HttpContext http) => http.GetEndpoint() is { Metadata.Count: 0 };

    /// <summary>G6 and G7, before a byte of the body is read; a body sent in chunks meets the same limit in Kestrel.</summary>
    private Problem? BodyRefusal(HttpRequest request, Access access)
    {
        if (request.Headers.TryGetValue("X-Soundings-Server", out StringValues meant) && meant != _serverId) return ProblemTypes.OtherServer;
        if (access.Surface == Surface.Circuit) return null;
        bool body = HttpMethods.IsPost(request.Method) || request.ContentLength > 0 || request.Headers.ContainsKey("Transfer-Encoding");
        if (!body) return null;
        if (request.ContentLength > (access.Upload ? ImportLimits.UploadBytes : Listening.MaxBodyBytes)) return ProblemTypes.TooLarge;
        // A browser sends a form's types without asking; a form can carry no token, and these are refused all the same.
        if (access.Upload) return request.ContentType is { Length: > 0 } type && !type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) && !type.StartsWith("application/x-www-form", StringComparison.OrdinalIgnoreCase) ? null : ProblemTypes.WrongMediaType;
        return IsJson(request.ContentType) ? null : ProblemTypes.WrongMediaType;
    }

    /// <summary>JSON in UTF-8, however the two are spelled; no other type, and nothing more said of it.</summary>
    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type) && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (type.Parameters.Count == 0 || type.Parameters is [{ Name.Value: { } name }] && name.Equals("charset", StringComparison.OrdinalIgnoreCase)
            && HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static string? BearerToken(HttpRequest request) =>
        request.Headers.Authorization is [{ } only] && only.StartsWith("Bearer ", StringComparison.Ordinal) && only.Length > 7 ? only[7..] : null;

    private static Problem Challenge(HttpContext http, Problem problem)
    {
        http.Response.Headers.WWWAuthenticate = "Soundings";
        return problem;
    }

    private static Problem TooMany(HttpContext http, TimeSpan wait)
    {
        Reply.RetryAfter(http, wait);
        return ProblemTypes.TooMany;
    }
}

internal static class SessionExtensions
{
    /// <summary>Whose token came with this request. Only behind an endpoint that asks for one.</summary>
    public static Session Session(this HttpContext http) => http.Features.Get<Session>() ?? throw new InvalidOperationException("the endpoint asks for no token");
}
