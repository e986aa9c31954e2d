//! A store in memory that checks what the engine promises to every store, commit by commit.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};

use outbound::engine::{Changes, Guard, IndexChange, Loaded, Reads, Write};
use outbound::memory::MemoryStore;
use outbound::model::Key;
use outbound::port::{CommitError, EventPage, EventQuery, Store};
use outbound::record::{Entry, Record};

/// A store in memory under watch; what is asked of the store itself goes to it unwatched.
#[derive(Debug, Default)]
pub struct Watched {
    store: MemoryStore,
    trips: AtomicUsize,
    rows: AtomicUsize,
}

impl Deref for Watched {
    type Target = MemoryStore;

    fn deref(&self) -> &MemoryStore {
        &self.store
    }
}

impl Store for Watched {
    type Error = Infallible;

    fn load(&self, reads: &Reads) -> Result<Loaded, Infallible> {
        let loaded = self.store.load(reads)?;
        let found: usize = loaded.found.iter().map(|(_, entries)| entries.len()).sum();
        self.trips.fetch_add(1, Ordering::Relaxed);
        self.rows.fetch_add(loaded.records.len() + found, Ordering::Relaxed);
        Ok(loaded)
    }

    fn commit(&self, changes: Changes) -> Result<(), CommitError<Infallible>> {
        guards_fit_the_writes(&changes);
        versions_follow(&changes);
        if let Some(before) = self.as_guarded(&changes) {
            index_is_the_difference(&changes, &before);
        }
        self.store.commit(changes)
    }

    fn events(&self, query: &EventQuery) -> Result<EventPage, Infallible> {
        self.store.events(query)
    }
}

impl Watched {
    /// How often a piece of work asks the store, and how many rows it is answered.
    pub fn asked_by(&self, work: impl FnOnce()) -> (usize, usize) {
        let before = (self.trips.load(Ordering::Relaxed), self.rows.load(Ordering::Relaxed));
        work();
        (self.trips.load(Ordering::Relaxed) - before.0, self.rows.load(Ordering::Relaxed) - before.1)
    }

    /// The records that are written over, where every guard holds; none where the commit will be a conflict.
    fn as_guarded(&self, changes: &Changes) -> Option<Vec<Record>> {
        let keys = changes.guards.iter().map(|guard| guard.key).collect();
        let Ok(loaded) = self.store.load(&Reads { keys, queries: Vec::new() });
        let holds = |guard: &Guard| {
            let found = loaded.records.iter().find(|(key, _)| *key == guard.key);
            found.and_then(|(_, found)| found.as_ref()).map(|versioned| versioned.version) == guard.version
        };
        let all_hold = changes.guards.iter().all(holds);
        all_hold.then(|| loaded.records.into_iter().filter_map(|(_, found)| Some(found?.record)).collect())
    }
}

fn guard(changes: &Changes, key: Key) -> Option<&Guard> {
    changes.guards.iter().find(|guard| guard.key == key)
}

fn write(changes: &Changes, key: Key) -> Option<&Write> {
    changes.writes.iter().find(|write| write.key == key)
}

/// Guards and writes come in the order of their keys, each once; each write has its guard; and no commit rests on the absence of
/// a record that it does not create, which a store could not lock.
fn guards_fit_the_writes(changes: &Changes) {
    assert!(changes.guards.is_sorted_by(|one, next| one.key < next.key), "guards in order, each once: {changes:?}");
    assert!(changes.writes.is_sorted_by(|one, next| one.key < next.key), "writes in order, each once: {changes:?}");
    for write in &changes.writes {
        assert_eq!(write.key, write.versioned.record.key(), "a record lies under its own key");
        assert!(guard(changes, write.key).is_some(), "{} is written without a guard: {changes:?}", write.key);
    }
    for absent in changes.guards.iter().filter(|guard| guard.version.is_none()) {
        assert!(write(changes, absent.key).is_some(), "it rests on the absence of {}: {changes:?}", absent.key);
    }
}

/// A record's version grows by the number of its events, or by one where it has none; its events are numbered on from there.
fn versions_follow(changes: &Changes) {
    for write in &changes.writes {
        let before = guard(changes, write.key).and_then(|guard| guard.version).map_or(0, |version| version.0);
        let sequences: Vec<u64> =
            changes.events.iter().filter(|event| event.stream == write.key).map(|event| event.sequence).collect();
        let steps = sequences.len() as u64;
        assert_eq!(sequences, (before + 1..=before + steps).collect::<Vec<_>>(), "{}: {changes:?}", write.key);
        assert_eq!(write.versioned.version.0, before + steps.max(1), "{}: {changes:?}", write.key);
    }
    for (event, ordinal) in changes.events.iter().zip(0..) {
        assert!(write(changes, event.stream).is_some(), "an event without its record: {changes:?}");
        assert_eq!((event.command, event.ordinal), (changes.command, ordinal), "{changes:?}");
    }
}

/// What goes from the index and what comes is the difference between the entries of the old and of the new records.
fn index_is_the_difference(changes: &Changes, before: &[Record]) {
    let is_written = |record: &&Record| write(changes, record.key()).is_some();
    let old: BTreeSet<Entry> = before.iter().filter(is_written).flat_map(Entry::of).collect();
    let new: BTreeSet<Entry> = changes.writes.iter().flat_map(|write| Entry::of(&write.versioned.record)).collect();
    let (mut go, mut come) = (Vec::new(), Vec::new());
    for change in &changes.index {
        match change {
            IndexChange::Remove(entry) => go.push(*entry),
            IndexChange::Add(entry) => come.push(*entry),
        }
    }
    go.sort_unstable();
    come.sort_unstable();
    assert_eq!(go, old.difference(&new).copied().collect::<Vec<_>>(), "what goes: {changes:?}");
    assert_eq!(come, new.difference(&old).copied().collect::<Vec<_>>(), "what comes: {changes:?}");
}
