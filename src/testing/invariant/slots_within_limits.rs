//! Held slots within the limits (R12).

use super::{Invariant, Proof, Violation};
use crate::directory::Directory;
use crate::model::MediaClass;
use crate::record::World;

/// The invariant.
pub const INVARIANT: Invariant = Invariant {
    id: "slots_within_limits",
    says: "an agent who is signed in holds at most as many slots of a class as the profile has",
    guard: "the agent's presence",
    proof: Proof::Directory(check),
};

/// Checks it.
///
/// # Errors
/// The first [`Violation`].
pub fn check(world: &World, directory: &Directory) -> Result<(), Violation> {
    for presence in world.presences() {
        let (Some(session), Some(agent)) = (presence.session(), directory.agent(presence.agent())) else { continue };
        let resolved = directory.profile_for(agent, Some(&session.team));
        for class in MediaClass::ALL {
            let limit = resolved.map_or(0, |resolved| usize::from(resolved.profile.limit(class)));
            let used = presence.used(class);
            INVARIANT.require(used <= limit, presence.key(), || format!("{used} slots of {limit} are held"))?;
        }
    }
    Ok(())
}
