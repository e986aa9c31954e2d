//! The floor on PostgreSQL: one statement that reads by a join, one that locks, checks and writes.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use outbound::model::Kind;
use tokio::runtime::Runtime;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Statement};

use crate::floor::{Template, key};
use crate::library::{agents, on, runtime};
use crate::{STARTS, Side, Work, shares};

/// `PLACE` is a schema of the floor's own.
const TABLES: &str = "
    CREATE SCHEMA PLACE;
    CREATE TABLE PLACE.record (
        organization integer NOT NULL, key bytea NOT NULL, version bigint NOT NULL, body text NOT NULL,
        PRIMARY KEY (organization, key)
    );
    CREATE TABLE PLACE.entry (
        organization integer NOT NULL, sort integer NOT NULL, scope bytea NOT NULL, place bigint NOT NULL,
        key bytea NOT NULL,
        PRIMARY KEY (organization, sort, scope, place, key)
    );
    CREATE TABLE PLACE.event (
        organization integer NOT NULL, position bigserial NOT NULL, stream bytea NOT NULL, sequence bigint NOT NULL,
        at timestamptz NOT NULL DEFAULT now(), body text NOT NULL,
        PRIMARY KEY (organization, stream, sequence)
    );
    CREATE INDEX ON PLACE.event (organization, position)";

const READ: &str = "
    SELECT presence.version, presence.body, contact.version, contact.body
    FROM (SELECT) AS one
    LEFT JOIN PLACE.record AS presence ON presence.organization = 1 AND presence.key = $1
    LEFT JOIN PLACE.record AS contact ON contact.organization = 1 AND contact.key = $2";

/// Where the agent's presence is not as it was seen, nothing is written.
const START: &str = "
    WITH held AS (
        SELECT key FROM PLACE.record WHERE organization = 1 AND key = $1 AND version = $2 FOR UPDATE
    ), changed AS (
        UPDATE PLACE.record SET version = $3, body = $4 FROM held WHERE organization = 1 AND record.key = held.key
    ), made AS (
        INSERT INTO PLACE.record (organization, key, version, body)
        SELECT 1, it.key, it.version, it.body
        FROM held, unnest($5::bytea[], $6::bigint[], $7::text[]) AS it (key, version, body)
    ), added AS (
        INSERT INTO PLACE.entry (organization, sort, scope, place, key)
        SELECT 1, it.sort, it.scope, it.place, it.key
        FROM held, unnest($8::integer[], $9::bytea[], $10::bigint[], $11::bytea[]) AS it (sort, scope, place, key)
    ), told AS (
        INSERT INTO PLACE.event (organization, stream, sequence, body)
        SELECT 1, it.stream, it.sequence, it.body
        FROM held, unnest($12::bytea[], $13::bigint[], $14::text[]) AS it (stream, sequence, body)
    )
    SELECT count(*) FROM held";

/// The same where nothing is there that could be locked: what is made twice fails by its key.
const HEARD: &str = "
    WITH made AS (
        INSERT INTO PLACE.record (organization, key, version, body)
        SELECT 1, it.key, it.version, it.body
        FROM unnest($1::bytea[], $2::bigint[], $3::text[]) AS it (key, version, body)
        RETURNING 1
    ), added AS (
        INSERT INTO PLACE.entry (organization, sort, scope, place, key)
        SELECT 1, it.sort, it.scope, it.place, it.key
        FROM unnest($4::integer[], $5::bytea[], $6::bigint[], $7::bytea[]) AS it (sort, scope, place, key)
    ), told AS (
        INSERT INTO PLACE.event (organization, stream, sequence, body)
        SELECT 1, it.stream, it.sequence, it.body
        FROM unnest($8::bytea[], $9::bigint[], $10::text[]) AS it (stream, sequence, body)
    )
    SELECT count(*) FROM made";

pub(crate) struct PostgresFloor {
    runtime: Runtime,
    connections: Vec<Arc<Connection>>,
    round_trips: Arc<AtomicU64>,
}

struct Connection {
    client: Client,
    read: Statement,
    write: Statement,
    schema: String,
    template: Template,
    round_trips: Arc<AtomicU64>,
}

impl PostgresFloor {
    pub(crate) fn open(url: &str, name: &str, clients: u64, template: &Template) -> Self {
        let (runtime, schema) = (runtime(), format!("floor_{}", name.replace('-', "_")));
        let round_trips = Arc::new(AtomicU64::new(0));
        let open = async |nth: u64| {
            let (client, traffic) = tokio_postgres::connect(url, NoTls).await.expect("a connection");
            tokio::spawn(traffic);
            if nth == 0 {
                client.batch_execute(&TABLES.replace("PLACE", &schema)).await.expect("tables");
            }
            let is_start = template.events_of(Kind::Presence) > 0;
            let write = if is_start { START } else { HEARD }.replace("PLACE", &schema);
            Arc::new(Connection {
                read: client.prepare(&READ.replace("PLACE", &schema)).await.expect("it is SQL"),
                write: client.prepare(&write).await.expect("it is SQL"),
                client,
                schema: schema.clone(),
                template: template.clone(),
                round_trips: Arc::clone(&round_trips),
            })
        };
        let connections = runtime.block_on(async {
            let mut connections = Vec::new();
            for nth in 0..clients {
                connections.push(open(nth).await);
            }
            connections
        });
        Self { runtime, connections, round_trips }
    }
}

impl Connection {
    async fn command(&self, number: u64) -> Result<(), tokio_postgres::Error> {
        let (presence, contact) = (key(Kind::Presence, number), key(Kind::Contact, number));
        let row = self.client.query_one(&self.read, &[&presence, &contact]).await?;
        let (seen, known): (Option<i64>, Option<i64>) = (row.get(0), row.get(2));
        let _body: Option<&str> = row.get(1);
        assert!(known.is_none(), "a customer whom nobody knows");

        let base = |kind| if kind == Kind::Presence { seen.unwrap_or(0) } else { 0 };
        let Template { records, entries, events } = &self.template;
        let made = || records.iter().filter(|row| row.is_new);
        let keys: Vec<_> = made().map(|row| key(row.kind, number)).collect();
        let versions: Vec<_> = made().map(|row| self.template.events_of(row.kind)).collect();
        let bodies: Vec<_> = made().map(|row| &*row.body).collect();
        let sorts: Vec<_> = entries.iter().zip(1_i32..).map(|(_, sort)| sort).collect();
        let of: Vec<_> = entries.iter().map(|kind| key(*kind, number)).collect();
        let scopes: Vec<_> = of.iter().map(|key| &key[1..]).collect();
        let places = vec![number.cast_signed(); entries.len()];
        let streams: Vec<_> = events.iter().map(|event| key(event.kind, number)).collect();
        let before = |nth: usize| events[..nth].iter().filter(|event| event.kind == events[nth].kind).count() as i64;
        let sequences: Vec<_> = (0..events.len()).map(|nth| base(events[nth].kind) + before(nth) + 1).collect();
        let said: Vec<_> = events.iter().map(|event| &*event.body).collect();
        let changed = records.iter().find(|row| !row.is_new);
        let after = seen.unwrap_or(0) + self.template.events_of(Kind::Presence);
        let body = changed.map(|row| &*row.body);
        let mut columns: Vec<&(dyn ToSql + Sync)> = Vec::new();
        if changed.is_some() {
            columns.extend([&presence as &(dyn ToSql + Sync), &seen, &after, &body]);
        }
        columns.extend([&keys as &(dyn ToSql + Sync), &versions, &bodies, &sorts, &scopes, &places, &of]);
        columns.extend([&streams as &(dyn ToSql + Sync), &sequences, &said]);
        let row = self.client.query_one(&self.write, &columns).await?;
        assert!(row.get::<_, i64>(0) > 0, "nobody else changes it");
        self.round_trips.fetch_add(2, Ordering::Relaxed);
        Ok(())
    }

    async fn sign_in(&self, agent: u64) {
        let sign_in =
            format!("INSERT INTO {}.record (organization, key, version, body) VALUES (1, $1, 0, '{{}}')", self.schema);
        self.client.execute(&sign_in, &[&key(Kind::Presence, agent * STARTS)]).await.expect("signed in");
    }
}

impl Side for PostgresFloor {
    fn prepare(&self, numbers: Range<u64>) {
        let Some(first) = self.connections.first() else { return };
        let is_start = first.template.events_of(Kind::Presence) > 0;
        self.runtime.block_on(async {
            for agent in agents(if is_start { Work::Start } else { Work::Heard }, numbers) {
                first.sign_in(agent).await;
            }
        });
    }

    fn run(&self, clients: u64, numbers: Range<u64>) {
        let each: Vec<_> = shares(clients, numbers.clone()).collect();
        let connections = self.connections.clone();
        on(&self.runtime, clients, numbers, move |number| {
            let client = each.iter().position(|share| share.contains(&number)).unwrap_or(0);
            let connection = Arc::clone(&connections[client]);
            async move { connection.command(number).await.expect("committed") }
        });
    }

    fn round_trips(&self) -> Option<u64> {
        Some(self.round_trips.load(Ordering::Relaxed))
    }
}
