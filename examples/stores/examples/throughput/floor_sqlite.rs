//! The floor on SQLite: prepared statements on one connection, a transaction a command.

use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;

use outbound::model::Kind;
use outbound_stores::Synchronous;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::floor::{Template, key};
use crate::library::agents;
use crate::{STARTS, Side, Work, shares};

const TABLES: &str = "
    CREATE TABLE record (
        number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, version INTEGER NOT NULL, body TEXT NOT NULL
    ) STRICT;
    CREATE TABLE entry (
        sort INTEGER NOT NULL, scope BLOB NOT NULL, place INTEGER NOT NULL, key BLOB NOT NULL,
        PRIMARY KEY (sort, scope, place, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE event (
        position INTEGER PRIMARY KEY, record INTEGER NOT NULL, sequence INTEGER NOT NULL, body TEXT NOT NULL,
        UNIQUE (record, sequence)
    ) STRICT;";

const READ: &str = "SELECT number, version, body FROM record WHERE key = ?1";

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
        let mut found = |kind| {
            let columns = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
            read.query_row([key(kind, number)], columns).optional()
        };
        let presence: Option<(i64, i64, String)> = found(Kind::Presence)?;
        assert!(found(Kind::Contact)?.is_none(), "a customer whom nobody knows");
        drop(read);
        let (changed, seen) = presence.map_or((0, 0), |(number, version, _)| (number, version));

        let base = |kind| if kind == Kind::Presence { seen } else { 0 };
        let mut make = commit.prepare_cached("INSERT INTO record (key, version, body) VALUES (?1, ?2, ?3)")?;
        let mut change = commit.prepare_cached("UPDATE record SET version = ?2, body = ?3 WHERE number = ?1")?;
        let mut numbers = Vec::with_capacity(self.template.records.len());
        for row in &self.template.records {
            let version = base(row.kind) + self.template.events_of(row.kind);
            if row.is_new {
                numbers.push((row.kind, make.insert(params![key(row.kind, number), version, row.body])?));
            } else {
                change.execute(params![changed, version, row.body])?;
                numbers.push((row.kind, changed));
            }
        }
        let mut add = commit.prepare_cached("INSERT INTO entry (sort, scope, place, key) VALUES (?1, ?2, ?3, ?4)")?;
        for (kind, sort) in self.template.entries.iter().zip(1_i64..) {
            add.execute(params![sort, &key(*kind, number)[1..], number.cast_signed(), key(*kind, number)])?;
        }
        let mut tell = commit.prepare_cached("INSERT INTO event (record, sequence, body) VALUES (?1, ?2, ?3)")?;
        for (nth, event) in self.template.events.iter().enumerate() {
            let before = self.template.events[..nth].iter().filter(|other| other.kind == event.kind).count() as i64;
            let record = numbers.iter().find(|(kind, _)| *kind == event.kind).map(|(_, record)| record);
            tell.execute(params![record, base(event.kind) + before + 1, event.body])?;
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
