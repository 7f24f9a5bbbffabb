using System.Text.RegularExpressions;

namespace Soundings.Reading.Exports;

/// <summary>Owns what JSON and HTML exports of Facebook have in common: how a record becomes an item or a reaction, and under which key.</summary>
internal static partial class FacebookKeys
{
    // Comment and reply are one thing here: which of them it is, only the title's language tells, and the next export may come in another.
    public static Item Item(Kind kind, string? at, string text, string author) =>
        new(ExportKey.Of("facebook", kind == Kind.Post ? "post" : "comment", at ?? "", text), kind, text)
        {
            Site = "facebook",
            Author = author.Length is > 0 and <= 200 ? new Author(author) : null,
            Mine = true,
            At = at,
        };

    public static ExportRecord Reaction(int line, string kind, string? id, string? address, string? at, string title)
    {
        string? target = address is null ? null : TargetOf(address);
        if (id is null && address is null && at is null) return ExportRecord.Skip(line, LeftOut.NoTarget);
        string key = id is { Length: > 0 and <= 40 } ? ExportKey.Of("facebook", "reaction", id)
            : ExportKey.Of("facebook", "reaction", address ?? "", address is null ? at ?? "" : "", title);
        kind = kind.Trim().ToLowerInvariant();
        return new(line, Reaction: new Reaction("facebook", key, kind.Length is 0 or > 40 ? "like" : kind, target, at));
    }

    /// <summary>The key under which the page's rules know what an address leads to: a comment by its number, a post by number or token.</summary>
    private static string? TargetOf(string address)
    {
        Match comment = CommentId().Match(address), post = PostId().Match(address);
        return comment.Success ? "facebook:" + comment.Groups["id"].Value : post.Success ? "facebook:" + post.Groups["id"].Value : null;
    }

    [GeneratedRegex(@"[?&](reply_comment_id|comment_id)=(?<id>\d{5,25})(?!.*[?&]reply_comment_id=)", RegexOptions.CultureInvariant)]
    private static partial Regex CommentId();

    [GeneratedRegex(@"(/(posts|permalink|videos|photos?)/([^/?#]+/)??|[?&](story_fbid|fbid|v)=)(?<id>pfbid\w{10,200}|\d{5,25})", RegexOptions.CultureInvariant)]
    private static partial Regex PostId();
}

/// <summary>Owns the sentences Facebook puts over a record ("Ann Lee replied to her own comment."), as far as they tell what the record is.</summary>
internal static partial class FacebookTitles
{
    public static bool IsReply(string title)
    {
        bool repaired = false;
        return Reply().IsMatch(Mojibake.Repair(title, ref repaired));
    }

    public static bool IsReaction(string title) => Reaction().IsMatch(title);

    public static bool IsComment(string title) => Comment().IsMatch(title);

    [GeneratedRegex(@"\breplied to\b|\bgeantwortet\b|\ba répondu\b|\brespondi(ó|ou|do)\b|\bha risposto\b|\bheeft geantwoord\b|\bodpowiedział|\bsvar(ede|te|ade)\b|\byanıt(ladı| verdi)|\bđã trả lời\b|\bvastasi\b|\bответил", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reply();

    [GeneratedRegex(@"\b(likes?|liked|loved|reacted|wowed)\b|\bgefällt\b|\breagiert\b|\ba aimé\b|\ba réagi\b|\bindicó que\b|\breaccionó\b|\bcurtiu\b|\breagiu\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reaction();

    [GeneratedRegex(@"\bcommented\b|\bkommentiert\b|\ba commenté\b|\bcomentó\b|\bcomentou\b|\bha commentato\b|\bheeft gereageerd\b|\bskomentował|\bkommentere|\bkommenterade\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Comment();
}
