//! Records in many small hash tables.

use std::collections::HashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::hash::{BuildHasherDefault, Hasher};

use crate::model::Key;
use crate::record::{Record, Versioned};

/// How many tables there are; a power of two.
const TABLES: usize = 256;

/// A record, and the place of its newest event, from 1; 0 where it has none.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) versioned: Versioned,
    pub(super) last_event: usize,
}

type Table = HashMap<Key, Slot, BuildHasherDefault<Fold>>;

/// The records by key.
#[derive(Debug)]
pub(super) struct Records(Vec<Table>);

/// Folds the bits of a key, which are a digest or mixed already; no randomness is needed or wanted.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Fold(u64);

impl Hasher for Fold {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Default for Records {
    fn default() -> Self {
        Self((0..TABLES).map(|_| Table::default()).collect())
    }
}

impl Records {
    fn place(key: Key) -> usize {
        let digest = key.digest();
        usize::try_from((digest.0 ^ digest.1.rotate_left(17)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56).unwrap_or(0)
    }

    fn table(&mut self, key: Key) -> Option<&mut Table> {
        self.0.get_mut(Self::place(key))
    }

    pub(super) fn get(&self, key: Key) -> Option<&Slot> {
        self.0.get(Self::place(key))?.get(&key)
    }

    /// Puts a record under a key, and takes out the one that was there.
    pub(super) fn put(&mut self, key: Key, versioned: &mut Versioned) {
        match self.table(key).map(|table| table.entry(key)) {
            Some(Occupied(mut slot)) => std::mem::swap(&mut slot.get_mut().versioned, versioned),
            Some(Vacant(place)) => {
                place.insert(Slot { versioned: versioned.clone(), last_event: 0 });
            }
            None => {}
        }
    }

    /// Writes down the place of a record's newest event, and answers the place of the one before it.
    pub(super) fn remember_event(&mut self, key: Key, place: usize) -> usize {
        let slot = self.table(key).and_then(|table| table.get_mut(&key));
        slot.map_or(0, |slot| std::mem::replace(&mut slot.last_event, place))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Key, &Slot)> {
        self.0.iter().flatten().map(|(key, slot)| (*key, slot))
    }

    pub(super) fn forget(&mut self, old: impl Fn(&Record) -> bool) -> usize {
        let before = self.0.iter().map(Table::len).sum::<usize>();
        for table in &mut self.0 {
            table.retain(|_, slot| !old(&slot.versioned.record));
        }
        before - self.0.iter().map(Table::len).sum::<usize>()
    }
}
