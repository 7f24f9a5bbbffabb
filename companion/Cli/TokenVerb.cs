using System.CommandLine;
using Soundings.Api;

namespace Soundings.Cli;

/// <summary>The verb <c>token</c>: a short-lived bearer token for scripts. Only who can read the data folder can ask.</summary>
internal static class TokenVerb
{
    public static Command Build()
    {
        Option<string?> data = CommonOptions.Data();
        Option<string> scope = new("--scope") { Description = "What the token may do: ext, dash or cli", Required = true };
        scope.AcceptOnlyFromAmong("ext", "dash", "cli");
        Command verb = new("token", "Print a short-lived token of the running companion") { data, scope };
        verb.SetAction(async (parsed, stop) =>
        {
            TokenReply token = await CompanionCall.PostAsync(
                parsed.Folder(data), "tokens", new TokenRequest(parsed.GetValue(scope)!), WireJson.Context.TokenRequest, WireJson.Context.TokenReply, stop);
            Console.WriteLine(token.Token);
            return 0;
        });
        return verb;
    }
}
