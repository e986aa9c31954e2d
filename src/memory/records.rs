//! The records, by key.

use std::collections::hash_map::Entry::{Occupied, Vacant};

use super::table::Tables;
use crate::model::Key;
use crate::record::{Record, Versioned};

/// The records by key.
#[derive(Debug, Default)]
pub(super) struct Records(Tables<Key, Slot>);

/// A record, and the place of its newest event, from 1; 0 where it has none.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) versioned: Versioned,
    pub(super) last_event: usize,
}

impl Records {
    pub(super) fn get(&self, key: Key) -> Option<&Slot> {
        self.0.get(&key)
    }

    /// Puts a record under a key, and takes out the one that was there.
    pub(super) fn put(&mut self, key: Key, versioned: &mut Versioned) {
        match self.0.entry(key) {
            Some(Occupied(mut slot)) => std::mem::swap(&mut slot.get_mut().versioned, versioned),
            Some(Vacant(place)) => {
                place.insert(Slot { versioned: versioned.clone(), last_event: 0 });
            }
            None => {}
        }
    }

    /// Writes down the place of a record's newest event, and answers the place of the one before it.
    pub(super) fn remember_event(&mut self, key: Key, place: usize) -> usize {
        self.0.get_mut(&key).map_or(0, |slot| std::mem::replace(&mut slot.last_event, place))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Key, &Slot)> {
        self.0.iter().map(|(key, slot)| (*key, slot))
    }

    /// Forgets the records that are old. Answers how many.
    pub(super) fn forget(&mut self, old: impl Fn(&Record) -> bool) -> usize {
        let mut forgotten = 0;
        self.0.retain(|_, slot| {
            let old = old(&slot.versioned.record);
            forgotten += usize::from(old);
            !old
        });
        forgotten
    }
}
