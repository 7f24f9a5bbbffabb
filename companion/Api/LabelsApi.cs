using System.Text.Json;
using Soundings.Depth;
using Soundings.Pairing;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Api;

internal sealed record LabelsRequest(IReadOnlyList<WireLabel> Labels);

/// <summary>Either an item with what it is, or a pair with which of the two goes deeper.</summary>
internal sealed record WireLabel(string Id)
{
    public Item? Item { get; init; }
    public string? Label { get; init; }
    public IReadOnlyList<string>? Facets { get; init; }
    public IReadOnlyList<Item>? Pair { get; init; }
    public int? Deeper { get; init; }
    public string? At { get; init; }
}

internal sealed record LabelResult(string Id, bool Duplicate);

internal sealed record LabelsReply(IReadOnlyList<LabelResult> Results, string Model);

/// <summary>What the user says of texts: stored before it is answered, safe to repeat, withdrawn by a row of its own.</summary>
internal static class LabelsApi
{
    private const int MaxLabels = 100;

    public static void MapLabels(this IEndpointRouteBuilder api)
    {
        api.MapPost("/labels", PostAsync).For(Scopes.Ext | Scopes.Dash | Scopes.Cli);
        api.MapDelete("/labels/{id}", DeleteAsync).For(Scopes.Ext | Scopes.Dash | Scopes.Cli);
    }

    private static async Task PostAsync(HttpContext http)
    {
        if (await WireJson.ReadAsync(http, WireJson.Context.LabelsRequest) is not { } request) return;
        if (Fault(request.Labels) is { } fault)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, fault);
            return;
        }
        Session session = http.Session();
        IReadOnlyList<NewLabel> labels = [.. request.Labels.Select(label => ToStore(label, session))];
        try
        {
            IReadOnlyList<bool> known = await http.RequestServices.GetRequiredService<LabelStore>().AddAsync(labels, Now(http));
            LabelsReply reply = new([.. labels.Zip(known, (label, duplicate) => new LabelResult(label.Id, duplicate))], await LearnAsync(http));
            await Reply.JsonAsync(http, reply, WireJson.Context.LabelsReply);
        }
        catch (LabelConflictException conflict)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Conflict, $"Label {conflict.LabelId} is stored with another content. Nothing of this batch was stored.");
        }
    }

    private static async Task DeleteAsync(HttpContext http)
    {
        string id = (string)http.GetRouteValue("id")!;
        if (!Ulid.IsValid(id))
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, "The id of a label is a ULID.");
            return;
        }
        Session session = http.Session();
        long now = Now(http);
        bool? withdrawn = await http.RequestServices.GetRequiredService<LabelStore>().WithdrawAsync(id, Ulid.New(now), SourceOf(session), session.ClientId, now);
        if (withdrawn is { } fresh) await Reply.JsonAsync(http, new LabelsReply([new LabelResult(id, !fresh)], await LearnAsync(http)), WireJson.Context.LabelsReply);
        else await Reply.ProblemAsync(http, ProblemTypes.NotFound, "There is no label of this id.");
    }

    private static string? Fault(IReadOnlyList<WireLabel> labels)
    {
        if (labels.Count is 0 or > MaxLabels) return $"1 to {MaxLabels} labels at once.";
        for (int i = 0; i < labels.Count; i++)
        {
            if (Fault(labels[i]) is { } fault) return $"labels[{i}]: {fault}";
        }
        return null;
    }

    private static string? Fault(WireLabel? label)
    {
        if (label is null) return "is null.";
        if (!Ulid.IsValid(label.Id)) return "id is a ULID: 26 characters of Crockford's base 32 in upper case.";
        if (label.At is not null && Moment.Parse(label.At) is null) return "at is an RFC 3339 time with its zone, such as 2026-11-22T10:00:00Z.";
        if (label.Pair is { } pair)
        {
            if (label.Item is not null || label.Label is not null || label.Facets is not null) return "either item and label, or pair and deeper.";
            if (pair.Count != 2) return "pair holds two items.";
            if (label.Deeper is not (0 or 1)) return "deeper is 0 or 1, the place of the deeper item in the pair.";
            return ItemCheck.Fault(pair[0]) ?? ItemCheck.Fault(pair[1]);
        }
        if (label.Item is null || label.Label is null || label.Deeper is not null) return "either item and label, or pair and deeper.";
        if (VerdictOf(label.Label) is null) return "label is substantive or superficial.";
        if (label.Facets is { } facets && (facets.Any(facet => FacetOf(facet) is null) || facets.Distinct().Count() != facets.Count))
            return "facets are reveal, wisdom, solicit, engage, each at most once.";
        return ItemCheck.Fault(label.Item);
    }

    private static NewLabel ToStore(WireLabel label, Session session)
    {
        (string source, string? client) = (SourceOf(session), session.ClientId);
        if (label.Pair is { } pair)
        {
            string both = JsonSerializer.Serialize(pair, WireJson.Context.IReadOnlyListItem);
            return new NewLabel(label.Id, null, null, null, null, label.Deeper, both, label.At, source, client);
        }
        Facet? facets = label.Facets?.Aggregate(Facet.None, (all, facet) => all | FacetOf(facet)!.Value);
        string content = JsonSerializer.Serialize(label.Item!, WireJson.Context.Item);
        return new NewLabel(label.Id, label.Item!.Site ?? "", label.Item.Id, VerdictOf(label.Label), facets, null, content, label.At, source, client);
    }

    /// <summary>Where a label came from is ours to say, not the caller's.</summary>
    private static string SourceOf(Session session) => session.Scopes switch { Scopes.Ext => "click", Scopes.Dash => "dashboard", _ => "script" };

    private static Verdict? VerdictOf(string? label) => label switch { "substantive" => Verdict.Substantive, "superficial" => Verdict.Superficial, _ => null };

    private static Facet? FacetOf(string? facet) => facet switch
    {
        "reveal" => Facet.Reveal,
        "wisdom" => Facet.Wisdom,
        "solicit" => Facet.Solicit,
        "engage" => Facet.Engage,
        _ => null,
    };

    private static long Now(HttpContext http) => http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>What was said is stored by now; the version that has learned it is part of the answer.</summary>
    private static Task<string> LearnAsync(HttpContext http) => http.RequestServices.GetRequiredService<Learner>().LearnAsync();
}
