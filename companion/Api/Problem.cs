using System.Text.Json.Serialization;

namespace Soundings.Api;

/// <summary>An error as it goes over the wire (RFC 9457), without anything of the inside: no stack, no path, no type name.</summary>
internal sealed record Problem(
    [property: JsonPropertyOrder(0)] string Type,
    [property: JsonPropertyOrder(1)] string Title,
    [property: JsonPropertyOrder(2)] int Status)
{
    [JsonPropertyOrder(3)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    [JsonPropertyOrder(4)]
    public string TraceId { get; init; } = "";
}

/// <summary>The closed list of problems the companion answers with. A client may switch on <c>type</c>; the texts may change.</summary>
internal static class ProblemTypes
{
    public static readonly Problem BadRequest = Make("bad-request", 400, "The request is not well-formed.");
    public static readonly Problem BadJson = Make("bad-json", 400, "The body is not the JSON this call takes.");
    public static readonly Problem TokenMissing = Make("token-missing", 401, "This call needs a bearer token.");
    public static readonly Problem SessionExpired = Make("session-expired", 401, "The token is not known or has expired. Open a new session.");
    public static readonly Problem NotPaired = Make("not-paired", 401, "This browser is not connected. Connect it again.");
    public static readonly Problem Forbidden = Make("forbidden", 403, "This token may not do that.");
    public static readonly Problem WrongMac = Make("wrong-proof", 403, "The proof does not fit the link or code.");
    public static readonly Problem NotFound = Make("not-found", 404, "There is nothing here.");
    public static readonly Problem MethodNotAllowed = Make("method-not-allowed", 405, "The resource does not take this method.");
    public static readonly Problem TooSlow = Make("too-slow", 408, "The request took too long to arrive.");
    public static readonly Problem Conflict = Make("conflict", 409, "This id is already taken by another content.");
    public static readonly Problem Cancelled = Make("cancelled", 409, "It was cancelled. Nothing was changed.");
    public static readonly Problem TicketGone = Make("ticket-gone", 410, "The link or code is unknown, used or expired. Ask for a new one.");
    public static readonly Problem OtherServer = Make("other-server", 412, "This is not the companion that was meant.");
    public static readonly Problem TooLarge = Make("too-large", 413, "The body is larger than this call takes.");
    public static readonly Problem WrongMediaType = Make("wrong-media-type", 415, "The body must be application/json, not encoded.");
    public static readonly Problem Misdirected = Make("misdirected", 421, "The request is meant for another host.");
    public static readonly Problem Invalid = Make("invalid", 422, "A value is outside what this call takes.");
    public static readonly Problem TooMany = Make("too-many-requests", 429, "Too many requests. Wait a little.");
    public static readonly Problem HeadersTooLarge = Make("headers-too-large", 431, "The request's headers are too large.");
    public static readonly Problem Internal = Make("internal", 500, "The companion made a mistake.");
    public static readonly Problem Busy = Make("busy", 503, "The companion is busy or shutting down. Try again shortly.");
    public static readonly Problem Paused = Make("paused", 503, "Soundings is paused. Nothing is judged or stored until it is resumed.");
    public static readonly Problem StorageFailed = Make("storage-failed", 503, "The data folder cannot be read or written just now.");
    public static readonly Problem ModelMissing = Make("model-missing", 503, "No model can be loaded, so nothing can be scored.");
    public static readonly Problem HttpVersion = Make("http-version", 505, "The companion speaks HTTP/1.1.");
    public static readonly Problem DiskFull = Make("disk-full", 507, "The disk is full. Nothing was changed.");

    /// <summary>All of them, for the test that keeps the list closed and for documentation.</summary>
    public static IReadOnlyList<Problem> All { get; } =
    [
        BadRequest, BadJson, TokenMissing, SessionExpired, NotPaired, Forbidden, WrongMac, NotFound, MethodNotAllowed, TooSlow, Conflict, Cancelled,
        TicketGone, OtherServer, TooLarge, WrongMediaType, Misdirected, Invalid, TooMany, HeadersTooLarge, Internal, Busy, Paused, StorageFailed,
        ModelMissing, HttpVersion, DiskFull,
    ];

    private static Problem Make(string name, int status, string title) => new("urn:soundings:problem:" + name, title, status);
}
