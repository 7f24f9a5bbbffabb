using Soundings.Storage;

namespace Soundings.Api;

/// <summary>A like that the person was seen to give. <c>Item</c>: the key of the item under it; <c>Kind</c>: like, or what the page calls it.</summary>
internal sealed record SeenReaction(string Site, string Item, string Kind, string At);

internal sealed record ReactionsRequest(IReadOnlyList<SeenReaction> Reactions);

internal sealed record ReactionsReply(int Added);

/// <summary>Clicks, not texts: counted as the superficial interactions they are, once an item.</summary>
internal static class ReactionsApi
{
    private const int MaxReactions = 100;

    public static void MapReactions(this IEndpointRouteBuilder api) => api.MapPost("/reactions", PostAsync).For(Scopes.Ext | Scopes.Cli);

    private static async Task PostAsync(HttpContext http)
    {
        if (await WireJson.ReadAsync(http, WireJson.Context.ReactionsRequest) is not { } request) return;
        string? fault = request.Reactions.Count > MaxReactions ? $"At most {MaxReactions} reactions at once." : request.Reactions.Select(Fault).FirstOrDefault(one => one is not null);
        if (fault is not null)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, fault);
            return;
        }
        long now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
        int added = await http.RequestServices.GetRequiredService<ReactionStore>().AddSeenAsync(request.Reactions, now);
        await Reply.JsonAsync(http, new ReactionsReply(added), WireJson.Context.ReactionsReply);
    }

    private static string? Fault(SeenReaction? reaction) =>
        reaction is null ? "A reaction is null."
        : reaction.Kind.Length is 0 or > 20 || !reaction.Kind.All(char.IsAsciiLetterLower) ? "kind is 1 to 20 lower-case letters."
        : ItemCheck.Fault(new Item(reaction.Item, Kind.Post, "") { Site = reaction.Site, At = reaction.At });
}
