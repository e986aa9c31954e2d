//! Local time: zones, those of a number, quiet windows and frequency caps (B6). Knows nothing of the domain.
//!
//! A number does not say where its owner is, so every question takes a set of possible zones, and the strictest of them
//! decides. A zone that nobody knows, like an empty set, counts as every zone of the world; never as none.

mod cap;
mod clock_time;
mod days;
#[cfg(feature = "chrono-tz")]
mod iana;
mod number;
mod opening;
mod quiet;
mod window;
mod zone;

use chrono::{DateTime, Utc};

pub use cap::{Cap, CapError, CapReached, Caps, MAX_CAP_COUNT, MAX_CAPS, RecentSends};
pub use clock_time::{ClockTime, ClockTimeError};
pub use days::Days;
#[cfg(feature = "chrono-tz")]
pub use iana::IanaZones;
pub use number::NumberZones;
pub use opening::{HORIZON, Opening};
pub use quiet::{MAX_CLOSED_DAYS, MAX_WINDOWS, Quiet, QuietCause, QuietHours, QuietHoursError};
pub use window::{Window, WindowError};
pub use zone::{FixedZones, MAX_ZONE_BYTES, ZoneId, ZoneIdError, Zones};

/// Leap seconds are in no table, and what is added to one cannot be taken away again: one counts as the end of the second before.
fn without_leap_second(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(at.timestamp(), at.timestamp_subsec_nanos().min(999_999_999)).unwrap_or(at)
}
