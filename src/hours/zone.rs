//! Time zones by name, and what a table of them must answer.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The longest name of a zone, in bytes.
pub const MAX_ZONE_BYTES: usize = 64;

/// Names a time zone: an IANA name such as `America/Sao_Paulo`, or an offset such as `+05:30`.
///
/// Only its shape is checked: whether it exists is for a table ([`Zones`]) to say. Cloning it copies no text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ZoneId(Arc<str>);

/// Why a text is not the name of a time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ZoneIdError {
    /// No text at all, or none between two slashes.
    #[error("a part of the name is empty")]
    Empty,
    /// Longer than [`MAX_ZONE_BYTES`].
    #[error("it has {0} bytes, and {MAX_ZONE_BYTES} are the most")]
    TooLong(usize),
    /// A character that no zone's name has.
    #[error("`{0}` is in no zone's name")]
    Character(char),
}

impl ZoneId {
    /// Parses a name: letters, digits, `_`, `-`, `+`, in parts divided by `/`; or an offset with a colon.
    ///
    /// # Errors
    /// [`ZoneIdError`] says what does not fit.
    pub fn parse(text: &str) -> Result<Self, ZoneIdError> {
        if text.len() > MAX_ZONE_BYTES {
            return Err(ZoneIdError::TooLong(text.len()));
        }
        if offset_of(text).is_some() {
            return Ok(Self(text.into()));
        }
        let stray = |c: &char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '+' | '/');
        if let Some(c) = text.chars().find(stray) {
            return Err(ZoneIdError::Character(c));
        }
        if text.split('/').any(str::is_empty) {
            return Err(ZoneIdError::Empty);
        }
        Ok(Self(text.into()))
    }

    /// The zone that is always so many minutes ahead of UTC, or behind it.
    pub(super) fn of_offset(minutes: i64) -> Self {
        let sign = if minutes < 0 { '-' } else { '+' };
        let minutes = minutes.unsigned_abs();
        Self(format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60).into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ZoneId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ZoneId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ZoneId({})", self.0)
    }
}

impl From<ZoneId> for String {
    fn from(zone: ZoneId) -> Self {
        zone.as_str().to_owned()
    }
}

impl TryFrom<String> for ZoneId {
    type Error = ZoneIdError;
    fn try_from(text: String) -> Result<Self, ZoneIdError> {
        Self::parse(&text)
    }
}

/// A table of time zones.
///
/// It is pure: the same zone and instant give the same local time. Offsets change at whole seconds, and never twice within
/// 24 hours.
pub trait Zones: fmt::Debug + Send + Sync {
    /// The local time in a zone at an instant; none where the table does not know.
    ///
    /// Whoever asks must take "none" as the strictest answer, never as "no quiet hours".
    fn local(&self, zone: &ZoneId, at: DateTime<Utc>) -> Option<NaiveDateTime>;

    /// Whether the table knows a zone.
    fn knows(&self, zone: &ZoneId) -> bool {
        self.local(zone, DateTime::UNIX_EPOCH).is_some()
    }
}

/// The table without a table: `UTC`, and zones that are an offset, such as `+05:30` or `-03:00`, up to 14 hours.
///
/// It knows no name of a place, and so everything in such zones is as quiet as it can be.
#[derive(Debug, Clone, Copy, Default)]
pub struct FixedZones;

impl Zones for FixedZones {
    fn local(&self, zone: &ZoneId, at: DateTime<Utc>) -> Option<NaiveDateTime> {
        at.naive_utc().checked_add_signed(offset_of(zone.as_str())?)
    }
}

const MAX_OFFSET: TimeDelta = TimeDelta::hours(14);

/// The offset that a zone's name spells out.
fn offset_of(name: &str) -> Option<TimeDelta> {
    if name == "UTC" {
        return Some(TimeDelta::zero());
    }
    let (sign, minutes) = match name.as_bytes() {
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => (sign, two_digits(*h1, *h2)? * 60 + below_60(*m1, *m2)?),
        _ => return None,
    };
    let offset = TimeDelta::minutes(minutes);
    (offset <= MAX_OFFSET).then_some(if *sign == b'-' { -offset } else { offset })
}

fn below_60(tens: u8, ones: u8) -> Option<i64> {
    two_digits(tens, ones).filter(|minutes| *minutes < 60)
}

fn two_digits(tens: u8, ones: u8) -> Option<i64> {
    let both = tens.is_ascii_digit() && ones.is_ascii_digit();
    both.then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
}
