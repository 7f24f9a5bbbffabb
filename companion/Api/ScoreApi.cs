using Soundings.Depth;
using Soundings.Storage;

namespace Soundings.Api;

internal sealed record ScoreRequest(IReadOnlyList<Item> Items)
{
    /// <summary>Whether the items were seen on a page and are to be kept by the retention rule.</summary>
    public bool Observe { get; init; }
}

internal sealed record ScoreReply(string Model, IReadOnlyList<Score> Scores)
{
    /// <summary>Ids of the items whose author is never to be judged: they get no mark. Left out where there are none.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Exempt { get; init; }
}

/// <summary>Text in, score out, in the order of the items.</summary>
internal static class ScoreApi
{
    public static void MapScore(this IEndpointRouteBuilder api) => api.MapPost("/score", PostAsync).For(Scopes.Ext | Scopes.Dash | Scopes.Cli);

    private static async Task PostAsync(HttpContext http)
    {
        if (await WireJson.ReadAsync(http, WireJson.Context.ScoreRequest) is not { } request) return;
        if (ItemCheck.Fault(request.Items) is { } fault)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, fault);
            return;
        }
        IServiceProvider services = http.RequestServices;
        // What a browser shows; a script that asks for scores without storing them is not what was paused.
        if ((request.Observe || http.Session().Scopes == Scopes.Ext) && services.GetRequiredService<KeepingStore>().PausedUntil(services.GetRequiredService<TimeProvider>().GetUtcNow()) is not null)
        {
            Reply.RetryAfter(http, TimeSpan.FromMinutes(1));
            await Reply.ProblemAsync(http, ProblemTypes.Paused);
            return;
        }
        // One model for the whole batch, whatever is activated meanwhile.
        Scorer scorer = services.GetRequiredService<ActiveModel>().Current;
        IReadOnlyList<Score> scores = scorer.Score(request.Items);
        if (request.Observe && request.Items.Count > 0)
        {
            // Not waited for: scores flow on when the disk is full or slow. Reads settle the writer first, and its failures show in the health.
            long now = services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
            services.GetRequiredService<Background>().Start("store what was seen", services.GetRequiredService<ItemStore>().ObserveAsync(request.Items, scores, now));
        }
        await Reply.JsonAsync(http, new ScoreReply(scorer.Version, scores) { Exempt = ExemptAmong(services, request.Items) }, WireJson.Context.ScoreReply);
    }

    private static IReadOnlyList<string>? ExemptAmong(IServiceProvider services, IReadOnlyList<Item> items)
    {
        ExemptStore exempt = services.GetRequiredService<ExemptStore>();
        List<string> ids = [.. items.Where(exempt.Covers).Select(item => item.Id)];
        return ids.Count == 0 ? null : ids;
    }
}
