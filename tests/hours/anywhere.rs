//! A zone that nobody knows is the strictest of all, and never "no quiet hours".

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use outbound::hours::{FixedZones, HORIZON, Opening, QuietCause, QuietHours, ZoneId, Zones};

use crate::{at, daily, quiet, zones};

/// A noon in London, on a Tuesday: it is allowed nearly everywhere, but night in some places.
fn noon() -> DateTime<Utc> {
    at("2026-11-24T12:00:00Z")
}

#[test]
fn b6_no_zone_at_all_is_every_zone() {
    let night = daily("21:00", "08:00");
    assert_eq!(night.opening(&[], &FixedZones, noon()), Opening::Never);
    let quiet = night.quiet_at(&[], &FixedZones, noon()).unwrap();
    assert_eq!(quiet.to_string(), "it is 2026-11-24 00:00 in -12:00 (every day 21:00–08:00)");
    assert_eq!(night.allowed_until(&[], &FixedZones, noon()), Some(noon()));
}

#[test]
fn b6_a_zone_that_the_table_does_not_know_is_every_zone() {
    let night = daily("21:00", "08:00");
    for names in [&["Mars/Olympus"][..], &["UTC", "Mars/Olympus"], &["Etc/Unknown"]] {
        assert_eq!(night.opening(&zones(names), &FixedZones, noon()), Opening::Never, "{names:?}");
        assert!(night.quiet_at(&zones(names), &FixedZones, noon()).is_some(), "{names:?}");
    }
    assert_eq!(night.opening(&zones(&["UTC"]), &FixedZones, noon()), Opening::Now);
}

#[test]
fn b6_a_known_zone_that_forbids_does_so_beside_an_unknown_one() {
    let odd = daily("12:06", "12:08");
    let both = zones(&["+00:07", "Mars/Olympus"]);
    assert!(odd.quiet_at(&both, &FixedZones, noon()).is_some());
    assert!(odd.quiet_at(&both[1..], &FixedZones, noon()).is_none());
}

#[test]
fn b6_everywhere_reaches_from_12_hours_behind_to_14_ahead() {
    let sunday = quiet(r#"{"windows": [{"days": ["sun"], "from": "00:00", "to": "24:00"}]}"#);
    // Sunday 29 November begins at UTC+14 on Saturday at 10:00, and ends at UTC−12 on Monday at 12:00.
    let saturday = at("2026-11-28T09:59:00Z");
    assert_eq!(sunday.opening(&[], &FixedZones, saturday), Opening::Now);
    let begins = at("2026-11-28T10:00:00Z");
    assert_eq!(sunday.allowed_until(&[], &FixedZones, saturday), Some(begins));
    assert_eq!(sunday.opening(&[], &FixedZones, begins), Opening::At(at("2026-11-30T12:00:00Z")));
}

#[test]
fn b6_quarters_of_an_hour_are_offsets_too() {
    let tea = daily("12:00", "12:10");
    // 06:15 UTC is noon at +05:45 only among the quarters.
    let quiet = tea.quiet_at(&[], &FixedZones, at("2026-11-24T06:15:00Z")).unwrap();
    assert_eq!(quiet.zone.as_str(), "+05:45");
    assert_eq!(tea.opening(&[], &FixedZones, at("2026-11-24T06:15:00Z")), Opening::At(at("2026-11-24T06:25:00Z")));
}

#[test]
fn b6_no_quiet_hours_are_never_quiet_even_where_nothing_is_known() {
    let none = QuietHours::default();
    assert_eq!(none.opening(&[], &FixedZones, noon()), Opening::Now);
    assert_eq!(none.quiet_at(&[], &FixedZones, noon()), None);
    assert_eq!(none.allowed_until(&[], &FixedZones, noon()), None);
}

#[test]
fn b6_what_covers_everything_never_opens() {
    let all_day = daily("00:00", "24:00");
    let halves = quiet(r#"{"windows": [{"from": "08:00", "to": "21:00"}, {"from": "21:00", "to": "08:00"}]}"#);
    for always in [all_day, halves] {
        assert_eq!(always.opening(&zones(&["UTC"]), &FixedZones, noon()), Opening::Never);
    }
    // Together two zones leave no minute free, though each has some.
    let most = daily("13:00", "01:00");
    assert_eq!(most.opening(&zones(&["+00:00", "+12:00"]), &FixedZones, noon()), Opening::Never);
    assert_eq!(
        most.opening(&zones(&["+00:00", "+11:59"]), &FixedZones, noon()),
        Opening::At(at("2026-11-25T01:00:00Z"))
    );
}

#[test]
fn b6_an_opening_is_looked_for_up_to_the_horizon_and_no_further() {
    let closed = |days: i64| {
        let dates = (0..days).map(|day| (noon().date_naive() + TimeDelta::days(day)).to_string());
        quiet(&serde_json::json!({ "closed": dates.collect::<Vec<_>>() }).to_string())
    };
    let (midnight, utc) = (at("2026-11-24T00:00:00Z"), zones(&["UTC"]));
    assert_eq!(closed(15).opening(&utc, &FixedZones, midnight), Opening::At(midnight + HORIZON));
    assert_eq!(closed(16).opening(&utc, &FixedZones, midnight), Opening::Never);
}

#[test]
fn b6_allowed_for_longer_than_the_horizon_has_no_end() {
    let far = quiet(r#"{"closed": ["2026-12-25"]}"#);
    assert_eq!(far.allowed_until(&zones(&["UTC"]), &FixedZones, at("2026-11-24T00:00:00Z")), None);
    let christmas = at("2026-12-25T00:00:00Z");
    assert_eq!(far.allowed_until(&zones(&["UTC"]), &FixedZones, at("2026-12-11T00:00:00Z")), Some(christmas));
}

#[test]
fn b6_an_instant_within_a_minute_opens_at_the_minute() {
    let night = daily("21:00", "08:00");
    let utc = zones(&["UTC"]);
    assert_eq!(
        night.opening(&utc, &FixedZones, at("2026-11-24T07:59:59.999999999Z")),
        Opening::At(at("2026-11-24T08:00:00Z"))
    );
    assert_eq!(night.opening(&utc, &FixedZones, at("2026-11-24T05:12:34.5Z")), Opening::At(at("2026-11-24T08:00:00Z")));
    assert_eq!(night.opening(&utc, &FixedZones, at("2026-11-24T07:59:60.5Z")), Opening::At(at("2026-11-24T08:00:00Z")));
    assert_eq!(night.allowed_until(&utc, &FixedZones, at("2026-11-24T08:00:00.25Z")), Some(at("2026-11-24T21:00:00Z")));
    assert_eq!(night.opening(&utc, &FixedZones, at("2026-11-24T20:59:59.999Z")), Opening::Now);
    let late = at("2026-11-24T22:00:00.75Z");
    assert_eq!(night.allowed_until(&utc, &FixedZones, late), Some(late), "quiet already");
}

#[test]
fn b6_the_ends_of_time_end_the_search() {
    let night = daily("21:00", "08:00");
    for end in [DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC] {
        for names in [&["UTC"][..], &["+14:00"], &["-12:00"], &[]] {
            let _ = night.opening(&zones(names), &FixedZones, end);
            let _ = night.allowed_until(&zones(names), &FixedZones, end);
            let _ = night.quiet_at(&zones(names), &FixedZones, end);
        }
    }
}

/// A host's table that knows its zone's time up to an instant only.
#[derive(Debug)]
struct EndsAt(DateTime<Utc>);

impl Zones for EndsAt {
    fn local(&self, _: &ZoneId, at: DateTime<Utc>) -> Option<NaiveDateTime> {
        (at < self.0).then(|| at.naive_utc())
    }
}

#[test]
fn b6_where_a_table_ends_it_is_quiet() {
    let night = daily("21:00", "08:00");
    let (table, somewhere) = (EndsAt(at("2026-11-24T18:30:00Z")), zones(&["Some/Where"]));
    assert_eq!(night.opening(&somewhere, &table, noon()), Opening::Now);
    assert_eq!(night.allowed_until(&somewhere, &table, noon()), Some(at("2026-11-24T18:30:00Z")));
    let after = at("2026-11-24T19:00:00Z");
    assert_eq!(night.opening(&somewhere, &table, after), Opening::Never);
    let quiet = night.quiet_at(&somewhere, &table, after).unwrap();
    assert_eq!(quiet.cause, QuietCause::UnknownTime);
    assert_eq!(quiet.to_string(), "it is 2026-11-24 19:00 in Some/Where (no local time known)");
}

/// A host's table whose clocks jump every second, back and forth.
#[derive(Debug)]
struct Mad;

impl Zones for Mad {
    fn local(&self, _: &ZoneId, at: DateTime<Utc>) -> Option<NaiveDateTime> {
        at.naive_utc().checked_add_signed(TimeDelta::hours(at.timestamp() * 7 % 11))
    }
}

#[test]
fn b6_a_mad_table_ends_with_an_answer() {
    let night = daily("00:00", "24:00");
    let somewhere = zones(&["Some/Where", "Else/Where"]);
    assert_eq!(night.opening(&somewhere, &Mad, noon()), Opening::Never);
    let rare = quiet(r#"{"closed": ["2026-12-25"]}"#);
    let _ = rare.allowed_until(&somewhere, &Mad, noon());
}
