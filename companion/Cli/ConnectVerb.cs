using System.CommandLine;
using Soundings.Api;

namespace Soundings.Cli;

/// <summary>The verb <c>connect</c>: a one-time link (and the code for typing) that connects one browser.</summary>
internal static class ConnectVerb
{
    public static Command Build()
    {
        Option<string?> data = CommonOptions.Data();
        Command verb = new("connect", "Print a one-time link that connects a browser to the running companion") { data };
        verb.SetAction(async (parsed, stop) =>
        {
            TicketReply ticket = await CompanionCall.PostAsync(
                parsed.Folder(data), "pair/ticket", new EmptyRequest(), WireJson.Context.EmptyRequest, WireJson.Context.TicketReply, stop);
            Console.WriteLine(ticket.Link);
            // Beside the link, not in it: stdout is the link alone, for whoever pipes it on.
            Console.Error.WriteLine($"Open it in the browser that has the extension, or type this code there: {ticket.Code}. Either works once, within {ticket.ExpiresInSeconds} seconds.");
            return 0;
        });
        return verb;
    }
}
