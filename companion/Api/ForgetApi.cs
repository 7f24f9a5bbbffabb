using Soundings.Storage;

namespace Soundings.Api;

/// <summary>
/// What to forget, as <see cref="ForgetWish"/>: <c>Person</c> by its number from <c>GET people</c>; <c>Day</c>, or <c>From</c> (inclusive) and <c>To</c>
/// (exclusive), as in <c>GET stats</c>; <c>Site</c>; <c>Id</c> of an item on that site; or <c>All</c>. <c>Preview</c> only counts.
/// </summary>
internal sealed record ForgetRequest
{
    public long? Person { get; init; }
    public string? Day { get; init; }
    public string? From { get; init; }
    public string? To { get; init; }
    public string? Site { get; init; }
    public string? Id { get; init; }
    public bool All { get; init; }
    public bool Preview { get; init; }
}

/// <summary>Counts of what went, or would go with <c>Preview</c>; then <c>Forgotten</c> is false and nothing was changed.</summary>
internal sealed record ForgetReply(
    bool Forgotten, int Items, int Mine, int Texts, int Labels, int People, int Reactions, int Exempt, int Models, bool Erased, string? Why);

/// <summary>Forgetting for good: it cannot be undone, and a second call finds nothing.</summary>
internal static class ForgetApi
{
    public static void MapForget(this IEndpointRouteBuilder api) => api.MapPost("/forget", PostAsync).For(Scopes.Dash | Scopes.Cli);

    private static async Task PostAsync(HttpContext http)
    {
        if (await WireJson.ReadAsync(http, WireJson.Context.ForgetRequest) is not { } request) return;
        if (WishOf(request, http.RequestServices.GetRequiredService<TimeProvider>().LocalTimeZone, out string? fault) is not { } wish)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, fault);
            return;
        }
        await http.RequestServices.GetRequiredService<Database>().SettleAsync();
        Forgetter forgetter = http.RequestServices.GetRequiredService<Forgetter>();
        try
        {
            ForgetReply reply = request.Preview ? View(new ForgetReport(forgetter.Preview(wish), 0, false, null), false) : View(await forgetter.ForgetAsync(wish), true);
            await Reply.JsonAsync(http, reply, WireJson.Context.ForgetReply);
        }
        catch (MendableError error)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Busy, error.Message);
        }
    }

    public static ForgetReply View(ForgetReport report, bool forgotten) => new(
        forgotten, report.Counts.Items, report.Counts.Mine, report.Counts.Texts, report.Counts.Labels, report.Counts.People, report.Counts.Reactions,
        report.Counts.Exempt, report.Models, report.Erased, report.Why);

    /// <summary>Null with what is wrong. A wish that names nothing is refused: only <c>All</c> means all.</summary>
    public static ForgetWish? WishOf(ForgetRequest request, TimeZoneInfo zone, out string? fault)
    {
        (long? from, long? to) = (QueryCheck.MomentOf(request.From, zone), QueryCheck.MomentOf(request.To, zone));
        if (QueryCheck.DayOf(request.Day) is { } day) (from, to) = (Moment.StartOf(day, zone), Moment.StartOf(day.AddDays(1), zone));
        ForgetWish wish = new()
        {
            People = request.Person is { } person ? [person] : null,
            From = from,
            To = to,
            Site = request.Site,
            Id = request.Id,
            All = request.All,
        };
        bool timed = request.Day is not null || request.From is not null || request.To is not null;
        fault = request.Day is not null && QueryCheck.DayOf(request.Day) is null ? "day is a day, such as 2026-11-22."
            : request.Day is not null && (request.From ?? request.To) is not null ? "either day, or from and to."
            : request.From is not null && from is null || request.To is not null && to is null ? "from and to are days (2026-11-22) or times with their zone (2026-11-22T10:00:00Z)."
            : from > to ? "from lies after to."
            : request.Id is not null && request.Site is null ? "an id is known within its site: name both."
            : request.All && (timed || request.Person is not null || request.Site is not null) ? "either all, or some."
            : wish.NamesNothing ? "one of person, day, from, to, site, id, all is needed."
            : null;
        return fault is null ? wish : null;
    }
}
