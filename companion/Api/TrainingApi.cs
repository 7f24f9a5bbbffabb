using Soundings.Training;

namespace Soundings.Api;

/// <summary><c>Files</c>: further labelled lines on this machine to learn from; only the command line may name them.</summary>
internal sealed record TrainingRequest
{
    public IReadOnlyList<string>? Files { get; init; }
}

internal sealed record TrainingCancelReply(bool Cancelled);

/// <summary>The training of the large model: start it, see how far it is, cancel it.</summary>
internal static class TrainingApi
{
    public static void MapTraining(this IEndpointRouteBuilder api)
    {
        api.MapPost("/training", PostAsync).For(Scopes.Dash | Scopes.Cli);
        api.MapGet("/training", http => Reply.JsonAsync(http, Training(http).View, WireJson.Context.TrainingView)).For(Scopes.Ext | Scopes.Dash | Scopes.Cli);
        api.MapDelete("/training", DeleteAsync).For(Scopes.Dash | Scopes.Cli);
    }

    private static async Task PostAsync(HttpContext http)
    {
        if (await WireJson.ReadAsync(http, WireJson.Context.TrainingRequest) is not { } request) return;
        IReadOnlyList<string> files = request.Files ?? [];
        if (files.Count > 0 && http.Session().Scopes != Scopes.Cli)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Forbidden, "Only the command line may name files.");
            return;
        }
        if (files.Any(file => !Path.IsPathFullyQualified(file) || !File.Exists(file)))
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, "There is no such file.");
            return;
        }
        await Reply.JsonAsync(http, Training(http).Start(files), WireJson.Context.TrainingView, StatusCodes.Status202Accepted);
    }

    private static async Task DeleteAsync(HttpContext http) =>
        await Reply.JsonAsync(http, new TrainingCancelReply(await Training(http).CancelAsync()), WireJson.Context.TrainingCancelReply);

    private static FullTraining Training(HttpContext http) => http.RequestServices.GetRequiredService<FullTraining>();
}
