//! When and how often a customer is written to who did not ask (B6).

use chrono::{DateTime, TimeDelta, Utc};

use super::Checks;
use crate::directory::{CapsSetup, HoursSetup, QuietMode};
use crate::hours::{HORIZON, NumberZones, Opening, QuietHours, RecentSends, ZoneId, Zones};
use crate::model::{Address, CapsBasis, Contact, Customer, HoursBasis, Inbound, Message, Reason};
use crate::refusal::{Code, Fact, Refusal, Retry};

/// What local times are told by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clocks<'a> {
    pub(crate) zones: &'a dyn Zones,
    pub(crate) numbers: &'a NumberZones,
}

/// B6: where a recipient may be: where the host says; else where the number is from; else where the set-up assumes. None of
/// these means everywhere, and never that it is not quiet.
pub(crate) fn zones_of<'a>(
    hours: &'a HoursSetup,
    clocks: Clocks<'a>,
    contact: Option<&'a Contact>,
    to: &Address,
) -> &'a [ZoneId] {
    if let Some(told) = contact.and_then(Contact::zone) {
        return std::slice::from_ref(told);
    }
    let by_number = match to {
        Address::Sms(_) => clocks.numbers.of_mobile(&to.as_text()),
        Address::Email(_) => &[],
    };
    if by_number.is_empty() { &hours.assumed_zones } else { by_number }
}

/// B6: the table of zones knows a zone; one that it does not know would count as every zone of the world.
pub(crate) fn known_zone(checks: &mut Checks, clocks: Clocks<'_>, zone: &ZoneId) {
    checks.require(clocks.zones.knows(zone), Code::ZoneUnknown, || vec![Fact::new("zone", zone)]);
}

/// A message on its way to somebody.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sending<'a> {
    pub(crate) address: &'a Address,
    /// The customer's newest message in the conversation.
    pub(crate) newest_inbound: Option<Inbound>,
    pub(crate) contact: Option<&'a Contact>,
    pub(crate) now: DateTime<Utc>,
    pub(crate) not_after: DateTime<Utc>,
    pub(crate) override_reason: Option<&'a Reason>,
}

impl Sending<'_> {
    /// Until when it answers the customer's own message, if it still does. For no minutes nothing does, not even what answers a
    /// message that came while it was being decided.
    fn answers_until(&self, minutes: u16) -> Option<DateTime<Utc>> {
        let inbound = self.newest_inbound.filter(|_| minutes > 0)?;
        inbound.at.checked_add_signed(TimeDelta::minutes(minutes.into())).filter(|until| *until > self.now)
    }

    /// B6: what stands in the way can be overridden with a reason, where the set-up allows it. Answers whether it is.
    fn overrides(&self, checks: &mut Checks, in_the_way: bool, overridable: bool, what: &'static str) -> bool {
        if self.override_reason.is_none() {
            return false;
        }
        let allowed = overridable || !in_the_way;
        checks.require(allowed, Code::OverrideNotAllowed, || vec![Fact::new("what", what)]) && in_the_way
    }
}

/// B6: it is not quiet at the recipient's; or the message waits until it is not; or an agent overrides that.
pub(crate) fn hours(checks: &mut Checks, hours: &HoursSetup, clocks: Clocks<'_>, sending: Sending<'_>) -> HoursBasis {
    let Some(quiet) = hours.on(sending.address.channel()) else { return HoursBasis::NotSetUp };
    if let Some(until) = sending.answers_until(hours.answers_exempt_minutes) {
        return HoursBasis::Answer { until };
    }
    let zones = zones_of(hours, clocks, sending.contact, sending.address);
    let opening = quiet.opening(zones, clocks.zones, sending.now);
    if sending.overrides(checks, opening != Opening::Now, hours.overridable, "quiet hours") {
        return HoursBasis::Overridden;
    }
    let basis = match opening {
        Opening::Now => Some(HoursBasis::Open),
        Opening::At(until) if hours.mode == QuietMode::Defer && until < sending.not_after => {
            Some(HoursBasis::Deferred { until })
        }
        Opening::At(_) | Opening::Never => None,
    };
    checks.check(basis.is_some(), || match basis {
        Some(_) => Refusal::new(Code::HoursQuiet, Vec::new()),
        None => quiet_there(quiet, zones, clocks, sending.now, opening),
    });
    basis.unwrap_or(HoursBasis::Open)
}

fn quiet_there(
    quiet: &QuietHours,
    zones: &[ZoneId],
    clocks: Clocks<'_>,
    now: DateTime<Utc>,
    opening: Opening,
) -> Refusal {
    let (opens, retry) = match opening {
        Opening::At(at) => (Fact::new("opens", at), Retry::At(at)),
        Opening::Now | Opening::Never => (Fact::new("opens", "further notice"), Retry::Later),
    };
    let mut facts = vec![opens];
    if let Some(there) = quiet.quiet_at(zones, clocks.zones, now) {
        facts.push(Fact::new("zone", there.zone));
        facts.push(Fact::new("local", there.local.format("%Y-%m-%d %H:%M").to_string()));
        facts.push(Fact::new("window", there.cause.to_string()));
    }
    Refusal::new(Code::HoursQuiet, facts).with_retry(retry)
}

/// What the quiet hours say to a message whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It may leave, no later than that.
    Now { not_after: DateTime<Utc> },
    /// It waits until then.
    Later(DateTime<Utc>),
    /// They are over too late for it.
    TooLate,
}

/// B6: whether it is quiet at the recipient's when a message's turn comes, under the set-up of now.
pub(crate) fn turn(
    hours: &HoursSetup,
    clocks: Clocks<'_>,
    contact: Option<&Contact>,
    message: &Message,
    not_after: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Turn {
    let draft = message.draft();
    let exempt_until = match message.basis().map(|basis| basis.hours) {
        Some(HoursBasis::Overridden | HoursBasis::Exempt) => return Turn::Now { not_after },
        Some(HoursBasis::Answer { until }) if until > now => Some(until),
        _ => None,
    };
    let Some(quiet) = hours.on(draft.channel) else { return Turn::Now { not_after } };
    let zones = zones_of(hours, clocks, contact, &draft.address);
    let later = |at: DateTime<Utc>| if at < not_after { Turn::Later(at) } else { Turn::TooLate };
    match (quiet.opening(zones, clocks.zones, now), exempt_until) {
        (Opening::Now, _) => {
            let closes = quiet.allowed_until(zones, clocks.zones, now).unwrap_or(not_after);
            let closes = exempt_until.map_or(closes, |until| closes.max(until));
            Turn::Now { not_after: not_after.min(closes) }
        }
        (_, Some(until)) => Turn::Now { not_after: not_after.min(until) },
        (Opening::At(at), None) => later(at),
        (Opening::Never, None) => later(now.checked_add_signed(HORIZON).unwrap_or(not_after)),
    }
}

/// B6: the customer was not written to too often; or an agent overrides that. Counts for the time at which the message may leave.
pub(crate) fn caps(
    checks: &mut Checks,
    caps: &CapsSetup,
    customer: Option<&Customer>,
    sending: Sending<'_>,
    leaves: DateTime<Utc>,
) -> CapsBasis {
    let Some(limits) = caps.limits() else { return CapsBasis::NotSetUp };
    if sending.answers_until(caps.answers_exempt_minutes).is_some() {
        return CapsBasis::Answer;
    }
    let recent = RecentSends::from(customer.map_or(&[][..], Customer::written).to_vec());
    let reached = limits.next_allowed(&recent, leaves);
    if sending.overrides(checks, reached.is_some(), caps.overridable, "caps") {
        return CapsBasis::Overridden;
    }
    checks.check(reached.is_none(), || match reached {
        None => Refusal::new(Code::CapsReached, Vec::new()),
        Some(reached) => {
            let facts = vec![
                Fact::new("used", reached.used as u64),
                Fact::new("limit", u32::from(reached.cap.count())),
                Fact::new("seconds", u64::try_from(reached.cap.within().num_seconds()).unwrap_or_default()),
                Fact::new("next", reached.next),
            ];
            Refusal::new(Code::CapsReached, facts).with_retry(Retry::At(reached.next))
        }
    });
    CapsBasis::Within
}

/// B6: the first instant, from one on, at which neither quiet hours nor caps stand against a message; none where it is not in
/// sight.
pub(crate) fn earliest(
    (hours, caps): (&HoursSetup, &CapsSetup),
    clocks: Clocks<'_>,
    customer: Option<&Customer>,
    sending: Sending<'_>,
    from: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let opens = |at: DateTime<Utc>| {
        let Some(quiet) = hours.on(sending.address.channel()) else { return Some(at) };
        if sending.answers_until(hours.answers_exempt_minutes).is_some_and(|until| until > at) {
            return Some(at);
        }
        match quiet.opening(zones_of(hours, clocks, sending.contact, sending.address), clocks.zones, at) {
            Opening::Now => Some(at),
            Opening::At(open) => Some(open),
            Opening::Never => None,
        }
    };
    let open = opens(from)?;
    if sending.answers_until(caps.answers_exempt_minutes).is_some_and(|until| until > open) {
        return Some(open);
    }
    let recent = RecentSends::from(customer.map_or(&[][..], Customer::written).to_vec());
    match caps.limits().and_then(|limits| limits.next_allowed(&recent, open)) {
        None => Some(open),
        Some(reached) => opens(reached.next),
    }
}
