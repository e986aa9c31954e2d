//! A store whose contents can be compared, hashed and copied: what the model explores.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use outbound::engine::{Changes, IndexChange, Loaded, Reads};
use outbound::model::{Key, Kind};
use outbound::record::{Cursor, Entry, Envelope, Query, Record, Version, Versioned, World};

use crate::digested::{Digested, digest};

/// A record, and what is left of it for comparing.
#[derive(Debug, Clone)]
struct Kept {
    versioned: Versioned,
    digest: u64,
}

/// All records, entries and events. Two shelves are the same where their records are; what is not compared follows from them, but for
/// the order of events of different records.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shelf {
    records: BTreeMap<Key, Kept>,
    entries: BTreeSet<Entry>,
    events: Vec<Arc<Envelope>>,
    digest: u64,
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

    /// What it is compared by.
    pub(crate) const fn digest(&self) -> u64 {
        self.digest
    }

    /// Answers from this moment.
    pub(crate) fn load(&self, reads: &Reads) -> Digested<Loaded> {
        let record = |key: &Key| (*key, self.records.get(key).map(|kept| kept.versioned.clone()));
        let loaded = Loaded {
            records: reads.keys.iter().map(record).collect(),
            found: reads.queries.iter().map(|query| (query.clone(), self.find(query))).collect(),
        };
        let digests: Vec<_> = reads.keys.iter().map(|key| self.records.get(key).map(|kept| kept.digest)).collect();
        let found: Vec<_> = loaded.found.iter().flat_map(|(_, entries)| entries).collect();
        Digested::under(digest((digests, found)), loaded)
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

    /// Whether every guard of changes holds.
    pub(crate) fn lets_through(&self, changes: &Changes) -> bool {
        let version = |key: Key| self.records.get(&key).map(|kept| kept.versioned.version);
        changes.guards.iter().all(|guard| version(guard.key) == guard.version)
    }

    /// Commits changes whose guards hold.
    pub(crate) fn apply(&mut self, changes: &Changes) {
        for write in &changes.writes {
            let digest = digest_of(write.key, write.versioned.version, &write.versioned.record);
            let kept = Kept { versioned: write.versioned.clone(), digest };
            let before = self.records.insert(write.key, kept).map_or(0, |kept| kept.digest);
            self.digest ^= before ^ digest;
        }
        for change in &changes.index {
            match change {
                IndexChange::Add(entry) => self.entries.insert(*entry),
                IndexChange::Remove(entry) => self.entries.remove(entry),
            };
        }
        self.events.extend(changes.events.iter().cloned().map(Arc::new));
    }
}

/// Of a receipt only that it is there: what it answers repeats what the other records say, and nobody compares answers.
fn digest_of(key: Key, version: Version, record: &Record) -> u64 {
    match key.kind() {
        Kind::Receipt => digest(key),
        _ => digest((key, version, serde_json::to_vec(record).unwrap_or_default())),
    }
}

impl PartialEq for Shelf {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

impl Eq for Shelf {}

impl Hash for Shelf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest.hash(state);
    }
}
