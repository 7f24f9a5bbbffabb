using Soundings.Depth;

namespace Soundings.Api;

internal sealed record DraftReply(string Model, Score Score, string? Suggestion);

/// <summary>The score of something being written. It is never stored and never logged.</summary>
internal static class DraftApi
{
    /// <summary>A facet this likely is there; no question is asked for it.</summary>
    private const double FacetIsThere = 0.5;

    public static void MapDraft(this IEndpointRouteBuilder api) => api.MapPost("/draft", PostAsync).For(Scopes.Ext | Scopes.Cli);

    private static async Task PostAsync(HttpContext http)
    {
        if (await WireJson.ReadAsync(http, WireJson.Context.Item) is not { } draft) return;
        if (ItemCheck.Fault(draft) is { } fault)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, "The item's " + fault);
            return;
        }
        Scorer scorer = http.RequestServices.GetRequiredService<ActiveModel>().Current;
        Score score = scorer.Score(draft);
        await Reply.JsonAsync(http, new DraftReply(scorer.Version, score, Suggest(draft, score)), WireJson.Context.DraftReply);
    }

    /// <summary>
    /// At most one question that could deepen the draft, from the rubric's facets; none where it already has substance, or is not begun.
    /// What fits most naturally comes first: an answer takes up the other's point before it tells of oneself.
    /// </summary>
    public static string? Suggest(Item draft, Score score)
    {
        if (score.Verdict == Verdict.Substantive || string.IsNullOrWhiteSpace(draft.Text)) return null;
        bool answers = draft.Kind != Kind.Post;
        (double Facet, string Question)[] questions =
        [
            (answers && !string.IsNullOrWhiteSpace(draft.Parent) ? score.Facets.Engage : 1, "Which point of theirs does this take up?"),
            (score.Facets.Wisdom, "What is the reason, the number or the example behind it?"),
            (score.Facets.Reveal, answers ? "What happened when you met this yourself?" : "What did you see or do yourself that led you here?"),
            (score.Facets.Solicit, "What would you like to know from them that you could not look up?"),
        ];
        return questions.FirstOrDefault(question => question.Facet < FacetIsThere).Question;
    }
}
