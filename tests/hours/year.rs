//! Openings beside a count of every minute: in every zone of a whole year, and for sets of zones at random times.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use outbound::hours::{HORIZON, IanaZones, Opening, QuietHours, ZoneId};
use proptest::prelude::*;

use crate::{at, quiet};

/// Quiet minutes of a week, as a set-up of the simplest kind: weekday, first minute, how many.
type Plain = Vec<(u32, u32, u32)>;

const WEEK: u32 = 7 * 24 * 60;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The quiet minutes of the week, counted one by one.
fn minutes(plain: &Plain) -> Vec<bool> {
    let mut week = vec![false; WEEK as usize];
    for (day, from, length) in plain {
        for minute in *from..from + length {
            week[((day * 1440 + minute) % WEEK) as usize] = true;
        }
    }
    week
}

fn set_up(plain: &Plain) -> QuietHours {
    let windows = plain.iter().map(|(day, from, length)| {
        let to = (from + length) % 1440;
        let time = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
        serde_json::json!({ "days": [DAYS[*day as usize]], "from": time(*from), "to": time(to) })
    });
    quiet(&serde_json::json!({ "windows": windows.collect::<Vec<_>>() }).to_string())
}

fn every_day(from: u32, length: u32) -> Plain {
    (0..7).map(|day| (day, from, length)).collect()
}

fn is_quiet(week: &[bool], local: NaiveDateTime) -> bool {
    let minute = local.weekday().num_days_from_monday() * 1440 + local.hour() * 60 + local.minute();
    week[minute as usize]
}

fn local(zone: Tz, instant: DateTime<Utc>) -> NaiveDateTime {
    zone.from_utc_datetime(&instant.naive_utc()).naive_local()
}

/// One zone for each way in which clocks go in 2026, with its offset in minutes in each quarter of an hour.
fn different_clocks() -> Vec<(Tz, Vec<i64>)> {
    let start = at("2026-01-01T00:00:00Z");
    let offset = |zone: Tz, quarter: i64| {
        let instant = start + TimeDelta::minutes(quarter * 15);
        (local(zone, instant) - instant.naive_utc()).num_minutes()
    };
    let mut different = BTreeMap::new();
    for zone in TZ_VARIANTS {
        let days = (0..365).map(|day| day * 96);
        let changed = |day: &i64| offset(zone, *day) != offset(zone, day + 96);
        let quarters = days.filter(changed).flat_map(|day| day..day + 96);
        let changes: Vec<_> = quarters.map(|quarter| (quarter, offset(zone, quarter))).collect();
        different.entry((offset(zone, 0), changes)).or_insert(zone);
    }
    different.into_values().map(|zone| (zone, (0..365 * 96).map(|quarter| offset(zone, quarter)).collect())).collect()
}

/// Walks through the year from opening to closing, and compares every minute of it.
fn walk(zone: Tz, offsets: &[i64], plain: &Plain) {
    let start = at("2026-01-01T00:00:00Z");
    let (rules, week) = (set_up(plain), minutes(plain));
    let zones = [ZoneId::parse(zone.name()).unwrap()];
    let instant = |minute: usize| start + TimeDelta::minutes(i64::try_from(minute).unwrap());
    // The year begins on a Thursday.
    let of_week = |minute: usize, offset: i64| (3 * 1440 + i64::try_from(minute).unwrap() + offset).rem_euclid(10080);
    let counted: Vec<bool> = (0..offsets.len() * 15)
        .map(|minute| week[usize::try_from(of_week(minute, offsets[minute / 15])).unwrap()])
        .collect();
    let mut minute = 0;
    while minute < counted.len() {
        let (quiet, from) = (counted[minute], instant(minute));
        let length = counted[minute..].iter().take_while(|now| **now == quiet).count();
        let last_of_the_year = minute + length == counted.len();
        let turn = instant(minute + length);
        let opening = rules.opening(&zones, &IanaZones, from);
        let closing = rules.allowed_until(&zones, &IanaZones, from);
        if last_of_the_year || turn - from > HORIZON {
            assert_eq!(opening == Opening::Now, !quiet, "{zone} from {from}");
        } else if quiet {
            assert_eq!(opening, Opening::At(turn), "{zone} opens after {from}");
            assert_eq!(closing, Some(from), "{zone} at {from}");
        } else {
            assert_eq!(opening, Opening::Now, "{zone} at {from}");
            assert_eq!(closing, Some(turn), "{zone} closes after {from}");
        }
        minute += length;
    }
}

#[test]
fn b6_no_forbidden_minute_gets_through_in_any_zone_of_a_whole_year() {
    let clocks = different_clocks();
    assert!(clocks.len() > 60, "{}", clocks.len());
    let nights = every_day(21 * 60, 11 * 60);
    let samples = [
        every_day(0, 90),
        [every_day(12 * 60 + 30, 45), every_day(23 * 60 + 59, 2 * 60 + 32)].concat(),
        vec![(5, 13 * 60, 1440), (6, 13 * 60, 1140)],
        [every_day(60, 60), every_day(150, 1)].concat(),
        vec![(6, 0, 1440), (2, 20 * 60, 300)],
    ];
    for (i, (zone, offsets)) in clocks.iter().enumerate() {
        walk(*zone, offsets, &nights);
        walk(*zone, offsets, &samples[i % samples.len()]);
    }
}

fn windows() -> impl Strategy<Value = Plain> {
    let length = prop_oneof![1..90_u32, 1..720_u32, Just(1440_u32)];
    let one = (0..7_u32, 0..1440_u32, length);
    let night = (0..1440_u32, 1..1200_u32).prop_map(|(from, length)| every_day(from, length));
    prop_oneof![
        proptest::collection::vec(one, 1..8),
        night.clone(),
        (night.clone(), night).prop_map(|(one, other)| [one, other].concat())
    ]
}

/// Instants all over the year, and often about a change of clocks.
fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    let changes = [
        "2026-03-08T07:00:00Z",
        "2026-11-01T06:00:00Z",
        "2026-03-29T01:00:00Z",
        "2026-10-25T01:00:00Z",
        "2026-04-04T15:00:00Z",
        "2026-10-03T15:30:00Z",
        "2026-04-23T22:00:00Z",
        "2011-12-30T10:00:00Z",
    ];
    let near = (proptest::sample::select(changes.to_vec()), -1800..1800_i64)
        .prop_map(|(change, minutes)| at(change) + TimeDelta::minutes(minutes));
    let any = (0..365 * 1440_i64).prop_map(|minute| at("2026-01-01T00:00:00Z") + TimeDelta::minutes(minute));
    prop_oneof![near, any]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn b6_an_opening_is_the_first_minute_that_is_quiet_in_none_of_the_zones(
        plain in windows(),
        zones in proptest::collection::vec(proptest::sample::select(&TZ_VARIANTS[..]), 1..4),
        from in instants(),
    ) {
        let (rules, week) = (set_up(&plain), minutes(&plain));
        let quiet = |instant: DateTime<Utc>| zones.iter().any(|zone| is_quiet(&week, local(*zone, instant)));
        let minutes = || (0..=HORIZON.num_minutes()).map(|minute| from + TimeDelta::minutes(minute));
        let ids: Vec<ZoneId> = zones.iter().map(|zone| ZoneId::parse(zone.name()).unwrap()).collect();

        let expected = match minutes().find(|instant| !quiet(*instant)) {
            Some(first) if first == from => Opening::Now,
            Some(first) => Opening::At(first),
            None => Opening::Never,
        };
        prop_assert_eq!(rules.opening(&ids, &IanaZones, from), expected);
        prop_assert_eq!(rules.allowed_until(&ids, &IanaZones, from), minutes().find(|instant| quiet(*instant)));
        let evidence = rules.quiet_at(&ids, &IanaZones, from);
        prop_assert_eq!(evidence.is_some(), quiet(from));
        if let Some(evidence) = evidence {
            prop_assert!(is_quiet(&week, evidence.local) && ids.contains(&evidence.zone));
            prop_assert!(rules.is_quiet(evidence.local));
        }
    }
}
