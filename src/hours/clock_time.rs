//! Times of the day, to the minute.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A time of the day to the minute, `00:00` to `24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClockTime(u16);

/// A text is not a time of the day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a time of the day is written as `HH:MM`, from 00:00 to 24:00")]
pub struct ClockTimeError;

impl ClockTime {
    /// The day's first minute.
    pub const MIDNIGHT: Self = Self(0);
    /// The end of the day, `24:00`.
    pub const END_OF_DAY: Self = Self(24 * 60);

    /// Parses a time such as `08:30`.
    ///
    /// # Errors
    /// [`ClockTimeError`] where it is anything but two digits, a colon and two digits, or past `24:00`.
    pub fn parse(text: &str) -> Result<Self, ClockTimeError> {
        let [h1, h2, b':', m1, m2] = text.as_bytes() else { return Err(ClockTimeError) };
        let digit = |byte: &u8| if byte.is_ascii_digit() { Ok(u16::from(byte - b'0')) } else { Err(ClockTimeError) };
        let (hours, minutes) = (digit(h1)? * 10 + digit(h2)?, digit(m1)? * 10 + digit(m2)?);
        let time = Self(hours * 60 + minutes);
        if minutes < 60 && time <= Self::END_OF_DAY { Ok(time) } else { Err(ClockTimeError) }
    }

    /// How many minutes of the day have passed, 0 to 1440.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl From<ClockTime> for String {
    fn from(time: ClockTime) -> Self {
        time.to_string()
    }
}

impl TryFrom<String> for ClockTime {
    type Error = ClockTimeError;
    fn try_from(text: String) -> Result<Self, ClockTimeError> {
        Self::parse(&text)
    }
}
