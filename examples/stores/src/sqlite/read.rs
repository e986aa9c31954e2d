//! Reading at one moment.

use outbound::model::{Key, Kind};
use outbound::port::{EventPage, EventQuery};
use outbound::record::{Entry, Envelope, Query, Versioned};
use rusqlite::{Connection, OptionalExtension, params};

use super::SqliteError;
use crate::rows::{cursor_bytes, from_json, key_bytes, key_of, keys_of, number, versioned};

const RECORD: &str = "SELECT version, body FROM record WHERE key = ?1";

const ENTRIES: &str = r#"
    SELECT place, key FROM entry
    WHERE "index" = ?1 AND scope = ?2 AND (place, key) > (?3, ?4) AND place <= ?5
    ORDER BY place, key LIMIT ?6"#;

const KEYS: &str = "SELECT key FROM record WHERE key > ?1 AND key > ?2 AND key < ?3 ORDER BY key LIMIT ?4";

const STREAM: &str = "
    SELECT sequence, body FROM event
    WHERE record = (SELECT number FROM record WHERE key = ?1) AND sequence > ?2 ORDER BY sequence LIMIT ?3";

const FEED: &str = "SELECT position, body FROM event WHERE position > ?1 ORDER BY position LIMIT ?2";

pub(super) fn records(at: &Connection, keys: &[Key]) -> Result<Vec<(Key, Option<Versioned>)>, SqliteError> {
    let mut select = at.prepare_cached(RECORD)?;
    let mut answers = Vec::with_capacity(keys.len());
    for key in keys {
        let columns = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, String>(1)?));
        let found = select.query_row([key_bytes(*key)?], columns).optional()?;
        let record = found.map(|(version, body)| versioned(version, &body)).transpose()?;
        answers.push((*key, record));
    }
    Ok(answers)
}

pub(super) fn queries(at: &Connection, queries: &[Query]) -> Result<Vec<(Query, Vec<Entry>)>, SqliteError> {
    let answer = |query: &Query| {
        let entries = match (query.index(), query.kind()) {
            (Some(_), _) => entries(at, query)?,
            (None, Some(kind)) => keys(at, kind, query)?,
            (None, None) => Vec::new(),
        };
        Ok((query.clone(), entries))
    };
    queries.iter().map(answer).collect()
}

fn entries(at: &Connection, query: &Query) -> Result<Vec<Entry>, SqliteError> {
    let Some((index, scope)) = query.index() else { return Ok(Vec::new()) };
    let (place, key) = cursor_bytes(query.begins_after())?;
    let mut select = at.prepare_cached(ENTRIES)?;
    let mut rows = select.query(params![index.as_str(), scope, place, key, query.until(), number(query.limit())])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let key = key_of(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
        entries.push(Entry { index, scope, order: row.get(0)?, key });
    }
    Ok(entries)
}

fn keys(at: &Connection, kind: Kind, query: &Query) -> Result<Vec<Entry>, SqliteError> {
    let (before, behind) = keys_of(kind)?;
    let (_, after) = cursor_bytes(query.begins_after())?;
    let mut select = at.prepare_cached(KEYS)?;
    let mut rows = select.query(params![before, after, behind, number(query.limit())])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let key = key_of(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?)?;
        entries.push(Entry::of_record(key));
    }
    Ok(entries)
}

/// Clause 1: a stream's events lie in the order of their numbers. Clause 2: a position is given under the writer's lock, so
/// that it is greater than every position that anybody has seen.
pub(super) fn events(at: &Connection, query: &EventQuery) -> Result<EventPage, SqliteError> {
    match *query {
        EventQuery::Stream { stream, after, limit } => {
            let mut select = at.prepare_cached(STREAM)?;
            page(select.query(params![key_bytes(stream)?, number(after), number(limit)])?, after)
        }
        EventQuery::Feed { after, limit } => {
            let mut select = at.prepare_cached(FEED)?;
            page(select.query(params![number(after), number(limit)])?, after)
        }
    }
}

fn page(mut rows: rusqlite::Rows<'_>, after: u64) -> Result<EventPage, SqliteError> {
    let mut page = EventPage { events: Vec::new(), next: after };
    while let Some(row) = rows.next()? {
        let body = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        page.events.push(from_json::<Envelope>(body)?);
        page.next = row.get::<_, i64>(0)?.cast_unsigned();
    }
    Ok(page)
}
