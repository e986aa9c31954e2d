-- The organization leads every key: it is what a distributed engine shards by, and no row of one can be met by another.
-- No sequence, no trigger, no function, no table lock: what PostgreSQL's distributed relatives do not all have.
CREATE TABLE outbound.organization (
    organization text   NOT NULL PRIMARY KEY,
    -- The last position that the feed of its events has given.
    fed          bigint NOT NULL DEFAULT 0
);

-- A key is 17 bytes: the number of its kind and its 128 bits. A row of version 0 and without a body stands for a record that
-- is absent, and that a commit rested on being absent: it is there to be locked.
CREATE TABLE outbound.record (
    organization text   NOT NULL,
    key          bytea  NOT NULL,
    version      bigint NOT NULL,
    -- While a commit is checked, the version that it rests on; nothing else ever sees it.
    seen         bigint,
    body         json,
    -- The records that are most likely asked for next.
    leads_to     bytea[] NOT NULL,
    PRIMARY KEY (organization, key)
);

CREATE TABLE outbound.entry (
    organization text   NOT NULL,
    index        text   NOT NULL,
    scope        bytea  NOT NULL,
    place        bigint NOT NULL,
    key          bytea  NOT NULL,
    PRIMARY KEY (organization, index, scope, place, key)
);

-- The position in the feed is given when the feed is read, not when the event is committed.
CREATE TABLE outbound.event (
    organization text        NOT NULL,
    stream       bytea       NOT NULL,
    sequence     bigint      NOT NULL,
    position     bigint,
    at           timestamptz NOT NULL,
    agent        text,
    name         text        NOT NULL,
    body         json        NOT NULL,
    PRIMARY KEY (organization, stream, sequence)
);
CREATE UNIQUE INDEX event_fed ON outbound.event (organization, position) WHERE position IS NOT NULL;
CREATE INDEX event_unfed ON outbound.event (organization, at) WHERE position IS NULL;
CREATE INDEX event_by_agent ON outbound.event (organization, agent, at) WHERE agent IS NOT NULL;
