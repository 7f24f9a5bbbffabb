using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Soundings.Api;
using Soundings.Depth;
using Soundings.Pairing;
using Soundings.Reading.Exports;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Cli;

/// <summary>The verb <c>serve</c>: the companion, from its first port to a clean stop.</summary>
internal static class ServeVerb
{
    public static Command Build()
    {
        Option<string?> data = CommonOptions.Data();
        Option<int?> port = new("--port")
        {
            Description = $"The port (default: the first free of {string.Join(", ", Listening.Ports)}; 0: any free one)",
            HelpName = "N",
        };
        port.Validators.Add(result =>
        {
            // By its token: asking for the value of what is no number throws.
            if (result.Tokens is [{ Value: var given }] && !ushort.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out _)) result.AddError("--port takes a number from 0 to 65535.");
        });
        Option<bool> noBrowser = new("--no-browser") { Description = "Do not open the dashboard in a browser" };
        Command verb = new("serve", "Run the companion: score what the extension reads, keep labels, show the dashboard") { data, port, noBrowser };
        verb.SetAction((parsed, stop) => RunAsync(parsed.Folder(data), parsed.GetValue(port), !parsed.GetValue(noBrowser), stop));
        return verb;
    }

    private static async Task<int> RunAsync(DataFolder folder, int? port, bool openBrowser, CancellationToken stop)
    {
        IReadOnlyList<int> ports = port is { } only ? [only] : Listening.Ports;
        while (await ServeAsync(folder, ports, openBrowser, stop) is { } again)
        {
            // On the same port, so that every browser finds it again.
            ports = [again, .. ports.Where(other => other != again)];
            openBrowser = false;
        }
        return 0;
    }

    /// <summary>Serves until it is stopped; returns the port on which to begin anew, where that was asked for.</summary>
    private static async Task<int?> ServeAsync(DataFolder folder, IReadOnlyList<int> ports, bool openBrowser, CancellationToken stop)
    {
        using Vault vault = Vault.Open(folder);
        Browser.ForgetLeftovers(folder);
        ImportRun.ForgetLeftovers(folder);
        Copies.ForgetLeftovers(folder);
        await using WebApplication app = await StartAsync(ports, vault, Serving(folder));
        Announce(app, vault, openBrowser);
        _ = Task.Run(() => WarmUp(app.Services.GetRequiredService<ActiveModel>().Current), stop);
        try
        {
            await app.WaitForShutdownAsync(stop);
        }
        finally
        {
            RunningCompanion.Remove(folder);
        }
        return app.Services.GetRequiredService<Restarting>().Wanted && !stop.IsCancellationRequested ? new Uri(app.Urls.Single()).Port : null;
    }

    /// <summary>The active model, or the last good one with a loud word on why.</summary>
    private static ActiveModel Serving(DataFolder folder)
    {
        ActiveModel model = new(ModelCatalogue.Open(folder).LoadServing(out string? fault)) { Fault = fault };
        if (fault is not null) Console.Error.WriteLine(fault);
        return model;
    }

    private static async Task<WebApplication> StartAsync(IReadOnlyList<int> ports, Vault vault, ActiveModel model)
    {
        foreach (int port in ports)
        {
            WebApplication app = Program.Compose(port, vault, model);
            try
            {
                await app.StartAsync();
                return app;
            }
            catch (Exception error) when (IsTaken(error))
            {
                await app.DisposeAsync();
            }
        }
        throw new MendableError(ports.Count == 1
            ? $"Another program answers on port {ports[0]}. Quit it, or start Soundings with another --port (0 takes any free one)."
            : $"Other programs answer on all of Soundings' ports ({string.Join(", ", ports)}). Quit one of them, or start Soundings with --port.");
    }

    /// <summary>In use, or kept from us: on Windows a port inside an excluded range is refused as forbidden.</summary>
    private static bool IsTaken(Exception error) => error switch
    {
        AddressInUseException => true,
        System.Net.Sockets.SocketException { SocketErrorCode: System.Net.Sockets.SocketError.AccessDenied or System.Net.Sockets.SocketError.AddressAlreadyInUse } => true,
        _ => error.InnerException is { } inner && IsTaken(inner),
    };

    /// <summary>The first score pays for compiling the scorer; better before anybody waits for it.</summary>
    private static void WarmUp(Scorer scorer)
    {
        Item item = new("warm", Kind.Comment, "We tried this in 2021: the queue broke first, at about 400 orders a minute.") { Parent = "How do you scale?" };
        ScoreReply reply = new(scorer.Version, scorer.Score([item]));
        _ = JsonSerializer.SerializeToUtf8Bytes(reply, WireJson.Context.ScoreReply);
        _ = JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(new ScoreRequest([item]), WireJson.Context.ScoreRequest), WireJson.Context.ScoreRequest);
    }

    private static void Announce(WebApplication app, Vault vault, bool openBrowser)
    {
        string address = app.Urls.Single();
        int port = new Uri(address).Port;
        Sessions sessions = app.Services.GetRequiredService<Sessions>();
        Tickets tickets = app.Services.GetRequiredService<Tickets>();
        PairingOptions options = app.Services.GetRequiredService<PairingOptions>();

        string token = sessions.Mint(Scopes.Cli, TimeSpan.MaxValue);
        new RunningCompanion(port, vault.ServerId, Environment.ProcessId, token).Write(vault.Folder);

        Console.WriteLine($"Soundings is listening on {address}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Dashboard (this link works once, for {options.PrintedDashTicketLifetime.TotalMinutes:0} minutes): {address}/#c={tickets.OpenDash(options.PrintedDashTicketLifetime)}"));
        Console.WriteLine("Press Ctrl+C to stop.");
        if (openBrowser) app.Services.GetRequiredService<Browser>().Open($"{address}/#c={tickets.OpenDash(options.PrintedDashTicketLifetime)}");
    }
}
