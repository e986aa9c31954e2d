//! What a provider calls a message leads to that message (B2, R36).

use super::{Invariant, Proof, Violation, message};
use crate::model::{Channel, Direction, Key, Message, ProviderId};
use crate::record::{Record, World};

/// The invariant.
pub const INVARIANT: Invariant = Invariant {
    id: "references_lead_to_messages",
    says: "a reference leads to a message that bears its provider id, and every provider id of a message has a reference that leads to one",
    guard: "the reference",
    proof: Proof::Records(check),
};

/// Checks it.
///
/// # Errors
/// The first [`Violation`].
pub fn check(world: &World) -> Result<(), Violation> {
    for versioned in world.records() {
        let Record::Reference(reference) = &versioned.record else { continue };
        let Some(id) = reference.message else { continue };
        let leads = message(world, id).is_some_and(|message| {
            let is_its_name = provider(message) == Some(&reference.provider);
            let is_another = match message.is_inbound() {
                true => message.mail().is_some_and(|mail| mail.message_id.is_some()),
                false => provider(message).is_some(),
            };
            message.draft().entry_point == reference.entry_point && (is_its_name || is_another)
        });
        INVARIANT.require(leads, versioned.record.key(), || format!("it leads to {id}, which does not bear it"))?;
    }
    for message in world.messages() {
        let Some(provider) = provider(message) else { continue };
        let entry_point = &message.draft().entry_point;
        let reference = world.get(match message.is_inbound() && message.draft().channel != Channel::Email {
            true => Key::received(entry_point, provider),
            false => Key::reference(entry_point, provider),
        });
        let known = matches!(reference, Some(Record::Reference(reference)) if reference.message.is_some());
        INVARIANT.require(known, message.key(), || "what its provider calls it leads to no message".into())?;
    }
    Ok(())
}

fn provider(message: &Message) -> Option<&ProviderId> {
    match &message.draft().direction {
        Direction::Inbound { provider, .. } => Some(provider),
        Direction::Outbound { .. } => message.delivery().provider.as_ref(),
    }
}
