//! Index entries are those of the records.

use std::collections::BTreeSet;

use super::{Invariant, Proof, Violation};
use crate::record::{Entry, World};

/// The invariant.
pub const INVARIANT: Invariant = Invariant {
    id: "entries_are_of_records",
    says: "the index holds the entries of the records, each once, and no others",
    guard: "the record that they are of",
    proof: Proof::Entries(check),
};

/// Checks it.
///
/// # Errors
/// The first [`Violation`].
pub fn check(world: &World, entries: &[Entry]) -> Result<(), Violation> {
    let mut missing: BTreeSet<Entry> = world.records().flat_map(|versioned| Entry::of(&versioned.record)).collect();
    for entry in entries {
        let expected = missing.remove(entry);
        INVARIANT.require(expected, entry.key, || format!("{entry:?} is of no record, or there twice"))?;
    }
    missing.first().map_or(Ok(()), |entry| Err(INVARIANT.violation(entry.key, format!("{entry:?} is not there"))))
}
