//! Writing under the writer's lock.

use std::sync::Arc;

use chrono::SecondsFormat;
use outbound::engine::{Changes, Guard, IndexChange, Write};
use outbound::port::CommitError;
use outbound::record::{Entry, Envelope};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::SqliteError;
use super::group::Outcome;
use crate::rows::{RowError, agent_of, key_bytes, number, to_json, version_number};

const FIND: &str = "SELECT number, version FROM record WHERE key = ?1";

const MAKE: &str = "INSERT INTO record (key, version, body) VALUES (?1, ?2, ?3)";

const CHANGE: &str = "UPDATE record SET version = ?2, body = ?3 WHERE number = ?1";

const ADD: &str = r#"INSERT INTO entry ("index", scope, place, key) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"#;

const REMOVE: &str = r#"DELETE FROM entry WHERE "index" = ?1 AND scope = ?2 AND place = ?3 AND key = ?4"#;

const EVENT: &str = "INSERT INTO event (record, sequence, at, agent, name, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

/// Changes as rows: made by whoever commits them, before anybody waits for the writer.
#[derive(Default)]
pub(super) struct Rows {
    records: Vec<RecordRow>,
    index: Vec<(&'static str, Entry, Vec<u8>)>,
    events: Vec<EventRow>,
}

/// A record that the commit rests on.
struct RecordRow {
    key: Vec<u8>,
    /// The version that was seen; none where it was absent.
    seen: Option<i64>,
    /// Its next version and body; none where it stays as it is.
    next: Option<(i64, String)>,
}

struct EventRow {
    stream: Vec<u8>,
    sequence: i64,
    at: String,
    agent: Option<String>,
    name: &'static str,
    body: String,
}

impl Rows {
    pub(super) fn of(changes: &Changes) -> Result<Self, RowError> {
        let index = |change: &IndexChange| match change {
            IndexChange::Add(entry) => Ok((ADD, *entry, key_bytes(entry.key)?)),
            IndexChange::Remove(entry) => Ok((REMOVE, *entry, key_bytes(entry.key)?)),
        };
        Ok(Self {
            records: changes.guards.iter().map(|guard| RecordRow::of(guard, changes)).collect::<Result<_, _>>()?,
            index: changes.index.iter().map(index).collect::<Result<_, RowError>>()?,
            events: changes.events.iter().map(EventRow::of).collect::<Result<_, _>>()?,
        })
    }
}

impl RecordRow {
    fn of(guard: &Guard, changes: &Changes) -> Result<Self, RowError> {
        let write = changes.writes.iter().find(|write| write.key == guard.key);
        let next = |Write { versioned, .. }: &Write| {
            Ok::<_, RowError>((version_number(versioned.version), to_json(&versioned.record)?))
        };
        Ok(Self {
            key: key_bytes(guard.key)?,
            seen: guard.version.map(version_number),
            next: write.map(next).transpose()?,
        })
    }
}

impl EventRow {
    fn of(envelope: &Envelope) -> Result<Self, RowError> {
        Ok(Self {
            stream: key_bytes(envelope.stream)?,
            sequence: number(envelope.sequence),
            at: envelope.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            agent: agent_of(envelope).map(str::to_owned),
            name: envelope.event.name(),
            body: to_json(envelope)?,
        })
    }
}

/// Commits all in one transaction, in their order: each sees what those before it did, and one whose guards do not hold is
/// answered `Conflict` and leaves the others as they are. Nobody is answered before the disk has all of it.
///
/// Where the rows of one cannot be written all is undone, and each has a transaction of its own.
pub(super) fn commit(writer: &mut Connection, commits: &[&Rows]) -> Vec<Outcome> {
    // Clauses 2 and 3: there is one writer at a time in all processes, and it has the lock before it compares; so the guards
    // hold at the commit, those of absent records and of records only read among them.
    let transaction = match writer.transaction_with_behavior(TransactionBehavior::Immediate) {
        Ok(transaction) => transaction,
        Err(error) => return all(commits, CommitError::Failed, error),
    };
    match (commits.iter().map(|rows| write(&transaction, rows)).collect::<rusqlite::Result<Vec<bool>>>(), commits) {
        (Ok(written), _) => match transaction.commit() {
            Ok(()) => written.into_iter().map(|held| if held { Ok(()) } else { Err(CommitError::Conflict) }).collect(),
            Err(error) => all(commits, outcome(&error), error),
        },
        (Err(error), [_]) => all(commits, CommitError::Failed, error),
        (Err(_), _) => {
            drop(transaction);
            commits.iter().flat_map(|rows| commit(writer, &[rows])).collect()
        }
    }
}

/// What the failing of `COMMIT` itself means: somebody was in the way and it is undone; or the disk failed, and what it kept
/// shows when the file is opened next.
fn outcome(error: &rusqlite::Error) -> fn(SqliteError) -> CommitError<SqliteError> {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy) => CommitError::Failed,
        _ => CommitError::Unknown,
    }
}

fn all(commits: &[&Rows], means: fn(SqliteError) -> CommitError<SqliteError>, error: rusqlite::Error) -> Vec<Outcome> {
    let error = Arc::new(error);
    commits.iter().map(|_| Err(means(SqliteError::Sqlite(Arc::clone(&error))))).collect()
}

/// Whether every record still has the version that was seen, or is still absent; if so, what changes is written.
fn write(at: &Connection, rows: &Rows) -> rusqlite::Result<bool> {
    let mut find = at.prepare_cached(FIND)?;
    let mut numbers: Vec<Option<i64>> = Vec::with_capacity(rows.records.len());
    for RecordRow { key, seen, .. } in &rows.records {
        let found = find.query_row([key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        if found.map(|(_, version)| version) != *seen {
            return Ok(false);
        }
        numbers.push(found.map(|(number, _)| number));
    }
    let (mut make, mut change) = (at.prepare_cached(MAKE)?, at.prepare_cached(CHANGE)?);
    for (RecordRow { key, next, .. }, number) in rows.records.iter().zip(&mut numbers) {
        let Some((version, body)) = next else { continue };
        match *number {
            Some(number) => drop(change.execute(params![number, version, body])?),
            None => *number = Some(make.insert(params![key, version, body])?),
        }
    }
    for (change, Entry { index, scope, order, .. }, key) in &rows.index {
        at.prepare_cached(change)?.execute(params![index.as_str(), scope, order, key])?;
    }
    let mut append = at.prepare_cached(EVENT)?;
    for EventRow { stream, sequence, at, agent, name, body } in &rows.events {
        // Each event is of a record that is written with it; the table refuses one of another, which has no number here.
        let record = rows.records.iter().zip(&numbers).find(|(record, _)| record.key == *stream);
        append.execute(params![record.and_then(|(_, number)| *number), sequence, at, agent, name, body])?;
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::super::migrate::migrate;
    use super::*;

    fn file() -> Connection {
        let mut file = Connection::open_in_memory().unwrap();
        migrate(&mut file).unwrap();
        file
    }

    /// A record's next version, resting on the one that was seen, and an event of it.
    fn rows(key: u8, seen: Option<i64>, sequence: i64) -> Rows {
        let key = vec![key];
        let event = EventRow {
            stream: key.clone(),
            sequence,
            at: String::new(),
            agent: None,
            name: "made",
            body: String::new(),
        };
        let next = Some((seen.unwrap_or(0) + 1, String::new()));
        Rows { records: vec![RecordRow { key, seen, next }], index: Vec::new(), events: vec![event] }
    }

    fn versions(file: &Connection) -> Vec<(u8, i64)> {
        let mut select = file.prepare("SELECT key, version FROM record ORDER BY key").unwrap();
        let version = |row: &rusqlite::Row<'_>| Ok((row.get::<_, Vec<u8>>(0)?[0], row.get(1)?));
        select.query_map([], version).unwrap().collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn each_of_a_group_sees_those_before_it_and_a_conflict_is_of_one() {
        let mut file = file();
        let commits = [rows(1, None, 1), rows(1, None, 1), rows(1, Some(1), 2), rows(2, Some(7), 1), rows(3, None, 1)];
        let outcomes = commit(&mut file, &commits.iter().collect::<Vec<_>>());
        let conflicts: Vec<bool> = outcomes.iter().map(|it| matches!(it, Err(CommitError::Conflict))).collect();
        assert_eq!(conflicts, [false, true, false, true, false]);
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 3);
        assert_eq!(versions(&file), [(1, 2), (3, 1)]);
    }

    #[test]
    fn rows_that_cannot_be_written_fail_alone_and_whole() {
        let mut file = file();
        assert!(commit(&mut file, &[&rows(1, None, 1)])[0].is_ok());
        // The event's number is taken.
        let commits = [rows(2, None, 1), rows(1, Some(1), 1), rows(3, None, 1)];
        let outcomes = commit(&mut file, &commits.iter().collect::<Vec<_>>());
        assert!(matches!(outcomes[..], [Ok(()), Err(CommitError::Failed(_)), Ok(())]), "{outcomes:?}");
        assert_eq!(versions(&file), [(1, 1), (2, 1), (3, 1)]);
    }

    #[test]
    fn where_the_commit_fails_nobody_of_the_group_is_told_that_all_is_well() {
        let mut file = file();
        file.execute_batch(
            "PRAGMA foreign_keys = ON;
             CREATE TABLE parent (id INTEGER PRIMARY KEY);
             CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
             CREATE TRIGGER broken AFTER INSERT ON event BEGIN INSERT INTO child (id) VALUES (1); END",
        )
        .unwrap();
        let outcomes = commit(&mut file, &[&rows(1, None, 1), &rows(2, None, 1)]);
        let are_unknown = outcomes.iter().all(|outcome| matches!(outcome, Err(CommitError::Unknown(_))));
        assert!(are_unknown && outcomes.len() == 2, "{outcomes:?}");
        assert_eq!(versions(&file), []);
        file.execute_batch("DROP TRIGGER broken").unwrap();
        assert!(commit(&mut file, &[&rows(1, None, 1)])[0].is_ok());
    }
}
