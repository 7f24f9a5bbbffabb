using System.CommandLine;
using Soundings.Api;

namespace Soundings.Cli;

/// <summary>The verb <c>dashboard</c>: a one-time link to the dashboard of the running companion, for whoever has no extension at hand.</summary>
internal static class DashboardVerb
{
    public static Command Build()
    {
        Option<string?> data = CommonOptions.Data();
        Command verb = new("dashboard", "Print a one-time link that opens the dashboard of the running companion") { data };
        verb.SetAction(async (parsed, stop) =>
        {
            DashTicketReply ticket = await CompanionCall.PostAsync(
                parsed.Folder(data), "dash/ticket", new EmptyRequest(), WireJson.Context.EmptyRequest, WireJson.Context.DashTicketReply, stop);
            Console.WriteLine(ticket.Link);
            // Beside the link, not in it: stdout is the link alone, for whoever pipes it on.
            Console.Error.WriteLine($"Open it in a browser on this machine. It works once, within {ticket.ExpiresInSeconds} seconds.");
            return 0;
        });
        return verb;
    }
}
