//! Frequency caps: at most so many within so long, however the sends lie.

use chrono::{DateTime, TimeDelta, Utc};
use outbound::hours::{Cap, CapError, Caps, MAX_CAP_COUNT, MAX_CAPS, RecentSends};
use proptest::prelude::*;

use crate::at;

fn caps(of: &[(u16, i64)]) -> Caps {
    let caps = of.iter().map(|(count, seconds)| Cap::new(*count, TimeDelta::seconds(*seconds)).unwrap());
    Caps::new(caps.collect()).unwrap()
}

fn second(second: i64) -> DateTime<Utc> {
    at("2026-11-24T12:00:00Z") + TimeDelta::seconds(second)
}

fn sent(caps: &Caps, seconds: &[i64]) -> RecentSends {
    let mut recent = RecentSends::new();
    for at in seconds {
        recent.record(caps, second(*at));
    }
    recent
}

#[test]
fn b6_a_cap_allows_its_count_and_then_waits_for_the_oldest_to_pass() {
    let three = caps(&[(3, 100)]);
    for (sends, now, next) in [
        (&[][..], 0, None),
        (&[0, 10], 20, None),
        (&[0, 10, 20], 30, Some(100)),
        (&[0, 10, 20], 99, Some(100)),
        (&[0, 10, 20], 100, None),
        (&[0, 0, 0], 0, Some(100)),
        (&[20, 0, 10], 30, Some(100)),
        (&[0, 10, 20, 30], 40, Some(110)),
    ] {
        let reached = three.next_allowed(&sent(&three, sends), second(now));
        assert_eq!(reached.map(|reached| reached.next), next.map(second), "{sends:?} at {now}");
    }
}

#[test]
fn b6_of_several_caps_the_one_that_waits_longest_is_told() {
    let both = caps(&[(1, 10), (3, 100)]);
    let recent = sent(&both, &[0, 20, 40]);
    let reached = both.next_allowed(&recent, second(45)).unwrap();
    assert_eq!((reached.cap.count(), reached.used, reached.next), (3, 3, second(100)));
    let reached = both.next_allowed(&sent(&both, &[0, 20]), second(25)).unwrap();
    assert_eq!((reached.cap.count(), reached.used, reached.next), (1, 1, second(30)));
    assert_eq!(reached.cap.within(), TimeDelta::seconds(10));
}

#[test]
fn b6_no_cap_allows_everything_and_remembers_nothing() {
    let none = Caps::default();
    let recent = sent(&none, &[0, 1, 2]);
    assert!(recent.as_slice().is_empty());
    assert_eq!(none.next_allowed(&recent, second(0)), None);
}

#[test]
fn b6_a_send_that_is_booked_for_later_counts_already() {
    let one = caps(&[(1, 100)]);
    let reached = one.next_allowed(&sent(&one, &[50]), second(0)).unwrap();
    assert_eq!(reached.next, second(150));
}

#[test]
fn b6_recording_forgets_what_no_cap_needs() {
    let both = caps(&[(1, 10), (3, 100)]);
    assert_eq!(sent(&both, &[0, 1, 2, 3, 4]).as_slice(), [second(2), second(3), second(4)]);
    assert_eq!(sent(&both, &[0, 1, 101]).as_slice(), [second(101)]);
    assert_eq!(sent(&both, &[0, 1, 100]).as_slice(), [second(1), second(100)]);
}

#[test]
fn b6_what_is_no_cap_is_refused() {
    let day = TimeDelta::days(1);
    assert_eq!(Cap::new(0, day), Err(CapError::Count(0)));
    assert_eq!(Cap::new(MAX_CAP_COUNT + 1, day), Err(CapError::Count(MAX_CAP_COUNT + 1)));
    for within in [TimeDelta::zero(), -day, TimeDelta::days(367), TimeDelta::milliseconds(1500), TimeDelta::MAX] {
        assert_eq!(Cap::new(1, within), Err(CapError::Within), "{within}");
    }
    assert!(Cap::new(MAX_CAP_COUNT, TimeDelta::days(366)).is_ok());
    let one = Cap::new(1, day).unwrap();
    assert_eq!(Caps::new(vec![one; MAX_CAPS + 1]), Err(CapError::TooMany(MAX_CAPS + 1)));
    assert_eq!(Caps::new(vec![one; MAX_CAPS]).unwrap().as_slice().len(), MAX_CAPS);
}

#[test]
fn b6_caps_and_sends_read_back_as_they_were_written() {
    let text = r#"[{"count":2,"within_seconds":86400},{"count":10,"within_seconds":2592000}]"#;
    let read: Caps = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    let recent = sent(&read, &[0, 1]);
    let text = serde_json::to_string(&recent).unwrap();
    assert_eq!(text, r#"["2026-11-24T12:00:00Z","2026-11-24T12:00:01Z"]"#);
    assert_eq!(serde_json::from_str::<RecentSends>(&text).unwrap(), recent);
    for wrong in [
        r#"[{"count":0,"within_seconds":1}]"#,
        r#"[{"count":1,"within_seconds":0}]"#,
        r#"[{"count":1,"within_seconds":4294967295}]"#,
        r#"[{"count":1,"within_seconds":1,"per":"x"}]"#,
    ] {
        assert!(serde_json::from_str::<Caps>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn b6_sends_from_elsewhere_are_put_in_order_and_bounded() {
    let written: Vec<_> = (0..1500).rev().map(second).collect();
    let read: RecentSends = serde_json::from_str(&serde_json::to_string(&written).unwrap()).unwrap();
    assert_eq!(read.as_slice().len(), usize::from(MAX_CAP_COUNT));
    assert_eq!((read.as_slice()[0], read.as_slice()[999]), (second(500), second(1499)));
}

#[test]
fn b6_a_send_within_a_leap_second_counts_no_longer_than_any() {
    let caps = caps(&[(1, 4)]);
    let leap = at("2016-12-31T23:59:60.5Z");
    for recent in [RecentSends::from(vec![leap]), {
        let mut recent = RecentSends::new();
        recent.record(&caps, leap);
        recent
    }] {
        let next = caps.next_allowed(&recent, leap).unwrap().next;
        assert_eq!(next, at("2017-01-01T00:00:03.999999999Z"));
        assert_eq!(caps.next_allowed(&recent, next), None);
    }
}

#[test]
fn b6_the_ends_of_time_are_no_panic() {
    let one = caps(&[(1, 366 * 86400)]);
    for end in [DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC] {
        let mut recent = RecentSends::new();
        recent.record(&one, end);
        recent.record(&one, second(0));
        let _ = one.next_allowed(&recent, end);
        let _ = one.next_allowed(&recent, second(0));
    }
}

fn some_caps() -> impl Strategy<Value = Vec<(u16, i64)>> {
    proptest::collection::vec((1..6_u16, 1..60_i64), 1..4)
}

/// Whether one more send at a second keeps every cap, counted from all sends that there were.
fn fits(caps: &[(u16, i64)], sends: &[i64], now: i64) -> bool {
    caps.iter().all(|(count, within)| sends.iter().filter(|sent| **sent > now - within).count() < usize::from(*count))
}

proptest! {
    #[test]
    fn b6_the_next_send_is_allowed_at_the_first_second_that_keeps_every_cap(
        of in some_caps(),
        mut sends in proptest::collection::vec(0..120_i64, 0..12),
        wait in 0..60_i64,
    ) {
        sends.sort_unstable();
        let caps = caps(&of);
        let recent = sent(&caps, &sends);
        let now = sends.last().copied().unwrap_or(0) + wait;
        let first = (now..).find(|at| fits(&of, &sends, *at)).unwrap();
        let reached = caps.next_allowed(&recent, second(now));
        prop_assert_eq!(reached.map_or(second(now), |reached| reached.next), second(first));
        if let Some(reached) = reached {
            prop_assert!(reached.used >= usize::from(reached.cap.count()));
        }
    }

    #[test]
    fn b6_no_stretch_of_time_ever_holds_more_than_a_cap(
        of in some_caps(),
        tries in proptest::collection::vec((0..20_i64, any::<bool>()), 1..60),
    ) {
        let caps = caps(&of);
        let (mut recent, mut all, mut now) = (RecentSends::new(), Vec::new(), 0);
        for (wait, patient) in tries {
            now += wait;
            match caps.next_allowed(&recent, second(now)) {
                Some(reached) if patient => now = (reached.next - second(0)).num_seconds(),
                Some(_) => continue,
                None => {}
            }
            recent.record(&caps, second(now));
            all.push(now);
        }
        for (count, within) in of {
            for from in &all {
                let held = all.iter().filter(|at| (*from..from + within).contains(at)).count();
                prop_assert!(held <= usize::from(count), "{held} within {within} from {from}");
            }
        }
        prop_assert!(recent.as_slice().len() <= 5);
    }
}
