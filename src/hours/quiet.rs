//! Quiet hours: the windows of the week and the dates on which nothing is sent.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use serde::{Deserialize, Serialize};

use super::{ClockTime, Window, ZoneId};

/// The most windows in one set of quiet hours.
pub const MAX_WINDOWS: usize = 64;

/// The most dates in one set of quiet hours.
pub const MAX_CLOSED_DAYS: usize = 1000;

/// When nothing is sent, in the recipient's local time: windows of the week, and whole dates. The default is never.
///
/// It is the local time of each instant that counts: what the clocks skip is never quiet, and what they show twice is quiet
/// twice.
///
/// ```
/// # use outbound::hours::QuietHours;
/// let quiet: QuietHours = serde_json::from_str(
///     r#"{"windows": [{"from": "21:00", "to": "08:00"}, {"days": ["sun"], "from": "00:00", "to": "24:00"}],
///         "closed": ["2026-12-25"]}"#,
/// )?;
/// assert!(quiet.is_quiet("2026-11-24T07:59:59".parse()?));
/// assert!(!quiet.is_quiet("2026-11-24T08:00:00".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "QuietHoursForm", into = "QuietHoursForm")]
pub struct QuietHours {
    windows: Vec<Window>,
    closed: BTreeSet<NaiveDate>,
}

/// Why windows and dates are not quiet hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuietHoursError {
    /// More than [`MAX_WINDOWS`].
    #[error("there are {0} windows, and {MAX_WINDOWS} are the most")]
    TooManyWindows(usize),
    /// More than [`MAX_CLOSED_DAYS`].
    #[error("there are {0} closed days, and {MAX_CLOSED_DAYS} are the most")]
    TooManyClosedDays(usize),
}

/// Quiet hours as they are written down.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct QuietHoursForm {
    #[serde(default)]
    windows: Vec<Window>,
    #[serde(default)]
    closed: BTreeSet<NaiveDate>,
}

/// Why it is quiet: where, at what time there, and by which rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quiet {
    /// The first zone, in the order given, in which it is quiet. Where a zone was not known, this may be an offset.
    pub zone: ZoneId,
    /// The local time there.
    pub local: NaiveDateTime,
    /// What makes it quiet.
    pub cause: QuietCause,
}

/// What makes a local time quiet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum QuietCause {
    /// A window of the week.
    Window(Window),
    /// A date on which nothing is sent.
    Closed(NaiveDate),
    /// The table does not say what time it is there.
    UnknownTime,
}

impl QuietHours {
    /// Quiet hours from windows and whole local dates.
    ///
    /// # Errors
    /// [`QuietHoursError`] where there are more of either than there may be.
    pub fn new(windows: Vec<Window>, closed: BTreeSet<NaiveDate>) -> Result<Self, QuietHoursError> {
        match (windows.len(), closed.len()) {
            (count, _) if count > MAX_WINDOWS => Err(QuietHoursError::TooManyWindows(count)),
            (_, count) if count > MAX_CLOSED_DAYS => Err(QuietHoursError::TooManyClosedDays(count)),
            _ => Ok(Self { windows, closed }),
        }
    }

    /// The windows of the week.
    #[must_use]
    pub fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// The dates on which nothing is sent.
    #[must_use]
    pub const fn closed(&self) -> &BTreeSet<NaiveDate> {
        &self.closed
    }

    /// Whether there is neither a window nor a date: it is never quiet anywhere.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.windows.is_empty() && self.closed.is_empty()
    }

    /// Whether a local time is quiet.
    #[must_use]
    pub fn is_quiet(&self, local: NaiveDateTime) -> bool {
        self.cause(local).is_some()
    }

    /// What makes a local time quiet, if anything does: the first window in the order of the set-up, before a date.
    #[must_use]
    pub fn cause(&self, local: NaiveDateTime) -> Option<QuietCause> {
        let (day, minute) = (local.weekday(), minute_of(local));
        let window = self.windows.iter().find(|window| window.covers(day, minute));
        let closed = || self.closed.contains(&local.date()).then(|| QuietCause::Closed(local.date()));
        window.copied().map(QuietCause::Window).or_else(closed)
    }

    /// For how long, at least, nothing changes on the clock behind a local time: to the next edge of a window, or to midnight.
    pub(super) fn rest(&self, local: NaiveDateTime) -> TimeDelta {
        let minute = minute_of(local);
        let edges = self.windows.iter().flat_map(Window::edges).filter(|edge| *edge > minute);
        let edge = edges.min().unwrap_or(ClockTime::END_OF_DAY.minutes());
        let past = TimeDelta::seconds(i64::from(local.num_seconds_from_midnight()));
        // A leap second has more nanoseconds than a second can hold; it belongs to the second before.
        let fraction = TimeDelta::nanoseconds(i64::from(local.nanosecond().min(999_999_999)));
        TimeDelta::minutes(i64::from(edge)) - past - fraction
    }
}

fn minute_of(local: NaiveDateTime) -> u16 {
    u16::try_from(local.hour() * 60 + local.minute()).unwrap_or(0)
}

impl TryFrom<QuietHoursForm> for QuietHours {
    type Error = QuietHoursError;
    fn try_from(form: QuietHoursForm) -> Result<Self, QuietHoursError> {
        Self::new(form.windows, form.closed)
    }
}

impl From<QuietHours> for QuietHoursForm {
    fn from(quiet: QuietHours) -> Self {
        Self { windows: quiet.windows, closed: quiet.closed }
    }
}

impl fmt::Display for QuietCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Window(window) => window.fmt(f),
            Self::Closed(date) => write!(f, "closed on {date}"),
            Self::UnknownTime => f.write_str("no local time known"),
        }
    }
}

impl fmt::Display for Quiet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it is {} in {} ({})", self.local.format("%Y-%m-%d %H:%M"), self.zone, self.cause)
    }
}
