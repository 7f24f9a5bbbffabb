namespace Soundings.Storage;

/// <summary>The schema's step that counts and indexes as it is written: by triggers, so that no way of writing, judging or forgetting can go round it.</summary>
internal static class SchemaTallies
{
    private const string DayMs = "86400000", HourMs = "3600000";

    /// <summary>A moment by the clocks here; <c>{0}</c> is the row it stands in.</summary>
    private static string Local(string row) => $"({row}moment + (SELECT offset FROM zone WHERE start <= {row}moment ORDER BY start DESC LIMIT 1))";

    public static string Step => $$"""
        -- From when on the clocks here are how far from UTC, both in milliseconds; see RollUp, which fills it for the zone of this machine.
        CREATE TABLE zone (start INTEGER PRIMARY KEY, offset INTEGER NOT NULL) STRICT;
        INSERT INTO zone VALUES ({{long.MinValue}}, 0);

        -- What stands in the shares, by local day (days since 1970). model: 0 where the text was let go and its last score stays for good.
        CREATE TABLE days (
          day INTEGER NOT NULL, site TEXT NOT NULL, kind INTEGER NOT NULL, mine INTEGER NOT NULL, verdict INTEGER NOT NULL, model INTEGER NOT NULL,
          n INTEGER NOT NULL, reveal INTEGER NOT NULL, wisdom INTEGER NOT NULL, solicit INTEGER NOT NULL, engage INTEGER NOT NULL,
          PRIMARY KEY (day, site, kind, mine, verdict, model)) STRICT, WITHOUT ROWID;
        CREATE TABLE hours (
          day INTEGER NOT NULL, hour INTEGER NOT NULL, mine INTEGER NOT NULL, verdict INTEGER NOT NULL, model INTEGER NOT NULL, n INTEGER NOT NULL,
          PRIMARY KEY (day, hour, mine, verdict, model)) STRICT, WITHOUT ROWID;
        CREATE TRIGGER talliesAdded AFTER INSERT ON items WHEN NEW.counted = 1 BEGIN {{Count("NEW", 1)}} END;
        CREATE TRIGGER talliesRemoved AFTER DELETE ON items WHEN OLD.counted = 1 BEGIN {{Count("OLD", -1)}} {{Sweep}} END;
        CREATE TRIGGER talliesMoved AFTER UPDATE OF site, kind, mine, counted, gone, moment, model, verdict, reveal, wisdom, solicit, engage ON items
        WHEN {{Changed("site", "kind", "mine", "counted", "gone", "moment", "model", "verdict", "reveal >= 0.5", "wisdom >= 0.5", "solicit >= 0.5", "engage >= 0.5")}}
        BEGIN {{Count("OLD", -1)}} {{Count("NEW", 1)}} {{Sweep}} END;

        -- How much there is, in one row.
        CREATE TABLE counts (items INTEGER NOT NULL, mine INTEGER NOT NULL, texts INTEGER NOT NULL) STRICT;
        INSERT INTO counts SELECT (SELECT count(*) FROM items), (SELECT count(*) FROM items WHERE mine = 1), (SELECT count(*) FROM texts WHERE body IS NOT NULL);
        CREATE TRIGGER countsItemAdded AFTER INSERT ON items BEGIN UPDATE counts SET items = items + 1, mine = mine + NEW.mine; END;
        CREATE TRIGGER countsItemRemoved AFTER DELETE ON items BEGIN UPDATE counts SET items = items - 1, mine = mine - OLD.mine; END;
        CREATE TRIGGER countsItemMoved AFTER UPDATE OF mine ON items WHEN OLD.mine <> NEW.mine BEGIN UPDATE counts SET mine = mine + NEW.mine - OLD.mine; END;

        -- The words of every text that is kept. secure-delete: a text that goes takes its words out of the index at once.
        CREATE VIRTUAL TABLE search USING fts5(body, content = 'texts', content_rowid = 'text', columnsize = 0, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2');
        INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
        INSERT INTO search (search) VALUES ('rebuild');
        CREATE TRIGGER textsAdded AFTER INSERT ON texts WHEN NEW.body IS NOT NULL BEGIN
          UPDATE counts SET texts = texts + 1;
          INSERT INTO search (rowid, body) VALUES (NEW.text, NEW.body);
        END;
        CREATE TRIGGER textsRemoved AFTER DELETE ON texts WHEN OLD.body IS NOT NULL BEGIN
          UPDATE counts SET texts = texts - 1;
          INSERT INTO search (search, rowid, body) VALUES ('delete', OLD.text, OLD.body);
        END;
        CREATE TRIGGER textsLetGo AFTER UPDATE OF body ON texts WHEN OLD.body IS NOT NULL AND NEW.body IS NULL BEGIN
          UPDATE counts SET texts = texts - 1;
          INSERT INTO search (search, rowid, body) VALUES ('delete', OLD.text, OLD.body);
        END;
        CREATE TRIGGER textsFilled AFTER UPDATE OF body ON texts WHEN OLD.body IS NULL AND NEW.body IS NOT NULL BEGIN
          UPDATE counts SET texts = texts + 1;
          INSERT INTO search (rowid, body) VALUES (NEW.text, NEW.body);
        END;

        -- What was written over is not kept: a text that no item has any more, nor answers, goes.
        CREATE TRIGGER textsOrphaned AFTER UPDATE OF text, parent ON items WHEN OLD.text <> NEW.text OR OLD.parent IS NOT NEW.parent BEGIN
          DELETE FROM texts WHERE text IN (OLD.text, OLD.parent)
            AND NOT EXISTS (SELECT 1 FROM items i WHERE i.text = texts.text) AND NOT EXISTS (SELECT 1 FROM items i WHERE i.parent = texts.text);
        END;

        -- By depth, with all that is filtered by: what does not match is passed over without being fetched.
        CREATE INDEX itemsByDepth ON items (depth, moment, counted, mine, verdict, kind, site, model, gone);
        """;

    /// <summary>One row of items, counted in (1) or out (-1).</summary>
    private static string Count(string row, int sign)
    {
        string local = Local(row + ".");
        string model = $"CASE {row}.gone WHEN 1 THEN 0 ELSE {row}.model END";
        return $"""
            INSERT INTO days SELECT {local} / {DayMs}, {row}.site, {row}.kind, {row}.mine, {row}.verdict, {model}, {sign},
                {sign} * ({row}.reveal >= 0.5), {sign} * ({row}.wisdom >= 0.5), {sign} * ({row}.solicit >= 0.5), {sign} * ({row}.engage >= 0.5) WHERE {row}.counted = 1
              ON CONFLICT DO UPDATE SET n = n + excluded.n, reveal = reveal + excluded.reveal, wisdom = wisdom + excluded.wisdom,
                solicit = solicit + excluded.solicit, engage = engage + excluded.engage;
            INSERT INTO hours SELECT {local} / {DayMs}, {local} % {DayMs} / {HourMs}, {row}.mine, {row}.verdict, {model}, {sign} WHERE {row}.counted = 1
              ON CONFLICT DO UPDATE SET n = n + excluded.n;
            """;
    }

    /// <summary>Rows that were counted down to nothing go, or every model that ever judged would leave its own behind.</summary>
    private static string Sweep => $"""
        DELETE FROM days WHERE day = {Local("OLD.")} / {DayMs} AND site = OLD.site AND kind = OLD.kind AND mine = OLD.mine AND n = 0;
        DELETE FROM hours WHERE day = {Local("OLD.")} / {DayMs} AND hour = {Local("OLD.")} % {DayMs} / {HourMs} AND mine = OLD.mine AND n = 0;
        """;

    private static string Changed(params IEnumerable<string> columns) => string.Join(" OR ", columns.Select(column => $"(OLD.{column}) <> (NEW.{column})"));

    private static string Judged => $"SELECT *, {Local("")} AS local, CASE gone WHEN 1 THEN 0 ELSE model END AS judge FROM items WHERE counted = 1";

    /// <summary>All items counted anew, for a zone that was just written.</summary>
    public static string Recount => $"""
        DELETE FROM days;
        DELETE FROM hours;
        INSERT INTO days SELECT local / {DayMs}, site, kind, mine, verdict, judge, count(*), sum(reveal >= 0.5), sum(wisdom >= 0.5), sum(solicit >= 0.5), sum(engage >= 0.5)
          FROM ({Judged})
          GROUP BY 1, 2, 3, 4, 5, 6;
        INSERT INTO hours SELECT local / {DayMs}, local % {DayMs} / {HourMs}, mine, verdict, judge, count(*)
          FROM ({Judged})
          GROUP BY 1, 2, 3, 4, 5;
        """;
}
