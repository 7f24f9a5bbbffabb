using Microsoft.Data.Sqlite;

namespace Soundings.Storage;

/// <summary>Whom or what never to judge. <c>What</c>: person, group or page; <c>Handle</c>: the address without its trackings, else the name.</summary>
internal sealed record Exempt(long Id, string What, string Site, string Handle, string Name, long At);

/// <summary>Who and what stays without marks. The list is small and asked at every scoring, so it is kept at hand.</summary>
internal sealed class ExemptStore(Database database)
{
    private volatile IReadOnlyList<Exempt>? _all;
    private volatile HashSet<(string Site, string Handle, bool Under)>? _covered;

    public IReadOnlyList<Exempt> All() => _all ??= database.Read(connection => connection.Query(
        "SELECT exempt, what, site, handle, name, at FROM exempt ORDER BY exempt", Row));

    /// <summary>The standing entry: adding one twice is one.</summary>
    public async Task<Exempt> AddAsync(string what, string site, Author author, long now)
    {
        string handle = ItemStore.HandleOf(author) ?? throw new ArgumentException("neither name nor address", nameof(author));
        Exempt added = await database.WriteAsync(connection =>
        {
            connection.Execute("INSERT INTO exempt (what, site, handle, name, at) VALUES ($what, $site, $handle, $name, $now) ON CONFLICT DO NOTHING",
                ("$what", what), ("$site", site), ("$handle", handle), ("$name", author.Name ?? ""), ("$now", now));
            return connection.Query("SELECT exempt, what, site, handle, name, at FROM exempt WHERE what = $what AND site = $site AND handle = $handle", Row,
                ("$what", what), ("$site", site), ("$handle", handle)).Single();
        });
        Reload();
        return added;
    }

    public async Task<bool> RemoveAsync(long id)
    {
        bool removed = await database.WriteAsync(connection => connection.Execute("DELETE FROM exempt WHERE exempt = $id", ("$id", id)) == 1);
        Reload();
        return removed;
    }

    /// <summary>
    /// Whether an item's author is exempt: as a person, as a page, or as a member of a group. An item carries no group, but where a site links
    /// its members by addresses below the group's own, as Facebook does, the author's address tells.
    /// </summary>
    public bool Covers(Item item)
    {
        HashSet<(string, string, bool)> covered = _covered ??= [.. All().Select(exempt => (exempt.Site, exempt.Handle, exempt.What != "person"))];
        if (covered.Count == 0 || ItemStore.HandleOf(item.Author) is not { } handle) return false;
        string site = item.Site ?? "";
        if (covered.Contains((site, handle, false))) return true;
        for (int end = handle.Length; end > 0; end = handle.LastIndexOf('/', end - 1))
        {
            if (covered.Contains((site, handle[..end], true))) return true;
        }
        return false;
    }

    /// <summary>Called when the list changed beside this store.</summary>
    public void Reload() => (_all, _covered) = (null, null);

    private static Exempt Row(SqliteDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5));
}
