using Soundings.Pairing;
using Soundings.Storage;

namespace Soundings.Api;

internal sealed record SessionRequest(string ClientId, string NonceC);

internal sealed record SessionReply(string ServerId, string NonceS, int ExpiresInSeconds, string Mac);

/// <summary>
/// A session for a connected browser. The companion proves itself first; the token is derived on both sides and never sent by it,
/// so whoever only knows a client id gains a session it cannot use.
/// </summary>
internal static class SessionApi
{
    public static void MapSession(this IEndpointRouteBuilder api) => api.MapPost("/session", PostAsync).Open();

    private static async Task PostAsync(HttpContext http)
    {
        if (await WireJson.ReadAsync(http, WireJson.Context.SessionRequest) is not { } request) return;
        if (!Handshake.IsNonce(request.NonceC) || request.ClientId.Length > 64)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, "nonceC is 16 bytes in base64url.");
            return;
        }
        IServiceProvider services = http.RequestServices;
        ClientStore clients = services.GetRequiredService<ClientStore>();
        if (clients.Find(request.ClientId) is not { } client)
        {
            await Reply.ProblemAsync(http, ProblemTypes.NotPaired);
            return;
        }
        string serverId = services.GetRequiredService<Vault>().ServerId, nonceS = Handshake.NewNonce();
        services.GetRequiredService<Sessions>().OpenForClient(
            Handshake.SessionToken(client.Secret, request.NonceC, nonceS), client.Id, client.Origin, Handshake.ProofKey(client.Secret, request.NonceC, nonceS));
        services.GetRequiredService<Background>().Start("note when a browser was last seen",
            clients.TouchAsync(client.Id, services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds()));
        string mac = Handshake.SessionMac(client.Secret, serverId, client.Id, http.Connection.LocalPort, request.NonceC, nonceS);
        int seconds = (int)services.GetRequiredService<PairingOptions>().SessionLifetime.TotalSeconds;
        await Reply.JsonAsync(http, new SessionReply(serverId, nonceS, seconds, mac), WireJson.Context.SessionReply);
    }
}
