//! Exactly one holder (R42, R49).

use std::collections::BTreeMap;

use super::{Invariant, Proof, Violation};
use crate::model::{ConversationId, Occupant, Presence};
use crate::record::World;

/// The invariant.
pub const INVARIANT: Invariant = Invariant {
    id: "one_holder",
    says: "a conversation that is not closed has exactly one holder, and a closed one has none",
    guard: "the conversation",
    proof: Proof::Records(check),
};

/// Checks it.
///
/// # Errors
/// The first [`Violation`].
pub fn check(world: &World) -> Result<(), Violation> {
    let mut working: BTreeMap<ConversationId, usize> = BTreeMap::new();
    for slot in world.presences().flat_map(Presence::slots) {
        if let Occupant::Task { conversation } = slot.occupant {
            *working.entry(conversation).or_default() += 1;
        }
    }
    for conversation in world.conversations() {
        let (held, closed) = (conversation.state().holder().is_some(), conversation.is_closed());
        let state = conversation.state().as_str();
        INVARIANT
            .require(held != closed, conversation.key(), || format!("closed: {closed}, and its task is {state}"))?;
        let working = working.get(&conversation.id()).copied().unwrap_or(0);
        let expected = usize::from(conversation.state().agent().is_some());
        INVARIANT.require(working == expected, conversation.key(), || {
            format!("{working} agents work on it, and its task is {state}")
        })?;
    }
    Ok(())
}
