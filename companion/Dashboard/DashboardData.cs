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
    StatsStore stats, ItemPages pages, SightStore sights, FootprintStore footprint, ActiveModel active, RuleShelf shelf, TimeProvider clock)
{
    public DateTimeOffset Now => clock.GetLocalNow();

    public Overview Overview()
    {
        DateOnly today = DateOnly.FromDateTime(Now.DateTime);
        DateOnly first = Dashboard.Overview.FirstDayNeeded(today);
        string model = active.Current.Version;
        Stats counts = stats.Read(StartOf(first), null, model, clock.LocalTimeZone);
        long monday = StartOf(Dashboard.Overview.MondayOf(today));
        Stats week = stats.Read(monday, null, model, clock.LocalTimeZone);
        return new Overview(
            today,
            counts.ByDay.Select(day => new Day(day.Key, ShareOf(day.Value.Mine), ShareOf(day.Value.Others))),
            FacetsOf(week.MineFacets),
            FacetsOf(week.OthersFacets),
            [
                .. week.BySite.Select(site => new Slice(site.Key, ShareOf(site.Value.Mine), ShareOf(site.Value.Others))),
                .. week.ByKind.Select(kind => new Slice(kind.Key, ShareOf(kind.Value.Mine), ShareOf(kind.Value.Others))),
            ]);
    }

    /// <summary>A page of items, newest first, and where the next begins.</summary>
    public (IReadOnlyList<Line> Lines, string? Next) Lines(ListFilter filter, string? after, int take)
    {
        ItemPage page = pages.Read(filter.Stored, after, take);
        return ([.. page.Items.Select(ToLine)], page.Next);
    }

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
        return new Line($"{stored.Site}:{stored.Id}", item, score, Moment.From(stored.Moment), stored.Label);
    }

    /// <summary>The first moment of a local day. On the rare day that begins with an hour left out, the first one there is.</summary>
    public long StartOf(DateOnly day)
    {
        DateTime midnight = day.ToDateTime(TimeOnly.MinValue);
        while (clock.LocalTimeZone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
        return new DateTimeOffset(midnight, clock.LocalTimeZone.GetUtcOffset(midnight)).ToUnixTimeMilliseconds();
    }

    private static Share ShareOf(Tally tally) => new(tally.Substantive, tally.Superficial, tally.Unsure);

    private static FacetCounts FacetsOf(FacetTally tally) => new(tally.N, tally.Reveal, tally.Wisdom, tally.Solicit, tally.Engage);
}
