//! Quiet hours and caps (B6): looked at quarter by quarter, which is where windows and clocks change in these set-ups.

use super::deadlines::{Deadline, channel_of};
use super::setup::Quiet;
use super::{Cmd, Codes, Model};

pub const MINUTE: i64 = 60 * super::SECOND;
const QUARTER: i64 = 15 * MINUTE;
const DAY: i64 = 24 * 60;
/// How far ahead anybody looks.
const HORIZON: i64 = 15 * DAY * MINUTE;

/// What the quiet hours and the caps came to for a message, as it is kept with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hours {
    NotSetUp,
    Open,
    Deferred(i64),
    Answer(i64),
    Overridden,
    Exempt,
}

/// What becomes of a message whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Now(i64),
    Later(i64),
    TooLate,
}

/// How many minutes the clocks of a zone are ahead: the table that the crate is given too. Those of the European Union go
/// forward on the last Sunday of March and back on the last of October.
pub fn offset(zone: &str, at: i64) -> Option<i64> {
    // Days from Monday, the second of March 2026; at one in the morning of Greenwich.
    let summers = [(27, 237), (391, 608), (755, 972)];
    let hours = (at / MINUTE + 9 * 60).div_euclid(60);
    let summer = summers.iter().any(|(begin, end)| begin * 24 < hours && hours <= end * 24);
    Some(match zone {
        "UTC" => 0,
        "Europe/Lisbon" => i64::from(summer) * 60,
        "Atlantic/Azores" => i64::from(summer) * 60 - 60,
        "America/Sao_Paulo" => -180,
        "Asia/Kolkata" => 330,
        _ => return None,
    })
}

/// Whether it is quiet under a clock that is so many minutes ahead.
fn is_quiet(quiet: &Quiet, at: i64, ahead: i64) -> bool {
    let minute = at.div_euclid(MINUTE) + 9 * 60 + ahead;
    let (day, minute) = (minute.div_euclid(DAY), minute.rem_euclid(DAY));
    let on = |days: &Option<Vec<String>>, day: i64| {
        let name = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][usize::try_from(day.rem_euclid(7)).unwrap()];
        days.as_ref().is_none_or(|days| days.iter().any(|it| it == name))
    };
    quiet.windows.iter().any(|it| {
        let (from, to) = (it.from, it.to);
        if from < to {
            on(&it.days, day) && from <= minute && minute < to
        } else {
            on(&it.days, day) && from <= minute || on(&it.days, day - 1) && minute < to
        }
    })
}

impl Model {
    fn quiet_hours(&self, address: &str) -> Option<Quiet> {
        let hours = &self.setup.organization.quiet_hours;
        let quiet = if channel_of(address) == "sms" { &hours.sms } else { &hours.email };
        Some(quiet.clone()).filter(|it| !it.windows.is_empty())
    }

    /// Where somebody may be: as told, else as the number says, else as assumed, else anywhere.
    fn zones(&self, address: &str) -> Vec<String> {
        let names = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect();
        if let Some(told) = self.contact(address).and_then(|it| it.zone.clone()) {
            return vec![told];
        }
        match address.get(..4) {
            Some("+351") => names(&["Europe/Lisbon", "Atlantic/Azores"]),
            Some("+551") => names(&["America/Sao_Paulo"]),
            _ => self.setup.organization.quiet_hours.assumed_zones.clone(),
        }
    }

    /// Whether it is quiet in one of the zones.
    fn quiet_somewhere(&self, quiet: &Quiet, zones: &[String], at: i64) -> bool {
        let everywhere = (-12 * 4..=14 * 4).map(|quarters| quarters * 15);
        if zones.is_empty() {
            return everywhere.into_iter().any(|ahead| is_quiet(quiet, at, ahead));
        }
        zones.iter().any(|zone| is_quiet(quiet, at, offset(zone, at).unwrap()))
    }

    /// The first time, from one on, at which it is quiet at an address, or is not.
    fn when(&self, address: &str, quiet: &Quiet, is_quiet: bool, from: i64) -> Option<i64> {
        let zones = self.zones(address);
        let mut at = from;
        while at <= from + HORIZON {
            if self.quiet_somewhere(quiet, &zones, at) == is_quiet {
                return Some(at);
            }
            at = (at.div_euclid(QUARTER) + 1) * QUARTER;
        }
        None
    }

    /// Until when an answer to the customer's newest message is one that was asked for.
    fn answers_until(&self, newest_inbound: Option<usize>, minutes: i64) -> Option<i64> {
        let inbound = self.messages.iter().find(|it| Some(it.id) == newest_inbound)?;
        Some(inbound.at + minutes * MINUTE).filter(|until| *until > self.now)
    }

    /// What the hours say to a message that is to be sent.
    pub fn hours_of(
        &self,
        address: &str,
        newest_inbound: Option<usize>,
        not_after: i64,
        overrides: bool,
        no: &mut Codes,
    ) -> Hours {
        let setup = &self.setup.organization.quiet_hours;
        let Some(quiet) = self.quiet_hours(address) else { return Hours::NotSetUp };
        if let Some(until) = self.answers_until(newest_inbound, setup.answers_exempt_minutes) {
            return Hours::Answer(until);
        }
        let opening = self.when(address, &quiet, false, self.now);
        if opening == Some(self.now) {
            return Hours::Open;
        }
        if overrides && setup.overridable {
            return Hours::Overridden;
        }
        if overrides {
            no.insert("override.not_allowed");
        }
        match opening {
            Some(until) if setup.mode == "defer" && until < not_after => Hours::Deferred(until),
            _ => {
                no.insert("hours.quiet");
                Hours::Open
            }
        }
    }

    /// What the caps say to a message that may leave at a time.
    pub fn caps_of(
        &self,
        customer: &str,
        newest_inbound: Option<usize>,
        leaves: i64,
        overrides: bool,
        no: &mut Codes,
    ) -> &'static str {
        let setup = &self.setup.organization.caps;
        if setup.limits.is_empty() {
            return "not set up";
        }
        if self.answers_until(newest_inbound, setup.answers_exempt_minutes).is_some() {
            return "answer";
        }
        let written = self.written.iter().find(|it| it.0 == customer).map_or(&[][..], |it| &it.1);
        let reached = setup.limits.iter().any(|cap| {
            let counts = |at: &&i64| **at > leaves - cap.within_seconds * super::SECOND;
            written.iter().filter(counts).count() >= cap.count
        });
        if !reached {
            return "within";
        }
        if overrides && setup.overridable {
            return "overridden";
        }
        if overrides {
            no.insert("override.not_allowed");
        }
        no.insert("caps.reached");
        "within"
    }

    /// The customer was written to, or will be; only as many times are kept as some cap looks at.
    pub fn count(&mut self, customer: &str, leaves: i64) {
        let keep = self.setup.organization.caps.limits.iter().map(|it| it.count).max().unwrap();
        if !self.written.iter().any(|it| it.0 == customer) {
            self.written.push((customer.to_owned(), vec![]));
        }
        let written = &mut self.written.iter_mut().find(|it| it.0 == customer).unwrap().1;
        written.push(leaves);
        written.sort();
        while written.len() > keep {
            written.remove(0);
        }
    }

    /// What the hours say to a message whose turn it is.
    pub fn turn(&self, address: &str, hours: Hours, not_after: i64) -> Turn {
        let exempt = match hours {
            Hours::Overridden | Hours::Exempt => return Turn::Now(not_after),
            Hours::Answer(until) if until > self.now => Some(until),
            _ => None,
        };
        let Some(quiet) = self.quiet_hours(address) else { return Turn::Now(not_after) };
        let opening = self.when(address, &quiet, false, self.now);
        match (opening, exempt) {
            (Some(open), exempt) if open == self.now => {
                let closes = self.when(address, &quiet, true, self.now).unwrap_or(not_after);
                Turn::Now(not_after.min(closes.max(exempt.unwrap_or(closes))))
            }
            (_, Some(until)) => Turn::Now(not_after.min(until)),
            (opening, None) => {
                let open = opening.unwrap_or(self.now + HORIZON);
                if open < not_after { Turn::Later(open) } else { Turn::TooLate }
            }
        }
    }

    /// When it becomes quiet somewhere that somebody is written to, or is no longer so.
    pub fn of_hours(&self) -> Vec<Deadline> {
        let mut all = Vec::new();
        for it in &self.contacts {
            let Some(quiet) = self.quiet_hours(&it.address) else { continue };
            let mut writing = self.writing_to(&it.address);
            let is_quiet = self.quiet_somewhere(&quiet, &self.zones(&it.address), self.now);
            let Some(at) = self.when(&it.address, &quiet, !is_quiet, self.now).filter(|_| !writing.is_empty()) else {
                continue;
            };
            // Messages that may leave until it opens, and no longer.
            let opens = if is_quiet { Some(at) } else { self.when(&it.address, &quiet, false, at) };
            for mut late in writing.clone() {
                if let (Cmd::Send { not_after, .. }, Some(opens)) = (&mut late, opens) {
                    *not_after = Some(opens);
                    writing.push(late);
                }
            }
            all.push((at, writing));
        }
        all
    }

    /// When a cap lets one more message through.
    pub fn of_caps(&self) -> Vec<Deadline> {
        let mut all = Vec::new();
        for (customer, written) in &self.written {
            let mut writing: Vec<Cmd> = Vec::new();
            for it in self.contacts.iter().filter(|it| it.customer == *customer) {
                writing.extend(self.writing_to(&it.address));
            }
            for cap in &self.setup.organization.caps.limits {
                let ends = written.iter().map(|at| at + cap.within_seconds * super::SECOND);
                all.extend(ends.map(|at| (at, writing.clone())));
            }
        }
        all
    }
}
