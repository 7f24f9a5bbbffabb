using Soundings.Training;

namespace Soundings.Api;

/// <summary>What was learned from the user's labels, with how many of them each figure rests on.</summary>
internal static class LearningApi
{
    public static void MapLearning(this IEndpointRouteBuilder api) => api.MapGet("/learning", GetAsync).For(Scopes.Ext | Scopes.Dash | Scopes.Cli);

    private static async Task GetAsync(HttpContext http)
    {
        if (new QueryCheck(http.Request.Query).Finish() is { } fault)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, fault);
            return;
        }
        await http.RequestServices.GetRequiredService<Soundings.Storage.Database>().SettleAsync();
        await Reply.JsonAsync(http, http.RequestServices.GetRequiredService<LearningReport>().View(), WireJson.Context.LearningView);
    }
}
