//! The embedded store: everything in memory, safe under many threads.

mod index;
mod log;
mod records;
mod table;

use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use self::index::Entries;
use self::log::{Log, Logged};
use self::records::Records;
use crate::engine::{Changes, IndexChange, Loaded, Reads};
use crate::model::{Key, Kind};
use crate::port::{CommitError, EventPage, EventQuery, Store};
use crate::record::{Entry, Envelope, Query, Record, Version, World};

/// A store in memory. Clones share it.
///
/// One lock guards everything; the records and the index entries lie in many small tables and the events in pieces, so that none
/// of them takes long to grow.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore(Arc<Mutex<Inside>>);

#[derive(Debug, Default)]
struct Inside {
    records: Records,
    index: Entries,
    events: Log,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All records at this moment.
    #[must_use]
    pub fn world(&self) -> World {
        let inside = self.inside();
        World::new(inside.records.iter().map(|(_, slot)| slot.versioned.clone()))
    }

    /// All events that are not forgotten, in the order of their commits.
    #[must_use]
    pub fn all_events(&self) -> Vec<Envelope> {
        self.inside().events.after(0).map(Logged::envelope).collect()
    }

    /// All index entries at this moment, in order.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.inside().index.all()
    }

    /// Forgets receipts older than a time: a command repeated after its receipt is gone is decided anew, or found to be
    /// repeated by the message that it left. Answers how many.
    pub fn forget_receipts(&self, before: DateTime<Utc>) -> usize {
        self.inside().records.forget(|record| matches!(record, Record::Receipt(receipt) if receipt.at < before))
    }

    /// Forgets events up to a position of the feed, for hosts whose read models are all past it: all of them but for the last
    /// thousand or so. The records stay, a stream begins with the oldest of its events that is left, and positions keep their
    /// meaning. Answers how many.
    ///
    /// ```
    /// use outbound::memory::MemoryStore;
    ///
    /// fn tidy(store: &MemoryStore, followers: &[u64]) -> usize {
    ///     followers.iter().min().map_or(0, |slowest| store.forget_events(*slowest))
    /// }
    /// # assert_eq!(tidy(&MemoryStore::new(), &[7, 8]), 0);
    /// ```
    pub fn forget_events(&self, position: u64) -> usize {
        let place = usize::try_from(position).unwrap_or(usize::MAX);
        // They are gone only when the lock is free again.
        let forgotten = self.inside().events.forget(place);
        forgotten.iter().map(Vec::len).sum()
    }
}

impl Store for MemoryStore {
    type Error = Infallible;

    fn load(&self, reads: &Reads) -> Result<Loaded, Infallible> {
        let mut records = Vec::with_capacity(reads.keys.len());
        let inside = self.inside();
        let record = |key: &Key| (*key, inside.records.get(*key).map(|slot| slot.versioned.clone()));
        let found = |query: &Query| (query.clone(), inside.find(query));
        records.extend(reads.keys.iter().map(record));
        Ok(Loaded { records, found: reads.queries.iter().map(found).collect() })
    }

    fn commit(&self, mut changes: Changes) -> Result<(), CommitError<Infallible>> {
        let mut inside = self.inside();
        let holds =
            |key: Key, version: Option<Version>| inside.records.get(key).map(|slot| slot.versioned.version) == version;
        if !changes.guards.iter().all(|guard| holds(guard.key, guard.version)) {
            return Err(CommitError::Conflict);
        }
        // What is replaced goes into the changes, which outlive the lock: others need not wait until it is gone.
        for write in &mut changes.writes {
            inside.records.put(write.key, &mut write.versioned);
        }
        for change in &changes.index {
            match change {
                IndexChange::Add(entry) => inside.index.insert(entry),
                IndexChange::Remove(entry) => inside.index.remove(entry),
            }
        }
        inside.log(changes.events);
        Ok(())
    }

    fn events(&self, query: &EventQuery) -> Result<EventPage, Infallible> {
        let inside = self.inside();
        Ok(match *query {
            EventQuery::Feed { after, limit } => inside.feed(after, limit),
            EventQuery::Stream { stream, after, limit } => inside.stream(stream, after, limit),
        })
    }
}

impl Inside {
    fn find(&self, query: &Query) -> Vec<Entry> {
        match (query.index(), query.kind()) {
            (Some(shelf), _) => self.index.find(shelf, query.begins_after(), query.until(), query.limit()).collect(),
            (None, Some(kind)) => self.records_of(kind, query),
            (None, None) => Vec::new(),
        }
    }

    /// All records of a kind, for checks: it looks at every record.
    fn records_of(&self, kind: Kind, query: &Query) -> Vec<Entry> {
        let after = query.begins_after().map(|cursor| cursor.key);
        let wanted = |key: &Key| key.kind() == kind && after.is_none_or(|after| *key > after);
        let mut keys: Vec<Key> = self.records.iter().map(|(key, _)| key).filter(wanted).collect();
        keys.sort_unstable();
        keys.into_iter().take(query.limit()).map(Entry::of_record).collect()
    }

    fn log(&mut self, events: Vec<Envelope>) {
        let mut events = events.into_iter();
        while let Some(stream) = events.as_slice().first().map(|event| event.stream) {
            let of_stream = events.as_slice().iter().take_while(|event| event.stream == stream).count();
            let mut before = self.records.remember_event(stream, self.events.len() + of_stream);
            for event in events.by_ref().take(of_stream) {
                self.events.push(event, before);
                before = self.events.len();
            }
        }
    }

    fn feed(&self, after: u64, limit: usize) -> EventPage {
        let from = self.events.from(usize::try_from(after).unwrap_or(usize::MAX));
        let events: Vec<Envelope> = self.events.after(from).take(limit).map(Logged::envelope).collect();
        EventPage { next: (from + events.len()) as u64, events }
    }

    fn stream(&self, stream: Key, after: u64, limit: usize) -> EventPage {
        let mut events = Vec::new();
        let mut place = self.records.get(stream).map_or(0, |slot| slot.last_event);
        while let Some(logged) = self.events.get(place) {
            if logged.sequence <= after {
                break;
            }
            events.push(logged.envelope());
            place = logged.before;
        }
        events.reverse();
        events.truncate(limit);
        EventPage { next: events.last().map_or(after, |last| last.sequence), events }
    }
}
