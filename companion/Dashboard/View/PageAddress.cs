using System.Text.RegularExpressions;

namespace Soundings.Dashboard;

/// <summary>Where an item stands on its site, as far as its key tells.</summary>
internal static partial class PageAddress
{
    /// <summary>Null where the key does not lead to a page: Facebook's comments name neither their post nor its author.</summary>
    public static string? Of(Item item)
    {
        if (Post().Match(item.Id) is { Success: true } post) return LinkedIn(post);
        if (Comment().Match(item.Id) is { Success: true } comment)
            return $"{LinkedIn(comment)}?commentUrn={Uri.EscapeDataString($"urn:li:comment:({comment.Groups["post"].Value},{comment.Groups["id"].Value})")}";
        if (item.Kind != Kind.Post || FacebookPost().Match(item.Id) is not { Success: true } own) return null;
        return Owner().Match(item.Author?.Url ?? "") is { Success: true } owner
            ? $"https://www.facebook.com/{owner.Groups["name"].Value}/posts/{own.Groups["id"].Value}"
            : null;
    }

    private static string LinkedIn(Match found) => $"https://www.linkedin.com/feed/update/urn:li:{found.Groups["post"].Value}/";

    [GeneratedRegex(@"^linkedin:urn:li:(?<post>(activity|share|ugcPost):\d{5,25})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Post();

    [GeneratedRegex(@"^linkedin:urn:li:comment:\((urn:li:)?(?<post>(activity|share|ugcPost):\d{5,25}),(?<id>\d{5,25})\)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^facebook:(?<id>pfbid\w{10,200}|\d{5,25})\z", RegexOptions.CultureInvariant)]
    private static partial Regex FacebookPost();

    [GeneratedRegex(@"^https://(www\.|m\.)?facebook\.com/(?!profile\.php)(?<name>[A-Za-z0-9.]{3,80})/?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Owner();
}
