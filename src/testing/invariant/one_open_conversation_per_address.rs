//! One conversation that is not closed per address, where the set-up says so (R11).

use std::collections::BTreeMap;

use super::{Invariant, Proof, Violation};
use crate::directory::{ConflictScope, Directory};
use crate::model::Key;
use crate::record::World;

/// The invariant.
pub const INVARIANT: Invariant = Invariant {
    id: "one_open_conversation_per_address",
    says: "where the scope is the address, a customer address has at most one conversation that is not closed",
    guard: "the contact",
    proof: Proof::Directory(check),
};

/// Checks it.
///
/// # Errors
/// The first [`Violation`].
pub fn check(world: &World, directory: &Directory) -> Result<(), Violation> {
    if directory.organization().conflict_scope() != ConflictScope::Address {
        return Ok(());
    }
    let mut open = BTreeMap::new();
    for conversation in world.conversations().filter(|conversation| !conversation.is_closed()) {
        let other = open.insert(Key::contact(conversation.address()), conversation.id());
        INVARIANT
            .require(other.is_none(), conversation.key(), || format!("{other:?} of its address is open as well"))?;
    }
    Ok(())
}
