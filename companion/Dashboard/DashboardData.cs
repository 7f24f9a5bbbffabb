using System.Globalization;
using Soundings.Depth;
using Soundings.Reading;
using Soundings.Storage;

namespace Soundings.Dashboard;

/// <summary>How the companion is, in figures: one line at the foot of every page.</summary>
internal sealed record Health(string Model, long Items, long Labels, IReadOnlyList<Sight> BlindSites, IReadOnlyList<(string File, string Reason)> RefusedRules);

/// <summary>
/// What the dashboard shows, read from the stores: it adds no figure of its own, so that a page and the API cannot disagree.
/// </summary>
internal sealed class DashboardData(
    StatsStore stats, GoalStore goal, ItemPages pages, SightStore sights, FootprintStore footprint, ActiveModel active, RuleShelf shelf, TimeProvider clock,
    ILogger<DashboardData> log)
{
    public DateTimeOffset Now => clock.GetLocalNow();

    /// <summary>The goal the user set; null: the starting mark stands.</summary>
    public double? Goal => goal.Read();

    /// <summary>False: it could not be stored. Null takes the user's own goal back.</summary>
    public async Task<bool> SetGoalAsync(double? share)
    {
        try
        {
            await goal.SetAsync(share);
            return true;
        }
        catch (Exception error) when (error is Microsoft.Data.Sqlite.SqliteException or TimeoutException)
        {
            log.LogWarning("The goal could not be stored: {Fault}", error.Message);
            return false;
        }
    }

    /// <summary>The figures of the first page; those below the trend are of the days chosen, else of this week.</summary>
    public Overview Overview(Span? chosen = null)
    {
        DateOnly today = DateOnly.FromDateTime(Now.DateTime);
        Stats year = Read(Dashboard.Overview.FirstDayNeeded(today), null), scope = Read(chosen?.From ?? Dashboard.Overview.MondayOf(today), chosen?.To);
        Stats hours = chosen is null ? Read(Dashboard.Overview.FirstUsual(today), null) : scope;
        IEnumerable<KeyValuePair<DateOnly, SplitTally>> days = chosen is null ? year.ByDay : year.ByDay.UnionBy(scope.ByDay, day => day.Key);
        return new Overview(
            today, days.Select(day => new Day(day.Key, ShareOf(day.Value.Mine), ShareOf(day.Value.Others))),
            FacetsOf(scope.MineFacets), FacetsOf(scope.OthersFacets))
        {
            Goal = Goal ?? Dashboard.Overview.StartingGoal,
            Chosen = chosen,
            Slices =
            [
                .. scope.BySite.Select(site => new Slice(site.Key, ShareOf(site.Value.Mine), ShareOf(site.Value.Others))),
                .. scope.ByKind.Select(kind => new Slice(kind.Key, ShareOf(kind.Value.Mine), ShareOf(kind.Value.Others))),
            ],
            Hours = [.. hours.ByHour.Select((tally, hour) => new HourCount(hour, ShareOf(tally.Mine)))],
        };
    }

    /// <summary>A day as an address spells it; null for what is none.</summary>
    public static DateOnly? DayIn(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
        && day.Year is > 1990 and < 2200 ? day : null;

    /// <summary>A page of items, newest first, and where the next begins.</summary>
    public (IReadOnlyList<Line> Lines, string? Next) Lines(ListFilter filter, string? after, int take)
    {
        ItemPage page = pages.Read(filter.Stored, after, take);
        return ([.. page.Items.Select(ToLine)], page.Next);
    }

    /// <summary>The versions that judged what is stored.</summary>
    public IReadOnlyList<string> ModelsSeen() => pages.Models();

    public string? NameOf(long person) => pages.NameOf(person);

    public Health Health()
    {
        Footprint size = footprint.Read();
        return new Health(active.Current.Version, size.Items, size.Labels, [.. sights.All().Where(sight => sight.IsBlind)], shelf.Now().Refused);
    }

    public static Item ToItem(StoredItem stored) => new(stored.Id, stored.Kind, stored.Text ?? "")
    {
        Site = stored.Site,
        Parent = stored.Parent,
        ParentId = stored.ParentId,
        Author = stored.Author,
        Mine = stored.Mine,
        Sponsored = stored.Sponsored,
        At = stored.At is { } at ? Moment.Format(at) : null,
    };

    public Line ToLine(StoredItem stored)
    {
        Item item = ToItem(stored);
        // Evidence is not stored: the same text under the same model gives the same again. Under another model it would speak of another score.
        Scorer scorer = active.Current;
        IReadOnlyList<Evidence> evidence = stored.Text is not null && scorer.Version == stored.Model ? scorer.Score(item).Evidence : [];
        Score score = new(stored.Id, stored.Depth, stored.Probability, stored.Verdict, stored.Facets, evidence, stored.Language, stored.Model);
        return new Line($"{stored.Site}:{stored.Id}", item, score, Moment.From(stored.Moment), stored.Label, stored.Row);
    }

    /// <summary>The first moment of a local day. On the rare day that begins with an hour left out, the first one there is.</summary>
    public long StartOf(DateOnly day)
    {
        DateTime midnight = day.ToDateTime(TimeOnly.MinValue);
        while (clock.LocalTimeZone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
        return new DateTimeOffset(midnight, clock.LocalTimeZone.GetUtcOffset(midnight)).ToUnixTimeMilliseconds();
    }

    private Stats Read(DateOnly from, DateOnly? to) =>
        stats.Read(StartOf(from), to is { } last ? StartOf(last.AddDays(1)) : null, active.Current.Version, clock.LocalTimeZone);

    private static Share ShareOf(Tally tally) => new(tally.Substantive, tally.Superficial, tally.Unsure);

    private static FacetCounts FacetsOf(FacetTally tally) => new(tally.N, tally.Reveal, tally.Wisdom, tally.Solicit, tally.Engage);
}
