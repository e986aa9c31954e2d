//! A lookup table of reference data: found by id, listed in id order.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::{Agent, EntryPoint, IdleReason, Profile, Queue, Site, Team, Workflow, WrapUpReason};
use crate::model::{
    AgentId, Digest, Digested, EntryPointId, IdleReasonId, ProfileId, QueueId, SiteId, TeamId, Template, TemplateId,
    WorkflowId, WrapUpReasonId,
};

/// Places in a list, by the digests of ids; it hashes without reading the system's randomness.
pub(crate) type Places = HashMap<Digest, usize, BuildHasherDefault<DigestHasher>>;

/// What a table lists.
pub(crate) trait Listed {
    type Id: Digested;
    fn id(&self) -> &Self::Id;
}

macro_rules! listed {
    ($($row:ident by $id:ident;)*) => {$(
        impl Listed for $row {
            type Id = $id;
            fn id(&self) -> &$id {
                self.id()
            }
        }
    )*};
}

listed! {
    Site by SiteId;
    Team by TeamId;
    Agent by AgentId;
    Profile by ProfileId;
    EntryPoint by EntryPointId;
    Queue by QueueId;
    Template by TemplateId;
    WrapUpReason by WrapUpReasonId;
    IdleReason by IdleReasonId;
    Workflow by WorkflowId;
}

/// Rows that never change, each shared with the rows that refer to it.
#[derive(Debug, Clone)]
pub(crate) struct Table<T> {
    places: Places,
    in_order: Vec<Arc<T>>,
}

impl<T: Listed> Table<T> {
    /// A table of rows; of rows with one id, the first is kept.
    pub(crate) fn new(rows: &[Arc<T>]) -> Self {
        let (order, places) = in_order(rows.iter().map(|row| (row.id().text(), row.id().digest())).collect());
        Self { places, in_order: order.iter().filter_map(|place| rows.get(*place).map(Arc::clone)).collect() }
    }

    /// Where an id is in id order.
    pub(crate) fn place(&self, id: &T::Id) -> Option<usize> {
        self.places.get(&id.digest()).copied()
    }

    fn row(&self, id: &T::Id) -> Option<&Arc<T>> {
        self.in_order.get(self.place(id)?)
    }

    pub(crate) fn get(&self, id: &T::Id) -> Option<&T> {
        self.row(id).map(|row| &**row)
    }

    pub(crate) fn share(&self, id: &T::Id) -> Option<Arc<T>> {
        self.row(id).map(Arc::clone)
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

/// The places of ids in the order of their texts, and each one's place in that order; of the same ids, the first.
///
/// One function for all tables: sorting is the greatest part of what a table costs to compile.
fn in_order(ids: Vec<(&str, Digest)>) -> (Vec<usize>, Places) {
    let mut order: Vec<_> =
        ids.into_iter().zip(0_usize..).map(|((text, digest), place)| (text, place, digest)).collect();
    order.sort_unstable();
    order.dedup_by_key(|(text, ..)| *text);
    let places = order.iter().zip(0..).map(|((.., digest), place)| (*digest, place)).collect();
    (order.into_iter().map(|(_, place, _)| place).collect(), places)
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
