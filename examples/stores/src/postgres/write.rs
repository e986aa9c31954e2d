//! Committing: everything in one transaction, and the whole transaction in one round trip; mostly in one statement, which is a
//! transaction by itself.
//!
//! All of it is under way before the first answer comes. So it is the server that must stop where a guard does not hold, and
//! plain SQL has one way to stop: a statement that fails. Each statement that checks guards counts those that hold and divides
//! by one, or, where a guard does not hold, by zero. The failure undoes the transaction, and the statements behind it are not
//! carried out. It also means that no lock is ever held while the network is waited for.

use std::collections::BTreeMap;
use std::time::SystemTime;

use outbound::engine::{Changes, Guard, IndexChange, Write};
use outbound::model::Key;
use outbound::record::{Entry, Envelope};
use tokio_postgres::Statement;
use tokio_postgres::types::ToSql;

use super::PostgresStore;
use super::connection::{Connection, Parameters, Request};
use super::json::without_nul;
use crate::rows::{RowError, agent_of, key_bytes, leads_to, number, to_json, version_number};

/// Locks and what is seen under them is what counts, so a snapshot of the whole transaction would be of no use.
pub(super) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

pub(super) const COMMIT: &str = "COMMIT";

/// Clauses 2 and 3. Locks, compares and writes records one by one in the order of their keys; then entries and events.
///
/// A record that was there is locked by the conflict with it, and replaced if it has the version that was seen; a row that
/// was waited for is compared as it is then. What was absent is made; where it was only read, as a row of version 0, since a
/// lock cannot hold a row that is not there. Two commits that each saw the other's record absent meet in these rows, and one
/// of them finds a record. A row of version 0 that is there already is locked and filled.
///
/// Where `seen` comes back a record was made that should have been replaced.
pub(super) const WRITE: &str = "
    WITH put AS (
        INSERT INTO outbound.record (organization, key, version, seen, body, leads_to)
        SELECT $1, it.key, it.version, it.seen, it.body::json, it.leads_to::bytea[]
        FROM unnest($2::bytea[], $3::bigint[], $4::bigint[], $5::text[], $6::text[])
            AS it (key, version, seen, body, leads_to)
        ORDER BY it.key
        ON CONFLICT (organization, key) DO UPDATE
        SET version = excluded.version, seen = NULL, body = excluded.body, leads_to = excluded.leads_to
        WHERE record.version = coalesce(excluded.seen, 0)
        RETURNING seen
    ), added AS (
        INSERT INTO outbound.entry (organization, index, scope, place, key)
        SELECT $1, it.index, it.scope, it.place, it.key
        FROM unnest($7::text[], $8::bytea[], $9::bigint[], $10::bytea[]) AS it (index, scope, place, key)
        ON CONFLICT DO NOTHING
    ), told AS (
        INSERT INTO outbound.event (organization, stream, sequence, at, agent, name, body)
        SELECT $1, it.stream, it.sequence, it.at, it.agent, it.name, it.body::json
        FROM unnest($11::bytea[], $12::bigint[], $13::timestamptz[], $14::text[], $15::text[], $16::text[])
            AS it (stream, sequence, at, agent, name, body)
    )
    SELECT 1 / (count(*) = cardinality($2))::integer FROM put WHERE seen IS NULL";

/// Clause 2. Locks what was only read, in the order of the keys: others may read it too, and nobody may write it until the
/// commit.
pub(super) const HOLD: &str = "
    WITH held AS (
        SELECT record.version = it.version AS holds
        FROM unnest($2::bytea[], $3::bigint[]) AS it (key, version) CROSS JOIN LATERAL (
            SELECT version FROM outbound.record
            WHERE organization = $1 AND record.key = it.key
            FOR SHARE
        ) AS record
    )
    SELECT 1 / (count(*) = cardinality($2))::integer FROM held WHERE holds";

/// One at a time: there are few, and this cannot be planned but by the key.
pub(super) const REMOVE: &str = "
    DELETE FROM outbound.entry WHERE organization = $1 AND index = $2 AND scope = $3 AND place = $4 AND key = $5";

/// Changes as statements: what they lock comes in the order of the keys.
#[derive(Default)]
pub(super) struct Rows {
    steps: Vec<Step>,
    removed: Entries,
}

enum Step {
    Write(Box<Written>),
    Hold { keys: Vec<Vec<u8>>, versions: Vec<i64> },
}

/// What one statement writes, column by column.
#[derive(Default)]
struct Written {
    records: Records,
    added: Entries,
    events: Events,
}

#[derive(Default)]
struct Records {
    keys: Vec<Vec<u8>>,
    versions: Vec<i64>,
    seen: Vec<Option<i64>>,
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
        let guarded: Vec<_> = changes.guards.iter().map(|guard| (guard, written(guard))).collect();
        // Neighbours of one kind share a statement.
        for run in guarded.chunk_by(|a, b| is_only_read(a) == is_only_read(b)) {
            rows.steps.push(if run.iter().any(is_only_read) { hold(run)? } else { write(run)? });
        }
        if !matches!(rows.steps.last(), Some(Step::Write(_))) {
            rows.steps.push(Step::Write(Box::default()));
        }
        let Some(Step::Write(last)) = rows.steps.last_mut() else { return Ok(rows) };
        // Of several changes to one entry the last one counts.
        let index: BTreeMap<Entry, bool> = changes.index.into_iter().map(is_added).collect();
        for (entry, is_added) in index {
            if is_added { &mut last.added } else { &mut rows.removed }.push(entry)?;
        }
        for envelope in &changes.events {
            last.events.push(envelope)?;
        }
        Ok(rows)
    }

    /// The whole transaction.
    pub(super) fn requests<'a>(&'a self, connection: &'a Connection, store: &'a PostgresStore) -> Vec<Request<'a>> {
        let organization = &store.0.organization;
        let statements = &connection.statements;
        let mut requests: Vec<Request<'a>> = Vec::with_capacity(self.steps.len() + 3);
        requests.extend(self.steps.iter().map(|step| match step {
            Step::Write(written) => Request(&statements.write, written.columns(organization)),
            Step::Hold { keys, versions } => Request(&statements.hold, vec![organization, keys, versions]),
        }));
        let Entries { indices, scopes, places, keys } = &self.removed;
        for (((index, scope), place), key) in indices.iter().zip(scopes).zip(places).zip(keys) {
            requests.push(Request(&statements.remove, vec![organization, index, scope, place, key]));
        }
        if requests.len() > 1 {
            let alone = |statement: &'a Statement| Request(statement, Vec::new());
            requests.insert(0, alone(&statements.begin));
            requests.push(alone(&statements.commit));
        }
        requests
    }
}

/// A guard, and what is written under it.
type Guarded<'a> = (&'a Guard, Option<&'a Write>);

const fn is_only_read((guard, write): &Guarded<'_>) -> bool {
    guard.version.is_some() && write.is_none()
}

fn hold(run: &[Guarded<'_>]) -> Result<Step, RowError> {
    let keys = run.iter().map(|(guard, _)| key_bytes(guard.key)).collect::<Result<_, _>>()?;
    Ok(Step::Hold { keys, versions: run.iter().filter_map(|(guard, _)| guard.version).map(version_number).collect() })
}

fn write(run: &[Guarded<'_>]) -> Result<Step, RowError> {
    let mut records = Records::default();
    for guarded in run {
        records.push(guarded)?;
    }
    Ok(Step::Write(Box::new(Written { records, ..Written::default() })))
}

impl Written {
    fn columns<'a>(&'a self, organization: &'a (dyn ToSql + Sync)) -> Parameters<'a> {
        let Self { records, added, events } = self;
        let mut columns: Parameters<'a> = Vec::with_capacity(16);
        columns.push(organization);
        let Records { keys, versions, seen, bodies, leads_to } = records;
        columns.extend::<[&(dyn ToSql + Sync); 5]>([keys, versions, seen, bodies, leads_to]);
        let Entries { indices, scopes, places, keys } = added;
        columns.extend::<[&(dyn ToSql + Sync); 4]>([indices, scopes, places, keys]);
        let Events { streams, sequences, times, agents, names, bodies } = events;
        columns.extend::<[&(dyn ToSql + Sync); 6]>([streams, sequences, times, agents, names, bodies]);
        columns
    }
}

impl Records {
    fn push(&mut self, (guard, write): &Guarded<'_>) -> Result<(), RowError> {
        self.keys.push(key_bytes(guard.key)?);
        self.seen.push(guard.version.map(version_number));
        let record = write.map(|write| &write.versioned.record);
        self.versions.push(write.map_or(0, |write| version_number(write.versioned.version)));
        self.bodies.push(record.map(to_json).transpose()?.map(without_nul));
        self.leads_to.push(array(&record.map(leads_to).unwrap_or_default())?);
        Ok(())
    }
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
