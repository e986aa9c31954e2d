//! Each held slot has its conversation, and each conversation its slot (R12).

use std::collections::BTreeSet;

use super::{Invariant, Proof, Violation};
use crate::model::{Key, Presence};
use crate::query::{Orphan, contradictions};
use crate::record::World;

/// The invariant.
pub const INVARIANT: Invariant = Invariant {
    id: "slots_are_justified",
    says: "a slot is held for what its conversation says, once, and nothing that needs a slot is without",
    guard: "the agent's presence",
    proof: Proof::Records(check),
};

/// Checks it.
///
/// # Errors
/// The first [`Violation`].
pub fn check(world: &World) -> Result<(), Violation> {
    for orphan in contradictions(world) {
        let (what, conversation, agent) = match orphan {
            Orphan::SlotLeaked { conversation, agent } => {
                ("holds a slot for what knows nothing of it", conversation, agent)
            }
            Orphan::SlotMissing { conversation, agent } => ("holds no slot for what says so", conversation, agent),
            _ => continue,
        };
        let what = format!("{agent} {what}");
        return Err(INVARIANT.violation(Key::conversation(conversation), what));
    }
    world.presences().try_for_each(held_once)
}

/// No conversation holds two slots of one agent.
fn held_once(presence: &Presence) -> Result<(), Violation> {
    let mut held = BTreeSet::new();
    let conversations = presence.slots().iter().filter_map(|slot| slot.occupant.conversation());
    for conversation in conversations {
        let once = held.insert(conversation);
        INVARIANT.require(once, presence.key(), || format!("two slots are held for {conversation}"))?;
    }
    Ok(())
}
