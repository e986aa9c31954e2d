//! Committing: everything in one transaction, and the whole transaction in one round trip.
//!
//! The `COMMIT` is under way before the first answer comes. So it is the server that must stop where a guard does not hold,
//! and plain SQL has one way to stop: a statement that fails. Each statement that checks guards counts those that hold and
//! divides by one, or, where a guard does not hold, by zero. The failure undoes the transaction, the statements behind it are
//! not carried out, and the `COMMIT` ends what is undone. It also means that no lock is ever held while the network is
//! waited for.

use std::collections::BTreeMap;
use std::time::SystemTime;

use outbound::engine::{Changes, Guard, IndexChange, Write};
use outbound::model::Key;
use outbound::record::{Entry, Envelope};
use tokio_postgres::Statement;

use super::PostgresStore;
use super::connection::{Connection, Parameters, Request};
use super::json::without_nul;
use crate::rows::{RowError, agent_of, key_bytes, leads_to, number, to_json, version_number};

/// Locks and what is seen under them is what counts, so a snapshot of the whole transaction would be of no use.
pub(super) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

pub(super) const COMMIT: &str = "COMMIT";

/// Clause 3. Makes rows for what must be absent, in the order of the keys: those that are created with their bodies, and for
/// those that are only read a row of version 0, since a lock cannot hold a row that is not there. Two commits that each saw
/// the other's record absent meet in these rows, and one of them finds a record. A row of version 0 that is there already
/// is locked and filled.
pub(super) const CREATE: &str = "
    WITH made AS (
        INSERT INTO outbound.record (organization, key, version, body, leads_to)
        SELECT $1, it.key, it.version, it.body::jsonb, it.leads_to::bytea[]
        FROM unnest($2::bytea[], $3::bigint[], $4::text[], $5::text[]) AS it (key, version, body, leads_to)
        ORDER BY it.key
        ON CONFLICT (organization, key) DO UPDATE
        SET version = excluded.version, body = excluded.body, leads_to = excluded.leads_to
        WHERE record.version = 0
        RETURNING 1
    )
    SELECT 1 / (count(*) = cardinality($2))::integer FROM made";

/// Clause 2. Locks what will be written, in the order of the keys, and compares: a row that was waited for is compared as it
/// is then.
pub(super) const LOCK: &str = "
    WITH held AS (
        SELECT record.version = it.version AS holds
        FROM outbound.record JOIN unnest($2::bytea[], $3::bigint[]) AS it (key, version) ON record.key = it.key
        WHERE record.organization = $1
        ORDER BY record.key
        FOR UPDATE OF record
    )
    SELECT 1 / (count(*) = cardinality($2))::integer FROM held WHERE holds";

/// Clause 2. The same for what was only read: others may read it too, and nobody may write it until the commit.
pub(super) const LOCK_SHARED: &str = "
    WITH held AS (
        SELECT record.version = it.version AS holds
        FROM outbound.record JOIN unnest($2::bytea[], $3::bigint[]) AS it (key, version) ON record.key = it.key
        WHERE record.organization = $1
        ORDER BY record.key
        FOR SHARE OF record
    )
    SELECT 1 / (count(*) = cardinality($2))::integer FROM held WHERE holds";

pub(super) const REPLACE: &str = "
    UPDATE outbound.record SET version = it.version, body = it.body::jsonb, leads_to = it.leads_to::bytea[]
    FROM unnest($2::bytea[], $3::bigint[], $4::text[], $5::text[]) AS it (key, version, body, leads_to)
    WHERE record.organization = $1 AND record.key = it.key";

pub(super) const REMOVE_ENTRIES: &str = "
    DELETE FROM outbound.entry
    USING unnest($2::text[], $3::bytea[], $4::bigint[], $5::bytea[]) AS it (index, scope, place, key)
    WHERE entry.organization = $1 AND entry.index = it.index AND entry.scope = it.scope
      AND entry.place = it.place AND entry.key = it.key";

pub(super) const ADD_ENTRIES: &str = "
    INSERT INTO outbound.entry (organization, index, scope, place, key)
    SELECT $1, it.index, it.scope, it.place, it.key
    FROM unnest($2::text[], $3::bytea[], $4::bigint[], $5::bytea[]) AS it (index, scope, place, key)
    ON CONFLICT DO NOTHING";

pub(super) const APPEND: &str = "
    INSERT INTO outbound.event (organization, stream, sequence, at, agent, name, body)
    SELECT $1, it.stream, it.sequence, it.at, it.agent, it.name, it.body::jsonb
    FROM unnest($2::bytea[], $3::bigint[], $4::timestamptz[], $5::text[], $6::text[], $7::text[])
        AS it (stream, sequence, at, agent, name, body)";

/// Changes as rows, column by column.
#[derive(Default)]
pub(super) struct Rows {
    runs: Vec<(Lock, Records)>,
    replaced: Records,
    removed: Entries,
    added: Entries,
    events: Events,
}

/// How the row of a guard is held.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lock {
    Made,
    Exclusive,
    Shared,
}

#[derive(Default)]
struct Records {
    keys: Vec<Vec<u8>>,
    versions: Vec<i64>,
    bodies: Vec<Option<String>>,
    /// Each an array, as PostgreSQL writes one: it knows no arrays of arrays of different lengths.
    leads_to: Vec<String>,
}

#[derive(Default)]
struct Entries {
    indices: Vec<&'static str>,
    scopes: Vec<Vec<u8>>,
    places: Vec<i64>,
    keys: Vec<Vec<u8>>,
}

#[derive(Default)]
struct Events {
    streams: Vec<Vec<u8>>,
    sequences: Vec<i64>,
    times: Vec<SystemTime>,
    agents: Vec<Option<String>>,
    names: Vec<&'static str>,
    bodies: Vec<String>,
}

impl Rows {
    pub(super) fn of(changes: Changes) -> Result<Self, RowError> {
        let mut rows = Self::default();
        let written = |guard: &Guard| changes.writes.iter().find(|write| write.key == guard.key);
        let guarded: Vec<_> = changes.guards.iter().map(|guard| Guarded(guard, written(guard))).collect();
        // Guards are locked in their order, whatever their kind of lock: neighbours of one kind share a statement.
        for run in guarded.chunk_by(|a, b| a.lock() == b.lock()) {
            let mut records = Records::default();
            for guarded in run {
                records.push(guarded.as_seen()?);
                if let Some(row) = guarded.replacement()? {
                    rows.replaced.push(row);
                }
            }
            rows.runs.extend(run.first().map(|first| (first.lock(), records)));
        }
        // Of several changes to one entry the last one counts.
        let index: BTreeMap<Entry, bool> = changes.index.into_iter().map(is_added).collect();
        for (entry, is_added) in index {
            if is_added { &mut rows.added } else { &mut rows.removed }.push(entry)?;
        }
        for envelope in &changes.events {
            rows.events.push(envelope)?;
        }
        Ok(rows)
    }

    /// The whole transaction.
    pub(super) fn requests<'a>(&'a self, connection: &'a Connection, store: &'a PostgresStore) -> Vec<Request<'a>> {
        let organization = &store.0.organization;
        let statements = &connection.statements;
        let alone = |statement: &'a Statement| Request(statement, Vec::new());
        let mut requests = vec![alone(&statements.begin)];
        for (lock, Records { keys, versions, bodies, leads_to }) in &self.runs {
            requests.push(match lock {
                Lock::Made => Request(&statements.create, vec![organization, keys, versions, bodies, leads_to]),
                Lock::Exclusive => Request(&statements.lock, vec![organization, keys, versions]),
                Lock::Shared => Request(&statements.lock_shared, vec![organization, keys, versions]),
            });
        }
        let Records { keys, versions, bodies, leads_to } = &self.replaced;
        if !keys.is_empty() {
            requests.push(Request(&statements.replace, vec![organization, keys, versions, bodies, leads_to]));
        }
        let index = [(&statements.remove_entries, &self.removed), (&statements.add_entries, &self.added)];
        for (statement, Entries { indices, scopes, places, keys }) in index {
            if !keys.is_empty() {
                requests.push(Request(statement, vec![organization, indices, scopes, places, keys]));
            }
        }
        let Events { streams, sequences, times, agents, names, bodies } = &self.events;
        if !streams.is_empty() {
            let columns: Parameters<'a> = vec![organization, streams, sequences, times, agents, names, bodies];
            requests.push(Request(&statements.append, columns));
        }
        requests.push(alone(&statements.commit));
        requests
    }
}

/// A guard, and what is written under it.
struct Guarded<'a>(&'a Guard, Option<&'a Write>);

struct RecordRow {
    key: Vec<u8>,
    version: i64,
    body: Option<String>,
    leads_to: String,
}

impl RecordRow {
    /// A version without a record.
    fn of_version(key: Vec<u8>, version: i64) -> Self {
        Self { key, version, body: None, leads_to: "{}".to_owned() }
    }
}

impl Guarded<'_> {
    const fn lock(&self) -> Lock {
        match (self.0.version, self.1) {
            (None, _) => Lock::Made,
            (Some(_), Some(_)) => Lock::Exclusive,
            (Some(_), None) => Lock::Shared,
        }
    }

    /// What is compared; for what is absent, what is made.
    fn as_seen(&self) -> Result<RecordRow, RowError> {
        let key = key_bytes(self.0.key)?;
        match (self.0.version, self.1) {
            (Some(seen), _) => Ok(RecordRow::of_version(key, version_number(seen))),
            (None, Some(write)) => row_of(write),
            (None, None) => Ok(RecordRow::of_version(key, 0)),
        }
    }

    /// What takes the place of a record that was there.
    fn replacement(&self) -> Result<Option<RecordRow>, RowError> {
        if self.lock() == Lock::Exclusive { self.1.map(row_of).transpose() } else { Ok(None) }
    }
}

fn row_of(write: &Write) -> Result<RecordRow, RowError> {
    let body = without_nul(to_json(&write.versioned.record)?);
    Ok(RecordRow {
        key: key_bytes(write.key)?,
        version: version_number(write.versioned.version),
        body: Some(body),
        leads_to: array(&leads_to(&write.versioned.record))?,
    })
}

/// Keys as PostgreSQL writes an array of bytes.
fn array(keys: &[Key]) -> Result<String, RowError> {
    let mut array = String::from("{");
    for (nth, key) in keys.iter().enumerate() {
        array.push_str(if nth == 0 { "\"\\\\x" } else { ",\"\\\\x" });
        for byte in key_bytes(*key)? {
            let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
            array.extend([digit(byte >> 4), digit(byte & 15)]);
        }
        array.push('"');
    }
    array.push('}');
    Ok(array)
}

impl Records {
    fn push(&mut self, row: RecordRow) {
        self.keys.push(row.key);
        self.versions.push(row.version);
        self.bodies.push(row.body);
        self.leads_to.push(row.leads_to);
    }
}

impl Entries {
    fn push(&mut self, entry: Entry) -> Result<(), RowError> {
        self.indices.push(entry.index.as_str());
        self.scopes.push(entry.scope.to_vec());
        self.places.push(entry.order);
        self.keys.push(key_bytes(entry.key)?);
        Ok(())
    }
}

impl Events {
    fn push(&mut self, envelope: &Envelope) -> Result<(), RowError> {
        self.streams.push(key_bytes(envelope.stream)?);
        self.sequences.push(number(envelope.sequence));
        self.times.push(envelope.at.into());
        self.agents.push(agent_of(envelope).map(str::to_owned));
        self.names.push(envelope.event.name());
        self.bodies.push(without_nul(to_json(envelope)?));
        Ok(())
    }
}

fn is_added(change: IndexChange) -> (Entry, bool) {
    match change {
        IndexChange::Add(entry) => (entry, true),
        IndexChange::Remove(entry) => (entry, false),
    }
}
