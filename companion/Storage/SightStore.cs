namespace Soundings.Storage;

/// <summary>What the site rules last saw on a kind of page: so many items, where the page showed signs of so many.</summary>
internal sealed record Sight(string Site, string Page, int Seen, int Signs, long At)
{
    /// <summary>The page shows content and the rules find none of it: the site has changed.</summary>
    public bool IsBlind => Seen == 0 && Signs > 0;
}

/// <summary>The last sight by site and kind of page.</summary>
internal sealed class SightStore(Database database)
{
    public Task<int> NoteAsync(Sight sight) => database.WriteAsync(connection => connection.Execute(
        "INSERT OR REPLACE INTO sights VALUES ($site, $page, $seen, $signs, $at)",
        ("$site", sight.Site), ("$page", sight.Page), ("$seen", sight.Seen), ("$signs", sight.Signs), ("$at", sight.At)));

    public IReadOnlyList<Sight> All() => database.Read(connection => connection.Query(
        "SELECT site, page, seen, signs, at FROM sights ORDER BY site, page",
        row => new Sight(row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3), row.GetInt64(4))));
}
