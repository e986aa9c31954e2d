//! Slots: how many of a class an agent holds, and how many the profile gives (R12, R24).

use super::Checks;
use crate::directory::Profile;
use crate::model::{MediaClass, Presence};
use crate::refusal::{Code, Fact, Refusal, Retry};

/// R12: a slot of the class is free.
pub(crate) fn free_slot(checks: &mut Checks, profile: &Profile, presence: &Presence, class: MediaClass) {
    let (used, limit) = (presence.used(class), usize::from(profile.limit(class)));
    checks.check(used < limit, || refuse_full(Code::CapacityFull, presence, class, used, limit));
}

/// R12: a slot for outbound tasks of the class is free, where the profile keeps a lower limit for them.
pub(crate) fn free_outbound_slot(checks: &mut Checks, profile: &Profile, presence: &Presence, class: MediaClass) {
    if !profile.has_outbound_limit(class) {
        return;
    }
    let (used, limit) = (presence.used_outbound(class), usize::from(profile.outbound_limit(class)));
    checks.check(used < limit, || refuse_full(Code::CapacityOutboundFull, presence, class, used, limit));
}

/// R24: the blending mode lets another system's offer through; it never governs what the agent starts (R7).
pub(crate) fn blending_permits(checks: &mut Checks, profile: &Profile, presence: &Presence, class: MediaClass) {
    let permits = profile.blending().permits(class, presence.slots().iter().map(|slot| slot.class));
    checks.check(permits, || {
        let facts = vec![
            Fact::new("profile", profile.id()),
            Fact::new("blending", profile.blending().as_str()),
            Fact::new("agent", presence.agent()),
            Fact::new("class", class),
        ];
        Refusal::new(Code::CapacityBlended, facts).with_retry(Retry::WhenChanged(presence.key()))
    });
}

fn refuse_full(code: Code, presence: &Presence, class: MediaClass, used: usize, limit: usize) -> Refusal {
    let facts = vec![Fact::new("class", class), Fact::new("used", used as u64), Fact::new("limit", limit as u64)];
    Refusal::new(code, facts).with_retry(when_a_slot_frees(presence, class))
}

/// B3: a wrap-up frees its slot at its deadline at the latest; other work has no known end.
pub(crate) fn when_a_slot_frees(presence: &Presence, class: MediaClass) -> Retry {
    let deadlines = presence.slots().iter().filter(|slot| slot.class == class).filter_map(|slot| slot.deadline());
    deadlines.min().map_or_else(|| Retry::WhenChanged(presence.key()), Retry::At)
}
