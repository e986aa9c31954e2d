//! Versions count events (B14).

use std::collections::{BTreeMap, BTreeSet};

use super::{Invariant, Proof, Violation};
use crate::model::Key;
use crate::record::{Envelope, World};

/// The invariant.
pub const INVARIANT: Invariant = Invariant {
    id: "versions_count_events",
    says: "a stream's events are numbered from 1 without gaps, as many as its record's version, each with an id of its own",
    guard: "the record itself",
    proof: Proof::Events(check),
};

/// Checks it.
///
/// # Errors
/// The first [`Violation`].
pub fn check(world: &World, events: &[Envelope]) -> Result<(), Violation> {
    let (mut counts, mut ids) = (BTreeMap::<Key, u64>::new(), BTreeSet::new());
    for envelope in events {
        let count = counts.entry(envelope.stream).or_default();
        *count += 1;
        let (number, sequence) = (*count, envelope.sequence);
        INVARIANT.require(number == sequence, envelope.stream, || format!("event {number} is numbered {sequence}"))?;
        let own = ids.insert(envelope.id());
        INVARIANT.require(own, envelope.stream, || format!("event {number} has the id of another"))?;
    }
    for versioned in world.with_history().records() {
        let (version, key) = (versioned.version.0, versioned.record.key());
        let count = counts.get(&key).copied().unwrap_or(0);
        INVARIANT.require(version == count, key, || format!("its version is {version}, and it has {count} events"))?;
    }
    Ok(())
}
