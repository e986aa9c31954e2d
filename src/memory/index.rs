//! The index entries, by what they belong to.

use std::collections::BTreeSet;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::ops::Bound;

use super::table::Tables;
use crate::record::{Cursor, Entry, Index};

/// The index entries: found by their index and scope at once, however many others there are.
#[derive(Debug, Default)]
pub(super) struct Entries(Tables<Shelf, Places>);

/// An index, and the queue, customer or conversation that entries of it belong to.
type Shelf = (Index, [u8; 16]);

/// The places of the entries on a shelf. On most shelves there is one, such as the address of a customer.
#[derive(Debug)]
enum Places {
    One(Cursor),
    Many(BTreeSet<Cursor>),
}

impl Entries {
    pub(super) fn insert(&mut self, entry: &Entry) {
        match self.0.entry(shelf(entry)) {
            Some(Occupied(mut places)) => places.get_mut().insert(entry.cursor()),
            Some(Vacant(shelf)) => {
                shelf.insert(Places::One(entry.cursor()));
            }
            None => {}
        }
    }

    pub(super) fn remove(&mut self, entry: &Entry) {
        let shelf = shelf(entry);
        if self.0.get_mut(&shelf).is_some_and(|places| places.remove(&entry.cursor())) {
            self.0.remove(&shelf);
        }
    }

    /// The entries of an index and scope behind a place, in order, none later than a time.
    pub(super) fn find(
        &self,
        shelf: Shelf,
        after: Option<Cursor>,
        until: i64,
        limit: usize,
    ) -> impl Iterator<Item = Entry> {
        self.0
            .get(&shelf)
            .into_iter()
            .flat_map(move |places| places.behind(after))
            .take_while(move |place| place.order <= until)
            .take(limit)
            .map(move |place| entry(shelf, place))
    }

    /// All entries, in order.
    pub(super) fn all(&self) -> Vec<Entry> {
        let shelves = self.0.iter().map(|(shelf, places)| (*shelf, places));
        let mut all: Vec<Entry> =
            shelves.flat_map(|(shelf, places)| places.behind(None).map(move |place| entry(shelf, place))).collect();
        all.sort_unstable();
        all
    }
}

impl Places {
    fn insert(&mut self, place: Cursor) {
        match self {
            Self::One(other) if *other == place => {}
            Self::One(other) => *self = Self::Many(BTreeSet::from([*other, place])),
            Self::Many(places) => {
                places.insert(place);
            }
        }
    }

    /// Takes a place away. Answers whether none is left.
    fn remove(&mut self, place: &Cursor) -> bool {
        match self {
            Self::One(only) => only == place,
            Self::Many(places) => {
                places.remove(place);
                places.is_empty()
            }
        }
    }

    fn behind(&self, after: Option<Cursor>) -> impl Iterator<Item = Cursor> {
        let (one, many) = match self {
            Self::One(only) => (Some(*only).filter(|only| after.is_none_or(|after| *only > after)), None),
            Self::Many(places) => {
                (None, Some(places.range((after.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded))))
            }
        };
        one.into_iter().chain(many.into_iter().flatten().copied())
    }
}

fn shelf(entry: &Entry) -> Shelf {
    (entry.index, entry.scope)
}

fn entry((index, scope): Shelf, Cursor { order, key }: Cursor) -> Entry {
    Entry { index, scope, order, key }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Key, Kind};

    fn entries() -> impl Strategy<Value = Entry> {
        let index = prop_oneof![Just(Index::Due), Just(Index::Customer)];
        (index, 0..3_u8, 0..4_i64, 0..3_u8).prop_map(|(index, scope, order, key)| Entry {
            index,
            scope: [scope; 16],
            order,
            key: Key::from_bytes(Kind::Contact, [key; 16]),
        })
    }

    proptest! {
        /// Many on few shelves: shelves come and go, with one place or several.
        #[test]
        fn entries_are_kept_as_one_ordered_set_keeps_them(
            changes in prop::collection::vec((any::<bool>(), entries()), 0..60),
            after in prop::option::of(entries()),
            until in 0..5_i64,
            limit in 0..6_usize,
        ) {
            let (mut kept, mut set) = (Entries::default(), BTreeSet::new());
            for (comes, entry) in &changes {
                if *comes {
                    kept.insert(entry);
                    set.insert(*entry);
                } else {
                    kept.remove(entry);
                    set.remove(entry);
                }
            }
            prop_assert_eq!(kept.all(), set.iter().copied().collect::<Vec<_>>());
            let after = after.map(|entry| entry.cursor());
            for shelf in set.iter().map(shelf).chain([(Index::Waiting, [0; 16])]) {
                let found: Vec<_> = kept.find(shelf, after, until, limit).collect();
                let of_shelf = set.iter().filter(|entry| super::shelf(entry) == shelf);
                let wanted = of_shelf.filter(|entry| after.is_none_or(|after| entry.cursor() > after) && entry.order <= until);
                prop_assert_eq!(found, wanted.take(limit).copied().collect::<Vec<_>>());
            }
            let left = kept.0.iter().count();
            prop_assert_eq!(left, set.iter().map(shelf).collect::<BTreeSet<_>>().len(), "no shelf stays empty");
        }
    }
}
