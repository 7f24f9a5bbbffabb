using Soundings.Storage;

namespace Soundings.Dashboard;

/// <summary>What the pages on people and the conversations to return to say.</summary>
internal partial class Strings
{
    public virtual string People => "People";
    public virtual string PeopleHow =>
        "With whom you exchange texts, the latest exchange first. The figures are of texts: how deep what you wrote to each other was. Nobody is ranked.";
    public virtual string PeopleNone =>
        "Nothing exchanged with anybody has been read yet. It begins when you answer someone, or someone answers you, on a page that is read.";
    public virtual string PeopleNoMatch(string search) => $"No name among them has “{search}” in it.";
    public virtual string PeopleCount(int count) => Count(count, "person", "people");
    public virtual string SearchName => "Name";
    public virtual string SortBy => "Order";
    public virtual string Order(BondOrder order) => order switch
    {
        BondOrder.LastDeep => "last of substance",
        BondOrder.Name => "name",
        BondOrder.Texts => "number of texts",
        _ => "last exchange",
    };
    public virtual string ColumnName => "Name";
    public virtual string ColumnShape => "Twelve months";
    public virtual string Given => "You to them";
    public virtual string Received => "They to you";
    public virtual string ColumnBalance => "Back and forth";
    public virtual string ColumnLast => "Last exchange";
    public virtual string ColumnLastDeep => "Last of substance";
    public string SitesOf(Acquaintance person) => string.Join(", ", [.. person.Bond.Sites.Select(Site), .. person.IsExempt ? [NeverMarked] : (string[])[]]);
    public virtual string Balance(Acquaintance person) => $"you {Number(person.Given.N)}, they {Number(person.Received.N)}";
    public virtual string LastDeepOf(Acquaintance person, DateTimeOffset now) => person.LastDeep is { } at ? When(at, now) : "none yet";
    public virtual string NeverMarked => "never marked";
    public virtual string Nameless => "someone without a name";
    public virtual string NameOf(string name) => string.IsNullOrWhiteSpace(name) ? Nameless : name;
    public virtual string Previous => "Previous";
    public virtual string Next => "Next";
    public virtual string PageOf(int page, int pages) => $"Page {Number(page)} of {Number(pages)}";

    // One person
    public virtual string PersonTitle => "Person";
    public virtual string PersonGone => "There is nothing exchanged with this person";
    public virtual string BackToPeople => "All people";
    public virtual string BetweenTitle => "What you wrote to each other";
    public virtual string BetweenHow => "The share with substance in the texts that went each way: answers of yours to theirs, and of theirs to yours.";
    public virtual string BalanceLine(Acquaintance person) => person.GivenPart is { } part
        ? $"Back and forth: {Balance(person)}; {Percent(part)} of the texts between you are yours."
        : $"Back and forth: {Balance(person)}.";
    public virtual string LastLine(Acquaintance person, DateTimeOffset now) => person.LastDeep is { } deep
        ? $"Last exchange {When(person.Last, now)}, last of substance {When(deep, now)}."
        : $"Last exchange {When(person.Last, now)}, none of substance yet.";
    public virtual string ShapeTitle => "Over twelve months";
    public virtual string ShapeHow => "Texts by month: yours above the line, theirs below; those with substance in the deep colour.";
    public virtual string ShapeSummary(Acquaintance person) =>
        person.Shape.Count(month => month.Given.N + month.Received.N > 0) is var months && months == 0 ? "No texts between you within twelve months."
        : $"{Count(person.Shape.Sum(month => month.Given.N), "text", "texts")} of yours and {Number(person.Shape.Sum(month => month.Received.N))} of theirs "
            + $"in {Number(months)} of twelve months, "
            + $"{Number(person.Shape.Sum(month => month.Given.Substantive + month.Received.Substantive))} of them with substance.";
    public virtual string ColumnMonth => "Month";
    public virtual string MonthName(DateOnly month) => month.ToString("MMM yyyy", Culture);
    public virtual string CountOf(Share share) => share.N == 0 ? "–" : $"{Number(share.Substantive)} of {Number(share.N)}";
    public virtual string ConversationsTitle => "Conversations";
    public virtual string ConversationHead(Line? top, int texts) => top is null
        ? Count(texts, "text", "texts")
        : $"Under {(top.Item.Mine == true ? "your" : Who(top) == Someone ? "a" : $"{Who(top)}’s")} {KindWord(top.Item.Kind)}"
            + (string.IsNullOrWhiteSpace(top.Item.Text) ? "" : $": “{FirstWords(top.Item.Text)}”");
    public virtual string OpenOn(string? site) => $"Open on {Site(site)}";
    public virtual string ManageTitle => "About this person";
    public virtual string Rename => "Rename";
    public virtual string RenameLabel => "Your name for them";
    public virtual string RenameHow => "Only here. Left empty, the site’s own name stands again.";
    public virtual string Save => "Save";
    public virtual string Cancel => "Cancel";
    public virtual string Renamed(string name) => $"Called {name} from now on.";
    public virtual string Exempt => "Never mark";
    public virtual string ExemptHow => "Texts of this person get no mark from now on. What was judged stays as it is.";
    public virtual string ExemptDone => "Their texts are never marked from now on.";
    public virtual string ExemptUndone => "Their texts are marked again.";
    public virtual string ProfilesTitle => "Profiles";
    public virtual string Separate => "Separate";
    public virtual string SeparateNamed(string name, string site) => $"Separate {name} on {Site(site)}";
    public virtual string Separated(string name) => $"{name} stands apart again.";
    public virtual string MergeTitle => "The same human elsewhere";
    public virtual string MergeHow => "Someone on two sites, or under two names, can be shown as one. You can separate them at any time.";
    public virtual string MergeSearch => "Find by name";
    public virtual string MergeWith => "It is the same";
    public virtual string MergeWithNamed(string name) => $"{name} is the same human";
    public virtual string Merged(string name) => $"{name} is shown here as well from now on.";
    public virtual string Forget => "Forget this person …";
    public virtual string ForgetWhat(ForgetCounts counts) =>
        $"{Count(counts.Items, "text", "texts")} of theirs and {Count(counts.Labels, "label", "labels")} on them would go, and with them what is known of who "
        + "this is. This cannot be undone.";
    public virtual string ForgetNow => "Forget for good";
    public virtual string Keep => "Keep";
    public virtual string ChangeFailed => "This could not be stored. Nothing was changed; try again.";

    private static string FirstWords(string text)
    {
        const int Longest = 70;
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Length <= Longest) return line;
        int end = line.LastIndexOf(' ', Longest);
        return line[..(end > Longest / 2 ? end : Longest)] + " …";
    }

    // Conversations worth returning to
    public virtual string ReturnsTitle => "Conversations worth returning to";
    public virtual string ReturnsHow => "Texts to you that wait, of the last sixty days.";
    public virtual string ReturnsNone => "None just now.";
    public virtual string ReturnWhy(Why why) => why switch
    {
        Why.Asked => "asks you something that stands unanswered",
        Why.Deepened => "began shallow and went deep; the last word is theirs",
        _ => "has substance, and you only reacted to it",
    };
    public virtual string Done => "Done";
    public virtual string DoneNamed(string name) => $"Done with what {name} wrote";
    public virtual string NotNow => "Not now";
    public virtual string NotNowNamed(string name) => $"Not now: what {name} wrote";
    public virtual string IsDone(string name) => $"Done with what {name} wrote.";
    public virtual string IsPutOff(string name) => $"What {name} wrote comes up again in a week, if it still waits.";
    public virtual string DaysAgo(DateTimeOffset at, DateTimeOffset now) => (now - at).TotalDays switch
    {
        < 1 => When(at, now),
        < 2 => "1 day ago",
        var days => $"{Number((long)days)} days ago",
    };
}
