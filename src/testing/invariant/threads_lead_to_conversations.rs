//! Threads lead to their conversations, and these back (R11, R39).

use super::{Invariant, Proof, Violation, conversation};
use crate::model::{Contact, Key, Thread};
use crate::query::{Orphan, contradictions};
use crate::record::World;

/// The invariant.
pub const INVARIANT: Invariant = Invariant {
    id: "threads_lead_to_conversations",
    says: "a thread leads to its open conversation and that one back, and its conversations form one chain",
    guard: "the contact",
    proof: Proof::Records(check),
};

/// Checks it.
///
/// # Errors
/// The first [`Violation`].
pub fn check(world: &World) -> Result<(), Violation> {
    for orphan in contradictions(world) {
        if let Orphan::ThreadBroken { conversation } = orphan {
            let what = "it and its thread do not lead to each other".to_owned();
            return Err(INVARIANT.violation(Key::conversation(conversation), what));
        }
    }
    let most = world.conversations().count();
    for contact in world.contacts() {
        contact.threads().iter().try_for_each(|thread| chain(world, contact, thread, most))?;
    }
    Ok(())
}

/// From the newest conversation back, each is of the thread. Their times tell nothing: a clock may be put back.
fn chain(world: &World, contact: &Contact, thread: &Thread, most: usize) -> Result<(), Violation> {
    let open = thread.open.is_none_or(|open| open == thread.latest);
    INVARIANT.require(open, contact.key(), || "the open conversation of a thread is not its newest".into())?;
    let (mut next, mut left) = (Some(thread.latest), most);
    while let Some(id) = next {
        // An address of the contact: a number of its has two forms in some countries (B9).
        let found = conversation(world, id).filter(|it| Key::contact(it.address()) == contact.key());
        let Some(it) = found.filter(|it| *it.entry_point() == thread.entry_point && left > 0) else {
            let what = format!("a thread leads to {id}, which is not of it, or leads round in a circle");
            return Err(INVARIANT.violation(contact.key(), what));
        };
        (next, left) = (it.previous(), left - 1);
    }
    Ok(())
}
