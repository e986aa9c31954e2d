-- A key is 17 bytes: the number of its kind and its 128 bits. Bodies are JSON.
CREATE TABLE record (
    key     BLOB    NOT NULL PRIMARY KEY,
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
    stream   BLOB    NOT NULL,
    sequence INTEGER NOT NULL,
    at       TEXT    NOT NULL,
    agent    TEXT,
    name     TEXT    NOT NULL,
    body     TEXT    NOT NULL,
    UNIQUE (stream, sequence)
) STRICT;

CREATE TRIGGER last_event_stays BEFORE DELETE ON event WHEN old.position = (SELECT max(position) FROM event)
BEGIN
    SELECT raise(IGNORE);
END;
