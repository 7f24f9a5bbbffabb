using System.Text.Json;
using Soundings.Reading;

namespace Soundings.Api;

internal sealed record RefusedRules(string File, string Reason);

/// <summary>The user's own rule files by site, as they are on disk; null where the caller has this version. And those that are not used, and why.</summary>
internal sealed record RulesReply(string Version, IReadOnlyDictionary<string, JsonElement>? Rules, IReadOnlyList<RefusedRules> Refused);

/// <summary>Rule files that the user put into DATA/sites, for an extension that has older ones.</summary>
internal static class RulesApi
{
    public static void MapRules(this IEndpointRouteBuilder api) => api.MapGet("/rules", GetAsync).For(Scopes.Ext | Scopes.Dash | Scopes.Cli);

    private static async Task GetAsync(HttpContext http)
    {
        QueryCheck query = new(http.Request.Query);
        string? known = query.Read<string?>("version", null, text => (text.Length == 16 && text.All(char.IsAsciiHexDigitLower), text), "16 hexadecimal digits");
        if (query.Finish() is { } fault)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, fault);
            return;
        }
        Shelf shelf = http.RequestServices.GetRequiredService<RuleShelf>().Now();
        Dictionary<string, JsonElement>? rules = shelf.Version == known ? null : shelf.Own.ToDictionary(one => one.Key, one => Parse(one.Value), StringComparer.Ordinal);
        await Reply.JsonAsync(http, new RulesReply(shelf.Version, rules, Refused(shelf)), WireJson.Context.RulesReply);
    }

    public static IReadOnlyList<RefusedRules> Refused(Shelf shelf) => [.. shelf.Refused.Select(one => new RefusedRules(one.File, one.Reason))];

    private static JsonElement Parse(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
