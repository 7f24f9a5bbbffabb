using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Soundings.Pairing;

namespace Soundings.Api;

/// <summary>Every answer of the API leaves here, whole and at once, so that each can carry its proof.</summary>
internal static class Reply
{
    public static Task JsonAsync<T>(HttpContext http, T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) =>
        SendAsync(http, status, "application/json; charset=utf-8", JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>JSON Lines, as a file would hold them.</summary>
    public static Task LinesAsync(HttpContext http, byte[] lines) => SendAsync(http, StatusCodes.Status200OK, "application/jsonl; charset=utf-8", lines);

    public static Task ProblemAsync(HttpContext http, Problem problem, string? detail = null)
    {
        Problem full = problem with { Detail = detail ?? problem.Detail, TraceId = http.TraceIdentifier };
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(full, WireJson.Context.Problem);
        return SendAsync(http, problem.Status, "application/problem+json", body);
    }

    /// <summary>Whole seconds, at least one: a client that waits less would only be refused again.</summary>
    public static void RetryAfter(HttpContext http, TimeSpan wait) =>
        http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private static async Task SendAsync(HttpContext http, int status, string contentType, byte[] body)
    {
        HttpResponse response = http.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        AddProof(http, status, body);
        if (!HttpMethods.IsHead(http.Request.Method)) await response.Body.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>
    /// A program that took our port can answer 200 to anything, and the outbox would empty itself into it. So a paired browser
    /// names its request by a nonce, and believes only an answer that binds the nonce, the status and the body under its session's key.
    /// </summary>
    private static void AddProof(HttpContext http, int status, byte[] body)
    {
        if (http.Features.Get<Session>() is not { ProofKey: { } key }) return;
        if (http.Request.Headers["X-Soundings-Request"] is not [{ Length: > 0 and <= 64 } nonce]) return;
        string proven = string.Create(CultureInfo.InvariantCulture, $"{nonce}\n{status}\n{Base64Url.EncodeToString(SHA256.HashData(body))}");
        http.Response.Headers["X-Soundings-Proof"] = Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(proven)));
    }
}
