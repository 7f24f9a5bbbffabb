using System.Globalization;
using Soundings.Depth;

namespace Soundings.Dashboard;

/// <summary>
/// Every word the dashboard says, in English. Another language is one more file: a class that derives from this one and overrides
/// its members, named in <see cref="For"/>. (The shell, which must stand without a circuit, is the one page of text beside it.)
/// </summary>
internal partial class Strings
{
    public static Strings For(CultureInfo culture)
    {
        _ = culture; // English alone so far.
        return new Strings();
    }

    public virtual CultureInfo Culture => CultureInfo.InvariantCulture;

    // Frame
    public virtual string Product => "Soundings";
    public virtual string SkipToContent => "Skip to the content";
    public virtual string NavLabel => "Pages";
    public virtual string Overview => "Overview";
    public virtual string Items => "Items";
    public virtual string Privacy => "Privacy";
    public virtual string PageTitle(string page) => $"{page} · Soundings";
    public virtual string NotFoundTitle => "There is no such page";
    public virtual string NotFoundText => "The overview is the place to start again.";
    public virtual string StaysHere => "Everything here was worked out on this machine and stays on it.";
    public virtual string ModelLine(string version) => $"Model version {version}";
    public virtual string ModelMissing => "No model could be loaded, so nothing new is judged. Run “soundings doctor” to see why.";
    public virtual string StoredLine(long items, long labels) => $"{Count(items, "text", "texts")} stored, {Count(labels, "label", "labels")} of yours";
    public virtual string BlindSite(string site, int signs) =>
        $"On {Site(site)} there seem to be about {signs} posts, and none is recognised: the site may have changed its pages.";
    public virtual string RefusedRules(string file, string reason) => $"The rules in {file} are not used: {reason}. Those before it stay.";
    public virtual string Connected => "Connected";

    // The sentence
    public virtual (string Number, string Words) WroteThisWeek(Share share) => share.Value is { } value
        ? (Percent(value), $" of what you wrote this week had substance: {share.Substantive} of {share.N}.")
        : share.N == 0
            ? ("", "You have written nothing this week that Soundings has seen.")
            : ("", $"What you wrote this week is too few to say ({share.N}).");
    public virtual string Usual(UsualRange range) => $"Your usual is {Range(range)}.";
    public virtual string LastWeek(Share share) => share.Value is { } value
        ? $"Last week it was {Percent(value)}, {share.Substantive} of {share.N}."
        : $"Last week is too few to say ({share.N}).";
    public virtual string NoUsualYet => "What is usual for you shows after three weeks.";
    public virtual string TooFew(int n) => $"too few to say ({n})";

    public virtual string ShareOf(Share share) => share.Value is { } value ? $"{Percent(value)} ({share.Substantive} of {share.N})" : TooFew(share.N);

    // Items
    public virtual string LatestTitle => "Latest";
    public virtual string AllItems => "All items";
    public virtual string ItemsTitle => "Items";
    public virtual string ItemsHow => "What Soundings has seen and judged.";
    public virtual string Older => "Show older";
    public virtual string NothingMatches => "Nothing stored matches these filters.";
    public virtual string ClearFilters => "Clear the filters";
    public virtual string Someone => "someone";
    public virtual string Me => "you";
    public virtual string NoText => "(no text)";
    public virtual string Parent => "In answer to";
    public virtual string WhyTitle => "Why";
    public virtual string NoReasons => "No single words stood out.";
    public virtual string SayYourself => "Your own judgement";
    public virtual string Labelled(string label) => $"you said {label}";
    public virtual string Undo => "Undo";
    public virtual string LabelFailed => "The label could not be stored. Nothing was changed; try again.";
    public virtual string FilterSite => "Site";
    public virtual string FilterKind => "Kind";
    public virtual string FilterVerdict => "Verdict";
    public virtual string FilterWhose => "Whose";
    public virtual string FilterLabel => "Label";
    public virtual string OnlyDays(Span days) => $"only {SpanWords(days)}";
    public virtual string Any => "any";
    public virtual string MineOnly => "mine";
    public virtual string OthersOnly => "others’";
    public virtual string LabelledOnly => "labelled";
    public virtual string UnlabelledOnly => "not labelled";

    // Empty
    public virtual string EmptyTitle => "Nothing has been read yet";
    public virtual string EmptyText => "Connect a browser, open LinkedIn or Facebook, and what you read and write is counted here. Below is how it will look, with invented figures.";
    public virtual string EmptyAction => "Connect a browser";
    public virtual string SampleMark => "Sample, not yours";

    public string VerdictOf(Line line) => line.Score is { } score ? VerdictWord(score.Verdict) : NotScored;

    public virtual string NotScored => "not scored";

    public virtual string VerdictWord(Verdict verdict) => verdict switch
    {
        Verdict.Substantive => "substantive",
        Verdict.Superficial => "superficial",
        _ => "unsure",
    };

    public virtual string KindWord(Kind kind) => kind switch
    {
        Kind.Post => "post",
        Kind.Comment => "comment",
        _ => "reply",
    };

    public virtual string Site(string? site) => site switch
    {
        "linkedin" => "LinkedIn",
        "facebook" => "Facebook",
        null or "" => "elsewhere",
        _ => site,
    };

    // Teaching
    public virtual string Teach => "Teach";
    public virtual string TeachTitle => "Teach it your judgement";
    public virtual string TeachHow => "Say of a text whether it is substantive or superficial to you. The next reading already knows.";
    public virtual string QueueTitle => "What to label next";
    public virtual string QueueWhy(bool blind) => blind ? "drawn at random, to find what the model is wrongly sure of" : "the model cannot tell";
    public virtual string QueueEmpty => "Nothing waits to be labelled. Read a little with the extension on, and come back.";
    public virtual string Skip => "skip";
    public virtual string LabelKept(string verdict, string version) => $"Kept as {verdict}. Version {version} judges now.";
    public virtual string LabelUndone => "Taken back. Say it anew, or skip it.";
    public virtual string LabelLost => "This could not be stored. Try again in a moment.";
    public virtual string LearnedTitle => "What it learned";
    public virtual string LearnedLine(Soundings.Training.LearningView view) => view.Accuracy.N < Soundings.Training.Hits.Enough
        ? $"How often it is right before it is told: {TooFew(view.Accuracy.N)}."
        : $"Before it was told, it was right on {view.Newest.Right} of your newest {view.Newest.N} labels; over all {view.Accuracy.N}, right on {view.Accuracy.Right}, the model it stands on {view.StarterOnTheSame.Right}. The queue asks what is hard, so on all you read it is right more often.";
    public virtual string CurveHow => "Right before it was told, over the newest twenty labels up to each count";
    public virtual string ColumnLabels => "Labels";
    public virtual string ColumnRight => "Right";
    public virtual string ColumnStarterRight => "Right without your labels";
    public virtual string ByKindLine(IReadOnlyDictionary<string, Soundings.Training.Hits> kinds) =>
        string.Join("; ", kinds.OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => $"{kind.Key}: {kind.Value.Said}")) + ".";
    public virtual string ChangedLine(Soundings.Training.ChangedReading changed) => $"{changed.Before} before, {changed.After} now:";
    public virtual string VersionsTitle => "Versions";
    public virtual string VersionsHow => "A new version serves when it is not worse on your newest labels; otherwise it waits here. You may choose any of them.";
    public virtual string ColumnVersion => "Version";
    public virtual string ColumnLearnedFrom => "Learned from";
    public virtual string Activate => "Activate";
    public virtual string ActivateNamed(string version) => $"Activate version {version}";
    public virtual string VersionState(Soundings.Api.ModelView model) => model.State switch { "active" => model.Why is { } why ? $"judges now: {why}" : "judges now", "candidate" => $"kept back: {model.Why}", _ => "" };
    public virtual string LearnedFrom(Soundings.Api.ModelView model) => model.Kind switch
    {
        "starter" => "the starter corpus",
        "full" => $"the starter corpus and {Count(model.Labels ?? 0, "label", "labels")}, all anew",
        _ => Count(model.Labels ?? 0, "label", "labels"),
    };
    public virtual string RightLine(Soundings.Api.ModelView model) => model.OwnN is not { } n ? "" : n < Soundings.Training.Hits.Enough ? TooFew(n) : $"{model.OwnRight} of {n}; without {model.StarterRight}";
    public virtual string ShowAllVersions(int count) => $"Show all {count}";
    public virtual string TrainingTitle => "Training the large model";
    public virtual string TrainingHow => "From a hundred labels on it is trained anew by itself, each time they have grown by half. It runs beside the judging and takes some seconds.";
    public virtual string StartTraining => "Train now";
    public virtual string CancelTraining => "Cancel";
    public virtual string TrainingLine(Soundings.Training.TrainingView view) => view.State switch
    {
        "running" => $"{Percent(view.Progress)}: {view.Step}.",
        "done" => view.Activated ? $"Version {view.Version} serves: {view.Why}." : $"Version {view.Version} was kept back: {view.Why}.",
        "cancelled" => "The training was cancelled.",
        "failed" => $"The training failed. {view.Why}",
        _ => "No training runs.",
    };

    public virtual string When(DateTimeOffset at, DateTimeOffset now) => (now - at) switch
    {
        { TotalMinutes: < 1 } => "just now",
        { TotalMinutes: < 60 } span => $"{(int)span.TotalMinutes} min ago",
        { TotalHours: < 24 } span => $"{(int)span.TotalHours} h ago",
        { TotalDays: < 7 } span => $"{(int)span.TotalDays} d ago",
        _ when at.LocalDateTime.Year == now.LocalDateTime.Year => DateShort(DateOnly.FromDateTime(at.LocalDateTime)),
        _ => at.LocalDateTime.ToString("d MMM yyyy", Culture),
    };

    public virtual string DateShort(DateOnly day) => day.ToString("d MMM", Culture);
    public virtual string DateLong(DateTimeOffset at) => at.LocalDateTime.ToString("d MMMM yyyy, HH:mm", Culture);
    public virtual string Percent(double share) => Math.Round(share * 100, MidpointRounding.AwayFromZero).ToString(Culture) + "%";

    public virtual string Bytes(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} bytes",
        < 1_000_000 => (bytes / 1e3).ToString("0.#", Culture) + " kB",
        < 1_000_000_000 => (bytes / 1e6).ToString("0.#", Culture) + " MB",
        _ => (bytes / 1e9).ToString("0.##", Culture) + " GB",
    };

    public virtual string Number(long count) => count.ToString("N0", Culture);

    public string Who(Line line) => line.Item.Mine == true ? Me : string.IsNullOrWhiteSpace(line.Item.Author?.Name) ? Someone : line.Item.Author.Name;

    private string Range(UsualRange range) => Percent(range.Low) is var low && Percent(range.High) is var high && low == high ? low : $"{low[..^1]}–{high}";

    private string Count(long n, string one, string many) => $"{Number(n)} {(n == 1 ? one : many)}";
}
