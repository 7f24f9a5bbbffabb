using Microsoft.Data.Sqlite;

namespace Soundings.Storage;

/// <summary>
/// Reads what can be read out of a damaged database into a new one: row by row, past the pages that cannot be, and nothing whose own hash denies it.
/// </summary>
internal static class Salvage
{
    /// <summary>Tables whose rows name themselves, so that those of another copy can be added to them.</summary>
    private static readonly string[] SelfNamed = ["meta", "labels", "predictions", "exempt", "clients"];

    /// <summary>Counts of what stands in other tables: made anew from what was saved, not believed.</summary>
    private static readonly string[] Counted = ["days", "hours", "counts", "zone"];

    /// <summary>Makes <paramref name="into"/> anew and fills it; false where not one row could be read.</summary>
    public static bool Read(string damaged, string into)
    {
        using SqliteConnection from = Open(damaged, SqliteOpenMode.ReadWrite), to = Create(into);
        bool any = false;
        using (SqliteTransaction transaction = to.BeginTransaction())
        {
            to.Execute("DELETE FROM meta");
            WithoutTriggers(to, () =>
            {
                foreach (string table in Tables(to)) any |= Copy(from, to, table) > 0;
            });
            transaction.Commit();
        }
        return any;
    }

    /// <summary>Adds the rows of labels and settings that another database has and this one lacks.</summary>
    public static void Fill(string from, string to)
    {
        using SqliteConnection source = Open(from, SqliteOpenMode.ReadOnly), target = Open(to, SqliteOpenMode.ReadWrite);
        using SqliteTransaction transaction = target.BeginTransaction();
        WithoutTriggers(target, () =>
        {
            foreach (string table in Tables(target).Where(SelfNamed.Contains)) Copy(source, target, table);
        });
        transaction.Commit();
    }

    /// <summary>Rows come as they were, so what triggers would add to them is there or is made anew: they keep still until all is mended.</summary>
    private static void WithoutTriggers(SqliteConnection connection, Action copy)
    {
        List<(string Name, string Sql)> triggers = connection.Query("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'", row => (row.GetString(0), row.GetString(1)));
        foreach ((string name, string _) in triggers) connection.Execute($"DROP TRIGGER \"{name}\"");
        copy();
        Mend(connection);
        foreach ((string _, string sql) in triggers) connection.Execute(sql);
    }

    /// <summary>A new database without an identity, for the journal to fill.</summary>
    public static void Empty(string into)
    {
        using SqliteConnection connection = Create(into);
        connection.Execute("DELETE FROM meta");
    }

    public static (long Labels, long Items) Count(string file)
    {
        using SqliteConnection connection = Open(file, SqliteOpenMode.ReadOnly);
        return (connection.Scalar<long>("SELECT count(*) FROM labels"), connection.Scalar<long>("SELECT count(*) FROM items"));
    }

    public static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = 5 }.ToString());
        connection.Open();
        connection.Execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = OFF");
        return connection;
    }

    private static SqliteConnection Create(string file)
    {
        File.Delete(file);
        using (new FileStream(file, DataFolder.Options(FileMode.CreateNew, FileAccess.Write))) { }
        SqliteConnection connection = Open(file, SqliteOpenMode.ReadWrite);
        Schema.Migrate(connection);
        return connection;
    }

    private static List<string> Tables(SqliteConnection connection) => connection.Query(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name", row => row.GetString(0)).FindAll(table => !Counted.Contains(table));

    /// <summary>What both have of a table, by column.</summary>
    private static long Copy(SqliteConnection from, SqliteConnection to, string table)
    {
        List<string> known;
        bool hasRowid;
        try
        {
            known = from.Query("SELECT name FROM pragma_table_info($table)", row => row.GetString(0), ("$table", table));
            hasRowid = from.Scalar<long>("SELECT wr = 0 FROM pragma_table_list WHERE schema = 'main' AND name = $table", ("$table", table)) == 1;
        }
        catch (SqliteException)
        {
            // Not even the schema can be read.
            return 0;
        }
        string[] columns = [.. to.Query("SELECT name FROM pragma_table_info($table)", row => row.GetString(0), ("$table", table)).Intersect(known)];
        if (columns.Length == 0) return 0;
        string list = string.Join(", ", columns.Select(column => $"\"{column}\""));
        using SqliteCommand insert = to.Prepare($"INSERT OR IGNORE INTO \"{table}\" ({list}) VALUES ({string.Join(", ", columns.Select((_, i) => "$v" + i))})",
            [.. columns.Select((_, i) => ("$v" + i, (object?)null))]);
        long copied = hasRowid
            ? CopyByRow(from, insert, $"SELECT rowid, {list} FROM \"{table}\" NOT INDEXED WHERE rowid >= $from ORDER BY rowid", $"SELECT rowid FROM \"{table}\" NOT INDEXED WHERE rowid >= $from ORDER BY rowid LIMIT 1")
            : CopyFromBothEnds(from, insert, $"SELECT 0, {list} FROM \"{table}\"", table);
        return copied;
    }

    private static long CopyByRow(SqliteConnection from, SqliteCommand insert, string rows, string probe)
    {
        long copied = 0, next = long.MinValue;
        while (true)
        {
            try
            {
                using SqliteCommand select = from.Prepare(rows, ("$from", next));
                using SqliteDataReader reader = select.ExecuteReader();
                while (reader.Read())
                {
                    copied += Insert(insert, reader);
                    // Never back: numbers that rotted are in no order.
                    next = Math.Max(next, reader.GetInt64(0) + 1);
                }
                return copied;
            }
            catch (SqliteException)
            {
                if (After(from, probe, next) is not { } readable) return copied;
                next = readable;
            }
        }
    }

    /// <summary>
    /// The smallest number from which rows can be read again: behind the row that has a number and cannot be read, or behind a page that cannot
    /// be. Null where there is none.
    /// </summary>
    private static long? After(SqliteConnection from, string probe, long failing)
    {
        if (Reads(from, probe, failing, out long? row)) return row is null or long.MaxValue ? null : row + 1;
        long low = Math.Max(failing, 0), high;
        for (long step = 1; ; step *= 2)
        {
            if (step > long.MaxValue / 4 - low) return null;
            high = low + step;
            if (Reads(from, probe, high, out row))
            {
                if (row is null) return null;
                break;
            }
            low = high;
        }
        while (high - low > 1)
        {
            long middle = low + (high - low) / 2;
            if (Reads(from, probe, middle, out row) && row is not null) high = middle;
            else low = middle;
        }
        return high;
    }

    /// <summary>Whether the first row from here on can be found at all; its number, or null where there is none.</summary>
    private static bool Reads(SqliteConnection from, string probe, long start, out long? row)
    {
        row = null;
        try
        {
            row = from.Scalar<object>(probe, ("$from", start)) as long?;
            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    /// <summary>Rows without a number are in the order of their names: from the first one on, and from the last one back.</summary>
    private static long CopyFromBothEnds(SqliteConnection from, SqliteCommand insert, string rows, string table)
    {
        string key = string.Join(", ", from.Query("SELECT name FROM pragma_table_info($table) WHERE pk > 0 ORDER BY pk", row => $"\"{row.GetString(0)}\"", ("$table", table)));
        long copied = 0;
        foreach (string order in (string[])["", " ORDER BY " + key.Replace(",", " DESC,", StringComparison.Ordinal) + " DESC"])
        {
            try
            {
                using SqliteCommand select = from.Prepare(rows + order);
                using SqliteDataReader reader = select.ExecuteReader();
                while (reader.Read()) copied += Insert(insert, reader);
                return copied;
            }
            catch (SqliteException)
            {
                // Up to the damage; then once more from the other end.
                continue;
            }
        }
        return copied;
    }

    private static int Insert(SqliteCommand insert, SqliteDataReader row)
    {
        for (int i = 0; i < insert.Parameters.Count; i++) insert.Parameters[i].Value = row.GetValue(i + 1);
        try
        {
            return insert.ExecuteNonQuery();
        }
        catch (SqliteException error) when (error.SqliteErrorCode is 19 or 20)
        {
            // Rotten: a value of another type than its column takes.
            return 0;
        }
    }

    /// <summary>What other rows stand on and could not be read is put there without its content; what denies its own hash goes.</summary>
    private static void Mend(SqliteConnection connection)
    {
        foreach (string id in LabelStore.Rotten(connection)) connection.Execute("DELETE FROM labels WHERE id = $id", ("$id", id));
        connection.Execute("DELETE FROM labels WHERE withdraws IS NOT NULL AND withdraws NOT IN (SELECT id FROM labels)");
        foreach (long text in ItemStore.Rotten(connection)) connection.Execute("UPDATE texts SET body = NULL WHERE text = $text", ("$text", text));
        connection.Execute("""
            INSERT OR IGNORE INTO texts (text, hash) SELECT DISTINCT text, randomblob(16) FROM items WHERE text NOT IN (SELECT text FROM texts);
            INSERT OR IGNORE INTO models (model, version) SELECT DISTINCT model, 'lost ' || model FROM items WHERE model NOT IN (SELECT model FROM models);
            UPDATE items SET gone = 1 WHERE gone = 0 AND text IN (SELECT text FROM texts WHERE body IS NULL);
            """);
        foreach ((string table, string column, string parent, string target, bool required) in connection.Query("""
            SELECT t.name, f."from", f."table", coalesce(f."to", (SELECT name FROM pragma_table_info(f."table") WHERE pk = 1)), c."notnull" OR c.pk > 0
            FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f JOIN pragma_table_info(t.name) c ON c.name = f."from"
            WHERE t.schema = 'main' AND t.type = 'table'
            """, row => (row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetBoolean(4))))
        {
            string orphaned = $"WHERE \"{column}\" IS NOT NULL AND \"{column}\" NOT IN (SELECT \"{target}\" FROM \"{parent}\")";
            connection.Execute(required ? $"DELETE FROM \"{table}\" {orphaned}" : $"UPDATE \"{table}\" SET \"{column}\" = NULL {orphaned}");
        }
        connection.Execute("UPDATE counts SET items = (SELECT count(*) FROM items), mine = (SELECT count(*) FROM items WHERE mine = 1), texts = (SELECT count(*) FROM texts WHERE body IS NOT NULL)");
        // The counts by day are made anew at the next start, as for a zone that is not known yet.
        connection.Execute("DELETE FROM meta WHERE name = 'zone'");
        foreach (string search in connection.Query("SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'", row => row.GetString(0)))
            connection.Execute($"INSERT INTO \"{search}\" (\"{search}\") VALUES ('rebuild')");
    }
}
