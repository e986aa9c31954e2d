//! Windows of the week: what is written, what it means, what is refused.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta, Weekday};
use outbound::hours::{
    ClockTime, Days, MAX_CLOSED_DAYS, MAX_WINDOWS, QuietCause, QuietHours, QuietHoursError, Window, WindowError,
};

use crate::{daily, quiet};

/// A time in the week of Monday 2 November 2026.
fn on(day: u32, time: &str) -> NaiveDateTime {
    format!("2026-11-{day:02}T{time}").parse().unwrap()
}

/// A day, a time, and whether it is quiet then.
type Moment = (u32, &'static str, bool);

const MON: u32 = 2;
const TUE: u32 = 3;
const FRI: u32 = 6;
const SAT: u32 = 7;
const SUN: u32 = 8;

#[test]
fn b6_a_window_is_quiet_from_its_first_minute_up_to_its_end() {
    let cases: [(&str, &[Moment]); 7] = [
        (
            r#"{"from": "21:00", "to": "08:00"}"#,
            &[
                (MON, "20:59:59.999", false),
                (MON, "21:00:00", true),
                (MON, "23:59:59", true),
                (TUE, "00:00:00", true),
                (TUE, "07:59:59.999", true),
                (TUE, "08:00:00", false),
            ],
        ),
        (
            r#"{"days": ["fri"], "from": "21:00", "to": "08:00"}"#,
            &[
                (FRI, "07:00:00", false),
                (FRI, "21:00:00", true),
                (SAT, "07:59:00", true),
                (SAT, "08:00:00", false),
                (SAT, "21:00:00", false),
            ],
        ),
        (
            r#"{"days": ["sun"], "from": "22:00", "to": "06:00"}"#,
            &[(SUN, "21:59:00", false), (SUN, "22:00:00", true), (MON, "05:59:00", true), (TUE, "05:59:00", false)],
        ),
        (
            r#"{"from": "12:00", "to": "14:00"}"#,
            &[(MON, "11:59:00", false), (MON, "12:00:00", true), (MON, "13:59:00", true), (MON, "14:00:00", false)],
        ),
        (
            r#"{"days": ["sun"], "from": "00:00", "to": "24:00"}"#,
            &[(SAT, "23:59:59", false), (SUN, "00:00:00", true), (SUN, "23:59:59", true), (MON, "00:00:00", false)],
        ),
        (
            r#"{"days": ["sun"], "from": "00:00", "to": "00:00"}"#,
            &[(SAT, "23:59:59", false), (SUN, "00:00:00", true), (SUN, "23:59:59", true), (MON, "00:00:00", false)],
        ),
        (
            r#"{"days": ["sat"], "from": "12:00", "to": "12:00"}"#,
            &[(SAT, "11:59:00", false), (SAT, "12:00:00", true), (SUN, "11:59:00", true), (SUN, "12:00:00", false)],
        ),
    ];
    for (window, times) in cases {
        let quiet = quiet(&format!(r#"{{"windows": [{window}]}}"#));
        for (day, time, expected) in times {
            assert_eq!(quiet.is_quiet(on(*day, time)), *expected, "{window}: {day} {time}");
        }
    }
}

#[test]
fn b6_several_windows_a_day_hold_together() {
    let quiet = quiet(
        r#"{"windows": [
            {"from": "21:00", "to": "08:00"},
            {"days": ["mon", "tue"], "from": "12:30", "to": "13:30"},
            {"days": ["mon"], "from": "13:00", "to": "15:00"}
        ]}"#,
    );
    for (day, time, expected) in [
        (MON, "12:29:00", false),
        (MON, "12:30:00", true),
        (MON, "13:29:00", true),
        (MON, "13:30:00", true),
        (MON, "15:00:00", false),
        (TUE, "13:30:00", false),
        (TUE, "07:00:00", true),
    ] {
        assert_eq!(quiet.is_quiet(on(day, time)), expected, "{day} {time}");
    }
}

#[test]
fn b6_a_closed_date_is_quiet_for_its_whole_local_day_and_no_longer() {
    let quiet = quiet(r#"{"closed": ["2026-11-03"]}"#);
    for (day, time, expected) in
        [(MON, "23:59:59", false), (TUE, "00:00:00", true), (TUE, "23:59:59", true), (4, "00:00:00", false)]
    {
        assert_eq!(quiet.is_quiet(on(day, time)), expected, "{day} {time}");
    }
    assert_eq!(quiet.cause(on(TUE, "12:00:00")).unwrap().to_string(), "closed on 2026-11-03");
}

#[test]
fn b6_what_makes_it_quiet_is_told() {
    let quiet = quiet(
        r#"{"windows": [{"from": "21:00", "to": "08:00"}, {"days": ["mon", "fri"], "from": "20:00", "to": "22:00"}]}"#,
    );
    let told = |time| quiet.cause(on(MON, time)).map(|cause| cause.to_string());
    assert_eq!(told("21:30:00").as_deref(), Some("every day 21:00–08:00"));
    assert_eq!(told("20:30:00").as_deref(), Some("mon, fri 20:00–22:00"));
    assert_eq!(told("19:59:00"), None);
    assert!(
        matches!(quiet.cause(on(MON, "20:00:00")), Some(QuietCause::Window(window)) if window == quiet.windows()[1])
    );
}

#[test]
fn b6_the_set_up_reads_back_as_it_was_written() {
    let text = r#"{"windows":[{"days":["mon","sun"],"from":"21:00","to":"24:00"}],"closed":["2026-12-25"]}"#;
    let read = quiet(text);
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    let window = read.windows()[0];
    assert_eq!((window.from().to_string(), window.to().minutes()), ("21:00".to_owned(), 1440));
    assert!(window.days().contains(Weekday::Sun) && !window.days().contains(Weekday::Tue));
    assert_eq!(read.closed().len(), 1);
    assert!(quiet("{}").is_empty() && !read.is_empty() && !daily("01:00", "02:00").is_empty());
    assert!(!quiet(r#"{"closed": ["2026-12-25"]}"#).is_empty());
}

#[test]
fn b6_a_malformed_set_up_is_refused_with_its_reason() {
    let cases = [
        (r#"{"windows": [{"from": "24:00", "to": "08:00"}]}"#, "it cannot begin at 24:00"),
        (r#"{"windows": [{"from": "21:00", "to": "24:01"}]}"#, "a time of the day is written as"),
        (r#"{"windows": [{"from": "21:60", "to": "22:00"}]}"#, "a time of the day is written as"),
        (r#"{"windows": [{"from": "9:00", "to": "22:00"}]}"#, "a time of the day is written as"),
        (r#"{"windows": [{"from": "21:00:00", "to": "22:00"}]}"#, "a time of the day is written as"),
        (r#"{"windows": [{"from": "+1:00", "to": "22:00"}]}"#, "a time of the day is written as"),
        (r#"{"windows": [{"from": "9pm", "to": "8am"}]}"#, "a time of the day is written as"),
        (r#"{"windows": [{"days": [], "from": "21:00", "to": "22:00"}]}"#, "it is on no day"),
        (r#"{"windows": [{"days": ["montag"], "from": "21:00", "to": "22:00"}]}"#, "unknown variant `montag`"),
        (r#"{"windows": [{"from": "21:00"}]}"#, "missing field `to`"),
        (r#"{"windows": [{"from": "21:00", "to": "22:00", "zone": "UTC"}]}"#, "unknown field `zone`"),
        (r#"{"window": []}"#, "unknown field `window`"),
        (r#"{"closed": ["2026-02-30"]}"#, "out of range"),
    ];
    for (text, reason) in cases {
        let error = serde_json::from_str::<QuietHours>(text).unwrap_err().to_string();
        assert!(error.contains(reason), "{text}: {error}");
    }
}

#[test]
fn b6_windows_and_dates_are_not_without_number() {
    let window = Window::new(Days::ALL, ClockTime::MIDNIGHT, ClockTime::END_OF_DAY).unwrap();
    let dates = |count: usize| -> BTreeSet<_> { NaiveDate::MIN.iter_days().take(count).collect() };
    assert!(QuietHours::new(vec![window; MAX_WINDOWS], dates(MAX_CLOSED_DAYS)).is_ok());
    assert_eq!(
        QuietHours::new(vec![window; MAX_WINDOWS + 1], BTreeSet::new()),
        Err(QuietHoursError::TooManyWindows(MAX_WINDOWS + 1))
    );
    assert_eq!(
        QuietHours::new(Vec::new(), dates(MAX_CLOSED_DAYS + 1)),
        Err(QuietHoursError::TooManyClosedDays(MAX_CLOSED_DAYS + 1))
    );
    let no_day: Days = [].into_iter().collect();
    assert_eq!(Window::new(no_day, ClockTime::MIDNIGHT, ClockTime::END_OF_DAY), Err(WindowError::NoDays));
    assert_eq!(Window::new(Days::ALL, ClockTime::END_OF_DAY, ClockTime::MIDNIGHT), Err(WindowError::BeginsAtEndOfDay));
}

#[test]
fn b6_a_leap_second_belongs_to_the_second_before() {
    let leap = on(MON, "20:59:59").and_utc() + TimeDelta::milliseconds(500);
    let leap = leap.with_nanosecond_of_leap();
    assert!(!daily("21:00", "08:00").is_quiet(leap));
}

trait Leap {
    fn with_nanosecond_of_leap(self) -> NaiveDateTime;
}

impl Leap for chrono::DateTime<chrono::Utc> {
    fn with_nanosecond_of_leap(self) -> NaiveDateTime {
        chrono::Timelike::with_nanosecond(&self, 1_500_000_000).unwrap().naive_utc()
    }
}
