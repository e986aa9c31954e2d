//! The floor on SQLite: prepared statements on one connection, a transaction a command.

use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;

use outbound::model::Kind;
use outbound_stores::Synchronous;
use rusqlite::{Connection, TransactionBehavior, params};

use crate::floor::{Template, key};
use crate::library::agents;
use crate::{STARTS, Side, Work, shares};

const TABLES: &str = "
    CREATE TABLE record (key BLOB NOT NULL PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
    CREATE TABLE entry (
        sort INTEGER NOT NULL, scope BLOB NOT NULL, place INTEGER NOT NULL, key BLOB NOT NULL,
        PRIMARY KEY (sort, scope, place, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE event (
        position INTEGER PRIMARY KEY, stream BLOB NOT NULL, sequence INTEGER NOT NULL, body TEXT NOT NULL,
        UNIQUE (stream, sequence)
    ) STRICT;";

const READ: &str = "
    SELECT presence.version, presence.body, contact.version, contact.body
    FROM (SELECT 1) LEFT JOIN record AS presence ON presence.key = ?1 LEFT JOIN record AS contact ON contact.key = ?2";

pub(crate) struct SqliteFloor {
    connection: Mutex<Connection>,
    template: Template,
}

impl SqliteFloor {
    pub(crate) fn open(file: &Path, synchronous: Synchronous, template: Template) -> Self {
        let connection = Connection::open(file).expect("a file");
        let mode = if synchronous == Synchronous::Full { "FULL" } else { "NORMAL" };
        connection.pragma_update(None, "journal_mode", "WAL").expect("WAL");
        connection.pragma_update(None, "synchronous", mode).expect("a mode");
        connection.pragma_update(None, "wal_autocheckpoint", 10_000).expect("as the library's");
        connection.execute_batch(TABLES).expect("tables");
        Self { connection: Mutex::new(connection), template }
    }

    fn command(&self, number: u64) -> rusqlite::Result<()> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let commit = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut read = commit.prepare_cached(READ)?;
        let keys = params![key(Kind::Presence, number), key(Kind::Contact, number)];
        let columns = |row: &rusqlite::Row<'_>| {
            Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<String>>(1)?, row.get::<_, Option<i64>>(2)?))
        };
        let (seen, _, contact) = read.query_row(keys, columns)?;
        assert!(contact.is_none(), "a customer whom nobody knows");
        drop(read);

        let base = |kind| if kind == Kind::Presence { seen.unwrap_or(0) } else { 0 };
        let mut make = commit.prepare_cached("INSERT INTO record (key, version, body) VALUES (?1, ?2, ?3)")?;
        let mut change = commit.prepare_cached("UPDATE record SET version = ?2, body = ?3 WHERE key = ?1")?;
        for row in &self.template.records {
            let version = base(row.kind) + self.template.events_of(row.kind);
            let statement = if row.is_new { &mut make } else { &mut change };
            statement.execute(params![key(row.kind, number), version, row.body])?;
        }
        let mut add = commit.prepare_cached("INSERT INTO entry (sort, scope, place, key) VALUES (?1, ?2, ?3, ?4)")?;
        for (kind, sort) in self.template.entries.iter().zip(1_i64..) {
            add.execute(params![sort, &key(*kind, number)[1..], number.cast_signed(), key(*kind, number)])?;
        }
        let mut tell = commit.prepare_cached("INSERT INTO event (stream, sequence, body) VALUES (?1, ?2, ?3)")?;
        for (nth, event) in self.template.events.iter().enumerate() {
            let before = self.template.events[..nth].iter().filter(|other| other.kind == event.kind).count() as i64;
            tell.execute(params![key(event.kind, number), base(event.kind) + before + 1, event.body])?;
        }
        drop((make, change, add, tell));
        commit.commit()
    }
}

impl Side for SqliteFloor {
    fn prepare(&self, numbers: Range<u64>) {
        let is_start = self.template.events_of(Kind::Presence) > 0;
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        for agent in agents(if is_start { Work::Start } else { Work::Heard }, numbers) {
            let sign_in = "INSERT INTO record (key, version, body) VALUES (?1, 0, '{}')";
            connection.execute(sign_in, [key(Kind::Presence, agent * STARTS)]).expect("signed in");
        }
    }

    fn run(&self, clients: u64, numbers: Range<u64>) {
        thread::scope(|scope| {
            for mut share in shares(clients, numbers) {
                scope.spawn(move || share.try_for_each(|number| self.command(number)).expect("committed"));
            }
        });
    }

    fn round_trips(&self) -> Option<u64> {
        None
    }
}
