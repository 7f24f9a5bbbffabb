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
        DraftQuestions words = DraftQuestions.In(score.Language);
        (double Facet, string Question)[] questions =
        [
            (answers && !string.IsNullOrWhiteSpace(draft.Parent) ? score.Facets.Engage : 1, words.Engage),
            (score.Facets.Reveal, answers ? words.Reveal : words.RevealInPost),
            (score.Facets.Wisdom, words.Wisdom),
            (score.Facets.Solicit, words.Solicit),
        ];
        return questions.FirstOrDefault(question => question.Facet < FacetIsThere).Question;
    }
}
