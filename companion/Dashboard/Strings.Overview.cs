namespace Soundings.Dashboard;

/// <summary>What the charts of the first page say, and its goal.</summary>
internal partial class Strings
{
    // Goal
    public virtual string GoalIs(double goal) => $"Your goal is {Percent(goal)}.";
    public virtual string GoalChange => "Change the goal";
    public virtual string Change => "Change";
    public virtual string GoalLabel => "Your goal, in percent";
    public virtual string GoalTick(double goal) => $"goal {Percent(goal)}";

    // Trend
    public virtual string TrendTitle(Grain grain) => grain switch
    {
        Grain.Week => "Week by week",
        Grain.Month => "Month by month",
        _ => "Day by day",
    };
    public virtual string TrendGrains => "How finely";
    public virtual string GrainWord(Grain grain) => grain switch
    {
        Grain.Week => "weeks",
        Grain.Month => "months",
        _ => "days",
    };
    public virtual string TrendHow(Grain grain) => grain switch
    {
        Grain.Week => "The share with substance in what you wrote, by week from Monday on. This week is in the deep colour.",
        Grain.Month => "The share with substance in what you wrote, by month. This month is in the deep colour.",
        _ => "The share with substance in what you wrote, each day over the seven days up to it. This week is in the deep colour.",
    };
    public virtual string TrendSummary(Overview figures, Grain grain)
    {
        Share last = figures.Trend(mine: true, grain)[^1].Drawn;
        string since = grain switch { Grain.Week => "This week", Grain.Month => "This month", _ => "Over the last seven days" };
        return last.Value is { } now
            ? $"{since} {Percent(now)} ({last.Substantive} of {last.N}), against a goal of {Percent(figures.Goal)}."
            : $"{since} {TooFew(last.N)}; the goal is {Percent(figures.Goal)}.";
    }
    public virtual string TrendTable => "The trend, as a table";
    public virtual string TrendEmpty => "The line starts once there are eight texts of yours within seven days.";
    public virtual string SpanName(Span days, Grain grain) => grain switch
    {
        Grain.Week => SpanWords(days),
        Grain.Month => MonthName(days.From),
        _ => DateShort(days.From),
    };
    public virtual string SpanTick(DateOnly from, Grain grain, IReadOnlyList<TrendPoint> points) => grain switch
    {
        Grain.Week => (points[^1].Days.From.DayNumber - from.DayNumber) % 28 == 0 ? DateShort(from) : "",
        Grain.Month => from.Month % 2 == points[^1].Days.From.Month % 2 ? from.ToString("MMM", Culture) : "",
        _ => from.DayOfWeek == DayOfWeek.Monday ? DateShort(from) : "",
    };
    public virtual string SpanWords(Span days) => days.From == days.To ? DateShort(days.From) : $"{DateShort(days.From)} – {DateShort(days.To)}";
    public virtual string BrushLabel => "Choose a span of the trend";
    public virtual string BrushFrom => "From";
    public virtual string BrushTo => "To";
    public virtual string BrushHow => "Move the two handles to choose a span; the figures below are then of its texts. A column leads to its own.";
    public virtual string ChosenLine(Overview figures) => $"{Scope(figures)}: {ShareOf(figures.MineChosen)} of what you wrote.";
    public virtual string ItsItems => "Its items";
    public virtual string WholeTrend => "The whole trend";
    public virtual string ShowTable => "As a table";
    public virtual string GrainColumn(Grain grain) => grain switch
    {
        Grain.Week => "Week",
        Grain.Month => "Month",
        _ => "Day",
    };
    public virtual string ColumnWritten => "Written";
    public virtual string ColumnSubstantive => "With substance";
    public virtual string ColumnSevenDays => "Seven days";
    public virtual string ColumnShare => "Share";
    public virtual string ColumnWhat => "What";
    public virtual string ColumnUsual => "Usual";

    /// <summary>Of when the figures below the trend are.</summary>
    public virtual string Scope(Overview figures) => figures.Chosen is { } days ? SpanWords(days) : "This week";

    // Read against written
    public virtual string AgainstTitle => "Read against written";
    public virtual string AgainstHow(Overview figures) => $"{Scope(figures)}, the share with substance. The outlined span is what is usual in a week.";
    public virtual string YouWrote => "You wrote";
    public virtual string YouRead => "You read";
    public virtual string UsualShort(UsualRange? range) => range is null ? "no usual yet" : $"usually {Range(range)}";

    // By site and kind
    public virtual string SlicesTitle => "By site and kind";
    public virtual string SlicesHow(Overview figures) => $"{Scope(figures)}, the share with substance in what you wrote.";
    public virtual string SliceName(Slice slice) => slice.Kind is { } kind ? Plural(kind) : Site(slice.Site);
    public virtual string Plural(Kind kind) => kind switch
    {
        Kind.Post => "posts",
        Kind.Comment => "comments",
        _ => "replies",
    };

    // By hour
    public virtual string HoursTitle => "By hour of the day";
    public virtual string HoursHow(Overview figures) =>
        (figures.Chosen is null ? $"This week and the {Dashboard.Overview.UsualWeeks} before it" : Scope(figures))
        + ", what you wrote; what has substance in the deep colour.";
    public virtual string HoursTable => "By hour of the day, as a table";
    public virtual string ColumnHour => "Hour";
    public virtual string Hour(int hour) => $"{hour}:00";
    public virtual string HourSpan(int hour) => $"{hour}–{hour + 1}";
    public virtual string HoursSummary(IReadOnlyList<HourCount> hours)
    {
        int all = hours.Sum(hour => hour.Mine.N);
        if (all < Share.Enough) return $"When you write is {TooFew(all)}.";
        HourCount busiest = hours.MaxBy(hour => hour.Mine.N)!;
        string deepest = hours.Where(hour => hour.Mine.Value is not null).MaxBy(hour => hour.Mine.Value) is { } deep
            ? $" The largest share has substance between {HourSpan(deep.Hour)}: {ShareOf(deep.Mine)}."
            : "";
        return $"You write most between {HourSpan(busiest.Hour)}: {busiest.Mine.N} of {all} texts.{deepest}";
    }

    // Facets
    public virtual string FacetsTitle => "What there was in it";
    public virtual string FacetsHow(Overview figures) => $"{Scope(figures)}, how many of your texts did each of these. One text may do several.";
    public virtual string Reveal => "tells of oneself";
    public virtual string Wisdom => "offers something to use";
    public virtual string Solicit => "asks a real question";
    public virtual string Engage => "takes up the other’s point";
    public virtual string FacetPart(int count, int n) => n < Share.Enough ? TooFew(n) : $"{Percent((double)count / n)} ({count} of {n})";
}
