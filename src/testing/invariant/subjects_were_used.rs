//! Subjects that are on record were used (R27).

use std::collections::{BTreeMap, BTreeSet};

use super::{Invariant, Proof, Violation};
use crate::model::{Conversation, ConversationId, Key, Subject};
use crate::record::{Record, World};

/// The invariant.
pub const INVARIANT: Invariant = Invariant {
    id: "subjects_were_used",
    says: "a subject on record was used in the conversation that it names, and every conversation's subject is on record",
    guard: "the subject use",
    proof: Proof::Records(check),
};

/// Checks it.
///
/// # Errors
/// The first [`Violation`].
pub fn check(world: &World) -> Result<(), Violation> {
    let mut used: BTreeMap<ConversationId, BTreeSet<Key>> = BTreeMap::new();
    for conversation in world.conversations() {
        if let Some(key) = conversation.subject().map(|subject| key(conversation, subject)) {
            used.entry(conversation.id()).or_default().insert(key);
            let on_record = world.get(key).is_some();
            INVARIANT.require(on_record, conversation.key(), || "its subject is not on record".into())?;
        }
    }
    for message in world.messages() {
        let conversation = super::conversation(world, message.conversation());
        if let (Some(conversation), Some(subject)) = (conversation, &message.content().subject) {
            used.entry(conversation.id()).or_default().insert(key(conversation, subject));
        }
    }
    for versioned in world.records() {
        let Record::Subject(subject) = &versioned.record else { continue };
        let was_used = used.get(&subject.conversation).is_some_and(|used| used.contains(&subject.key));
        INVARIANT.require(was_used, subject.key, || format!("it was never used in {}", subject.conversation))?;
    }
    Ok(())
}

fn key(conversation: &Conversation, subject: &Subject) -> Key {
    Key::subject(conversation.customer(), &subject.normalised())
}
