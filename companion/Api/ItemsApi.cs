using System.Globalization;
using Soundings.Depth;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Api;

internal sealed record ItemView(
    string Id, string? Site, Kind Kind, string? Text, string? Parent, string? ParentId, Author? Author, bool Mine, bool Sponsored,
    string? At, string FirstSeen, string LastSeen,
    int Depth, double Probability, Verdict Verdict, Facets Facets, string? Language, string Model, Verdict? Label);

internal sealed record ItemsReply(IReadOnlyList<ItemView> Items, string? Next);

/// <summary>Pages of what is stored, by words, filters and order. A cursor goes on with the very same question.</summary>
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
            Words = query.Read<string?>("q", null, text => (text.Length <= 200, text), "up to 200 characters to search for"),
            Person = query.Read<long?>("person", null, text => (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long person), person), "a number from GET people"),
            Facet = query.OneOf("facet", ("reveal", Facet.Reveal), ("wisdom", Facet.Wisdom), ("solicit", Facet.Solicit), ("engage", Facet.Engage)),
            Model = query.Read<string?>("model", null, text => (text.Length <= 32, text), "a version"),
            Labelled = query.OneOf("labelled", ("true", true), ("false", false)),
            Sort = query.OneOf("sort", ("newest", ItemSort.Newest), ("oldest", ItemSort.Oldest), ("deepest", ItemSort.Deepest), ("shallowest", ItemSort.Shallowest)) ?? ItemSort.Newest,
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

    public static ItemView View(StoredItem item) => new(
        item.Id, item.Site.Length == 0 ? null : item.Site, item.Kind, item.Text, item.Parent, item.ParentId, item.Author, item.Mine, item.Sponsored,
        item.At is { } at ? Moment.Format(at) : null, Moment.Format(item.FirstSeen), Moment.Format(item.LastSeen),
        item.Depth, item.Probability, item.Verdict, item.Facets, item.Language, item.Model, item.Label);
}
