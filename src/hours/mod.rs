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
