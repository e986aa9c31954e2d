//! The IANA time zones (feature `chrono-tz`).

use chrono::{DateTime, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

use super::{FixedZones, ZoneId, Zones};

/// The IANA time zones, as they were when the `chrono-tz` crate was published (feature `chrono-tz`).
///
/// Offsets such as `+05:30` are known too. Names are written as the IANA writes them, with their capitals.
#[derive(Debug, Clone, Copy, Default)]
pub struct IanaZones;

impl Zones for IanaZones {
    fn local(&self, zone: &ZoneId, at: DateTime<Utc>) -> Option<NaiveDateTime> {
        let Ok(named) = zone.as_str().parse::<Tz>() else { return FixedZones.local(zone, at) };
        let utc = at.naive_utc();
        utc.checked_add_offset(named.offset_from_utc_datetime(&utc).fix())
    }
}
