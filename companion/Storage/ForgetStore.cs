using System.Text.Json;
using Microsoft.Data.Sqlite;
using Soundings.Api;

namespace Soundings.Storage;

/// <summary>
/// What is to be forgotten: one person (several rows where a person was merged over sites), a span of time, a site, single items, or all.
/// What is named together must all hold. Times in milliseconds since 1970, from inclusive, to exclusive.
/// </summary>
internal sealed record ForgetWish
{
    public IReadOnlyList<long>? People { get; init; }
    public long? From { get; init; }
    public long? To { get; init; }
    public string? Site { get; init; }

    /// <summary>The item's id on <see cref="Site"/>.</summary>
    public string? Id { get; init; }

    /// <summary>Rows of items, as <see cref="StoredItem.Row"/> names them.</summary>
    public IReadOnlyList<long>? Rows { get; init; }

    public bool All { get; init; }

    public bool NamesNothing => !All && People is null && From is null && To is null && Site is null && Id is null && Rows is null;
}

/// <summary>What goes, or went: rows of each sort. <c>Texts</c>: those that nobody else is known to have written. <c>Exempt</c>: wishes never to judge.</summary>
internal sealed record ForgetCounts(int Items, int Mine, int Texts, int Labels, int People, int Reactions, int Exempt)
{
    public bool IsNothing => Items + Labels + People + Reactions + Exempt == 0;
}

/// <summary>
/// Forgets: removes rows, in every table that holds something of them, and what is left of them in other rows (as the text somebody answered,
/// as the parent of a labelled item). It overrides the append-only rule of labels. The bytes that deleted rows leave behind are
/// <see cref="Database.CompactAsync"/>'s to remove.
/// </summary>
internal sealed class ForgetStore(Database database)
{
    /// <summary>In the order of the alphabet the greater debt comes first.</summary>
    public const string OwesModels = "1: models and bytes", OwesBytes = "2: bytes";

    /// <summary>What would go. The very same gathering as the deletion does, on a connection that cannot write.</summary>
    public ForgetCounts Preview(ForgetWish wish) => database.Read(connection => Gather(connection, wish).Counts);

    /// <summary>One transaction: all of it, or nothing. What is then still <see cref="Owed"/> is written down with it.</summary>
    public Task<ForgetCounts> ForgetAsync(ForgetWish wish) => database.WriteAsync(connection =>
    {
        Gathered gathered = Gather(connection, wish);
        if (gathered.Counts.IsNothing) return gathered.Counts;
        Delete(connection, wish, gathered);
        bool learned = gathered.Labels.Count + gathered.Stripped.Count > 0;
        if (learned) LearningStore.NoteForgetting(connection);
        Owe(connection, learned ? OwesModels : OwesBytes);
        return gathered.Counts;
    }, freesRoom: true);

    /// <summary>What a forgetting has not finished yet: models that learned from it, or the bytes its rows left. Null: nothing.</summary>
    public string? Owed() => database.Read(connection => connection.Scalar<string>("SELECT value FROM meta WHERE name = 'forgettingOwed'"));

    /// <summary>Notes that bytes of texts that were let go are to be removed.</summary>
    public Task OweAsync() => database.WriteAsync(connection => Owe(connection, OwesBytes));

    private static int Owe(SqliteConnection connection, string what) => connection.Execute(
        "INSERT INTO meta VALUES ('forgettingOwed', $owed) ON CONFLICT DO UPDATE SET value = min(value, excluded.value)", ("$owed", what));

    public Task PaidAsync() => database.WriteAsync(connection => connection.Execute("DELETE FROM meta WHERE name = 'forgettingOwed'"));

    /// <summary>What was found beside the temporary tables: labels to remove, and labels whose parent's text goes.</summary>
    private sealed record Gathered(ForgetCounts Counts, IReadOnlyList<string> Labels, IReadOnlyList<(string Id, string Content)> Stripped);

    private static Gathered Gather(SqliteConnection connection, ForgetWish wish)
    {
        if (wish.NamesNothing) throw new ArgumentException("names nothing", nameof(wish));
        connection.Execute("""
            CREATE TEMP TABLE IF NOT EXISTS goingItems (item INTEGER PRIMARY KEY, text INTEGER, parent INTEGER);
            CREATE TEMP TABLE IF NOT EXISTS goingTexts (text INTEGER PRIMARY KEY, body INTEGER);
            CREATE TEMP TABLE IF NOT EXISTS goingPeople (person INTEGER PRIMARY KEY);
            CREATE TEMP TABLE IF NOT EXISTS goingReactions (reaction INTEGER PRIMARY KEY);
            CREATE TEMP TABLE IF NOT EXISTS goingExempt (exempt INTEGER PRIMARY KEY);
            CREATE TEMP TABLE IF NOT EXISTS wished (kind INTEGER, row INTEGER, PRIMARY KEY (kind, row));
            DELETE FROM goingItems; DELETE FROM goingTexts; DELETE FROM goingPeople; DELETE FROM goingReactions; DELETE FROM goingExempt; DELETE FROM wished;
            """);
        foreach (long person in wish.People ?? []) connection.Execute("INSERT OR IGNORE INTO wished VALUES (0, $row)", ("$row", person));
        foreach (long row in wish.Rows ?? []) connection.Execute("INSERT OR IGNORE INTO wished VALUES (1, $row)", ("$row", row));
        (string Name, object? Value)[] values = [("$from", wish.From ?? long.MinValue), ("$to", wish.To ?? long.MaxValue), ("$site", wish.Site), ("$id", wish.Id)];
        string time = "moment >= $from AND moment < $to", site = wish.Site is null ? "$site IS NULL" : "site = $site", id = wish.Id is null ? "$id IS NULL" : "id = $id";
        string people = wish.People is null ? "" : "AND person IN (SELECT row FROM wished WHERE kind = 0)", rows = wish.Rows is null ? "" : "AND item IN (SELECT row FROM wished WHERE kind = 1)";
        connection.Execute($"INSERT INTO goingItems SELECT item, text, parent FROM items WHERE {time} AND {site} AND {id} {people} {rows}", values);
        // A text goes when nobody who stays is known to have written it; what is only the parent of others' items goes with its own.
        connection.Execute("""
            INSERT INTO goingTexts SELECT text, body IS NOT NULL FROM texts WHERE text IN (SELECT text FROM goingItems)
              AND NOT EXISTS (SELECT 1 FROM items i WHERE i.text = texts.text AND i.item NOT IN (SELECT item FROM goingItems));
            INSERT OR IGNORE INTO goingTexts SELECT text, body IS NOT NULL FROM texts WHERE text IN (SELECT parent FROM goingItems)
              AND NOT EXISTS (SELECT 1 FROM items i WHERE i.text = texts.text)
              AND NOT EXISTS (SELECT 1 FROM items i WHERE i.parent = texts.text AND i.item NOT IN (SELECT item FROM goingItems));
            INSERT INTO goingPeople SELECT person FROM people WHERE person IN (SELECT person FROM items WHERE item IN (SELECT item FROM goingItems))
              AND NOT EXISTS (SELECT 1 FROM items i WHERE i.person = people.person AND i.item NOT IN (SELECT item FROM goingItems));
            """);
        bool whole = wish.From is null && wish.To is null && wish.Id is null && wish.Rows is null;
        if (whole && wish.People is not null) connection.Execute("INSERT OR IGNORE INTO goingPeople SELECT p.person FROM people p JOIN wished ON kind = 0 AND row = p.person");
        if (wish.All) connection.Execute("INSERT OR IGNORE INTO goingPeople SELECT person FROM people; INSERT OR IGNORE INTO goingTexts SELECT text, body IS NOT NULL FROM texts");
        if (whole) connection.Execute($"INSERT INTO goingExempt SELECT exempt FROM exempt e WHERE {(wish.All ? "1" : site)}" + (wish.People is null ? "" : """
             AND what IN ('person', 'page') AND EXISTS (SELECT 1 FROM goingPeople g JOIN people p ON p.person = g.person WHERE p.site = e.site AND p.handle = e.handle)
            """), values);
        bool clicks = wish.People is null && wish.Id is null && wish.Rows is null;
        connection.Execute($"""
            INSERT INTO goingReactions SELECT reaction FROM reactions r WHERE {(clicks ? $"({time} AND {site})" : "0")}
              OR EXISTS (SELECT 1 FROM goingItems g JOIN items i ON i.item = g.item WHERE i.site = r.site AND i.id = r.target)
            """, values);
        (List<string> labels, List<(string, string)> stripped) = GatherLabels(connection, wish);
        return new Gathered(new ForgetCounts(
            Count(connection, "goingItems"), Count(connection, "goingItems g JOIN items i ON i.item = g.item AND i.mine = 1"), Count(connection, "goingTexts WHERE body = 1"),
            labels.Count, Count(connection, "goingPeople"), Count(connection, "goingReactions"), Count(connection, "goingExempt")), labels, stripped);
    }

    private static int Count(SqliteConnection connection, string from) => (int)connection.Scalar<long>($"SELECT count(*) FROM {from}");

    /// <summary>A label keeps its item as it was labelled, also where the item itself was never stored: so each is read.</summary>
    private static (List<string> Going, List<(string Id, string Content)> Stripped) GatherLabels(SqliteConnection connection, ForgetWish wish)
    {
        HashSet<(string Site, string Handle)> handles = [.. connection.Query(
            "SELECT site, handle FROM people WHERE person IN (SELECT row FROM wished WHERE kind = 0)", row => (row.GetString(0), row.GetString(1)))];
        using SqliteCommand isGoing = connection.Prepare(
            "SELECT EXISTS (SELECT 1 FROM items i JOIN goingItems g ON g.item = i.item WHERE i.site = $site AND i.id = $id), EXISTS (SELECT 1 FROM items WHERE site = $site AND id = $id)",
            ("$site", null), ("$id", null));
        using SqliteCommand textIsGoing = connection.Prepare("SELECT count(*) FROM texts JOIN goingTexts USING (text) WHERE hash = $hash", ("$hash", null));
        List<string> going = [];
        List<(string, string)> stripped = [];
        foreach ((string id, string content, bool isPair, long said) in connection.Query(
            "SELECT id, content, deeper IS NOT NULL, coalesce(at, savedAt), savedAt FROM labels WHERE content IS NOT NULL",
            row => (row.GetString(0), row.GetString(1), row.GetBoolean(2), Moment.Parse(row.GetString(3)) ?? row.GetInt64(4))))
        {
            IReadOnlyList<Item> items = isPair
                ? JsonSerializer.Deserialize(content, WireJson.Context.IReadOnlyListItem)!
                : [JsonSerializer.Deserialize(content, WireJson.Context.Item)!];
            if (wish.All || items.Any(item => Goes(item, said)))
            {
                going.Add(id);
                continue;
            }
            if (!items.Any(ParentGoes)) continue;
            IReadOnlyList<Item> kept = [.. items.Select(item => ParentGoes(item) ? item with { Parent = null, ParentId = null } : item)];
            stripped.Add((id, isPair ? JsonSerializer.Serialize(kept, WireJson.Context.IReadOnlyListItem) : JsonSerializer.Serialize(kept[0], WireJson.Context.Item)));
        }
        return (going, stripped);

        bool Goes(Item item, long said)
        {
            (isGoing.Parameters[0].Value, isGoing.Parameters[1].Value) = (item.Site ?? "", item.Id);
            using (SqliteDataReader row = isGoing.ExecuteReader())
            {
                row.Read();
                if (row.GetBoolean(0)) return true;
                if (row.GetBoolean(1) || wish.Rows is not null) return false;
            }
            // Labelled, but not stored as an item: its own words say whether it is meant.
            long moment = Moment.Parse(item.At) ?? said;
            return (wish.People is null || ItemStore.HandleOf(item.Author) is { } handle && handles.Contains((item.Site ?? "", handle)))
                && (wish.Site is null || item.Site == wish.Site) && (wish.Id is null || item.Id == wish.Id)
                && moment >= (wish.From ?? long.MinValue) && moment < (wish.To ?? long.MaxValue);
        }

        bool ParentGoes(Item item)
        {
            if (item.Parent is null) return false;
            textIsGoing.Parameters[0].Value = ItemStore.HashOf(ItemStore.Cut(item.Parent));
            return (long)textIsGoing.ExecuteScalar()! > 0;
        }
    }

    private static void Delete(SqliteConnection connection, ForgetWish wish, Gathered gathered)
    {
        DeleteLabels(connection, gathered.Labels);
        foreach ((string id, string content) in gathered.Stripped) LabelStore.Rewrite(connection, id, content);
        connection.Execute("""
            DELETE FROM reactions WHERE reaction IN (SELECT reaction FROM goingReactions);
            DELETE FROM exempt WHERE exempt IN (SELECT exempt FROM goingExempt);
            UPDATE items SET parentId = NULL WHERE parentId IS NOT NULL
              AND EXISTS (SELECT 1 FROM items f JOIN goingItems g ON g.item = f.item WHERE f.site = items.site AND f.id = items.parentId);
            UPDATE items SET parent = NULL WHERE parent IN (SELECT text FROM goingTexts);
            DELETE FROM items WHERE item IN (SELECT item FROM goingItems);
            DELETE FROM texts WHERE text IN (SELECT text FROM goingTexts);
            DELETE FROM people WHERE person IN (SELECT person FROM goingPeople);
            """);
        if (wish.All) connection.Execute("DELETE FROM sights");
    }

    private static void DeleteLabels(SqliteConnection connection, IReadOnlyList<string> labels)
    {
        foreach (string id in labels)
        {
            connection.Execute("DELETE FROM labels WHERE withdraws = $id", ("$id", id));
            connection.Execute("DELETE FROM labels WHERE id = $id", ("$id", id));
            connection.Execute("DELETE FROM predictions WHERE label = $id", ("$id", id));
        }
    }
}
