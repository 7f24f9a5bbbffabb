using Soundings.Depth;
using Soundings.Storage;

namespace Soundings.Api;

internal sealed record ItemView(
    string Id, string? Site, Kind Kind, string? Text, string? Parent, string? ParentId, Author? Author, bool Mine, bool Sponsored,
    string? At, string FirstSeen, string LastSeen,
    int Depth, double Probability, Verdict Verdict, Facets Facets, string? Language, string Model, Verdict? Label);

internal sealed record ItemsReply(IReadOnlyList<ItemView> Items, string? Next);

/// <summary>Pages of what is stored, newest first.</summary>
internal static class ItemsApi
{
    public static void MapItems(this IEndpointRouteBuilder api) => api.MapGet("/items", GetAsync).For(Scopes.Dash | Scopes.Cli);

    private static async Task GetAsync(HttpContext http)
    {
        TimeZoneInfo zone = http.RequestServices.GetRequiredService<TimeProvider>().LocalTimeZone;
        QueryCheck query = new(http.Request.Query);
        int limit = query.Number("limit", 50, 1, ItemPages.MaxLimit);
        string? cursor = query.Read<string?>("cursor", null, text => (ItemPages.IsCursor(text), text), "what 'next' of the page before said");
        (long? from, long? to) = query.Span(zone);
        ItemFilter filter = new()
        {
            From = from,
            To = to,
            Site = query.Read<string?>("site", null, text => (text.Length <= 32, text), "a site's name"),
            Kind = query.OneOf("kind", ("post", Kind.Post), ("comment", Kind.Comment), ("reply", Kind.Reply)),
            Mine = query.OneOf("mine", ("true", true), ("false", false)),
            Verdict = query.OneOf("verdict", ("superficial", Verdict.Superficial), ("unsure", Verdict.Unsure), ("substantive", Verdict.Substantive)),
        };
        if (query.Finish() is { } fault)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, fault);
            return;
        }
        await http.RequestServices.GetRequiredService<Database>().SettleAsync();
        ItemPage page = http.RequestServices.GetRequiredService<ItemPages>().Read(filter, cursor, limit);
        await Reply.JsonAsync(http, new ItemsReply([.. page.Items.Select(View)], page.Next), WireJson.Context.ItemsReply);
    }

    private static ItemView View(StoredItem item) => new(
        item.Id, item.Site.Length == 0 ? null : item.Site, item.Kind, item.Text, item.Parent, item.ParentId, item.Author, item.Mine, item.Sponsored,
        item.At is { } at ? Moment.Format(at) : null, Moment.Format(item.FirstSeen), Moment.Format(item.LastSeen),
        item.Depth, item.Probability, item.Verdict, item.Facets, item.Language, item.Model, item.Label);
}
