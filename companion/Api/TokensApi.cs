using Soundings.Pairing;

namespace Soundings.Api;

internal sealed record TokenRequest(string Scope);

internal sealed record TokenReply(string Token, string Scope, int ExpiresInSeconds);

/// <summary>A short-lived token of any scope, for whoever can read the data folder (and so holds the cli token).</summary>
internal static class TokensApi
{
    public static void MapTokens(this IEndpointRouteBuilder api) => api.MapPost("/tokens", PostAsync).For(Scopes.Cli);

    private static async Task PostAsync(HttpContext http)
    {
        if (await WireJson.ReadAsync(http, WireJson.Context.TokenRequest) is not { } request) return;
        Scopes scope = request.Scope switch { "ext" => Scopes.Ext, "dash" => Scopes.Dash, "cli" => Scopes.Cli, _ => Scopes.None };
        if (scope == Scopes.None)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, "scope is ext, dash or cli.");
            return;
        }
        Sessions sessions = http.RequestServices.GetRequiredService<Sessions>();
        TimeSpan lifetime = http.RequestServices.GetRequiredService<PairingOptions>().MintedLifetime;
        TokenReply reply = new(sessions.Mint(scope, lifetime), request.Scope, (int)lifetime.TotalSeconds);
        await Reply.JsonAsync(http, reply, WireJson.Context.TokenReply);
    }
}
