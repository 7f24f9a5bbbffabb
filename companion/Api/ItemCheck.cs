using Soundings.Storage;

namespace Soundings.Api;

/// <summary>The limits of an item on the wire; past them: 422, with the place and the rule in the detail.</summary>
internal static class ItemCheck
{
    /// <summary>Items in one batch: the worker sends what some 80 ms of scrolling gather, a fraction of this.</summary>
    public const int MaxItems = 100;

    private const int MaxId = 512, MaxSite = 32, MaxName = 400, MaxUrl = 2048;

    /// <summary>Null when the batch is in order.</summary>
    public static string? Fault(IReadOnlyList<Item> items)
    {
        if (items.Count > MaxItems) return $"At most {MaxItems} items at once.";
        for (int i = 0; i < items.Count; i++)
        {
            if (Fault(items[i]) is { } fault) return $"items[{i}]: {fault}";
        }
        return null;
    }

    public static string? Fault(Item? item)
    {
        // A null inside a list passes the serialiser's null checks.
        if (item is null) return "is null.";
        if (item.Id.Length is 0 or > MaxId || item.Id.Any(char.IsControl)) return $"id is 1 to {MaxId} characters, none of them a control.";
        if (item.Site is { } site && (site.Length is 0 or > MaxSite || site.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '.'))))
            return $"site is 1 to {MaxSite} lower-case letters, digits, dots and dashes.";
        if (item.ParentId is { } parent && (parent.Length > MaxId || parent.Any(char.IsControl))) return $"parentId is at most {MaxId} characters, none of them a control.";
        if (item.Author is { } author && (author.Name?.Length > MaxName || author.Url?.Length > MaxUrl))
            return $"author.name is at most {MaxName} characters, author.url {MaxUrl}.";
        if (item.At is not null && Moment.Parse(item.At) is null) return "at is an RFC 3339 time with its zone, such as 2026-11-22T10:00:00Z.";
        return null;
    }
}
