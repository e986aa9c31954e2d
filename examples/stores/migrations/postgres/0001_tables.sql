-- No sequence, no trigger, no function, no table lock: what PostgreSQL's distributed relatives do not all have.
CREATE TABLE outbound.organization (
    -- What stands for its name everywhere else, in the fewest bytes.
    number integer NOT NULL PRIMARY KEY,
    name   text    NOT NULL UNIQUE,
    -- The last position that the feed of its events has given.
    fed    bigint  NOT NULL DEFAULT 0
);

-- The organization leads every key: it is what a distributed engine shards by, and no row of one can be met by another.
-- A key is 17 bytes: the number of its kind and its 128 bits. Bodies are JSON, which the store alone writes: as text they are
-- not read again by whoever only keeps them.
CREATE TABLE outbound.record (
    organization integer NOT NULL,
    version      bigint  NOT NULL,
    -- While a commit is checked, the version that it rests on; nothing else ever sees it.
    seen         bigint,
    key          bytea   NOT NULL,
    -- The records that are most likely asked for next: their keys, one behind the other.
    leads_to     bytea   NOT NULL,
    body         text    NOT NULL,
    PRIMARY KEY (organization, key)
);

CREATE TABLE outbound.entry (
    organization integer NOT NULL,
    place        bigint  NOT NULL,
    index        text    COLLATE "C" NOT NULL,
    scope        bytea   NOT NULL,
    key          bytea   NOT NULL,
    PRIMARY KEY (organization, index, scope, place, key)
);

-- The position in the feed is given when the feed is read, not when the event is committed.
CREATE TABLE outbound.event (
    organization integer     NOT NULL,
    sequence     bigint      NOT NULL,
    position     bigint,
    at           timestamptz NOT NULL,
    stream       bytea       NOT NULL,
    agent        text,
    name         text        NOT NULL,
    body         text        NOT NULL,
    PRIMARY KEY (organization, stream, sequence)
);
CREATE UNIQUE INDEX event_fed ON outbound.event (organization, position) WHERE position IS NOT NULL;
CREATE INDEX event_unfed ON outbound.event (organization, at) WHERE position IS NULL;
-- For people and reports: events lie about in the order of time, so that a few numbers a megabyte tell the days apart.
CREATE INDEX event_by_time ON outbound.event USING brin (at);
