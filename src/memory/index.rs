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
