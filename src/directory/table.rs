//! A lookup table of reference data: found by id, listed in id order.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::Arc;

/// A map keyed by ids; it hashes without reading the system's randomness.
pub(crate) type ById<Id, T> = HashMap<Id, T, BuildHasherDefault<DigestHasher>>;

/// Rows that never change, each shared with the rows that refer to it.
#[derive(Debug, Clone)]
pub(crate) struct Table<Id, T> {
    by_id: ById<Id, Arc<T>>,
    in_order: Vec<Arc<T>>,
}

impl<Id: Ord + Hash, T> Table<Id, T> {
    /// A table of rows; of rows with one id, the first is kept.
    pub(crate) fn new(mut rows: Vec<(Id, T)>) -> Self {
        rows.sort_by(|(a, _), (b, _)| a.cmp(b));
        rows.dedup_by(|(later, _), (first, _)| later == first);
        let mut table = Self {
            by_id: ById::with_capacity_and_hasher(rows.len(), BuildHasherDefault::default()),
            in_order: Vec::with_capacity(rows.len()),
        };
        for (id, row) in rows {
            let row = Arc::new(row);
            table.in_order.push(Arc::clone(&row));
            table.by_id.insert(id, row);
        }
        table
    }

    pub(crate) fn get(&self, id: &Id) -> Option<&T> {
        self.by_id.get(id).map(|row| &**row)
    }

    pub(crate) fn share(&self, id: &Id) -> Option<Arc<T>> {
        self.by_id.get(id).map(Arc::clone)
    }

    /// The row at a place in id order.
    pub(crate) fn at(&self, place: usize) -> Option<&T> {
        self.in_order.get(place).map(|row| &**row)
    }

    /// How many rows, in id order, something holds for before it holds for none any more.
    pub(crate) fn first(&self, holds: impl Fn(&T) -> bool) -> usize {
        self.in_order.partition_point(|row| holds(row))
    }

    /// The rows in id order.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &T> + DoubleEndedIterator + '_ {
        self.in_order.iter().map(|row| &**row)
    }
}

/// A hasher for values that are digests already: it folds their words and mixes no further.
#[derive(Debug, Default)]
pub(crate) struct DigestHasher(u64);

impl Hasher for DigestHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = self.0.rotate_left(5) ^ word;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
