// The composition root: the verbs of the command line, and the companion they serve, put together from its parts.
using System.CommandLine;
using Soundings.Api;
using Soundings.Cli;
using Soundings.Dashboard;
using Soundings.Depth;
using Soundings.Pairing;
using Soundings.Storage;

namespace Soundings;

internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        DataFolder.RestrictNewFiles();
        RootCommand root = new("Soundings measures how deep one's interactions on LinkedIn and Facebook go, on this machine alone.")
        {
            ServeVerb.Build(),
            ConnectVerb.Build(),
            DashboardVerb.Build(),
            TokenVerb.Build(),
            ScoreVerb.Build(),
            ReadVerb.Build(),
            EvaluateVerb.Build(),
            TrainVerb.Build(),
            ModelsVerb.Build(),
            ActivateVerb.Build(),
            ExportVerb.Build(),
            ProbeVerb.Build(),
            BenchVerb.Build(),
            ImportVerb.Build(),
            ForgetVerb.Build(),
            BackupVerb.Build(),
            RestoreVerb.Build(),
            DoctorVerb.Build(),
        };
        try
        {
            ParseResult parsed = root.Parse(args);
            // Past it a stop becomes a kill: moving a long log into the database takes its time on a busy machine.
            TimeSpan stopping = TimeSpan.FromSeconds(15);
            int code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = stopping });
            return parsed.Errors.Count > 0 ? 2 : code;
        }
        catch (MendableError error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 2;
        }
        // The last resort: whoever ran a verb gets a sentence and a code that says whose fault it was, never a stack trace and an abort.
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync($"A file could not be read or written: {error.Message} Mend that and try again.");
            return 2;
        }
        catch (Exception error)
        {
            await Console.Error.WriteLineAsync($"Soundings made a mistake ({error.GetType().Name}). Nothing more was done.");
            return 1;
        }
    }

    /// <summary>The companion on one port, not started yet. <paramref name="edges"/> lets a test replace the clock or an option.</summary>
    internal static WebApplication Compose(int port, Vault vault, ActiveModel model, Action<IServiceCollection>? edges = null)
    {
        // Empty, so that no file and no environment variable can add an address, an environment or a log of its own.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listening.Configure(kestrel, port));
        builder.Services.AddSoundingsApi(vault, model).AddPairing();
        builder.AddDashboard();
        edges?.Invoke(builder.Services);

        WebApplication app = builder.Build();
        app.UseMiddleware<Faults>();
        app.UseMiddleware<OuterGuard>();
        app.UseRouting();
        app.UseMiddleware<LocalGuard>();

        RouteGroupBuilder api = app.MapGroup("/api/v1");
        api.MapHello();
        api.MapScore();
        api.MapDraft();
        api.MapLabels();
        api.MapLabelFiles();
        api.MapQueue();
        api.MapModels();
        api.MapTraining();
        api.MapLearning();
        api.MapExempt();
        api.MapItems();
        api.MapPeople();
        api.MapStats();
        api.MapSight();
        api.MapRules();
        api.MapReactions();
        api.MapImport();
        api.MapForget();
        api.MapExport();
        api.MapBackups();
        api.MapPairing();
        api.MapSession();
        api.MapTokens();
        api.MapDash();
        app.MapConnectPage();
        app.MapDashboard();
        return app;
    }
}
