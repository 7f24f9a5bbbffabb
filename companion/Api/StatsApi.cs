using System.Globalization;
using Soundings.Depth;
using Soundings.Storage;

namespace Soundings.Api;

internal sealed record TallyView(int N, int Substantive, int Superficial, int Unsure, double? Share)
{
    public static TallyView Of(Tally tally) => new(tally.N, tally.Substantive, tally.Superficial, tally.Unsure, tally.Share);
}

internal sealed record SplitView(int N, int Substantive, int Superficial, int Unsure, double? Share, TallyView Mine, TallyView Others)
{
    public static SplitView Of(SplitTally split) => new(
        split.All.N, split.All.Substantive, split.All.Superficial, split.All.Unsure, split.All.Share, TallyView.Of(split.Mine), TallyView.Of(split.Others));
}

internal sealed record DayView(string Day, int N, int Substantive, int Superficial, int Unsure, double? Share, TallyView Mine, TallyView Others);

internal sealed record WeekView(string Week, int N, int Substantive, int Superficial, int Unsure, double? Share, TallyView Mine, TallyView Others);

internal sealed record StatsReply(
    string? From, string? To, string Model, int Pending, int N, int Substantive, int Superficial, int Unsure, double? Share, TallyView Mine, TallyView Others,
    IReadOnlyDictionary<string, SplitView> BySite, IReadOnlyDictionary<string, SplitView> ByKind,
    IReadOnlyList<DayView> ByDay, IReadOnlyList<WeekView> ByWeek, HealthView Health)
{
    /// <summary>The user's own likes and the like, from exports. They are no texts and stand in no share.</summary>
    public int Reactions { get; init; }
}

/// <summary>The shares of a span of time, from inclusive, to exclusive; and how the companion is.</summary>
internal static class StatsApi
{
    public static void MapStats(this IEndpointRouteBuilder api) => api.MapGet("/stats", GetAsync).For(Scopes.Ext | Scopes.Dash | Scopes.Cli);

    private static async Task GetAsync(HttpContext http)
    {
        IServiceProvider services = http.RequestServices;
        TimeZoneInfo zone = services.GetRequiredService<TimeProvider>().LocalTimeZone;
        QueryCheck query = new(http.Request.Query);
        (long? from, long? to) = query.Span(zone);
        if (query.Finish() is { } fault)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, fault);
            return;
        }
        await services.GetRequiredService<Database>().SettleAsync();
        string model = services.GetRequiredService<ActiveModel>().Current.Version;
        Stats stats = services.GetRequiredService<StatsStore>().Read(from, to, model, zone);
        StatsReply reply = View(stats, from, to, model, services.GetRequiredService<Health>().View());
        int reactions = services.GetRequiredService<ImportStore>().CountReactions(from, to);
        await Reply.JsonAsync(http, reply with { Reactions = reactions }, WireJson.Context.StatsReply);
    }

    private static StatsReply View(Stats stats, long? from, long? to, string model, HealthView health)
    {
        SplitView all = SplitView.Of(stats.Total);
        return new StatsReply(
            from is { } start ? Moment.Format(start) : null, to is { } end ? Moment.Format(end) : null, model, stats.Pending,
            all.N, all.Substantive, all.Superficial, all.Unsure, all.Share, all.Mine, all.Others,
            stats.BySite.ToDictionary(pair => pair.Key.Length == 0 ? "unknown" : pair.Key, pair => SplitView.Of(pair.Value)),
            stats.ByKind.ToDictionary(pair => pair.Key.ToString().ToLowerInvariant(), pair => SplitView.Of(pair.Value)),
            [.. stats.ByDay.Select(pair => Day(pair.Key.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), SplitView.Of(pair.Value)))],
            [.. stats.ByWeek.Select(pair => Week(StatsStore.WeekName(pair.Key), SplitView.Of(pair.Value)))], health);
    }

    private static DayView Day(string day, SplitView tally) =>
        new(day, tally.N, tally.Substantive, tally.Superficial, tally.Unsure, tally.Share, tally.Mine, tally.Others);

    private static WeekView Week(string week, SplitView tally) =>
        new(week, tally.N, tally.Substantive, tally.Superficial, tally.Unsure, tally.Share, tally.Mine, tally.Others);
}
