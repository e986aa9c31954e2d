//! Where groups of letters occur, so that a search looks only at those in whom it may find what it wants (R46).

use std::fmt;

use super::search::{Searched, Wanted};

/// The longest group, in bytes: one letter of any script at least.
const LONGEST: usize = 3;

/// For each group of up to three bytes, in which rows it occurs: by their places, in order.
///
/// Groups share a list where their hashes fall together, so a list says where to look and no more.
#[derive(Clone)]
pub(super) struct Groups {
    rows: usize,
    /// A power of two of them.
    lists: Vec<Vec<u32>>,
}

impl Groups {
    /// The groups of rows, in the order of their places.
    pub(super) fn of<'a>(rows: impl ExactSizeIterator<Item = &'a Searched>) -> Self {
        let many = (rows.len() * 4).next_power_of_two().min(1 << 15);
        let mut groups = Self { rows: rows.len(), lists: vec![Vec::new(); many] };
        for (place, searched) in (0..).zip(rows) {
            for word in searched.words() {
                for length in 1..=LONGEST {
                    word.as_bytes().windows(length).for_each(|group| groups.add(group, place));
                }
            }
        }
        groups
    }

    fn add(&mut self, group: &[u8], place: u32) {
        let list = self.list_of(group);
        if let Some(list) = self.lists.get_mut(list)
            && list.last() != Some(&place)
        {
            list.push(place);
        }
    }

    fn list_of(&self, group: &[u8]) -> usize {
        let group = group.iter().fold(0, |group, byte| group << 8 | u32::from(*byte));
        let mixed = group.wrapping_mul(0x9e37_79b1);
        usize::try_from(mixed >> 16).unwrap_or(0) & (self.lists.len() - 1)
    }

    /// The places, from one on and in order, at which something wanted may be; at all others it is not.
    pub(super) fn places(&self, wanted: &Wanted, from: usize) -> impl Iterator<Item = usize> + use<'_> {
        let lists = wanted.words().flat_map(|word| {
            let bytes = word.as_bytes();
            bytes.windows(bytes.len().min(LONGEST)).filter_map(|group| self.lists.get(self.list_of(group)))
        });
        let (all, some) = match lists.min_by_key(|list| list.len()) {
            Some(list) => (0..0, list.get(list.partition_point(|place| (*place as usize) < from)..)),
            None => (from..self.rows, None),
        };
        all.chain(some.unwrap_or_default().iter().map(|place| *place as usize))
    }
}

/// Without the lists, of which there are many.
impl fmt::Debug for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Groups").field("rows", &self.rows).finish_non_exhaustive()
    }
}
