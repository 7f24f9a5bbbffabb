namespace Soundings.Storage;

/// <summary>
/// The step of <see cref="Schema"/> that keeps who answered whom, and what passed between the user and each human: worked out when an item is
/// written, so that a page of 20,000 people costs no more than one of twenty.
/// </summary>
internal static class SchemaBonds
{
    public const string Step =
    """
    -- human: the profile under which this one stands, where the user said that both are one; alias: the name the user gave.
    ALTER TABLE people ADD COLUMN human INTEGER REFERENCES people ON DELETE SET NULL;
    ALTER TABLE people ADD COLUMN alias TEXT;
    CREATE INDEX peopleByHuman ON people (human) WHERE human IS NOT NULL;
    CREATE INDEX itemsByParentId ON items (parentId) WHERE parentId IS NOT NULL;

    -- One's own words that answer another's, and another's that answer one's own: the item that answers, and the other's profile.
    CREATE TABLE exchanges (
      item INTEGER PRIMARY KEY REFERENCES items ON DELETE CASCADE, person INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
      mine INTEGER NOT NULL, moment INTEGER NOT NULL) STRICT;
    CREATE INDEX exchangesByPerson ON exchanges (person, moment);
    CREATE INDEX exchangesByMoment ON exchanges (moment, item, person, mine);

    -- Whom an item answers, or who answers the user by it: by the item with its parent's id, else by the only author's with its parent's words.
    -- Threads are flat on the sites: a reply whose parent is its own author's answers who wrote in that thread before it.
    CREATE VIEW answers AS
      SELECT item, person, mine, moment FROM (
        SELECT i.item, i.mine, i.moment, CASE
          WHEN i.mine <> y.mine THEN iif(i.mine, y.person, i.person)
          WHEN i.kind <> 2 THEN NULL
          WHEN i.mine THEN (SELECT z.person FROM items z
            WHERE z.parentId = i.parentId AND z.mine = 0 AND +z.site = i.site AND (z.moment, z.item) < (i.moment, i.item)
            ORDER BY z.moment DESC, z.item DESC LIMIT 1)
          WHEN y.person = i.person AND EXISTS (SELECT 1 FROM items z
            WHERE z.parentId = i.parentId AND z.mine = 1 AND +z.site = i.site AND (z.moment, z.item) < (i.moment, i.item)) THEN i.person
        END AS person
        FROM items i JOIN items y ON y.item = coalesce(
          (SELECT o.item FROM items o WHERE o.site = i.site AND o.id = i.parentId),
          (SELECT CASE WHEN min(t.who) = max(t.who) THEN min(t.item) END FROM
            (SELECT o.item, coalesce(o.person, 0) * 2 + o.mine AS who FROM items o
              WHERE o.text = i.parent AND +o.site = i.site AND o.item <> i.item LIMIT 20) t)))
      WHERE person IS NOT NULL;

    -- What passed between the user and one human, under the model named in meta (bondsModel); worked out anew for the profiles in bondsStale.
    CREATE TABLE bonds (
      human INTEGER PRIMARY KEY REFERENCES people ON DELETE CASCADE,
      given INTEGER NOT NULL, givenDeep INTEGER NOT NULL, givenUnsure INTEGER NOT NULL,
      received INTEGER NOT NULL, receivedDeep INTEGER NOT NULL, receivedUnsure INTEGER NOT NULL,
      last INTEGER NOT NULL, lastDeep INTEGER) STRICT;
    CREATE TABLE bondsStale (person INTEGER PRIMARY KEY) STRICT;

    -- Triggers, so that no way of writing, moving or forgetting an item can leave them behind.
    CREATE TRIGGER exchangesAdded AFTER INSERT ON exchanges BEGIN
      INSERT INTO bondsStale VALUES (NEW.person) ON CONFLICT DO NOTHING;
    END;
    CREATE TRIGGER exchangesRemoved AFTER DELETE ON exchanges BEGIN
      INSERT INTO bondsStale VALUES (OLD.person) ON CONFLICT DO NOTHING;
    END;
    CREATE TRIGGER peopleMerged AFTER UPDATE OF human ON people BEGIN
      INSERT INTO bondsStale SELECT person FROM people WHERE person IN (NEW.person, OLD.human, NEW.human) ON CONFLICT DO NOTHING;
    END;
    CREATE TRIGGER itemsAdded AFTER INSERT ON items BEGIN
      DELETE FROM exchanges WHERE item IN (SELECT NEW.item
        UNION SELECT item FROM items WHERE parentId = NEW.id AND +site = NEW.site
        UNION SELECT item FROM items WHERE parent = NEW.text AND +site = NEW.site
        UNION SELECT item FROM items WHERE NEW.kind = 2 AND parentId = NEW.parentId AND mine <> NEW.mine AND +site = NEW.site);
      INSERT INTO exchanges SELECT item, person, mine, moment FROM answers WHERE item IN (SELECT NEW.item
        UNION SELECT item FROM items WHERE parentId = NEW.id AND +site = NEW.site
        UNION SELECT item FROM items WHERE parent = NEW.text AND +site = NEW.site
        UNION SELECT item FROM items WHERE NEW.kind = 2 AND parentId = NEW.parentId AND mine <> NEW.mine AND +site = NEW.site);
    END;
    -- A parent's words let go by the retention rule do not undo that they were answered.
    CREATE TRIGGER itemsMoved AFTER UPDATE OF id, text, parent, parentId, person, mine ON items
    WHEN OLD.id <> NEW.id OR OLD.text <> NEW.text OR OLD.mine <> NEW.mine OR OLD.person IS NOT NEW.person OR OLD.parentId IS NOT NEW.parentId
      OR (NEW.parent IS NOT NULL AND OLD.parent IS NOT NEW.parent)
    BEGIN
      DELETE FROM exchanges WHERE item IN (SELECT NEW.item
        UNION SELECT item FROM items WHERE parentId IN (OLD.id, NEW.id) AND +site = NEW.site
        UNION SELECT item FROM items WHERE parent IN (OLD.text, NEW.text) AND +site = NEW.site
        UNION SELECT item FROM items WHERE NEW.kind = 2 AND parentId = NEW.parentId AND +site = NEW.site);
      INSERT INTO exchanges SELECT item, person, mine, moment FROM answers WHERE item IN (SELECT NEW.item
        UNION SELECT item FROM items WHERE parentId IN (OLD.id, NEW.id) AND +site = NEW.site
        UNION SELECT item FROM items WHERE parent IN (OLD.text, NEW.text) AND +site = NEW.site
        UNION SELECT item FROM items WHERE NEW.kind = 2 AND parentId = NEW.parentId AND +site = NEW.site);
    END;
    CREATE TRIGGER itemsJudged AFTER UPDATE OF moment, verdict, model, counted, gone ON items
    WHEN OLD.moment <> NEW.moment OR OLD.verdict <> NEW.verdict OR OLD.model <> NEW.model OR OLD.counted <> NEW.counted OR OLD.gone <> NEW.gone
    BEGIN
      UPDATE exchanges SET moment = NEW.moment WHERE item = NEW.item AND moment <> NEW.moment;
      INSERT INTO bondsStale SELECT person FROM exchanges WHERE item = NEW.item ON CONFLICT DO NOTHING;
    END;
    INSERT INTO exchanges SELECT item, person, mine, moment FROM answers;

    -- What the user said of a conversation worth returning to: done (until is null), or not before a time.
    CREATE INDEX reactionsByTarget ON reactions (target) WHERE target IS NOT NULL;
    CREATE TABLE returns (item INTEGER PRIMARY KEY REFERENCES items ON DELETE CASCADE, until INTEGER) STRICT;
    """;
}
