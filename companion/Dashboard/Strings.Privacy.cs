using Soundings.Api;
using Soundings.Storage;

namespace Soundings.Dashboard;

/// <summary>The words of the page on privacy.</summary>
internal partial class Strings
{
    public virtual string PrivacyTitle => "Privacy";
    public virtual string PrivacyHow => "What Soundings keeps, where and how long, who may ask it, and how to be rid of it.";
    public virtual string StoredTitle => "What is kept";
    public virtual string StoredItems => "Posts, comments and replies";
    public virtual string StoredItemsLine(Footprint kept) => $"{Number(kept.Items)}, {Number(kept.Mine)} of them yours";
    public virtual string StoredTexts => "Different texts among them";
    public virtual string StoredTextsLine(Footprint kept) => $"{Number(kept.Texts)}, with the posts that were answered; each once, however often it was seen";
    public virtual string StoredLabels => "Your labels";
    public virtual string StoredSize => "On disk";
    public virtual string StoredWhere => "Folder";
    public virtual string OpenFolder => "Open folder";
    public virtual string StoredSince => "The oldest is from";
    public virtual string ExportAll => "Export everything";
    public virtual string ExportHow => "One zip with JSON Lines and CSV tables. Your labels in it can be imported again, here or elsewhere; models are learned again from them.";
    public virtual string ExportRunning => "Gathering …";
    public virtual string Exported(string name) => $"Saved as {name}.";
    public virtual string ExportFailed => "The export did not come through. Nothing was changed; try again.";

    // Keeping
    public virtual string KeepingTitle => "How long texts are kept";
    public virtual string KeepingHow => "Of others’ texts only the scores stay after that, counted from when you last saw them. What you labelled keeps its text until you take the label back.";
    public virtual string KeepingWord(Keeping keeping) => keeping switch
    {
        Keeping.Week => "others’ texts for 7 days, yours always",
        Keeping.Month => "others’ texts for 30 days, yours always",
        Keeping.Quarter => "others’ texts for 90 days, yours always",
        Keeping.Always => "all texts always",
        _ => "no text at all, not even yours: only scores, and what you labelled",
    };
    public virtual string KeepingAsks(Keeping wanted) => wanted == Keeping.Never
        ? "All texts go now, yours too, except those that you labelled. Scores stay as they are: without its text, nothing can be judged anew. This cannot be undone."
        : "Others’ texts that are older go now. This cannot be undone.";
    public virtual string KeepingNow => "Let them go";
    public virtual string KeptLine(Keeping keeping, int gone) => $"Kept from now on: {KeepingWord(keeping)}.{(gone > 0 ? $" {Count(gone, "item", "items")} let text go." : "")}";

    // Pause
    public virtual string PauseTitle => "Pause";
    public virtual string PauseHow => "While paused, nothing that browsers show is judged or stored. Labels you give are kept.";
    public virtual string PauseHour => "Pause for an hour";
    public virtual string PauseOpen => "Pause until I resume";
    public virtual string Resume => "Resume";
    public virtual string NotPaused => "Soundings is running.";
    public virtual string PausedLine(DateTimeOffset until) => until == DateTimeOffset.MaxValue ? "Paused until you resume." : $"Paused until {until.LocalDateTime.ToString("HH:mm", Culture)}.";

    // Forgetting
    public virtual string ForgetTitle => "Forget";
    public virtual string ForgetHow => "For good: texts, scores, labels, and what was learned from them, in every file of the folder and in the backups there. Backups that you made elsewhere still hold it. A person is forgotten on their page, single items on the page of items.";
    public virtual string ForgetChoose => "What";
    public virtual string ForgetDay => "a day";
    public virtual string ForgetSpan => "several days";
    public virtual string ForgetSite => "a site";
    public virtual string ForgetAll => "everything";
    public virtual string ForgetDayName => "Day";
    public virtual string ForgetFrom => "From";
    public virtual string ForgetTo => "To, this day included";
    public virtual string ForgetCount => "What would go?";
    public virtual string ForgetWord => "forget everything";
    public virtual string ForgetType(string words) => $"Type “{words}”";
    public virtual string ForgetRunning => "Forgetting …";

    // Browsers
    public virtual string BrowsersTitle => "Paired browsers";
    public virtual string BrowsersHow => "These may send texts to Soundings and see their scores. Removing one takes effect at its next request.";
    public virtual string NoBrowsers => "No browser is paired.";
    public virtual string ColumnBrowser => "Browser";
    public virtual string ColumnPaired => "Paired";
    public virtual string ColumnLastUse => "Last use";
    public virtual string Never => "never";
    public virtual string Remove => "Remove";
    public virtual string RemoveNamed(string name) => $"Remove {name}";
    public virtual string Removed(string name) => $"{name} was removed.";

    // Nothing leaves
    public virtual string NothingLeavesTitle => "Nothing leaves this machine";
    public virtual string ProofLine(Outward seen) =>
        $"connections to anywhere else since Soundings started, {DateLong(seen.Since)}; {Count(seen.NamesAsked, "name", "names")} looked up. A byte that left would have gone through one.";
    public virtual string ProofSockets(int all, int elsewhere) =>
        $"The system lists {Count(all, "network socket", "network sockets")} of this program just now; {(elsewhere == 0 ? "none has an end outside this machine" : $"{Number(elsewhere)} of them with an end outside this machine")}.";
    public virtual IReadOnlyList<string> NothingLeaves =>
    [
        "Soundings listens on 127.0.0.1 alone, and gives nothing of yours without a token.",
        "The browser itself holds this page and the extension to it: their content policies allow no address but this one.",
        "No cookie is set, and no link carries anything that stays valid.",
    ];
}
