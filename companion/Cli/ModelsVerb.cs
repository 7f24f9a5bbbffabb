using System.CommandLine;
using System.Globalization;
using Soundings.Api;
using Soundings.Depth;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Cli;

/// <summary>The verb <c>models</c>: the versions there are, and which one judges.</summary>
internal static class ModelsVerb
{
    public static Command Build()
    {
        Option<string?> data = CommonOptions.Data();
        Command verb = new("models", "List the versions of the model: what each learned from, how it did, and which one is active") { data };
        verb.SetAction(async (parsed, stop) =>
        {
            DataFolder folder = parsed.Folder(data);
            Print(Vault.IsHeld(folder)
                ? await CompanionCall.GetAsync(folder, "models", WireJson.Context.ModelsReply, stop)
                : FromFiles(folder));
            return 0;
        });
        return verb;
    }

    public static ModelsReply FromFiles(DataFolder folder)
    {
        ModelCatalogue catalogue = ModelCatalogue.Open(folder);
        Scorer serving = catalogue.LoadServing(out string? fault);
        return ModelsApi.View(catalogue, serving.Version, fault);
    }

    public static void Print(ModelsReply reply)
    {
        foreach (ModelView model in reply.Models)
        {
            string own = model.OwnN is { } n ? n < Hits.Enough ? $", own labels: too few to say ({n})" : $", right on {model.OwnRight} of {n} own labels (what it stands on: {model.StarterRight})" : "";
            string learned = model.Labels is { } labels ? string.Create(CultureInfo.InvariantCulture, $", {labels} labels, {model.Made}") : "";
            Console.WriteLine($"{(model.State == "active" ? "*" : " ")} {model.Version,-8} {model.Kind,-9} {model.State}{learned}{own}{(model.State == "candidate" ? $"; kept back: {model.Why}" : "")}");
        }
        if (reply.Fault is not null) Console.Error.WriteLine(reply.Fault);
    }
}

/// <summary>The verb <c>activate</c>: makes another version judge, forward or back.</summary>
internal static class ActivateVerb
{
    public static Command Build()
    {
        Argument<string> version = new("VERSION") { Description = "As 'models' lists them; 1 is the starter" };
        Option<string?> data = CommonOptions.Data();
        Command verb = new("activate", "Make a version of the model the active one") { version, data };
        verb.SetAction((parsed, stop) => RunAsync(parsed.GetRequiredValue(version), parsed.Folder(data), stop));
        return verb;
    }

    private static async Task<int> RunAsync(string version, DataFolder folder, CancellationToken stop)
    {
        if (ModelVersion.Parse(version) is null || !ModelCatalogue.Open(folder).Versions.Contains(version))
            throw new MendableError($"There is no model {version}. There are: {string.Join(", ", ModelCatalogue.Open(folder).Versions)}.");
        ModelsReply reply;
        if (Vault.IsHeld(folder))
            reply = await CompanionCall.PostAsync(folder, $"models/{version}/activate", new EmptyRequest(), WireJson.Context.EmptyRequest, WireJson.Context.ModelsReply, stop);
        else
        {
            using Vault vault = Vault.Open(folder);
            ModelCatalogue.Open(folder).Activate(version);
            reply = ModelsVerb.FromFiles(folder);
        }
        Console.WriteLine($"Version {reply.Active} judges now.");
        return 0;
    }
}
