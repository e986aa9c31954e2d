//! Exactly one holder (R42, R49).

use super::{Invariant, Proof, Violation};
use crate::model::{Conversation, Occupant};
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
    for conversation in world.conversations() {
        let (held, closed) = (conversation.state().holder().is_some(), conversation.is_closed());
        let state = conversation.state().as_str();
        INVARIANT
            .require(held != closed, conversation.key(), || format!("closed: {closed}, and its task is {state}"))?;
        let working = world
            .presences()
            .filter(|presence| presence.slots().iter().any(|slot| is_of(&slot.occupant, conversation)));
        let (working, expected) = (working.count(), usize::from(conversation.state().agent().is_some()));
        INVARIANT.require(working == expected, conversation.key(), || {
            format!("{working} agents work on it, and its task is {state}")
        })?;
    }
    Ok(())
}

fn is_of(occupant: &Occupant, of: &Conversation) -> bool {
    matches!(occupant, Occupant::Task { conversation } if *conversation == of.id())
}
