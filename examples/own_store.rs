//! A store of your own, and the library's changes in one transaction with a row of yours.
//!
//! ```text
//! cargo run --example own_store
//! ```
//!
//! The host here is a CRM that charges a credit for each conversation that an agent starts. Its store keeps the library's
//! records, index entries and events in plain maps beside its own ledger. A start and its charge are committed together:
//! where one is refused, neither happens.
#![expect(clippy::print_stdout, reason = "an example talks to a person")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use outbound::command::{SignIn, StartOutbound};
use outbound::desk::Desk;
use outbound::directory::{Directory, Setup};
use outbound::engine::{Changes, Command, Fault, IndexChange, Loaded, Next, Reads, Run, Terms};
use outbound::memory::MemoryStore;
use outbound::model::{Channel, ChosenState, CommandId, ConversationId, Key, Kind, Libphonenumber};
use outbound::port::{Clock, CommitError, EventPage, EventQuery, ManualClock, Store};
use outbound::record::{Cursor, Entry, Envelope, Query, Started, Versioned};
use outbound::refusal::Refusals;

// ---------------------------------------------------------------------------------------------------------------------
// The store: three tables of the library's, one of the host's, and no rule at all.

/// The host's database: everything behind one lock, which plays the part of a transaction.
#[derive(Default)]
struct Crm(Mutex<Tables>);

#[derive(Default)]
struct Tables {
    records: BTreeMap<Key, Versioned>,
    index: BTreeSet<Entry>,
    events: Vec<Envelope>,
    ledger: Ledger,
}

/// The host's own table.
#[derive(Default)]
struct Ledger {
    credit: u32,
    charged: Vec<ConversationId>,
}

/// The host's own "no".
#[derive(Debug, thiserror::Error)]
#[error("no credit is left for another conversation")]
struct OutOfCredit;

impl Crm {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Commits the library's changes and the host's own, or nothing. In SQL: `BEGIN`, lock the guards' rows in their order,
    /// compare versions, write both, `COMMIT`.
    fn commit_with(
        &self,
        changes: Changes,
        own: impl FnOnce(&mut Ledger) -> Result<(), OutOfCredit>,
    ) -> Result<(), CommitError<OutOfCredit>> {
        // Clause 2: all guards are compared under the lock, also those of records that are only read.
        // Clause 3: a record that was absent is absent still; the lock covers what is not there as well.
        let mut tables = self.tables();
        let version = |key: &Key| tables.records.get(key).map(|versioned| versioned.version);
        if changes.guards.iter().any(|guard| version(&guard.key) != guard.version) {
            return Err(CommitError::Conflict); // Clause 4: nothing is written, and the command is decided anew.
        }
        own(&mut tables.ledger).map_err(CommitError::Failed)?;
        // Clause 1: from here on nothing can fail, and nobody sees the half of it. Clauses 5 and 6 are about networks and
        // disks: an outcome that is not known, and what a success promises. A map in memory has neither.
        for write in changes.writes {
            tables.records.insert(write.key, write.versioned);
        }
        for change in changes.index {
            match change {
                IndexChange::Add(entry) => tables.index.insert(entry),
                IndexChange::Remove(entry) => tables.index.remove(&entry),
            };
        }
        tables.events.extend(changes.events);
        Ok(())
    }
}

impl Store for Crm {
    type Error = OutOfCredit;

    fn load(&self, reads: &Reads) -> Result<Loaded, OutOfCredit> {
        // Clause 2: one lock for all of it, so that a commit is seen whole or not at all. Clause 4: nothing is written.
        let tables = self.tables();
        // Clause 1: every key is answered, with `None` where there is no record, and every query.
        let records = reads.keys.iter().map(|key| (*key, tables.records.get(key).cloned())).collect();
        let found = reads.queries.iter().map(|query| (query.clone(), tables.find(query))).collect();
        Ok(Loaded { records, found })
    }

    fn commit(&self, changes: Changes) -> Result<(), CommitError<OutOfCredit>> {
        self.commit_with(changes, |_| Ok(()))
    }

    fn events(&self, query: &EventQuery) -> Result<EventPage, OutOfCredit> {
        let tables = self.tables();
        Ok(match *query {
            // Clause 1: a stream's events were appended in the order of their sequence numbers, and stay so.
            EventQuery::Stream { stream, after, limit } => {
                let of_stream = tables.events.iter().filter(|it| it.stream == stream && it.sequence > after);
                let events: Vec<Envelope> = of_stream.take(limit).cloned().collect();
                EventPage { next: events.last().map_or(after, |last| last.sequence), events }
            }
            // Clause 2: the position is the place in the log, to which nothing is ever added but at its end.
            EventQuery::Feed { after, limit } => {
                let from = usize::try_from(after).unwrap_or(usize::MAX);
                let events: Vec<Envelope> = tables.events.iter().skip(from).take(limit).cloned().collect();
                EventPage { next: after.saturating_add(events.len() as u64), events }
            }
        })
    }
}

impl Tables {
    /// Clause 3 of loading: ascending by place and key, not beyond the bound, behind the cursor, at most the limit.
    fn find(&self, query: &Query) -> Vec<Entry> {
        let Some((index, scope)) = query.index() else {
            return self.find_records(query);
        };
        let lowest = Entry { index, scope, order: i64::MIN, key: Key::from_bytes(Kind::Contact, [0; 16]) };
        let highest = Entry { order: query.until(), key: Key::from_bytes(Kind::Refused, [u8::MAX; 16]), ..lowest };
        let behind = |Cursor { order, key }| Bound::Excluded(Entry { order, key, ..lowest });
        let from = query.begins_after().map_or(Bound::Included(lowest), behind);
        if matches!(from, Bound::Excluded(from) if from >= highest) {
            return Vec::new();
        }
        self.index.range((from, Bound::Included(highest))).take(query.limit()).copied().collect()
    }

    /// All records of a kind: no index holds them, the keys themselves are in order.
    fn find_records(&self, query: &Query) -> Vec<Entry> {
        let behind = |key: &&Key| query.begins_after().is_none_or(|cursor| **key > cursor.key);
        let of_kind = self.records.keys().filter(|key| Some(key.kind()) == query.kind());
        of_kind.filter(behind).take(query.limit()).map(|key| Entry::of_record(*key)).collect()
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Driving a command by hand: what a desk does, with the host's own row in the commit.

/// Why a charged start came to nothing: the library's "no", the host's own, or a machine's trouble.
#[derive(Debug, thiserror::Error)]
enum NotStarted {
    #[error("refused: {0}")]
    Refused(Box<Refusals>),
    #[error(transparent)]
    OutOfCredit(#[from] OutOfCredit),
    #[error(transparent)]
    Fault(Fault),
    #[error("others were faster, too often in a row")]
    Contention,
}

/// Starts a conversation and charges a credit for it, in one commit.
fn start_charged(
    crm: &Crm,
    terms: &Terms,
    now: DateTime<Utc>,
    id: CommandId,
    start: &StartOutbound,
) -> Result<Started, NotStarted> {
    for _ in 0..16 {
        let (changes, started) = match decide(crm, terms, now, id, start)? {
            Decided::ToCommit(changes, started) => (changes, started),
            Decided::DoneBefore(started) => return Ok(started),
        };
        let charge = |ledger: &mut Ledger| {
            ledger.credit = ledger.credit.checked_sub(1).ok_or(OutOfCredit)?;
            ledger.charged.push(started.conversation);
            Ok(())
        };
        match crm.commit_with(*changes, charge) {
            Ok(()) => return Ok(started),
            Err(CommitError::Conflict) => {} // Somebody changed what the decision saw: it is made anew.
            Err(CommitError::Failed(error) | CommitError::Unknown(error)) => return Err(error.into()),
        }
    }
    Err(NotStarted::Contention)
}

enum Decided<T> {
    ToCommit(Box<Changes>, T),
    /// The same command was done before: there is nothing to commit, and nothing to charge (B2).
    DoneBefore(T),
}

/// Loads what the decision asks for, until it is made. Nothing is changed by deciding, so it can be done again at will.
fn decide<C: Command>(
    crm: &Crm,
    terms: &Terms,
    now: DateTime<Utc>,
    id: CommandId,
    command: &C,
) -> Result<Decided<C::Output>, NotStarted> {
    let mut run = Run::new(terms, now, id, command);
    loop {
        match run.step() {
            Next::Load(reads) => run.supply(crm.load(&reads)?),
            Next::Commit(changes, output) => return Ok(Decided::ToCommit(changes, output)),
            Next::Done(output) => return Ok(Decided::DoneBefore(output)),
            Next::Refused(refusals) => return Err(NotStarted::Refused(refusals)),
            Next::Fault(fault) => return Err(NotStarted::Fault(fault)),
        }
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// A small story.

fn main() -> Result<(), Box<dyn Error>> {
    let setup: Setup = serde_json::from_str(include_str!("organization.json"))?;
    let terms = Terms::new(Directory::new(setup)?, Libphonenumber);
    let clock = ManualClock::at("2026-03-02T09:00:00Z".parse()?);
    let crm = Crm::default();
    crm.tables().ledger.credit = 2;

    // What needs no row of the host's own goes through a desk, over the very same store.
    let desk = Desk::new(&crm, terms.clone(), &clock);
    let sign_in = SignIn { agent: "ana".parse()?, team: "care".parse()?, state: ChosenState::Available };
    desk.run(command_id(&clock, 0), &sign_in)?;
    println!("Ana is signed in, and there is credit for two conversations");
    show(&crm);

    let attempts = [
        (1, "+351 912 345 678", "a first conversation"),
        (1, "+351 912 345 678", "the same command again: one conversation, one charge"),
        (2, "912 345 678", "no country code: the library says no, and nothing is charged"),
        (3, "+44 7400 123456", "a second conversation"),
        (4, "+33 6 12 34 56 78", "a third one: the ledger says no, and nothing is started"),
    ];
    for (number, to, what) in attempts {
        let start = StartOutbound::new("ana".parse()?, Channel::Sms, "sms_care".parse()?, to);
        println!("{what}");
        match start_charged(&crm, &terms, clock.now(), command_id(&clock, number), &start) {
            Ok(started) => println!("  -> conversation {}", started.conversation),
            Err(no) => println!("  -> {no}"),
        }
        show(&crm);
    }
    same_as_memory(&crm, &terms, &clock)
}

fn command_id(clock: &impl Clock, number: u8) -> CommandId {
    CommandId::new(clock.now(), [number; 10])
}

fn show(crm: &Crm) {
    let tables = crm.tables();
    let (records, events) = (tables.records.len(), tables.events.len());
    let Ledger { credit, charged } = &tables.ledger;
    println!("  in store: records {records}, events {events}, charges {}, credit left {credit}\n", charged.len());
}

/// Two stores that keep the port's clauses cannot be told apart: the library's own, given this log, is at the same place.
fn same_as_memory(crm: &Crm, terms: &Terms, clock: &ManualClock) -> Result<(), Box<dyn Error>> {
    let memory = Desk::new(MemoryStore::new(), terms.clone(), clock);
    let sign_in = SignIn { agent: "ana".parse()?, team: "care".parse()?, state: ChosenState::Available };
    memory.run(command_id(clock, 0), &sign_in)?;
    for (number, to) in [(1, "+351 912 345 678"), (3, "+44 7400 123456")] {
        let start = StartOutbound::new("ana".parse()?, Channel::Sms, "sms_care".parse()?, to);
        memory.run(command_id(clock, number), &start)?;
    }
    let whole = EventQuery::Feed { after: 0, limit: usize::MAX };
    let same = crm.events(&whole)?.events == memory.store().events(&whole)?.events;
    println!("the same commands over the library's own store leave the same events: {same}");
    Ok(())
}
