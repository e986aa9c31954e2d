//! Events make the records (B14).

use super::{Invariant, Proof, Violation};
use crate::record::{Envelope, World};

/// The invariant.
pub const INVARIANT: Invariant = Invariant {
    id: "events_make_the_records",
    says: "folding all events gives every record that has a history, as it is",
    guard: "the record itself",
    proof: Proof::Events(check),
};

/// Checks it.
///
/// # Errors
/// The first [`Violation`].
pub fn check(world: &World, events: &[Envelope]) -> Result<(), Violation> {
    let (told, kept) = (World::from_events(events), world.with_history());
    for versioned in kept.records() {
        let key = versioned.record.key();
        let same = told.versioned(key) == Some(versioned);
        INVARIANT.require(same, key, || "its events do not make it as it is".into())?;
    }
    for versioned in told.records() {
        let key = versioned.record.key();
        INVARIANT.require(kept.versioned(key).is_some(), key, || "it has events, and is not there".into())?;
    }
    Ok(())
}
