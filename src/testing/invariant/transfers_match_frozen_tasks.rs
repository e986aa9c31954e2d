//! One pending transfer per agent (R47, R48).

use super::{Invariant, Proof, Violation};
use crate::model::Key;
use crate::query::{Orphan, contradictions};
use crate::record::World;

/// The invariant.
pub const INVARIANT: Invariant = Invariant {
    id: "transfers_match_frozen_tasks",
    says: "an agent's pending transfer is the one frozen task of that agent, and a frozen task is its agent's pending transfer",
    guard: "the agent's presence",
    proof: Proof::Records(check),
};

/// Checks it.
///
/// # Errors
/// The first [`Violation`].
pub fn check(world: &World) -> Result<(), Violation> {
    for orphan in contradictions(world) {
        if let Orphan::TransferBroken { agent } = orphan {
            let what = "the pending transfer and the frozen task do not match".to_owned();
            return Err(INVARIANT.violation(Key::presence(&agent), what));
        }
    }
    Ok(())
}
