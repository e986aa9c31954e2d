//! Committing: everything in one transaction, and the whole transaction in one round trip; mostly in one statement, which is a
//! transaction by itself.
//!
//! All of it is under way before the first answer comes. So it is the server that must stop where a guard does not hold, and
//! plain SQL has one way to stop: a statement that fails. Each statement that checks guards counts those that hold and divides
//! by one, or, where a guard does not hold, by zero. The failure undoes the transaction, and the statements behind it are not
//! carried out. It also means that no lock is ever held while the network is waited for.

use std::collections::BTreeMap;
use std::mem;
use std::time::SystemTime;

use outbound::engine::{Changes, Guard, IndexChange, Write};
use outbound::model::Key;
use outbound::record::{Entry, Envelope, Versioned};
use tokio_postgres::Statement;
use tokio_postgres::types::ToSql;

use super::PostgresStore;
use super::connection::{Connection, Parameters, Request};
use super::json::without_nul;
use crate::rows::{RowError, agent_of, key_bytes, keys_bytes, leads_to, number, to_json, version_number};

/// Locks and what is seen under them is what counts, so a snapshot of the whole transaction would be of no use.
pub(super) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

pub(super) const COMMIT: &str = "COMMIT";

/// Clauses 2 and 3. Records that were there, records that were absent, entries, events.
///
/// A record that was there is locked by the conflict with it, and replaced if it has the version that was seen; a row that
/// was waited for is compared as it is then. Where `seen` comes back a record was made that should have been replaced.
///
/// What was absent is made; where it is there by now, its key is taken. What was only seen to be absent is made too, since a
/// lock cannot hold a row that is not there, and taken away again: see [`FORGET`]. Two commits that each saw the other's
/// record absent meet in these rows, and one of them finds a record.
///
/// The arrays are in the order of the keys. PostgreSQL carries out first what the last line reads, and then the parts from
/// the last to the first, so that records are locked before the events; only how soon a conflict is found rests on that.
pub(super) const WRITE: &str = "
    WITH changed AS (
        INSERT INTO outbound.record (organization, key, version, seen, leads_to, body)
        SELECT $1, it.key, it.version, it.seen, it.leads_to, it.body
        FROM unnest($2::bytea[], $3::bigint[], $4::bigint[], $5::bytea[], $6::text[])
            AS it (key, version, seen, leads_to, body)
        ON CONFLICT (organization, key) DO UPDATE
        SET version = excluded.version, seen = NULL, leads_to = excluded.leads_to, body = excluded.body
        WHERE record.version = excluded.seen
        RETURNING seen
    ), told AS (
        INSERT INTO outbound.event (organization, stream, sequence, at, agent, name, body)
        SELECT $1, it.stream, it.sequence, it.at, it.agent, it.name, it.body
        FROM unnest($15::bytea[], $16::bigint[], $17::timestamptz[], $18::text[], $19::text[], $20::text[])
            AS it (stream, sequence, at, agent, name, body)
    ), added AS (
        INSERT INTO outbound.entry (organization, index, scope, place, key)
        SELECT $1, it.index, it.scope, it.place, it.key
        FROM unnest($11::text[], $12::bytea[], $13::bigint[], $14::bytea[]) AS it (index, scope, place, key)
        ON CONFLICT DO NOTHING
    ), made AS (
        INSERT INTO outbound.record (organization, key, version, leads_to, body)
        SELECT $1, it.key, it.version, it.leads_to, it.body
        FROM unnest($7::bytea[], $8::bigint[], $9::bytea[], $10::text[]) AS it (key, version, leads_to, body)
    )
    SELECT 1 / (count(*) = cardinality($2))::integer FROM changed WHERE seen IS NULL";

/// Takes away what was made only to be held until the commit; nobody ever sees it.
pub(super) const FORGET: &str = "DELETE FROM outbound.record WHERE organization = $1 AND key = $2";

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

/// Changes as statements. They lock in the order of the keys, first what was there, then what was absent.
///
/// Two commits that do not agree about which is which may wait for each other; but then a guard of one does not hold, and the
/// server finds them out.
#[derive(Default)]
pub(super) struct Rows {
    before: Vec<Step>,
    /// The last step, in which is also all that is not about records that were there.
    last: Step,
    /// What is made only to be held.
    forgotten: Vec<Vec<u8>>,
    removed: Entries,
}

/// Neighbours that are only held, and those behind them that are written.
#[derive(Default)]
struct Step {
    held: Held,
    written: Written,
}

#[derive(Default)]
struct Held {
    keys: Vec<Vec<u8>>,
    versions: Vec<i64>,
}

/// What one statement writes, column by column.
#[derive(Default)]
struct Written {
    changed: Records,
    /// The versions that the changes rest on.
    seen: Vec<i64>,
    made: Records,
    added: Entries,
    events: Events,
}

#[derive(Default)]
struct Records {
    keys: Vec<Vec<u8>>,
    versions: Vec<i64>,
    leads_to: Vec<Vec<u8>>,
    bodies: Vec<String>,
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
        let (mut rows, mut made) = (Self::default(), Records::default());
        for Guard { key, version } in changes.guards {
            let write = changes.writes.iter().find(|write| write.key == key);
            match (version.map(version_number), write) {
                (Some(seen), Some(write)) => rows.change(write, seen)?,
                (Some(seen), None) => rows.hold(key, seen)?,
                (None, Some(write)) => made.push(write)?,
                (None, None) => {
                    made.push_nothing(key)?;
                    rows.forgotten.push(key_bytes(key)?);
                }
            }
        }
        rows.last.written.made = made;
        // Of several changes to one entry the last one counts.
        let index: BTreeMap<Entry, bool> = changes.index.into_iter().map(is_added).collect();
        for (entry, is_added) in index {
            if is_added { &mut rows.last.written.added } else { &mut rows.removed }.push(entry)?;
        }
        for envelope in &changes.events {
            rows.last.written.events.push(envelope)?;
        }
        Ok(rows)
    }

    fn change(&mut self, write: &Write, seen: i64) -> Result<(), RowError> {
        self.last.written.seen.push(seen);
        self.last.written.changed.push(write)
    }

    fn hold(&mut self, key: Key, seen: i64) -> Result<(), RowError> {
        if !self.last.written.seen.is_empty() {
            self.before.push(mem::take(&mut self.last));
        }
        self.last.held.keys.push(key_bytes(key)?);
        self.last.held.versions.push(seen);
        Ok(())
    }

    /// The whole transaction.
    pub(super) fn requests<'a>(&'a self, connection: &'a Connection, store: &'a PostgresStore) -> Vec<Request<'a>> {
        let organization = &store.0.number;
        let statements = &connection.statements;
        let mut requests: Vec<Request<'a>> = Vec::with_capacity(4);
        for Step { held: Held { keys, versions }, written } in self.before.iter().chain([&self.last]) {
            if !keys.is_empty() {
                requests.push(Request(&statements.hold, vec![organization, keys, versions]));
            }
            requests.push(Request(&statements.write, written.columns(organization)));
        }
        requests.extend(self.forgotten.iter().map(|key| Request(&statements.forget, vec![organization, key])));
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

impl Written {
    fn columns<'a>(&'a self, organization: &'a (dyn ToSql + Sync)) -> Parameters<'a> {
        let Self { changed, seen, made, added, events } = self;
        let mut columns: Parameters<'a> = Vec::with_capacity(20);
        columns.push(organization);
        let Records { keys, versions, leads_to, bodies } = changed;
        columns.extend::<[&(dyn ToSql + Sync); 5]>([keys, versions, seen, leads_to, bodies]);
        let Records { keys, versions, leads_to, bodies } = made;
        columns.extend::<[&(dyn ToSql + Sync); 4]>([keys, versions, leads_to, bodies]);
        let Entries { indices, scopes, places, keys } = added;
        columns.extend::<[&(dyn ToSql + Sync); 4]>([indices, scopes, places, keys]);
        let Events { streams, sequences, times, agents, names, bodies } = events;
        columns.extend::<[&(dyn ToSql + Sync); 6]>([streams, sequences, times, agents, names, bodies]);
        columns
    }
}

impl Records {
    fn push(&mut self, write: &Write) -> Result<(), RowError> {
        let Versioned { version, record } = &write.versioned;
        self.keys.push(key_bytes(write.key)?);
        self.versions.push(version_number(*version));
        self.leads_to.push(keys_bytes(&leads_to(record))?);
        self.bodies.push(without_nul(to_json(record)?));
        Ok(())
    }

    /// A row that is there to be held.
    fn push_nothing(&mut self, key: Key) -> Result<(), RowError> {
        self.keys.push(key_bytes(key)?);
        self.versions.push(0);
        self.leads_to.push(Vec::new());
        self.bodies.push(String::new());
        Ok(())
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
