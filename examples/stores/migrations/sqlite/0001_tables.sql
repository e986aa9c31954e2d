-- A key is 17 bytes: the number of its kind and its 128 bits. Bodies are JSON.
CREATE TABLE record (
    -- What stands for it in its events: they go before it does, since the number may be given again.
    number  INTEGER PRIMARY KEY,
    key     BLOB    NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    body    TEXT    NOT NULL
) STRICT;

CREATE TABLE entry (
    "index" TEXT    NOT NULL,
    scope   BLOB    NOT NULL,
    place   INTEGER NOT NULL,
    key     BLOB    NOT NULL,
    PRIMARY KEY ("index", scope, place, key)
) STRICT, WITHOUT ROWID;

-- A position is never given twice, even where old events are deleted: the next is behind the last, and the last one stays.
CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    -- A number and not a key: the events of new records lie together at the end of the index, and not all over it.
    record   INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    at       TEXT    NOT NULL,
    agent    TEXT,
    name     TEXT    NOT NULL,
    body     TEXT    NOT NULL,
    UNIQUE (record, sequence)
) STRICT;

CREATE TRIGGER last_event_stays BEFORE DELETE ON event WHEN old.position = (SELECT max(position) FROM event)
BEGIN
    SELECT raise(IGNORE);
END;
