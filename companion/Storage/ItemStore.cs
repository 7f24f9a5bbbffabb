using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Soundings.Depth;

namespace Soundings.Storage;

/// <summary>Writes what was read on a page, with its score. What it holds is read by <see cref="ItemPages"/> and <see cref="StatsStore"/>.</summary>
internal sealed class ItemStore(Database database)
{
    /// <summary>Stores each item once per site and id: seen again, it keeps its first sight and takes the newer text and score.</summary>
    public Task<int> ObserveAsync(IReadOnlyList<Item> items, IReadOnlyList<Score> scores, long now) => database.WriteAsync(connection =>
    {
        using Pen pen = new(connection, now);
        for (int i = 0; i < items.Count; i++) pen.Write(items[i], scores[i]);
        return items.Count;
    });

    /// <summary>An item with neither advertisement nor emptiness about it: those that stand in the shares.</summary>
    public static bool IsCounted(Item item) => item.Sponsored != true && !string.IsNullOrWhiteSpace(item.Text);

    public static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16];

    /// <summary>The texts whose words are no longer those that were stored.</summary>
    internal static IReadOnlyList<long> Rotten(SqliteConnection connection) =>
        [.. connection.Query("SELECT text, hash, body FROM texts WHERE body IS NOT NULL", row => row.GetFieldValue<byte[]>(1).AsSpan().SequenceEqual(HashOf(row.GetString(2))) ? 0 : row.GetInt64(0)).Where(text => text != 0)];

    /// <summary>As much of a text as is stored. Never cut between the halves of a surrogate pair: half a character cannot be stored as UTF-8.</summary>
    public static string Cut(string text) =>
        text.Length <= Item.MaxTextLength ? text : text[..(char.IsHighSurrogate(text[Item.MaxTextLength - 1]) ? Item.MaxTextLength - 1 : Item.MaxTextLength)];

    /// <summary>
    /// Who a site means by an author: the address of the profile without its tracking parameters (only <c>id</c> names somebody), else the name.
    /// </summary>
    public static string? HandleOf(Author? author)
    {
        if (author is null) return null;
        if (author.Url is not { Length: > 0 } url) return author.Name is { Length: > 0 } name ? "name:" + name : null;
        int query = url.IndexOfAny(['?', '#']);
        if (query < 0) return url.TrimEnd('/');
        string? id = url[query..].Split('?', '&', '#').FirstOrDefault(part => part.StartsWith("id=", StringComparison.Ordinal));
        return url[..query].TrimEnd('/') + (id is null ? "" : "?" + id);
    }

    /// <summary>The row of a model version, made where it has none.</summary>
    public static long ModelOf(SqliteConnection connection, string version) => connection.Scalar<long>(
        "INSERT INTO models (version) VALUES ($version) ON CONFLICT DO UPDATE SET version = version RETURNING model", ("$version", version));

    /// <summary>The statements of one batch, prepared once for all its items.</summary>
    internal sealed class Pen(SqliteConnection connection, long now) : IDisposable
    {
        private readonly SqliteCommand _findText = connection.Prepare("SELECT text, body IS NULL FROM texts WHERE hash = $hash", ("$hash", null));
        private readonly SqliteCommand _addText = connection.Prepare("INSERT INTO texts (hash, body) VALUES ($hash, $body) RETURNING text", ("$hash", null), ("$body", null));
        private readonly SqliteCommand _fillText = connection.Prepare("UPDATE texts SET body = $body WHERE text = $text", ("$text", null), ("$body", null));
        private readonly SqliteCommand _findItem = connection.Prepare(
            "SELECT item, model, depth, probability, verdict FROM items WHERE site = $site AND id = $id", ("$site", null), ("$id", null));
        private readonly SqliteCommand _keepScore = connection.Prepare(
            "INSERT OR REPLACE INTO scores VALUES ($item, $model, $depth, $probability, $verdict)",
            ("$item", null), ("$model", null), ("$depth", null), ("$probability", null), ("$verdict", null));
        private readonly SqliteCommand _addItem = Item(connection, """
            INSERT INTO items (site, id, kind, text, parent, parentId, person, mine, sponsored, counted, gone, at, firstSeen, lastSeen, moment,
              model, depth, probability, verdict, reveal, wisdom, solicit, engage, language)
            VALUES ($site, $id, $kind, $text, $parent, $parentId, $person, $mine, $sponsored, $counted, $gone, $at, $now, $now, coalesce($at, $now),
              $model, $depth, $probability, $verdict, $reveal, $wisdom, $solicit, $engage, $language)
            """);
        private readonly SqliteCommand _updateItem = Item(connection, """
            UPDATE items SET kind = $kind, text = $text, parent = coalesce($parent, parent), parentId = coalesce($parentId, parentId),
              person = coalesce($person, person), mine = max(mine, $mine), sponsored = $sponsored, counted = $counted, gone = $gone,
              at = coalesce($at, at), lastSeen = max(lastSeen, $now), moment = coalesce($at, at, firstSeen),
              model = $model, depth = $depth, probability = $probability, verdict = $verdict,
              reveal = $reveal, wisdom = $wisdom, solicit = $solicit, engage = $engage, language = $language
            WHERE site = $site AND id = $id
            """);
        private readonly bool _keepsTexts = KeepingStore.Of(connection) != Keeping.Never;
        private readonly Dictionary<string, long> _models = new(StringComparer.Ordinal);
        private readonly Dictionary<string, long> _people = new(StringComparer.Ordinal);

        public void Write(Item item, Score score)
        {
            string site = item.Site ?? "";
            long model = ModelOf(score.Model);
            (_findItem.Parameters["$site"].Value, _findItem.Parameters["$id"].Value) = (site, item.Id);
            bool known;
            using (SqliteDataReader row = _findItem.ExecuteReader())
            {
                known = row.Read();
                // The old reading is worth keeping only where the new model sees it otherwise.
                if (known && row.GetInt64(1) != model && row.GetInt32(2) != score.Depth)
                {
                    for (int i = 0; i < 5; i++) _keepScore.Parameters[i].Value = row.GetValue(i);
                    _keepScore.ExecuteNonQuery();
                }
            }
            SqliteCommand command = known || ImportStore.TryAdopt(connection, item) ? _updateItem : _addItem;
            Fill(command.Parameters, item, site, score, model);
            command.ExecuteNonQuery();
        }

        private void Fill(SqliteParameterCollection to, Item item, string site, Score score, long model)
        {
            // Where no text is kept, its score is final: without the words nothing can be judged anew.
            bool keep = _keepsTexts || IsLabelled(site, item.Id);
            object?[] values =
            [
                site, item.Id, (int)item.Kind, TextOf(item.Text, keep), item.Parent is { } parent ? TextOf(parent, keep) : null, item.ParentId,
                PersonOf(site, item.Author), item.Mine == true ? 1 : 0, item.Sponsored == true ? 1 : 0, IsCounted(item) ? 1 : 0, Moment.Parse(item.At), now,
                model, score.Depth, score.Probability, (int)score.Verdict,
                score.Facets.Reveal, score.Facets.Wisdom, score.Facets.Solicit, score.Facets.Engage, score.Language, keep ? 0 : 1,
            ];
            for (int i = 0; i < values.Length; i++) to[i].Value = values[i] ?? DBNull.Value;
        }

        private static SqliteCommand Item(SqliteConnection connection, string sql)
        {
            string[] names =
            [
                "$site", "$id", "$kind", "$text", "$parent", "$parentId", "$person", "$mine", "$sponsored", "$counted", "$at", "$now",
                "$model", "$depth", "$probability", "$verdict", "$reveal", "$wisdom", "$solicit", "$engage", "$language", "$gone",
            ];
            return connection.Prepare(sql, [.. names.Select(name => (name, (object?)null))]);
        }

        private bool IsLabelled(string site, string id) => connection.Scalar<long>("""
            SELECT EXISTS (SELECT 1 FROM labels l WHERE l.site = $site AND l.item = $id AND l.label IS NOT NULL AND NOT EXISTS (SELECT 1 FROM labels w WHERE w.withdraws = l.id))
            """, ("$site", site), ("$id", id)) == 1;

        /// <summary>The text's row; its words stand there only if they are kept.</summary>
        private long TextOf(string text, bool keep)
        {
            text = Cut(text);
            byte[] hash = HashOf(text);
            _findText.Parameters[0].Value = hash;
            using (SqliteDataReader row = _findText.ExecuteReader())
            {
                if (row.Read())
                {
                    long known = row.GetInt64(0);
                    if (keep && row.GetBoolean(1))
                    {
                        (_fillText.Parameters[0].Value, _fillText.Parameters[1].Value) = (known, text);
                        _fillText.ExecuteNonQuery();
                    }
                    return known;
                }
            }
            (_addText.Parameters[0].Value, _addText.Parameters[1].Value) = (hash, keep ? text : DBNull.Value);
            return (long)_addText.ExecuteScalar()!;
        }

        private long? PersonOf(string site, Author? author)
        {
            if (HandleOf(author) is not { } handle) return null;
            string key = site + "\n" + handle;
            if (_people.TryGetValue(key, out long person)) return person;
            return _people[key] = connection.Scalar<long>("""
                INSERT INTO people (site, handle, name, url) VALUES ($site, $handle, $name, $url)
                ON CONFLICT DO UPDATE SET name = CASE excluded.name WHEN '' THEN name ELSE excluded.name END RETURNING person
                """, ("$site", site), ("$handle", handle), ("$name", author!.Name ?? ""), ("$url", author.Url));
        }

        private long ModelOf(string version) => _models.TryGetValue(version, out long model)
            ? model
            : _models[version] = ItemStore.ModelOf(connection, version);

        public void Dispose()
        {
            foreach (SqliteCommand command in (SqliteCommand[])[_findText, _addText, _fillText, _findItem, _keepScore, _addItem, _updateItem]) command.Dispose();
        }
    }
}
