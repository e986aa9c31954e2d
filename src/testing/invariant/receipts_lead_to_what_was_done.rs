//! What a command is said to have done is there (B2).

use super::{Invariant, Proof, Violation};
use crate::model::{ConversationId, Key, MessageId};
use crate::record::{Claimed, Firing, Offered, Outcome, Record, Transferred, World};

/// The invariant.
pub const INVARIANT: Invariant = Invariant {
    id: "receipts_lead_to_what_was_done",
    says: "the conversations and messages that a receipt names exist",
    guard: "the receipt",
    proof: Proof::Records(check),
};

/// Checks it.
///
/// # Errors
/// The first [`Violation`].
pub fn check(world: &World) -> Result<(), Violation> {
    for versioned in world.records() {
        let Record::Receipt(receipt) = &versioned.record else { continue };
        for named in named_in(&receipt.outcome) {
            let there = world.get(named).is_some();
            INVARIANT.require(there, versioned.record.key(), || format!("it names {named}, which is not there"))?;
        }
    }
    Ok(())
}

/// The records that an outcome names.
fn named_in(outcome: &Outcome) -> Vec<Key> {
    let conversation = |id: &ConversationId| vec![Key::conversation(*id)];
    let message = |id: &MessageId| vec![Key::message(*id)];
    match outcome {
        Outcome::Started(started) => conversation(&started.conversation),
        Outcome::Sent(sent) => message(&sent.message),
        Outcome::Received(received) => [message(&received.message), conversation(&received.conversation)].concat(),
        Outcome::Offered(Offered { conversation: id, .. })
        | Outcome::Transferred(Transferred::Asked(Offered { conversation: id, .. })) => conversation(id),
        Outcome::Fired(fired) => fired.what.iter().map(at).collect(),
        Outcome::Claimed(Claimed::Send(dispatch)) => message(&dispatch.idempotency_key),
        Outcome::Transferred(Transferred::Queued(_))
        | Outcome::Claimed(Claimed::Expired | Claimed::GivenUp)
        | Outcome::Done(_)
        | Outcome::Answered(_)
        | Outcome::Reported(_) => Vec::new(),
    }
}

fn at(firing: &Firing) -> Key {
    match firing {
        Firing::OfferLapsed { conversation, .. }
        | Firing::HandoverLapsed { conversation }
        | Firing::Woken { conversation }
        | Firing::WrappedUp { conversation, .. } => Key::conversation(*conversation),
    }
}
