using Soundings.Storage;

namespace Soundings.Api;

internal sealed record SightRequest(string Site, int Seen, int Signs, string Page);

internal sealed record SightReply(string State);

/// <summary>The extension says what its rules see on a page: counts only.</summary>
internal static class SightApi
{
    private const int MaxCount = 1_000_000;

    public static void MapSight(this IEndpointRouteBuilder api) => api.MapPost("/sight", PostAsync).For(Scopes.Ext);

    private static async Task PostAsync(HttpContext http)
    {
        if (await WireJson.ReadAsync(http, WireJson.Context.SightRequest) is not { } request) return;
        if (!IsName(request.Site) || !IsName(request.Page) || request.Seen is < 0 or > MaxCount || request.Signs is < 0 or > MaxCount)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, "site and page are 1 to 32 lower-case letters, digits and dashes; seen and signs are counts.");
            return;
        }
        long now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
        Sight sight = new(request.Site, request.Page, request.Seen, request.Signs, now);
        await http.RequestServices.GetRequiredService<SightStore>().NoteAsync(sight);
        await Reply.JsonAsync(http, new SightReply(sight.IsBlind ? "blind" : "ok"), WireJson.Context.SightReply);
    }

    private static bool IsName(string text) => text.Length is > 0 and <= 32 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
