//! One conversation that is not closed (R11).

use std::collections::BTreeMap;

use super::{Invariant, Proof, Violation};
use crate::record::World;

/// The invariant.
pub const INVARIANT: Invariant = Invariant {
    id: "one_open_conversation",
    says: "an entry point and a customer address have at most one conversation that is not closed",
    guard: "the contact",
    proof: Proof::Records(check),
};

/// Checks it.
///
/// # Errors
/// The first [`Violation`].
pub fn check(world: &World) -> Result<(), Violation> {
    let mut open = BTreeMap::new();
    for conversation in world.conversations().filter(|conversation| !conversation.is_closed()) {
        let thread = (conversation.entry_point(), crate::model::Key::contact(conversation.address()));
        let other = open.insert(thread, conversation.id());
        INVARIANT
            .require(other.is_none(), conversation.key(), || format!("{other:?} on its thread is open as well"))?;
    }
    Ok(())
}
