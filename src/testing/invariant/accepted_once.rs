//! One acceptance ends a message's attempts (B10).

use std::collections::BTreeSet;

use super::{Invariant, Proof, Violation};
use crate::model::MessageEvent;
use crate::record::{Envelope, Event, World};

/// The invariant.
pub const INVARIANT: Invariant = Invariant {
    id: "accepted_once",
    says: "a message is accepted by its provider at most once, and is not attempted after that",
    guard: "the message",
    proof: Proof::Events(check),
};

/// Checks it.
///
/// # Errors
/// The first [`Violation`].
pub fn check(_world: &World, events: &[Envelope]) -> Result<(), Violation> {
    let mut accepted = BTreeSet::new();
    for envelope in events {
        let Event::Message(event) = &envelope.event else { continue };
        let stream = envelope.stream;
        match event {
            MessageEvent::AcceptedByProvider { .. } => {
                let first = accepted.insert(stream);
                INVARIANT.require(first, stream, || "it was accepted twice".into())?;
            }
            MessageEvent::AttemptBegun { .. } | MessageEvent::Released => {
                let event = envelope.event.name();
                INVARIANT
                    .require(!accepted.contains(&stream), stream, || format!("`{event}` after it was accepted"))?;
            }
            _ => {}
        }
    }
    Ok(())
}
