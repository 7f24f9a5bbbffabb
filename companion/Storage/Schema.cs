using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Soundings.Storage;

/// <summary>
/// The tables, as a list of steps that is only ever added to; <c>user_version</c> is the number of steps taken.
/// Times are milliseconds since 1970 in UTC. A text stands once, however many items share it: a post's text is the parent of all its comments.
/// </summary>
internal static class Schema
{
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

        -- body is null once the text was let go by the retention rule; its hash stays, so that the same text is known again.
        CREATE TABLE texts (text INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, body TEXT) STRICT;

        -- handle: the address of the profile, else the name; one person a site knows.
        CREATE TABLE people (
          person INTEGER PRIMARY KEY, site TEXT NOT NULL, handle TEXT NOT NULL, name TEXT NOT NULL, url TEXT,
          UNIQUE (site, handle)) STRICT;

        CREATE TABLE models (model INTEGER PRIMARY KEY, version TEXT NOT NULL UNIQUE) STRICT;

        -- An item with its score under the model that judged it last. counted: neither sponsored nor empty, so it stands in the shares.
        -- moment: when it was written, else when it was first seen. gone: its text was let go, so its last score stays for good.
        CREATE TABLE items (
          item INTEGER PRIMARY KEY,
          site TEXT NOT NULL, id TEXT NOT NULL, kind INTEGER NOT NULL,
          text INTEGER NOT NULL REFERENCES texts, parent INTEGER REFERENCES texts, parentId TEXT,
          person INTEGER REFERENCES people, mine INTEGER NOT NULL, sponsored INTEGER NOT NULL, counted INTEGER NOT NULL, gone INTEGER NOT NULL DEFAULT 0,
          at INTEGER, firstSeen INTEGER NOT NULL, lastSeen INTEGER NOT NULL, moment INTEGER NOT NULL,
          model INTEGER NOT NULL REFERENCES models, depth INTEGER NOT NULL, probability REAL NOT NULL, verdict INTEGER NOT NULL,
          reveal REAL NOT NULL, wisdom REAL NOT NULL, solicit REAL NOT NULL, engage REAL NOT NULL, language TEXT,
          UNIQUE (site, id)) STRICT;
        CREATE INDEX itemsByMoment ON items (moment);
        CREATE INDEX itemsForStats ON items (moment, counted, mine, verdict, kind, site, model, gone);
        CREATE INDEX itemsByLastSeen ON items (lastSeen) WHERE gone = 0;
        CREATE INDEX itemsByPerson ON items (person, moment);
        CREATE INDEX itemsByText ON items (text);
        CREATE INDEX itemsByParent ON items (parent) WHERE parent IS NOT NULL;

        -- What earlier models said of an item, where it differed from what came after.
        CREATE TABLE scores (
          item INTEGER NOT NULL REFERENCES items ON DELETE CASCADE, model INTEGER NOT NULL REFERENCES models,
          depth INTEGER NOT NULL, probability REAL NOT NULL, verdict INTEGER NOT NULL,
          PRIMARY KEY (item, model)) STRICT, WITHOUT ROWID;

        -- Append-only: a change of mind is a new row, an undoing is a row with withdraws. content: the item or items as they were labelled.
        CREATE TABLE labels (
          seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
          site TEXT, item TEXT, label INTEGER, facets INTEGER, deeper INTEGER, content TEXT, at TEXT,
          digest BLOB NOT NULL, savedAt INTEGER NOT NULL, source TEXT NOT NULL, client TEXT, withdraws TEXT UNIQUE REFERENCES labels (id)) STRICT;
        CREATE INDEX labelsByItem ON labels (site, item);

        CREATE TABLE clients (
          client TEXT PRIMARY KEY, secret BLOB NOT NULL, origin TEXT, name TEXT NOT NULL, words TEXT NOT NULL,
          created INTEGER NOT NULL, lastSeen INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE sights (
          site TEXT NOT NULL, page TEXT NOT NULL, seen INTEGER NOT NULL, signs INTEGER NOT NULL, at INTEGER NOT NULL,
          PRIMARY KEY (site, page)) STRICT, WITHOUT ROWID;
        """,
        """
        -- Which item a record of an export stands for, by the record's own key: the same words can come under one key from LinkedIn's table or
        -- Facebook's JSON, under another from its HTML, under a third from the page.
        CREATE TABLE imported (
          site TEXT NOT NULL, id TEXT NOT NULL, origin INTEGER NOT NULL, item INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
          PRIMARY KEY (site, id)) STRICT, WITHOUT ROWID;
        CREATE INDEX importedByItem ON imported (item, origin);

        -- Clicks, not texts: they stand in no share, and are counted beside. target: the item under them, by its id there.
        CREATE TABLE reactions (
          reaction INTEGER PRIMARY KEY, site TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, target TEXT, at INTEGER, moment INTEGER NOT NULL,
          UNIQUE (site, id)) STRICT;
        CREATE INDEX reactionsByMoment ON reactions (moment);
        """,
        """
        -- What was thought of an item just before the user said what it is: by the starter, by the newest head, and by the model that served.
        CREATE TABLE predictions (
          label TEXT PRIMARY KEY, starter REAL NOT NULL, head REAL NOT NULL, served REAL NOT NULL, model TEXT NOT NULL) STRICT, WITHOUT ROWID;

        -- Whom and what never to judge: a person, a group or a page.
        CREATE TABLE exempt (
          exempt INTEGER PRIMARY KEY, what TEXT NOT NULL, site TEXT NOT NULL, handle TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL,
          UNIQUE (what, site, handle)) STRICT;
        """,
        SchemaBonds.Step,
        SchemaTallies.Step,
    ];

    public static int Version => Steps.Length;

    /// <summary>Takes the steps that are missing, each in one transaction with its number: a crash leaves the old schema or the new one.</summary>
    public static void Migrate(SqliteConnection connection) => Migrate(connection, Version);

    /// <summary>As far as a version; tests and <see cref="ShapeOf(int)"/> make older databases by it.</summary>
    public static void Migrate(SqliteConnection connection, int version)
    {
        long from = connection.Scalar<long>("PRAGMA user_version");
        for (int step = (int)from; step < version; step++)
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            connection.Execute(Steps[step]);
            if (step == 0)
            {
                connection.Execute("INSERT INTO meta VALUES ('serverId', $id)", ("$id", Guid.NewGuid().ToString("n")));
                connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {Database.ApplicationId}"));
            }
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {step + 1}"));
            transaction.Commit();
        }
        // Version and mark stand in the file itself from here on, where they are read before it is opened.
        if (from < version) connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// <summary>Every table, index, trigger and view of a version as SQLite spells it: a database that has others, or the same otherwise, is none of ours.</summary>
    public static IReadOnlyList<string> ShapeOf(int version)
    {
        using SqliteConnection model = new("Data Source=:memory:");
        model.Open();
        Migrate(model, version);
        return ShapeOf(model);
    }

    public static IReadOnlyList<string> ShapeOf(SqliteConnection connection) => connection.Query(
        "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name", row => row.GetString(0));
}
