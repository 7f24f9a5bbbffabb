using System.Buffers.Text;
using System.Security.Cryptography;
using Soundings.Cli;
using Soundings.Pairing;
using Soundings.Storage;

namespace Soundings.Api;

internal sealed record EmptyRequest;

internal sealed record PairRequest(string TicketId, string NonceC, string Name, string Mac);

internal sealed record PairReply(string ServerId, string ClientId, string NonceS, string Mac, string Words);

internal sealed record PairWish(string Name);

internal sealed record PairWishReply(int ExpiresInSeconds);

internal sealed record TicketReply(string Link, string Code, int ExpiresInSeconds);

internal sealed record ClientView(string ClientId, string Name, string? Origin, string Words, DateTimeOffset Created, DateTimeOffset LastSeen);

internal sealed record ClientsReply(IReadOnlyList<ClientView> Clients);

internal sealed record RemovedReply(string Id, bool Removed);

/// <summary>Connecting a browser by a one-time ticket, and letting it go again.</summary>
internal static class PairApi
{
    private const int MaxNameLength = 80;

    public static void MapPairing(this IEndpointRouteBuilder api)
    {
        Access attempt = new(Scopes.None) { Open = true, PairingAttempt = true };
        api.MapPost("/pair", PairAsync).With(attempt);
        api.MapPost("/pair/request", WishAsync).With(attempt);
        api.MapPost("/pair/ticket", TicketAsync).For(Scopes.Cli);
        api.MapGet("/pair/clients", ListAsync).For(Scopes.Cli | Scopes.Dash);
        api.MapDelete("/pair/clients/{clientId}", RemoveAsync).For(Scopes.Cli | Scopes.Dash);
    }

    /// <summary>The link that pairs one browser. The secret stands in the fragment, which no browser ever sends.</summary>
    public static string Link(HttpContext http, string ticket) => $"http://{OuterGuard.OwnHost(http)}/connect#t={ticket}";

    private static async Task PairAsync(HttpContext http)
    {
        if (await WireJson.ReadAsync(http, WireJson.Context.PairRequest) is not { } request) return;
        if (!Handshake.IsNonce(request.NonceC) || !Handshake.IsNonce(request.TicketId) || request.Mac.Length > 64 || !IsName(request.Name))
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, $"ticketId and nonceC are 16 bytes in base64url, name is 1 to {MaxNameLength} printable characters.");
            return;
        }
        IServiceProvider services = http.RequestServices;
        if (services.GetRequiredService<Tickets>().Burn(request.TicketId) is not { } ticket)
        {
            await Reply.ProblemAsync(http, ProblemTypes.TicketGone);
            return;
        }
        byte[] key = Handshake.PairKey(ticket);
        if (!Handshake.MacsEqual(Handshake.ClientMac(key, request.TicketId, request.NonceC, request.Name), request.Mac))
        {
            await Reply.ProblemAsync(http, ProblemTypes.WrongMac);
            return;
        }
        string serverId = services.GetRequiredService<Vault>().ServerId, nonceS = Handshake.NewNonce();
        string clientId = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12));
        string mac = Handshake.ServerMac(key, request.TicketId, request.NonceC, nonceS, serverId, clientId);
        string words = Handshake.Words(key, mac);
        long now = services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
        string? origin = http.Request.Headers.Origin;
        await services.GetRequiredService<ClientStore>().AddAsync(
            new Client(clientId, Handshake.ClientSecret(ticket, request.NonceC, nonceS), origin, request.Name, words, now, now));
        services.GetRequiredService<Notices>().Say($"Connected: {request.Name} ({words}). Not you? Remove it in the dashboard under Browsers.");
        await Reply.JsonAsync(http, new PairReply(serverId, clientId, nonceS, mac, words), WireJson.Context.PairReply);
    }

    /// <summary>A browser without ticket asks to be connected. That grants nothing: it only opens the page whose link the person then follows.</summary>
    private static async Task WishAsync(HttpContext http)
    {
        if (await WireJson.ReadAsync(http, WireJson.Context.PairWish) is not { } wish) return;
        if (!IsName(wish.Name))
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, $"name is 1 to {MaxNameLength} printable characters.");
            return;
        }
        IServiceProvider services = http.RequestServices;
        Ticket ticket = services.GetRequiredService<Tickets>().Open();
        services.GetRequiredService<Notices>().Say($"{wish.Name} asks to be connected. If that is you, type this code there: {ticket.Code}");
        services.GetRequiredService<Browser>().Open(Link(http, ticket.Secret) + "&code=" + ticket.Code);
        int seconds = (int)services.GetRequiredService<PairingOptions>().TicketLifetime.TotalSeconds;
        await Reply.JsonAsync(http, new PairWishReply(seconds), WireJson.Context.PairWishReply);
    }

    private static async Task TicketAsync(HttpContext http)
    {
        if (await WireJson.ReadAsync(http, WireJson.Context.EmptyRequest) is null) return;
        Ticket ticket = http.RequestServices.GetRequiredService<Tickets>().Open();
        int seconds = (int)http.RequestServices.GetRequiredService<PairingOptions>().TicketLifetime.TotalSeconds;
        await Reply.JsonAsync(http, new TicketReply(Link(http, ticket.Secret), ticket.Code, seconds), WireJson.Context.TicketReply);
    }

    private static Task ListAsync(HttpContext http)
    {
        IReadOnlyList<Client> clients = http.RequestServices.GetRequiredService<ClientStore>().All();
        ClientsReply reply = new([.. clients.Select(client => new ClientView(client.Id, client.Name, client.Origin, client.Words,
            DateTimeOffset.FromUnixTimeMilliseconds(client.Created), DateTimeOffset.FromUnixTimeMilliseconds(client.LastSeen)))]);
        return Reply.JsonAsync(http, reply, WireJson.Context.ClientsReply);
    }

    private static async Task RemoveAsync(HttpContext http)
    {
        string clientId = (string)http.GetRouteValue("clientId")!;
        bool removed = await http.RequestServices.GetRequiredService<ClientStore>().RemoveAsync(clientId);
        http.RequestServices.GetRequiredService<Sessions>().Revoke(clientId);
        if (removed) await Reply.JsonAsync(http, new RemovedReply(clientId, true), WireJson.Context.RemovedReply);
        else await Reply.ProblemAsync(http, ProblemTypes.NotFound);
    }

    private static bool IsName(string name) => name.Length is > 0 and <= MaxNameLength && !name.Any(char.IsControl);
}
