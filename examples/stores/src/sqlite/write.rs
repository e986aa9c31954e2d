//! Writing under the writer's lock.

use chrono::SecondsFormat;
use outbound::engine::{Changes, Guard, IndexChange};
use outbound::record::{Entry, Envelope};
use rusqlite::{Connection, OptionalExtension, params};

use super::SqliteError;
use crate::rows::{agent_of, key_bytes, number, to_json, version_number};

const VERSION: &str = "SELECT version FROM record WHERE key = ?1";

const RECORD: &str = "
    INSERT INTO record (key, version, body) VALUES (?1, ?2, ?3)
    ON CONFLICT (key) DO UPDATE SET version = excluded.version, body = excluded.body";

const ADD: &str = r#"INSERT INTO entry ("index", scope, place, key) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"#;

const REMOVE: &str = r#"DELETE FROM entry WHERE "index" = ?1 AND scope = ?2 AND place = ?3 AND key = ?4"#;

const EVENT: &str = "INSERT INTO event (stream, sequence, at, agent, name, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

/// Whether every record still has the version that was seen, or is still absent.
pub(super) fn guards_hold(at: &Connection, guards: &[Guard]) -> Result<bool, SqliteError> {
    let mut select = at.prepare_cached(VERSION)?;
    for guard in guards {
        let found: Option<i64> = select.query_row([key_bytes(guard.key)?], |row| row.get(0)).optional()?;
        if found != guard.version.map(version_number) {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(super) fn changes(at: &Connection, changes: &Changes) -> Result<(), SqliteError> {
    let mut put = at.prepare_cached(RECORD)?;
    for write in &changes.writes {
        let body = to_json(&write.versioned.record)?;
        put.execute(params![key_bytes(write.key)?, version_number(write.versioned.version), body])?;
    }
    for change in &changes.index {
        match change {
            IndexChange::Add(entry) => execute(at, ADD, entry)?,
            IndexChange::Remove(entry) => execute(at, REMOVE, entry)?,
        }
    }
    let mut append = at.prepare_cached(EVENT)?;
    for envelope in &changes.events {
        let Envelope { stream, sequence, at, event, .. } = envelope;
        let at = at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let (agent, body) = (agent_of(envelope), to_json(envelope)?);
        append.execute(params![key_bytes(*stream)?, number(*sequence), at, agent, event.name(), body])?;
    }
    Ok(())
}

fn execute(at: &Connection, sql: &str, entry: &Entry) -> Result<(), SqliteError> {
    let Entry { index, scope, order, key } = entry;
    at.prepare_cached(sql)?.execute(params![index.as_str(), scope, order, key_bytes(*key)?])?;
    Ok(())
}
