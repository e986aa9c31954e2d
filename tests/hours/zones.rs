//! The names of zones, and the table without a table.

use chrono::DateTime;
use outbound::hours::{FixedZones, ZoneId, ZoneIdError, Zones};

use crate::{at, zone};

#[test]
fn b6_a_zones_name_has_the_shape_of_one() {
    for name in ["UTC", "Europe/Lisbon", "America/Argentina/Buenos_Aires", "Etc/GMT+12", "EST5EDT", "+05:45", "-03:00"]
    {
        assert_eq!(zone(name).as_str(), name);
    }
    let cases = [
        ("", ZoneIdError::Empty),
        ("Europe/", ZoneIdError::Empty),
        ("/Lisbon", ZoneIdError::Empty),
        ("Europe//Lisbon", ZoneIdError::Empty),
        ("Europe/São_Paulo", ZoneIdError::Character('ã')),
        ("America/New York", ZoneIdError::Character(' ')),
        ("../etc/passwd", ZoneIdError::Character('.')),
        ("+15:00", ZoneIdError::Character(':')),
        ("+05:60", ZoneIdError::Character(':')),
    ];
    for (text, error) in cases {
        assert_eq!(ZoneId::parse(text), Err(error), "{text}");
    }
    assert!(ZoneId::parse(&"a".repeat(64)).is_ok());
    assert_eq!(ZoneId::parse(&"a".repeat(65)), Err(ZoneIdError::TooLong(65)));
}

#[test]
fn b6_a_zone_is_written_down_as_its_name() {
    let lisbon = zone("Europe/Lisbon");
    let json = serde_json::to_string(&lisbon).unwrap();
    assert_eq!(json, r#""Europe/Lisbon""#);
    assert_eq!(serde_json::from_str::<ZoneId>(&json).unwrap(), lisbon);
    assert!(serde_json::from_str::<ZoneId>(r#""a b""#).is_err());
}

#[test]
fn b6_fixed_zones_know_utc_and_offsets_and_no_place() {
    let noon = at("2026-07-01T12:00:00Z");
    for (name, local) in [
        ("UTC", "2026-07-01T12:00:00"),
        ("+00:00", "2026-07-01T12:00:00"),
        ("-00:00", "2026-07-01T12:00:00"),
        ("+05:30", "2026-07-01T17:30:00"),
        ("-09:30", "2026-07-01T02:30:00"),
        ("+14:00", "2026-07-02T02:00:00"),
        ("-14:00", "2026-06-30T22:00:00"),
    ] {
        assert_eq!(FixedZones.local(&zone(name), noon), Some(local.parse().unwrap()), "{name}");
        assert!(FixedZones.knows(&zone(name)));
    }
    for name in ["Europe/London", "GMT+1", "Z", "utc", "Etc/Unknown"] {
        assert_eq!(FixedZones.local(&zone(name), noon), None, "{name}");
        assert!(!FixedZones.knows(&zone(name)));
    }
}

#[test]
fn b6_the_ends_of_time_are_no_panic() {
    for name in ["+14:00", "-14:00", "Europe/Lisbon", "Pacific/Apia"] {
        for end in [DateTime::<chrono::Utc>::MAX_UTC, DateTime::<chrono::Utc>::MIN_UTC] {
            let _ = FixedZones.local(&zone(name), end);
            #[cfg(feature = "chrono-tz")]
            let _ = outbound::hours::IanaZones.local(&zone(name), end);
        }
    }
}
