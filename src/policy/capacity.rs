//! Slots: how many of a class an agent holds, and how many the profile gives (R12, R24).

use super::Checks;
use crate::directory::Profile;
use crate::model::{MediaClass, Presence, Slot};
use crate::refusal::{Code, Fact, Refusal, Retry};

/// R12: a slot of the class is free.
pub(crate) fn free_slot(checks: &mut Checks, profile: &Profile, presence: &Presence, class: MediaClass) {
    let (used, limit) = (presence.used(class), usize::from(profile.limit(class)));
    let slots = || presence.slots().iter().filter(|slot| slot.class == class);
    checks.check(used < limit, || refuse_full(Code::CapacityFull, presence, class, slots(), limit));
}

/// R12: a slot for outbound tasks of the class is free, where the profile keeps a lower limit for them.
pub(crate) fn free_outbound_slot(checks: &mut Checks, profile: &Profile, presence: &Presence, class: MediaClass) {
    if !profile.has_outbound_limit(class) {
        return;
    }
    let (used, limit) = (presence.used_outbound(class), usize::from(profile.outbound_limit(class)));
    let slots = || presence.slots().iter().filter(|slot| slot.class == class && slot.outbound);
    checks.check(used < limit, || refuse_full(Code::CapacityOutboundFull, presence, class, slots(), limit));
}

/// R24: the blending mode lets another system's offer through; it never governs what the agent starts (R7).
pub(crate) fn blending_permits(checks: &mut Checks, profile: &Profile, presence: &Presence, class: MediaClass) {
    let permits = profile.blending().permits(class, presence.slots().iter().map(|slot| slot.class));
    checks.require_of(presence.key(), permits, Code::CapacityBlended, || {
        vec![
            Fact::new("profile", profile.id()),
            Fact::new("blending", profile.blending().as_str()),
            Fact::new("agent", presence.agent()),
            Fact::new("class", class),
        ]
    });
}

fn refuse_full<'a>(
    code: Code,
    presence: &Presence,
    class: MediaClass,
    held: impl Iterator<Item = &'a Slot> + Clone,
    limit: usize,
) -> Refusal {
    let used = held.clone().count();
    let facts = vec![Fact::new("class", class), Fact::new("used", used as u64), Fact::new("limit", limit as u64)];
    Refusal::new(code, facts).with_retry(when_slots_are_free(presence, held, (used + 1).saturating_sub(limit)))
}

/// B3: a wrap-up frees its slot at its deadline at the latest; other work has no known end. Where a limit was lowered, one slot
/// may be too few.
pub(crate) fn when_slots_are_free<'a>(presence: &Presence, held: impl Iterator<Item = &'a Slot>, many: usize) -> Retry {
    let mut deadlines: Vec<_> = held.filter_map(Slot::deadline).collect();
    deadlines.sort_unstable();
    let last = many.checked_sub(1).and_then(|last| deadlines.get(last));
    last.map_or_else(|| Retry::WhenChanged(presence.key()), |deadline| Retry::At(*deadline))
}
