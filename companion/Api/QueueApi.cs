using System.Text.Json;
using Soundings.Depth;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Api;

/// <summary>Items in the form <c>POST labels</c> takes them; <c>Why</c> and <c>Scores</c> in the same order.</summary>
internal sealed record QueueReply(string Model, IReadOnlyList<Item> Items, IReadOnlyList<string> Why, IReadOnlyList<Score> Scores, IReadOnlyList<IReadOnlyList<Item>> Pairs);

/// <summary>What to label next, most informative first; and pairs of equal length to compare.</summary>
internal static class QueueApi
{
    public static void MapQueue(this IEndpointRouteBuilder api) => api.MapGet("/queue", GetAsync).For(Scopes.Ext | Scopes.Dash | Scopes.Cli);

    private static async Task GetAsync(HttpContext http)
    {
        QueryCheck query = new(http.Request.Query);
        int n = query.Number("n", 10, 1, 100), pairs = query.Number("pairs", 0, 0, 50);
        if (query.Finish() is { } fault)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, fault);
            return;
        }
        await http.RequestServices.GetRequiredService<Database>().SettleAsync();
        await Reply.JsonAsync(http, http.RequestServices.GetRequiredService<Asking>().Next(n, pairs), WireJson.Context.QueueReply);
    }
}

/// <summary>Owns where the queue's candidates come from: what was stored and not yet labelled, of no one who is never to be judged.</summary>
internal sealed class Asking(ActiveModel active, LearningStore learning, LabelStore labels, ExemptStore exempt)
{
    /// <summary>The newest so many stand for all: scoring them takes some ten milliseconds.</summary>
    private const int Candidates = 1_500;

    public QueueReply Next(int n, int pairs = 0)
    {
        Scorer scorer = active.Current;
        IReadOnlyList<Item> candidates = Waiting();
        IReadOnlyList<Queued> queue = LabelQueue.Choose(scorer, candidates, n);
        return new(
            scorer.Version, [.. queue.Select(q => q.Item)], [.. queue.Select(q => q.Reason == QueueReason.Blind ? "blind" : "unsure")],
            scorer.Score([.. queue.Select(q => q.Item)]), pairs == 0 ? [] : Pairs(scorer, candidates, pairs));
    }

    public IReadOnlyList<IReadOnlyList<Item>> Pairs(int n) => Pairs(active.Current, Waiting(), n);

    /// <summary>A text that was compared once is not asked about in another pair: there is more to learn from a fresh one.</summary>
    private IReadOnlyList<IReadOnlyList<Item>> Pairs(Scorer scorer, IReadOnlyList<Item> candidates, int n)
    {
        HashSet<(string?, string)> compared =
        [
            .. labels.Current().Where(label => label.Deeper is not null)
                .SelectMany(label => JsonSerializer.Deserialize(label.Content, WireJson.Context.IReadOnlyListItem)!)
                .Select(item => (item.Site, item.Id)),
        ];
        return LabelQueue.Pairs(scorer, [.. candidates.Where(item => !compared.Contains((item.Site, item.Id)))], n);
    }

    private IReadOnlyList<Item> Waiting() => [.. learning.Unlabelled(Candidates).Where(item => !exempt.Covers(item))];
}
