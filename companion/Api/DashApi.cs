using Soundings.Pairing;

namespace Soundings.Api;

internal sealed record DashTicketReply(string Link, int ExpiresInSeconds);

internal sealed record DashSessionRequest(string Ticket);

internal sealed record DashSessionReply(string Token, int ExpiresInSeconds);

/// <summary>How the dashboard's page comes to its token: a one-time link from the extension or the command line, never a cookie.</summary>
internal static class DashApi
{
    public static void MapDash(this IEndpointRouteBuilder api)
    {
        api.MapPost("/dash/ticket", TicketAsync).For(Scopes.Ext | Scopes.Cli);
        api.MapPost("/dash/session", SessionAsync).Open();
    }

    private static async Task TicketAsync(HttpContext http)
    {
        if (await WireJson.ReadAsync(http, WireJson.Context.EmptyRequest) is null) return;
        TimeSpan lifetime = http.RequestServices.GetRequiredService<PairingOptions>().DashTicketLifetime;
        string ticket = http.RequestServices.GetRequiredService<Tickets>().OpenDash(lifetime);
        await Reply.JsonAsync(http,
            new DashTicketReply($"http://{OuterGuard.OwnHost(http)}/#c={ticket}", (int)lifetime.TotalSeconds), WireJson.Context.DashTicketReply);
    }

    private static async Task SessionAsync(HttpContext http)
    {
        if (await WireJson.ReadAsync(http, WireJson.Context.DashSessionRequest) is not { } request) return;
        if (!http.RequestServices.GetRequiredService<Tickets>().BurnDash(request.Ticket))
        {
            await Reply.ProblemAsync(http, ProblemTypes.TicketGone);
            return;
        }
        TimeSpan idle = http.RequestServices.GetRequiredService<PairingOptions>().DashIdle;
        string token = http.RequestServices.GetRequiredService<Sessions>().Mint(Scopes.Dash, idle, sliding: true);
        await Reply.JsonAsync(http, new DashSessionReply(token, (int)idle.TotalSeconds), WireJson.Context.DashSessionReply);
    }
}
