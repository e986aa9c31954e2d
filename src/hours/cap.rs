//! Frequency caps: at most so many sends within so long, counted by a sliding window.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::without_leap_second;

/// The most sends that one cap can allow.
pub const MAX_CAP_COUNT: u16 = 1000;

/// The most caps at once.
pub const MAX_CAPS: usize = 8;

const LONGEST: TimeDelta = TimeDelta::days(366);

/// At most so many sends within so long, wherever that stretch of time begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "CapForm", into = "CapForm")]
pub struct Cap {
    count: u16,
    within: TimeDelta,
}

/// Why numbers are not a cap, or caps too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CapError {
    /// A cap of zero, or of more than [`MAX_CAP_COUNT`].
    #[error("{0} sends, and a cap is 1 to {MAX_CAP_COUNT}")]
    Count(u16),
    /// A time that is not from one second to 366 days long.
    #[error("a cap is for a time from one second to 366 days")]
    Within,
    /// More than [`MAX_CAPS`].
    #[error("there are {0} caps, and {MAX_CAPS} are the most")]
    TooMany(usize),
}

/// A cap as it is written down.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CapForm {
    count: u16,
    within_seconds: u32,
}

impl Cap {
    /// A cap on the sends within a time, in whole seconds.
    ///
    /// # Errors
    /// [`CapError`] where the count is not 1 to [`MAX_CAP_COUNT`], or the time not whole seconds up to 366 days.
    pub fn new(count: u16, within: TimeDelta) -> Result<Self, CapError> {
        if !(1..=MAX_CAP_COUNT).contains(&count) {
            return Err(CapError::Count(count));
        }
        let whole = within.subsec_nanos() == 0;
        if !whole || within <= TimeDelta::zero() || within > LONGEST {
            return Err(CapError::Within);
        }
        Ok(Self { count, within })
    }

    /// How many sends it allows.
    #[must_use]
    pub const fn count(&self) -> u16 {
        self.count
    }

    /// Within how long.
    #[must_use]
    pub const fn within(&self) -> TimeDelta {
        self.within
    }

    /// What it says to one more send; none where it allows it.
    fn reached(&self, recent: &RecentSends, at: DateTime<Utc>) -> Option<CapReached> {
        let since = at.checked_sub_signed(self.within).unwrap_or(DateTime::<Utc>::MIN_UTC);
        let used = recent.sends.len() - recent.sends.partition_point(|sent| *sent <= since);
        // A place becomes free when the `count`th send from the end no longer counts.
        let holding = recent.sends.iter().nth_back(usize::from(self.count) - 1).filter(|sent| **sent > since)?;
        let next = holding.checked_add_signed(self.within).unwrap_or(DateTime::<Utc>::MAX_UTC);
        Some(CapReached { cap: *self, used, next })
    }
}

impl TryFrom<CapForm> for Cap {
    type Error = CapError;
    fn try_from(form: CapForm) -> Result<Self, CapError> {
        Self::new(form.count, TimeDelta::seconds(form.within_seconds.into()))
    }
}

impl From<Cap> for CapForm {
    fn from(cap: Cap) -> Self {
        let within_seconds = u32::try_from(cap.within.num_seconds()).unwrap_or(u32::MAX);
        Self { count: cap.count, within_seconds }
    }
}

/// Frequency caps that hold together; the default is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Cap>", into = "Vec<Cap>")]
pub struct Caps(Vec<Cap>);

/// One more send would be too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CapReached {
    /// The cap that holds it up the longest.
    pub cap: Cap,
    /// How many sends count against it.
    pub used: usize,
    /// The first instant at which all caps allow one more, if nothing is sent before.
    pub next: DateTime<Utc>,
}

impl Caps {
    /// Caps that hold together.
    ///
    /// # Errors
    /// [`CapError::TooMany`] where there are more than [`MAX_CAPS`].
    pub fn new(caps: Vec<Cap>) -> Result<Self, CapError> {
        if caps.len() > MAX_CAPS { Err(CapError::TooMany(caps.len())) } else { Ok(Self(caps)) }
    }

    /// Each cap.
    #[must_use]
    pub fn as_slice(&self) -> &[Cap] {
        &self.0
    }

    /// What stands against one more send at an instant; none where it is allowed now.
    ///
    /// A send counts for exactly as long as the cap says. One that is recorded for a later time counts already.
    ///
    /// ```
    /// # use chrono::{DateTime, TimeDelta, Utc};
    /// # use outbound::hours::{Cap, Caps, RecentSends};
    /// let caps = Caps::new(vec![Cap::new(1, TimeDelta::days(1))?])?;
    /// let noon: DateTime<Utc> = "2026-11-24T12:00:00Z".parse()?;
    /// let mut recent = RecentSends::new();
    /// assert_eq!(caps.next_allowed(&recent, noon), None);
    /// recent.record(&caps, noon);
    /// let reached = caps.next_allowed(&recent, noon + TimeDelta::hours(3));
    /// assert_eq!(reached.map(|reached| reached.next), Some(noon + TimeDelta::days(1)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn next_allowed(&self, recent: &RecentSends, at: DateTime<Utc>) -> Option<CapReached> {
        let at = without_leap_second(at);
        self.0.iter().filter_map(|cap| cap.reached(recent, at)).max_by_key(|reached| reached.next)
    }

    fn longest(&self) -> TimeDelta {
        self.0.iter().map(Cap::within).max().unwrap_or_default()
    }

    fn highest(&self) -> usize {
        self.0.iter().map(|cap| usize::from(cap.count)).max().unwrap_or_default()
    }
}

impl TryFrom<Vec<Cap>> for Caps {
    type Error = CapError;
    fn try_from(caps: Vec<Cap>) -> Result<Self, CapError> {
        Self::new(caps)
    }
}

impl From<Caps> for Vec<Cap> {
    fn from(caps: Caps) -> Self {
        caps.0
    }
}

/// When the last sends were: as many as the caps need, oldest first.
///
/// Caps that are raised later find only what the lower ones had kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<DateTime<Utc>>", into = "Vec<DateTime<Utc>>")]
pub struct RecentSends {
    sends: Vec<DateTime<Utc>>,
}

impl RecentSends {
    /// No sends yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { sends: Vec::new() }
    }

    /// The sends that are kept, oldest first.
    #[must_use]
    pub fn as_slice(&self) -> &[DateTime<Utc>] {
        &self.sends
    }

    /// Records a send, and forgets those that no cap needs any more.
    pub fn record(&mut self, caps: &Caps, at: DateTime<Utc>) {
        let at = without_leap_second(at);
        let place = self.sends.partition_point(|sent| *sent <= at);
        self.sends.insert(place, at);
        let oldest = at.checked_sub_signed(caps.longest()).unwrap_or(DateTime::<Utc>::MIN_UTC);
        let surplus = self.sends.len().saturating_sub(caps.highest());
        let expired = self.sends.partition_point(|sent| *sent <= oldest);
        self.sends.drain(..surplus.max(expired));
    }
}

impl From<Vec<DateTime<Utc>>> for RecentSends {
    fn from(mut sends: Vec<DateTime<Utc>>) -> Self {
        sends.iter_mut().for_each(|sent| *sent = without_leap_second(*sent));
        sends.sort_unstable();
        let surplus = sends.len().saturating_sub(usize::from(MAX_CAP_COUNT));
        sends.drain(..surplus);
        Self { sends }
    }
}

impl From<RecentSends> for Vec<DateTime<Utc>> {
    fn from(recent: RecentSends) -> Self {
        recent.sends
    }
}
