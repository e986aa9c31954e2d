//! When it is allowed: the first instant that is quiet in none of the possible zones.

use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::{Quiet, QuietCause, QuietHours, ZoneId, Zones, without_leap_second};

/// How far ahead an opening is looked for.
pub const HORIZON: TimeDelta = TimeDelta::days(15);

/// When it is allowed in every possible zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// At the instant that was asked about.
    Now,
    /// At a later instant, the first.
    At(DateTime<Utc>),
    /// Not within [`HORIZON`].
    Never,
}

/// How often a search may move ahead: enough to stop at every minute up to the horizon.
const MAX_MOVES: usize = 15 * 24 * 60 + 1;

/// Offsets of the zones that exist are whole quarters of an hour, in minutes.
const ALL_OFFSETS: RangeInclusive<i64> = -12 * 60..=14 * 60;
const QUARTER: usize = 15;

impl QuietHours {
    /// The first instant, from one on, at which it is quiet in none of the possible zones.
    ///
    /// No zone at all, or one that the table does not know, counts as every offset from UTC−12 to UTC+14: a host that would
    /// rather assume something gives the zones that it assumes.
    #[must_use]
    pub fn opening(&self, zones: &[ZoneId], table: &dyn Zones, at: DateTime<Utc>) -> Opening {
        if self.is_empty() {
            return Opening::Now;
        }
        let start = without_leap_second(at);
        let limit = start.checked_add_signed(HORIZON).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let clocks = clocks(zones, table);
        let mut open = start;
        for _ in 0..MAX_MOVES {
            let before = open;
            for clock in &clocks {
                match self.turn(*clock, table, open, limit, false) {
                    Some(turn) => open = turn,
                    None => return Opening::Never,
                }
            }
            if open == before {
                return if open == start { Opening::Now } else { Opening::At(open) };
            }
        }
        Opening::Never
    }

    /// Why it is quiet at an instant; none where it is quiet in none of the possible zones, told as in [`Self::opening`].
    #[must_use]
    pub fn quiet_at(&self, zones: &[ZoneId], table: &dyn Zones, at: DateTime<Utc>) -> Option<Quiet> {
        if self.is_empty() {
            return None;
        }
        let at = without_leap_second(at);
        clocks(zones, table).into_iter().find_map(|clock| {
            let (local, cause) = match clock.local(table, at) {
                Some(local) => (local, self.cause(local)?),
                None => (at.naive_utc(), QuietCause::UnknownTime),
            };
            Some(Quiet { zone: clock.zone(), local, cause })
        })
    }

    /// The first instant, from one on, at which it is quiet in one of the possible zones, told as in [`Self::opening`]: what
    /// is allowed now stays so until then. None where that is not within [`HORIZON`].
    #[must_use]
    pub fn allowed_until(&self, zones: &[ZoneId], table: &dyn Zones, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.is_empty() {
            return None;
        }
        let start = without_leap_second(at);
        let limit = start.checked_add_signed(HORIZON).unwrap_or(DateTime::<Utc>::MAX_UTC);
        clocks(zones, table).into_iter().filter_map(|clock| self.turn(clock, table, start, limit, true)).min()
    }

    /// The first instant, from one on and up to a limit, at which one clock's time is quiet, or is not.
    ///
    /// What the table cannot tell is quiet, and so is what takes too many moves to find.
    fn turn(
        &self,
        clock: Clock<'_>,
        table: &dyn Zones,
        from: DateTime<Utc>,
        limit: DateTime<Utc>,
        quiet: bool,
    ) -> Option<DateTime<Utc>> {
        let mut at = from;
        for _ in 0..MAX_MOVES {
            if at > limit {
                return None;
            }
            let Some(local) = clock.local(table, at) else { return quiet.then_some(at) };
            if self.is_quiet(local) == quiet {
                return Some(at);
            }
            at = clock.after(table, at, local, self.rest(local))?;
        }
        quiet.then_some(at)
    }
}

/// One possible local time: a zone's, or that of a fixed offset in minutes.
#[derive(Debug, Clone, Copy)]
enum Clock<'a> {
    Zone(&'a ZoneId),
    Offset(i64),
}

/// The clocks of the zones that are known; and all that there are, where a zone is missing or not known.
fn clocks<'a>(zones: &'a [ZoneId], table: &dyn Zones) -> Vec<Clock<'a>> {
    let mut clocks: Vec<_> = zones.iter().filter(|zone| table.knows(zone)).map(Clock::Zone).collect();
    if zones.is_empty() || clocks.len() < zones.len() {
        clocks.extend(ALL_OFFSETS.step_by(QUARTER).map(Clock::Offset));
    }
    clocks
}

impl Clock<'_> {
    fn local(self, table: &dyn Zones, at: DateTime<Utc>) -> Option<NaiveDateTime> {
        match self {
            Self::Zone(zone) => table.local(zone, at),
            Self::Offset(minutes) => at.naive_utc().checked_add_signed(TimeDelta::minutes(minutes)),
        }
    }

    fn zone(self) -> ZoneId {
        match self {
            Self::Zone(zone) => zone.clone(),
            Self::Offset(minutes) => ZoneId::of_offset(minutes),
        }
    }

    /// The instant at which so much time has passed, or before that, at which the clock is put forward or back.
    fn after(
        self,
        table: &dyn Zones,
        at: DateTime<Utc>,
        local: NaiveDateTime,
        rest: TimeDelta,
    ) -> Option<DateTime<Utc>> {
        let end = at.checked_add_signed(rest)?;
        let offset = local - at.naive_utc();
        let same = |at: DateTime<Utc>| self.local(table, at).is_some_and(|local| local - at.naive_utc() == offset);
        if same(end) {
            return Some(end);
        }
        let (mut before, mut changed) = (at.timestamp(), end.timestamp());
        while changed - before > 1 {
            let middle = before + (changed - before) / 2;
            if same(DateTime::from_timestamp(middle, 0)?) { before = middle } else { changed = middle }
        }
        DateTime::from_timestamp(changed, 0).map(|change| if change > at { change } else { end })
    }
}
