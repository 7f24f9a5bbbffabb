using Soundings.Storage;

namespace Soundings.Dashboard;

/// <summary>Whom and what never to mark, for the dashboard: the list, taking one off, and putting groups and pages on it by their address.</summary>
internal sealed class NeverMarked(ExemptStore exempt, TimeProvider clock, ILogger<NeverMarked> log)
{
    public IReadOnlyList<Exempt> All() => exempt.All();

    public Task<bool> RemoveAsync(Exempt entry) => TryAsync(() => exempt.RemoveAsync(entry.Id));

    /// <summary>What was taken off stands again.</summary>
    public Task<bool> PutBackAsync(Exempt entry) =>
        AddAsync(entry.What, entry.Site, entry.Handle.StartsWith("name:", StringComparison.Ordinal) ? new Author(entry.Name) : new Author(entry.Name, entry.Handle));

    public Task<bool> AddAsync(Place place) => AddAsync(place.What, place.Site, new Author(place.Name, place.Url));

    private Task<bool> AddAsync(string what, string site, Author who) => TryAsync(() => exempt.AddAsync(what, site, who, clock.GetUtcNow().ToUnixTimeMilliseconds()));

    private async Task<bool> TryAsync(Func<Task> write)
    {
        try
        {
            await write();
            return true;
        }
        catch (Exception error) when (error is Microsoft.Data.Sqlite.SqliteException or TimeoutException)
        {
            log.LogWarning("The list of what is never marked could not be changed: {Fault}", error.Message);
            return false;
        }
    }
}

/// <summary>A group or a page, as its address tells. <c>What</c>: group or page.</summary>
internal sealed record Place(string What, string Site, string Name, string Url)
{
    private static readonly string[] Sites = ["facebook", "linkedin"];

    /// <summary>
    /// Null where the address is of neither. Groups of LinkedIn are among these: there, nothing about an item tells in which group it stands,
    /// so a promise to leave them out could not be kept.
    /// </summary>
    public static Place? Of(string address)
    {
        string whole = address.Trim();
        if (!whole.Contains("://", StringComparison.Ordinal)) whole = "https://" + whole;
        if (!Uri.TryCreate(whole, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("https" or "http")) return null;
        string? site = Sites.FirstOrDefault(site => $".{uri.Host}".EndsWith($".{site}.com", StringComparison.OrdinalIgnoreCase));
        string[] path = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        // As the site's own pages link them, whatever its address was copied from.
        return (site, path) switch
        {
            ("facebook", ["groups", var group, ..]) => new("group", site, Uri.UnescapeDataString(group), $"https://www.facebook.com/groups/{group}"),
            ("facebook", [var page]) when !page.EndsWith(".php", StringComparison.Ordinal) && page != "groups" => new("page", site, Uri.UnescapeDataString(page), $"https://www.facebook.com/{page}"),
            ("linkedin", [("company" or "school" or "showcase") and var kind, var page, ..]) => new("page", site, Uri.UnescapeDataString(page), $"https://www.linkedin.com/{kind}/{page}"),
            _ => null,
        };
    }
}
