using Soundings.Api;
using Soundings.Storage;

namespace Soundings.Dashboard;

/// <summary>The words of the page of items, and of forgetting.</summary>
internal partial class Strings
{
    public virtual string ItemsKeys => "On a row: 1 superficial, 2 substantive, 0 takes it back, x picks it, j and k go down and up.";
    public virtual string Search => "Search";
    public virtual string SearchHint => "words, or “a phrase”";
    public virtual string Filters => "Filters and order";
    public virtual string FilterFacet => "What it does";
    public virtual string FilterModel => "Judged by version";
    public virtual string SortNewest => "newest first";
    public virtual string SortOldest => "oldest first";
    public virtual string SortDeepest => "deepest first";
    public virtual string SortShallowest => "shallowest first";
    public virtual string OnlyPerson(string name) => $"only {name}";
    public virtual string More => "Show more";
    public virtual string PickAll(int count) => $"Pick all {Number(count)} shown";
    public virtual string PickNamed(string who) => $"Pick this one, by {who}";
    public virtual string PickedCount(int count) => $"{Number(count)} picked";
    public virtual string PickedDo => "What to do with those picked";
    public virtual string TakeLabelsBack => "take labels back";
    public virtual string ForgetPicked => "forget …";
    public virtual string Unpick => "Unpick";
    public virtual string Close => "Close";
    public virtual string LabelledMany(int count, Depth.Verdict? label) => label is { } said
        ? $"{Count(count, "text is", "texts are")} {VerdictWord(said)} to you now."
        : $"What you said of {Count(count, "text", "texts")} was taken back.";
    public virtual string Undone => "Undone: it stands as before.";

    // Forgetting
    public virtual string ForgetAsks(ForgetCounts going) => going.IsNothing ? "Nothing is stored of it." : $"This would go for good, and cannot be undone: {Going(going)}.";
    public virtual string ForgottenLine(ForgetReport report) =>
        $"Forgotten: {Going(report.Counts)}." + (report.Models > 0 ? $" {Count(report.Models, "version", "versions")} of the model that may have learned from it went too; what is left was learned anew." : "")
        + (report.Erased ? "" : $" Its bytes are not all overwritten yet. {report.Why} This is tried again when Soundings next starts.");

    private string Going(ForgetCounts counts)
    {
        List<string> parts = [counts.Mine == 0 ? Count(counts.Items, "item", "items") : $"{Count(counts.Items, "item", "items")} ({Number(counts.Mine)} of them yours)"];
        if (counts.Texts > 0) parts.Add(Count(counts.Texts, "text", "texts"));
        if (counts.Labels > 0) parts.Add(Count(counts.Labels, "label", "labels"));
        if (counts.People > 0) parts.Add(Count(counts.People, "person", "people"));
        if (counts.Reactions > 0) parts.Add(Count(counts.Reactions, "reaction", "reactions"));
        if (counts.Exempt > 0) parts.Add(Count(counts.Exempt, "exemption", "exemptions"));
        return string.Join(", ", parts);
    }
}
