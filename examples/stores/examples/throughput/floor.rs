//! What a command writes, as rows: what the floors write too, with other keys.

use outbound::desk::Desk;
use outbound::engine::{Changes, Command, IndexChange, Next, Run, Terms};
use outbound::memory::MemoryStore;
use outbound::model::{CommandId, Kind};
use outbound::port::{ManualClock, Store};

use crate::library::{heard, sign_in, start, terms};
use crate::support::acme::beginning;
use crate::{STARTS, Work};

/// A record that is made or changed, and as what.
#[derive(Clone)]
pub(crate) struct RecordRow {
    pub(crate) kind: Kind,
    pub(crate) is_new: bool,
    pub(crate) body: String,
}

/// An event of one of the records.
#[derive(Clone)]
pub(crate) struct EventRow {
    pub(crate) kind: Kind,
    pub(crate) body: String,
}

impl Template {
    /// How many events a record of a kind has.
    pub(crate) fn events_of(&self, kind: Kind) -> i64 {
        self.events.iter().filter(|event| event.kind == kind).count() as i64
    }
}

/// The rows of one command: as many, and as long, as those that the library writes.
#[derive(Clone)]
pub(crate) struct Template {
    pub(crate) records: Vec<RecordRow>,
    /// Of which record each entry is.
    pub(crate) entries: Vec<Kind>,
    pub(crate) events: Vec<EventRow>,
}

impl Template {
    pub(crate) fn of(work: Work) -> Self {
        let (terms, store) = (terms(), MemoryStore::new());
        let desk = Desk::new(&store, terms.clone(), ManualClock::at(beginning()));
        let (id, command) = sign_in(0);
        desk.run(id, &command).expect("signed in");
        // An agent with half of the slots taken.
        let middle = STARTS / 2;
        match work {
            Work::Start => {
                for number in 0..middle {
                    let (id, command) = start(number);
                    desk.run(id, &command).expect("started");
                }
                let (id, command) = start(middle);
                Self::from(decided(&terms, &store, id, &command))
            }
            Work::Heard => {
                let (id, command) = heard(middle);
                Self::from(decided(&terms, &store, id, &command))
            }
        }
    }
}

fn decided<C: Command>(terms: &Terms, store: &MemoryStore, id: CommandId, command: &C) -> Changes {
    let mut run = Run::new(terms, beginning(), id, command);
    loop {
        match run.step() {
            Next::Load(reads) => run.supply(store.load(&reads).expect("it is in memory")),
            Next::Commit(changes, _) => return *changes,
            other => panic!("{command:?}: {other:?}"),
        }
    }
}

impl From<Changes> for Template {
    fn from(changes: Changes) -> Self {
        let is_new = |key| changes.guards.iter().any(|guard| guard.key == key && guard.version.is_none());
        let records = changes.writes.iter().map(|write| RecordRow {
            kind: write.key.kind(),
            is_new: is_new(write.key),
            body: serde_json::to_string(&write.versioned.record).expect("it is plain data"),
        });
        let entries = changes.index.iter().map(|change| match change {
            IndexChange::Add(entry) | IndexChange::Remove(entry) => entry.key.kind(),
        });
        let events = changes.events.iter().map(|event| EventRow {
            kind: event.stream.kind(),
            body: serde_json::to_string(event).expect("it is plain data"),
        });
        Self { records: records.collect(), entries: entries.collect(), events: events.collect() }
    }
}

/// The key of a command's record: its kind and 16 bytes, in the order of time for what the library makes under the command's
/// id, else anywhere.
pub(crate) fn key(kind: Kind, number: u64) -> Vec<u8> {
    let anywhere = |number: u64| u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    let in_time = |number: u64| u128::from(number) << 64 | anywhere(number) >> 64;
    let (sort, id) = match kind {
        Kind::Contact => (0x10_u8, anywhere(number)),
        Kind::Presence => (0x20, anywhere(number / STARTS)),
        Kind::Conversation => (0x30, in_time(number)),
        Kind::Message => (0x40, in_time(number)),
        _ => (0x50, anywhere(number)),
    };
    [&[sort][..], &id.to_be_bytes()].concat()
}
