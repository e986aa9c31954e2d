//! One window of the week.

use std::fmt;

use chrono::Weekday;
use serde::{Deserialize, Serialize};

use super::{ClockTime, Days};

/// A window of local time, on the weekdays on which it begins: from its first minute up to, and without, its last.
///
/// Where the end is not after the beginning, it ends on the next day: `21:00` to `08:00` is a night, and `00:00` to
/// `00:00`, like `00:00` to `24:00`, a whole day.
///
/// ```
/// # use outbound::hours::Window;
/// let night: Window = serde_json::from_str(r#"{"days": ["fri", "sat"], "from": "22:00", "to": "09:30"}"#)?;
/// assert_eq!(night.to_string(), "fri, sat 22:00–09:30");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "WindowForm", into = "WindowForm")]
pub struct Window {
    days: Days,
    from: ClockTime,
    to: ClockTime,
}

/// Why days and times are not a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WindowError {
    /// A window on no day.
    #[error("it is on no day")]
    NoDays,
    /// It would begin at the end of the day.
    #[error("it cannot begin at 24:00; that is 00:00 of the next day")]
    BeginsAtEndOfDay,
}

/// A window as it is written down.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WindowForm {
    #[serde(default = "every_day")]
    days: Days,
    from: ClockTime,
    to: ClockTime,
}

fn every_day() -> Days {
    Days::ALL
}

impl Window {
    /// A window on the days on which it begins.
    ///
    /// # Errors
    /// [`WindowError`] where there is no day, or where it would begin at `24:00`.
    pub fn new(days: Days, from: ClockTime, to: ClockTime) -> Result<Self, WindowError> {
        if days.is_empty() {
            return Err(WindowError::NoDays);
        }
        if from == ClockTime::END_OF_DAY {
            return Err(WindowError::BeginsAtEndOfDay);
        }
        Ok(Self { days, from, to })
    }

    /// The days on which it begins.
    #[must_use]
    pub const fn days(&self) -> Days {
        self.days
    }

    /// Its first minute.
    #[must_use]
    pub const fn from(&self) -> ClockTime {
        self.from
    }

    /// The first minute after it.
    #[must_use]
    pub const fn to(&self) -> ClockTime {
        self.to
    }

    /// Whether a minute of a day, 0 to 1439, lies in it.
    pub(super) fn covers(&self, day: Weekday, minute: u16) -> bool {
        let begins = self.days.contains(day) && self.from.minutes() <= minute;
        let (before_end, next_day) = (minute < self.to.minutes(), self.to <= self.from);
        if next_day { begins || self.days.contains(day.pred()) && before_end } else { begins && before_end }
    }

    /// The minutes of a day at which it may begin or end.
    pub(super) fn edges(&self) -> [u16; 2] {
        [self.from.minutes(), self.to.minutes()]
    }
}

impl TryFrom<WindowForm> for Window {
    type Error = WindowError;
    fn try_from(form: WindowForm) -> Result<Self, WindowError> {
        Self::new(form.days, form.from, form.to)
    }
}

impl From<Window> for WindowForm {
    fn from(window: Window) -> Self {
        Self { days: window.days, from: window.from, to: window.to }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}–{}", self.days, self.from, self.to)
    }
}
