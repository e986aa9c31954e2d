//! Nothing that was sent is forgotten (R36, B10).

use std::collections::BTreeMap;

use super::{Invariant, Proof, Violation};
use crate::model::{ConversationId, Message, MessageId, Step};
use crate::policy::rules::is_confirmation;
use crate::record::World;

/// The invariant.
pub const INVARIANT: Invariant = Invariant {
    id: "outbox_moves",
    says: "a sent message is settled or in its conversation's line, of which the first has its next attempt and the others wait; the confirmation of an opt-out stands in no line, and does not wait",
    guard: "the message",
    proof: Proof::Records(check),
};

/// Checks it.
///
/// # Errors
/// The first [`Violation`].
pub fn check(world: &World) -> Result<(), Violation> {
    let mut lines: BTreeMap<ConversationId, Vec<(u32, MessageId)>> = BTreeMap::new();
    for message in world.messages().filter(|message| message.delivery().step != Step::Settled) {
        INVARIANT.require(!message.is_inbound(), message.key(), || "it came in, and waits to be sent".into())?;
        if is_confirmation(message) {
            let waits = message.delivery().step == Step::Waiting;
            INVARIANT
                .require(!waits, message.key(), || "it confirms an opt-out, and waits for other messages".into())?;
            continue;
        }
        lines.entry(message.conversation()).or_default().push((message.draft().number, message.id()));
    }
    for line in lines.values_mut() {
        line.sort_unstable();
    }
    for conversation in world.conversations() {
        let line = lines.remove(&conversation.id()).unwrap_or_default();
        let same = line.iter().map(|(_, id)| id).eq(conversation.unsettled());
        INVARIANT.require(same, conversation.key(), || {
            format!("its line is {:?}, and the messages that are not settled are {line:?}", conversation.unsettled())
        })?;
    }
    let lost = lines.values().flatten().next();
    let lost = lost.and_then(|(_, id)| super::message(world, *id));
    lost.map_or(Ok(()), |lost| Err(INVARIANT.violation(lost.key(), "its conversation is not there".into())))?;
    world.conversations().try_for_each(|conversation| {
        let line = conversation.unsettled().iter().filter_map(|id| super::message(world, *id));
        line.enumerate().try_for_each(|(place, message)| steps(place, message))
    })
}

/// The first in line has a next attempt, and the others wait.
fn steps(place: usize, message: &Message) -> Result<(), Violation> {
    let waits = message.delivery().step == Step::Waiting;
    INVARIANT.require(waits == (place > 0), message.key(), || {
        format!("it is number {} in line, and its step is {:?}", place + 1, message.delivery().step)
    })
}
