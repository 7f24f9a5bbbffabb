using System.Globalization;
using Soundings.Storage;

namespace Soundings.Api;

internal sealed record PersonView(long Id, string? Site, string Name, string? Url, int N, int Substantive, int Superficial, int Unsure, string? LastAt);

internal sealed record PeopleReply(IReadOnlyList<PersonView> People, string? Next);

/// <summary>Pages of the people whose texts were read.</summary>
internal static class PeopleApi
{
    public static void MapPeople(this IEndpointRouteBuilder api) => api.MapGet("/people", GetAsync).For(Scopes.Dash | Scopes.Cli);

    private static async Task GetAsync(HttpContext http)
    {
        QueryCheck query = new(http.Request.Query);
        int limit = query.Number("limit", 50, 1, ItemPages.MaxLimit);
        long after = query.Read("cursor", 0L, text => (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long person), person), "what 'next' of the page before said");
        if (query.Finish() is { } fault)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, fault);
            return;
        }
        await http.RequestServices.GetRequiredService<Database>().SettleAsync();
        await Reply.JsonAsync(http, Page(http.RequestServices.GetRequiredService<PeopleStore>(), after, limit), WireJson.Context.PeopleReply);
    }

    public static PeopleReply Page(PeopleStore store, long after, int limit)
    {
        IReadOnlyList<PersonSummary> people = store.Read(after, limit + 1);
        string? next = people.Count > limit ? people[limit - 1].Person.ToString(CultureInfo.InvariantCulture) : null;
        return new([.. people.Take(limit).Select(View)], next);
    }

    private static PersonView View(PersonSummary person) => new(
        person.Person, person.Site.Length == 0 ? null : person.Site, person.Name, person.Url, person.N, person.Substantive, person.Superficial, person.Unsure,
        person.N == 0 ? null : Moment.Format(person.LastMoment));
}
