//! A frozen task sends nothing (R47).

use std::collections::BTreeSet;

use super::{Invariant, Proof, Violation};
use crate::model::{By, ConversationEvent};
use crate::record::{Envelope, Event, World};

/// The invariant.
pub const INVARIANT: Invariant = Invariant {
    id: "frozen_sends_nothing",
    says: "between the freezing of a task and its end nothing is sent in the conversation, and it is not closed by its agent",
    guard: "the conversation",
    proof: Proof::Events(check),
};

/// Checks it.
///
/// # Errors
/// The first [`Violation`].
pub fn check(_world: &World, events: &[Envelope]) -> Result<(), Violation> {
    let mut frozen = BTreeSet::new();
    for envelope in events {
        let Event::Conversation(event) = &envelope.event else { continue };
        let stream = envelope.stream;
        match event {
            ConversationEvent::Frozen { .. } => {
                let first = frozen.insert(stream);
                INVARIANT.require(first, stream, || "it was frozen twice".into())?;
            }
            ConversationEvent::Unfrozen { .. }
            | ConversationEvent::Transferred { .. }
            | ConversationEvent::Queued { .. } => {
                frozen.remove(&stream);
            }
            ConversationEvent::MessageSent { .. }
            | ConversationEvent::Parked { .. }
            | ConversationEvent::HandedOver { .. }
            | ConversationEvent::Closed { by: By::Agent(_) } => {
                let event = envelope.event.name();
                INVARIANT.require(!frozen.contains(&stream), stream, || format!("`{event}` while it was frozen"))?;
            }
            _ => {}
        }
    }
    Ok(())
}
