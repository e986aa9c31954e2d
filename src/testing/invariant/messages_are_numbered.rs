//! A conversation's messages are complete (R26, R36).

use std::collections::BTreeMap;

use super::{Invariant, Proof, Violation, conversation};
use crate::model::ConversationId;
use crate::record::World;

/// The invariant.
pub const INVARIANT: Invariant = Invariant {
    id: "messages_are_numbered",
    says: "the messages of a conversation are numbered from 1 without gaps, as many as it counts",
    guard: "the conversation",
    proof: Proof::Records(check),
};

/// Checks it.
///
/// # Errors
/// The first [`Violation`].
pub fn check(world: &World) -> Result<(), Violation> {
    let mut numbers: BTreeMap<ConversationId, Vec<u32>> = BTreeMap::new();
    for message in world.messages() {
        let of = conversation(world, message.conversation());
        let belongs = of.is_some_and(|of| of.channel() == message.draft().channel);
        INVARIANT.require(belongs, message.key(), || "its conversation is not there, or on another channel".into())?;
        numbers.entry(message.conversation()).or_default().push(message.draft().number);
    }
    for conversation in world.conversations() {
        let mut numbers = numbers.remove(&conversation.id()).unwrap_or_default();
        numbers.sort_unstable();
        let complete = numbers.iter().copied().eq(1..=conversation.messages());
        INVARIANT.require(complete, conversation.key(), || {
            format!("it counts {}, and their numbers are {numbers:?}", conversation.messages())
        })?;
    }
    Ok(())
}
