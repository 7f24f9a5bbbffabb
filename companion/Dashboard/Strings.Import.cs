using Soundings.Reading.Exports;

namespace Soundings.Dashboard;

/// <summary>What the page of imports says.</summary>
internal partial class Strings
{
    public virtual string Import => "Import";
    public virtual string ImportTitle => "Bring in what the sites keep of you";
    public virtual string ImportHow => "LinkedIn and Facebook give you a copy of your own posts, comments and reactions on request. With it there is a reading of years at once.";
    public virtual IReadOnlyList<(string Site, string How)> ImportWays =>
    [
        ("LinkedIn", "Settings → Data privacy → Get a copy of your data → the larger archive. The zip comes by mail within a day."),
        ("Facebook", "Settings → Your information and permissions → Download your information → format JSON (HTML works too)."),
        ("A saved page", "In the browser: Save page as → web page, HTML only."),
    ];
    public virtual string ImportDrop => "Drop a file here, or choose one";
    public virtual string ImportDropHow(long bytes) =>
        $"The zip as it came, or one CSV, JSON or HTML file, up to {bytes >> 20} MiB. For larger archives and unpacked folders: soundings import PATH, in a terminal.";
    public virtual string ImportReads => "Only your posts, comments and reactions are read. Messages, contacts and everything else in the archive stay closed.";
    public virtual string ImportCancel => "Cancel";
    public virtual string ImportCancelled => "Cancelled. Nothing was changed.";
    public virtual string ImportBusy => "Another import is running. Its progress is shown here.";
    public virtual string ImportFailed => "The import failed on Soundings’ side. Nothing was changed.";
    public virtual string ImportConflict => "A label in this file is stored here with another content. Nothing was changed.";
    public virtual string ImportRefusedLine(string reason) => $"{reason} Nothing was changed.";
    public virtual string ImportTooLarge(long bytes) => $"The file is larger than {bytes >> 20} MiB. Import it in a terminal: soundings import PATH";
    public virtual string ImportState(ImportProgress now) => now.State switch
    {
        "receiving" => "Receiving the file",
        "storing" => $"Storing {Number(now.Kept)}",
        _ => now.File is null ? "Reading" : $"Reading {now.File}",
    };
    public virtual string ImportCounts(ImportProgress now) => $"{Count(now.Read, "record", "records")} read, {Number(now.Kept)} kept, {Number(now.Skipped)} left out";
    public virtual string ImportDone(ImportReport report) => report.Added == 0 && report.Known > 0
        ? $"Nothing new: all {Number(report.Known)} were here before."
        : $"{Number(report.Added)} added{(report.Known > 0 ? $", {Number(report.Known)} were here before" : "")}.";
    public virtual string ImportKept(ImportReport report) =>
        $"Of {Count(report.Read, "record", "records")}, {Number(report.Kept)} kept: {Count(report.Kinds.Posts, "post", "posts")}, {Count(report.Kinds.Comments, "comment", "comments")}, "
        + $"{Count(report.Kinds.Replies, "reply", "replies")}, {Count(report.Kinds.Reactions, "reaction", "reactions")}.";
    public virtual string ImportMended(int count) => $"{Count(count, "record", "records")} had broken quoting or letters, and could be mended.";
    public virtual string ImportReactions => "Reactions are counted beside the texts: a click has no words to judge.";
    public virtual string ImportLeftOutTitle => "Left out";
    public virtual string ImportLeftOutNone => "Nothing was left out.";
    public virtual string ImportEach => "Each record left out";
    public virtual string ImportFirst(int shown, int all) => $"The first {Number(shown)} of {Number(all)}.";
    public virtual string ImportFilesTitle => "File by file";
    public virtual string ImportColumnFile => "File";
    public virtual string ImportColumnLine => "Line";
    public virtual string ImportColumnRead => "Read";
    public virtual string ImportColumnKept => "Kept";
    public virtual string ImportColumnLeftOut => "Left out";
    public virtual string ImportColumnReason => "Reason";
    public virtual string ImportToOverview => "See the overview";
    public virtual string ImportProgressLabel => "Progress of the import";
}
