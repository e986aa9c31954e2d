//! A store whose contents can be compared, hashed and copied: what the model explores.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use outbound::engine::{Changes, IndexChange, Loaded, Reads};
use outbound::model::{Key, Kind};
use outbound::record::{Cursor, Entry, Envelope, Query, Record, Version, Versioned, World};

/// A record, and what is left of it for comparing.
#[derive(Debug, Clone)]
struct Kept {
    versioned: Versioned,
    digest: u64,
}

/// All records, entries and events.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shelf {
    records: BTreeMap<Key, Kept>,
    entries: BTreeSet<Entry>,
    events: Vec<Arc<Envelope>>,
}

impl Shelf {
    /// The record with a key.
    pub(crate) fn get(&self, key: Key) -> Option<&Record> {
        self.records.get(&key).map(|kept| &kept.versioned.record)
    }

    /// All records.
    pub(crate) fn world(&self) -> World {
        World::new(self.records.values().map(|kept| kept.versioned.clone()))
    }

    /// All records, by key.
    pub(crate) fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.values().map(|kept| &kept.versioned.record)
    }

    /// All entries.
    pub(crate) const fn entries(&self) -> &BTreeSet<Entry> {
        &self.entries
    }

    /// All events.
    pub(crate) fn events(&self) -> impl Iterator<Item = &Envelope> {
        self.events.iter().map(|event| &**event)
    }

    /// Answers from this moment.
    pub(crate) fn load(&self, reads: &Reads) -> Loaded {
        let record = |key: &Key| (*key, self.records.get(key).map(|kept| kept.versioned.clone()));
        Loaded {
            records: reads.keys.iter().map(record).collect(),
            found: reads.queries.iter().map(|query| (query.clone(), self.find(query))).collect(),
        }
    }

    /// Answers a query.
    pub(crate) fn find(&self, query: &Query) -> Vec<Entry> {
        let behind = |entry: &Entry| {
            query.begins_after().is_none_or(|Cursor { order, key }| (entry.order, entry.key) > (order, key))
        };
        let wanted = |entry: &&Entry| {
            query.index() == Some((entry.index, entry.scope)) && entry.order <= query.until() && behind(entry)
        };
        self.entries.iter().filter(wanted).take(query.limit()).copied().collect()
    }

    /// Commits changes, if every guard holds.
    pub(crate) fn commit(&mut self, changes: &Changes) -> bool {
        let version = |key: Key| self.records.get(&key).map(|kept| kept.versioned.version);
        if changes.guards.iter().any(|guard| version(guard.key) != guard.version) {
            return false;
        }
        for write in &changes.writes {
            let digest = digest(write.versioned.version, &write.versioned.record);
            self.records.insert(write.key, Kept { versioned: write.versioned.clone(), digest });
        }
        for change in &changes.index {
            match change {
                IndexChange::Add(entry) => self.entries.insert(*entry),
                IndexChange::Remove(entry) => self.entries.remove(entry),
            };
        }
        self.events.extend(changes.events.iter().cloned().map(Arc::new));
        true
    }

    fn digests(&self) -> impl Iterator<Item = (Key, u64)> {
        // Receipts only repeat what the other records say; two worlds that differ in their times alone are not the same.
        self.records.iter().filter(|(key, _)| key.kind() != Kind::Refused).map(|(key, kept)| (*key, kept.digest))
    }
}

fn digest(version: Version, record: &Record) -> u64 {
    let mut hasher = DefaultHasher::new();
    version.hash(&mut hasher);
    serde_json::to_vec(record).unwrap_or_default().hash(&mut hasher);
    hasher.finish()
}

impl PartialEq for Shelf {
    fn eq(&self, other: &Self) -> bool {
        self.digests().eq(other.digests())
    }
}

impl Eq for Shelf {}

impl Hash for Shelf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for of_record in self.digests() {
            of_record.hash(state);
        }
    }
}
