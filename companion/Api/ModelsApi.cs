using System.Text.Json.Nodes;
using Soundings.Depth;
using Soundings.Training;

namespace Soundings.Api;

/// <summary>A version. <c>State</c>: active, candidate (kept back by the promotion rule), or earlier. <c>Kind</c>: starter, personal or full.</summary>
internal sealed record ModelView(
    string Version, string State, string Kind, string? Parent, string? Made, int? Labels, int? OwnN, int? OwnRight, int? StarterRight, double? FloorAuc, string? Why);

internal sealed record ModelsReply(string Active, string? Fault, IReadOnlyList<ModelView> Models);

/// <summary>The versions there are, and switching between them.</summary>
internal static class ModelsApi
{
    public static void MapModels(this IEndpointRouteBuilder api)
    {
        api.MapGet("/models", GetAsync).For(Scopes.Ext | Scopes.Dash | Scopes.Cli);
        api.MapPost("/models/{version}/activate", ActivateAsync).For(Scopes.Dash | Scopes.Cli);
    }

    public static ModelsReply View(ModelCatalogue catalogue, string active, string? fault) =>
        new(active, fault, [.. catalogue.Versions.Reverse().Select(version => Line(catalogue, version, active))]);

    private static ModelView Line(ModelCatalogue catalogue, string version, string active)
    {
        JsonObject? report = catalogue.ReportOf(version);
        ModelVersion named = ModelVersion.Parse(version)!.Value;
        bool keptBack = (bool?)report?["serves"] == false;
        return new(
            version, version == active ? "active" : keptBack ? "candidate" : "earlier", named.IsStarter ? "starter" : named.IsPersonal ? "personal" : "full",
            (string?)report?["parents"]?[0], (string?)report?["made"], (int?)report?["labels"],
            (int?)report?["own"]?["n"], (int?)report?["own"]?["right"], (int?)report?["own"]?["starterRight"], (double?)report?["starter"]?["auc"], (string?)report?["why"]);
    }

    private static async Task GetAsync(HttpContext http)
    {
        await http.RequestServices.GetRequiredService<Learner>().WrittenAsync();
        ActiveModel active = http.RequestServices.GetRequiredService<ActiveModel>();
        await Reply.JsonAsync(http, View(http.RequestServices.GetRequiredService<ModelCatalogue>(), active.Current.Version, active.Fault), WireJson.Context.ModelsReply);
    }

    private static async Task ActivateAsync(HttpContext http)
    {
        if (await WireJson.ReadAsync(http, WireJson.Context.EmptyRequest) is null) return;
        ModelCatalogue catalogue = http.RequestServices.GetRequiredService<ModelCatalogue>();
        string version = (string)http.GetRouteValue("version")!;
        await http.RequestServices.GetRequiredService<Learner>().WrittenAsync();
        if (ModelVersion.Parse(version) is null || !catalogue.Versions.Contains(version))
        {
            await Reply.ProblemAsync(http, ProblemTypes.NotFound, $"There is no such model. There are: {string.Join(", ", catalogue.Versions)}.");
            return;
        }
        try
        {
            await http.RequestServices.GetRequiredService<Learner>().ActivateAsync(version);
        }
        catch (MendableError error)
        {
            await Reply.ProblemAsync(http, ProblemTypes.ModelMissing, error.Message);
            return;
        }
        await GetAsync(http);
    }
}
