using Microsoft.Data.Sqlite;

namespace Soundings.Storage;

/// <summary>A browser that was connected. <c>Secret</c> is what both sides prove to each other; <c>Origin</c> the extension's, if it sent one.</summary>
internal sealed record Client(string Id, byte[] Secret, string? Origin, string Name, string Words, long Created, long LastSeen);

/// <summary>The connected browsers.</summary>
internal sealed class ClientStore(Database database)
{
    public Task<bool> AddAsync(Client client) => database.WriteAsync(connection => connection.Execute(
        "INSERT INTO clients VALUES ($id, $secret, $origin, $name, $words, $created, $lastSeen)",
        ("$id", client.Id), ("$secret", client.Secret), ("$origin", client.Origin), ("$name", client.Name), ("$words", client.Words),
        ("$created", client.Created), ("$lastSeen", client.LastSeen)) == 1);

    public Client? Find(string id) => database.Read(connection => connection.Query(
        "SELECT client, secret, origin, name, words, created, lastSeen FROM clients WHERE client = $id", Row, ("$id", id)).SingleOrDefault());

    public IReadOnlyList<Client> All() => database.Read(connection => connection.Query(
        "SELECT client, secret, origin, name, words, created, lastSeen FROM clients ORDER BY created, client", Row));

    public Task TouchAsync(string id, long now) => database.WriteAsync(connection => connection.Execute(
        "UPDATE clients SET lastSeen = max(lastSeen, $now) WHERE client = $id", ("$now", now), ("$id", id)));

    public Task<bool> RemoveAsync(string id) =>
        database.WriteAsync(connection => connection.Execute("DELETE FROM clients WHERE client = $id", ("$id", id)) == 1);

    private static Client Row(SqliteDataReader row) => new(
        row.GetString(0), row.GetFieldValue<byte[]>(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5), row.GetInt64(6));
}
