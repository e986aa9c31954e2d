//! The clocks of the world: offsets of zero, of half hours, clocks put forward and back, days that were skipped.

use chrono::{DateTime, Utc};
use outbound::hours::{IanaZones, NumberZones, Opening, QuietHours, Zones};

use crate::{at, daily, quiet, zone, zones};

fn opening(quiet: &QuietHours, names: &[&str], from: &str) -> DateTime<Utc> {
    match quiet.opening(&zones(names), &IanaZones, at(from)) {
        Opening::Now => at(from),
        Opening::At(open) => open,
        Opening::Never => panic!("{names:?} never opens from {from}"),
    }
}

#[track_caller]
fn opens(quiet: &QuietHours, names: &[&str], from: &str, expected: &str) {
    assert_eq!(opening(quiet, names, from), at(expected), "{names:?} from {from}");
}

#[track_caller]
fn closes(quiet: &QuietHours, names: &[&str], from: &str, expected: &str) {
    assert_eq!(quiet.allowed_until(&zones(names), &IanaZones, at(from)), Some(at(expected)), "{names:?} from {from}");
}

#[test]
fn b6_an_offset_of_zero_is_a_zone_like_any_other() {
    let night = daily("21:00", "08:00");
    for name in ["Europe/London", "Europe/Lisbon", "Africa/Accra", "Atlantic/Reykjavik", "UTC", "Etc/GMT"] {
        opens(&night, &[name], "2026-01-15T07:30:00Z", "2026-01-15T08:00:00Z");
        opens(&night, &[name], "2026-01-15T08:00:00Z", "2026-01-15T08:00:00Z");
        closes(&night, &[name], "2026-01-15T08:00:00Z", "2026-01-15T21:00:00Z");
    }
    // In summer two of them have clocks put forward, and one has not.
    opens(&night, &["Europe/London"], "2026-07-15T06:30:00Z", "2026-07-15T07:00:00Z");
    opens(&night, &["Europe/Lisbon"], "2026-07-15T06:30:00Z", "2026-07-15T07:00:00Z");
    opens(&night, &["Africa/Accra"], "2026-07-15T06:30:00Z", "2026-07-15T08:00:00Z");
}

#[test]
fn b6_both_ends_of_the_window_are_checked() {
    let night = daily("21:00", "08:00");
    let name = &["America/Sao_Paulo"];
    opens(&night, name, "2026-11-24T23:59:59Z", "2026-11-24T23:59:59Z");
    opens(&night, name, "2026-11-25T00:00:00Z", "2026-11-25T11:00:00Z");
    opens(&night, name, "2026-11-25T10:59:59Z", "2026-11-25T11:00:00Z");
    opens(&night, name, "2026-11-25T11:00:00Z", "2026-11-25T11:00:00Z");
}

#[test]
fn b6_each_place_changes_its_clocks_on_its_own_days() {
    let night = daily("21:00", "08:00");
    // Between the second Sunday and the last of March only America has changed.
    opens(&night, &["America/New_York"], "2026-03-16T11:00:00Z", "2026-03-16T12:00:00Z");
    opens(&night, &["Europe/London"], "2026-03-16T07:00:00Z", "2026-03-16T08:00:00Z");
    // Phoenix never does, and the south does so the other way round.
    opens(&night, &["America/Denver"], "2026-07-01T13:30:00Z", "2026-07-01T14:00:00Z");
    opens(&night, &["America/Phoenix"], "2026-07-01T13:30:00Z", "2026-07-01T15:00:00Z");
    opens(&night, &["Australia/Sydney"], "2026-01-14T20:30:00Z", "2026-01-14T21:00:00Z");
    opens(&night, &["Australia/Sydney"], "2026-07-14T20:30:00Z", "2026-07-14T22:00:00Z");
}

#[test]
fn b6_half_hours_and_quarters() {
    let night = daily("21:00", "08:00");
    opens(&night, &["Asia/Kolkata"], "2026-11-24T02:29:00Z", "2026-11-24T02:30:00Z");
    opens(&night, &["Asia/Kathmandu"], "2026-11-24T02:00:00Z", "2026-11-24T02:15:00Z");
    opens(&night, &["America/St_Johns"], "2026-11-24T11:00:00Z", "2026-11-24T11:30:00Z");
    opens(&night, &["Pacific/Chatham"], "2026-11-23T18:00:00Z", "2026-11-23T18:15:00Z");
    opens(&night, &["Pacific/Chatham"], "2026-07-23T18:00:00Z", "2026-07-23T19:15:00Z");
    opens(&night, &["Pacific/Marquesas"], "2026-07-23T17:00:00Z", "2026-07-23T17:30:00Z");
}

#[test]
fn b6_a_night_in_which_the_clocks_change_is_an_hour_shorter_or_longer() {
    let night = daily("21:00", "08:00");
    opens(&night, &["America/New_York"], "2026-03-08T03:00:00Z", "2026-03-08T12:00:00Z");
    opens(&night, &["America/New_York"], "2026-11-01T03:00:00Z", "2026-11-01T13:00:00Z");
    opens(&night, &["Europe/Lisbon"], "2026-03-28T23:00:00Z", "2026-03-29T07:00:00Z");
    closes(&daily("12:00", "13:00"), &["America/New_York"], "2026-03-07T18:00:00Z", "2026-03-08T16:00:00Z");
}

#[test]
fn b6_an_end_that_the_clocks_skip_is_where_they_jump() {
    let (name, before) = (&["America/New_York"], "2026-03-08T06:30:00Z");
    opens(&daily("01:00", "02:30"), name, before, "2026-03-08T07:00:00Z");
    closes(&daily("02:30", "04:00"), name, before, "2026-03-08T07:00:00Z");
    // Nobody's clock shows it that night.
    closes(&daily("02:00", "03:00"), name, before, "2026-03-09T06:00:00Z");
}

#[test]
fn b6_what_the_clocks_show_twice_is_quiet_twice() {
    let (name, early) = (&["America/New_York"], daily("00:00", "01:30"));
    opens(&early, name, "2026-11-01T05:00:00Z", "2026-11-01T05:30:00Z");
    closes(&early, name, "2026-11-01T05:30:00Z", "2026-11-01T06:00:00Z");
    opens(&early, name, "2026-11-01T06:00:00Z", "2026-11-01T06:30:00Z");
    // The end comes just as the clocks go back behind it.
    opens(&daily("00:00", "02:00"), name, "2026-11-01T05:30:00Z", "2026-11-01T07:00:00Z");
}

#[test]
fn b6_lord_howe_moves_its_clocks_by_half_an_hour() {
    let name = &["Australia/Lord_Howe"];
    opens(&daily("00:00", "02:00"), name, "2026-04-04T14:30:00Z", "2026-04-04T15:30:00Z");
    opens(&daily("01:00", "02:15"), name, "2026-10-03T15:00:00Z", "2026-10-03T15:30:00Z");
    opens(&daily("21:00", "08:00"), name, "2026-04-04T12:00:00Z", "2026-04-04T21:30:00Z");
}

#[test]
fn b6_clocks_that_change_at_midnight() {
    // In Cairo 24 April 2026 begins at 01:00.
    let friday = quiet(r#"{"closed": ["2026-04-24"]}"#);
    closes(&friday, &["Africa/Cairo"], "2026-04-23T12:00:00Z", "2026-04-23T22:00:00Z");
    opens(&friday, &["Africa/Cairo"], "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z");
}

#[test]
fn b6_samoa_skipped_a_day() {
    let (name, late) = (&["Pacific/Apia"], "2011-12-30T09:00:00Z");
    assert_eq!(IanaZones.local(&zone(name[0]), at(late)), Some("2011-12-29T23:00:00".parse().unwrap()));
    opens(&daily("21:00", "08:00"), name, late, "2011-12-30T18:00:00Z");
    let skipped = quiet(r#"{"closed": ["2011-12-30"]}"#);
    assert_eq!(skipped.allowed_until(&zones(name), &IanaZones, at(late)), None);
    let next = quiet(r#"{"closed": ["2011-12-31"]}"#);
    closes(&next, name, late, "2011-12-30T10:00:00Z");
    opens(&next, name, "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z");
}

#[test]
fn b6_the_strictest_of_the_possible_zones_decides() {
    let night = daily("21:00", "08:00");
    // Kiribati lies on both sides of what was the date line.
    let kiribati = &["Pacific/Tarawa", "Pacific/Kanton", "Pacific/Kiritimati"];
    opens(&night, kiribati, "2026-11-24T17:00:00Z", "2026-11-24T20:00:00Z");
    closes(&night, kiribati, "2026-11-24T20:00:00Z", "2026-11-25T07:00:00Z");
    // From New York to Honolulu.
    let states = &["America/New_York", "America/Chicago", "America/Los_Angeles", "Pacific/Honolulu"];
    opens(&night, states, "2026-01-15T13:00:00Z", "2026-01-15T18:00:00Z");
    closes(&night, states, "2026-01-15T18:00:00Z", "2026-01-16T02:00:00Z");
    // Weekdays are those of each zone.
    let sunday = quiet(r#"{"windows": [{"days": ["sun"], "from": "00:00", "to": "24:00"}]}"#);
    opens(&sunday, &["Pacific/Auckland", "Pacific/Honolulu"], "2026-11-28T11:00:00Z", "2026-11-30T10:00:00Z");
}

#[test]
fn b6_brazil_opens_by_area_code() {
    let (night, numbers) = (daily("21:00", "08:00"), NumberZones::new());
    for (number, hour) in [("+5511987654321", 11), ("+5592987654321", 12), ("+5568987654321", 13)] {
        let open = night.opening(numbers.of_mobile(number), &IanaZones, at("2026-11-24T10:30:00Z"));
        assert_eq!(open, Opening::At(at(&format!("2026-11-24T{hour}:00:00Z"))), "{number}");
    }
}

#[test]
fn b6_the_evidence_names_the_zone_its_time_and_the_window() {
    let night = daily("21:00", "08:00");
    let names = zones(&["America/New_York", "America/Los_Angeles"]);
    let quiet = night.quiet_at(&names, &IanaZones, at("2026-01-15T15:15:00Z")).unwrap();
    assert_eq!(quiet.to_string(), "it is 2026-01-15 07:15 in America/Los_Angeles (every day 21:00–08:00)");
    assert_eq!(night.quiet_at(&names, &IanaZones, at("2026-01-15T16:00:00Z")), None);
}

#[test]
fn b6_iana_zones_know_names_as_they_are_written_and_offsets() {
    for name in ["Europe/Lisbon", "Asia/Calcutta", "US/Pacific", "UTC", "+05:45"] {
        assert!(IanaZones.knows(&zone(name)), "{name}");
    }
    for name in ["europe/lisbon", "Etc/Unknown", "Europe", "Mars/Olympus"] {
        assert!(!IanaZones.knows(&zone(name)), "{name}");
    }
}
