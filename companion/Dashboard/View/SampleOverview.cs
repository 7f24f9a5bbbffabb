using Soundings.Depth;

namespace Soundings.Dashboard;

/// <summary>What an empty dashboard shows in place of figures: invented, always marked as such on the page, never stored.</summary>
internal static class SampleOverview
{
    public static Overview Figures(DateOnly now)
    {
        // Up to the last Sunday: a whole week, so that the sample has something to say on a Monday too.
        DateOnly today = Overview.MondayOf(now).AddDays(-1);
        // A fixed pattern, so that the sample looks the same at each visit.
        Random chance = new(20);
        List<Day> days = [];
        for (DateOnly date = Overview.FirstDayNeeded(today); date <= today; date = date.AddDays(1))
        {
            double rise = 0.16 + 0.14 * (1 - (today.DayNumber - date.DayNumber) / 365.0);
            int written = chance.Next(3, 9);
            int mine = Enumerable.Range(0, written).Count(_ => chance.NextDouble() < rise);
            int read = chance.Next(60, 160);
            int others = Enumerable.Range(0, read).Count(_ => chance.NextDouble() < 0.11);
            days.Add(new Day(date, new Share(mine, written - mine, 0), new Share(others, read - others - 4, 4)));
        }
        return new Overview(today, days, new FacetCounts(40, 5, 7, 3, 6), new FacetCounts(712, 44, 62, 19, 51))
        {
            Slices =
            [
                new Slice("facebook", new Share(3, 9, 1), new Share(20, 250, 4)),
                new Slice("linkedin", new Share(11, 11, 0), new Share(87, 460, 23)),
                new Slice(Kind.Comment, new Share(9, 15, 1), new Share(60, 520, 20)),
                new Slice(Kind.Reply, new Share(5, 5, 0), new Share(47, 190, 7)),
            ],
            Hours =
            [
                .. Enumerable.Range(0, 24).Select(hour => new HourCount(hour, hour is > 6 and < 23 ? new Share(chance.Next(7), chance.Next(20), 0) : default)),
            ],
        };
    }

    public static IReadOnlyList<Line> Lines(DateTimeOffset now) =>
    [
        Make("1", Kind.Comment, "linkedin", "Ines Oduya", now.AddMinutes(-12), Verdict.Substantive, 84,
            "We tried this in 2021: the queue broke first, at about 400 orders a minute.",
            new Evidence(3, 18, Verdict.Substantive, "something one did oneself"), new Evidence(46, 29, Verdict.Substantive, "a number as evidence")),
        Make("2", Kind.Comment, "linkedin", "Tom Reinholt", now.AddMinutes(-31), Verdict.Superficial, 6,
            "Great post! Thanks for sharing", new Evidence(0, 10, Verdict.Superficial, "could stand under any post")),
        Make("3", Kind.Reply, "facebook", "Mara Silveira", now.AddHours(-2), Verdict.Substantive, 71,
            "Which of the two gave way first, the hinge or the frame?", new Evidence(0, 31, Verdict.Substantive, "asks something the post left open")),
        Make("4", Kind.Post, "linkedin", "Piotr Hale", now.AddHours(-3), Verdict.Unsure, 47,
            "Five years at the same company today. Some of it was hard."),
    ];

    private static Line Make(string id, Kind kind, string site, string who, DateTimeOffset at, Verdict verdict, int depth, string text, params Evidence[] evidence) =>
        new("sample:" + id, new Item("sample:" + id, kind, text) { Site = site, Author = new Author(who) },
            new Score(id, depth, depth / 100.0, verdict, new Facets(0, 0, 0, 0), evidence, "en", "1"), at);
}
