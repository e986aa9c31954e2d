//! Reading events, and giving them their places in the feed.
//!
//! Commits run side by side and become visible in any order, so a number that a commit draws for itself could become visible
//! behind a greater one. A counter locked until the commit would prevent that, and make an organization's commits wait for
//! each other's disk. Here the events are numbered by who reads the feed: under a lock that only readers of the feed take,
//! what is visible and has no place yet gets the next ones. Commits never wait for it, and a host that reads no feed pays
//! nothing.

use outbound::port::{EventPage, EventQuery};
use outbound::record::Envelope;
use tokio_postgres::Row;

use super::connection::{Connection, Parameters, Request};
use super::json::with_nul;
use super::{PostgresError, PostgresStore};
use crate::rows::{from_json, key_bytes, number};

pub(super) const STREAM: &str = "
    SELECT sequence, body FROM outbound.event
    WHERE organization = $1 AND stream = $2 AND sequence > $3 ORDER BY sequence LIMIT $4";

pub(super) const FEED: &str = "
    SELECT position, body FROM outbound.event
    WHERE organization = $1 AND position > $2 ORDER BY position LIMIT $3";

pub(super) const UNFED: &str = "SELECT 1 FROM outbound.event WHERE organization = $1 AND position IS NULL LIMIT 1";

pub(super) const HOLD_FEED: &str = "SELECT fed FROM outbound.organization WHERE number = $1 FOR UPDATE";

/// Numbers the oldest events that have no place, and those before them in their streams: by their times, but each stream in
/// its own order, whatever the clocks of several hosts say.
pub(super) const NUMBER: &str = "
    WITH oldest AS (
        SELECT stream, sequence FROM outbound.event
        WHERE organization = $1 AND position IS NULL ORDER BY at, stream, sequence LIMIT $2
    ), reach AS (
        SELECT stream, max(sequence) AS upto FROM oldest GROUP BY stream
    ), batch AS (
        SELECT event.stream, event.sequence,
               max(event.at) OVER (PARTITION BY event.stream ORDER BY event.sequence) AS not_before
        FROM outbound.event JOIN reach ON event.stream = reach.stream
        WHERE event.organization = $1 AND event.position IS NULL AND event.sequence <= reach.upto
    ), numbered AS (
        SELECT stream, sequence, row_number() OVER (ORDER BY not_before, stream, sequence) AS place FROM batch
    )
    UPDATE outbound.event SET position = organization.fed + numbered.place
    FROM numbered, outbound.organization
    WHERE organization.number = $1 AND event.organization = $1
      AND event.stream = numbered.stream AND event.sequence = numbered.sequence";

pub(super) const ADVANCE: &str = "
    UPDATE outbound.organization
    SET fed = greatest(fed, (SELECT coalesce(max(position), 0) FROM outbound.event WHERE organization = $1))
    WHERE number = $1";

pub(super) async fn page(
    store: &PostgresStore,
    connection: &Connection,
    query: &EventQuery,
) -> Result<EventPage, PostgresError> {
    match *query {
        EventQuery::Stream { stream, after, limit } => {
            let organization = &store.0.number;
            let (stream, behind, limit) = (key_bytes(stream)?, number(after), number(limit));
            let parameters: Parameters<'_> = vec![organization, &stream, &behind, &limit];
            let request = Request(&connection.statements.stream, parameters);
            let answers = store.ask(connection, &[request]).await?;
            page_of(answers.into_iter().next().unwrap_or_default(), after)
        }
        EventQuery::Feed { after, limit } => feed(store, connection, after, number(limit)).await,
    }
}

async fn feed(
    store: &PostgresStore,
    connection: &Connection,
    after: u64,
    limit: i64,
) -> Result<EventPage, PostgresError> {
    let organization = &store.0.number;
    let (statements, behind) = (&connection.statements, number(after));
    let feed = || Request(&statements.feed, vec![organization, &behind, &limit]);
    let about = |statement| Request(statement, vec![organization]);
    let alone = |statement| Request(statement, Vec::new());

    let mut answers = store.ask(connection, &[about(&statements.unfed), feed()]).await?;
    let (page, unfed) = (answers.pop().unwrap_or_default(), answers.pop().unwrap_or_default());
    if unfed.is_empty() || number(page.len()) >= limit {
        return page_of(page, after);
    }
    let number_them = Request(&statements.number, vec![organization, &limit]);
    // Each statement sees what was committed before it began, so the numbering sees all that was numbered before the lock.
    let requests = [
        alone(&statements.begin),
        about(&statements.hold_feed),
        number_them,
        about(&statements.advance),
        alone(&statements.commit),
        feed(),
    ];
    let answers = store.ask(connection, &requests).await?;
    page_of(answers.into_iter().next_back().unwrap_or_default(), after)
}

fn page_of(rows: Vec<Row>, after: u64) -> Result<EventPage, PostgresError> {
    let mut page = EventPage { events: Vec::with_capacity(rows.len()), next: after };
    for row in rows {
        page.events.push(from_json::<Envelope>(&with_nul(row.try_get(1)?))?);
        page.next = row.try_get::<_, i64>(0)?.cast_unsigned();
    }
    Ok(page)
}
