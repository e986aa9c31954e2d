//! The Date header.

use chrono::{DateTime, Utc};

/// The instant that a Date header names; none where it names none.
pub(crate) fn instant(value: &str) -> Option<DateTime<Utc>> {
    let bare = value.split_once('(').map_or(value, |(date, _)| date).trim();
    let bare = bare.split_once(',').map_or(bare, |(_, date)| date).trim();
    let date: String = bare.split_whitespace().collect::<Vec<_>>().join(" ");
    let spelled = |text: &str| DateTime::parse_from_rfc2822(text).map(|date| date.to_utc()).ok();
    spelled(&date).or_else(|| spelled(&format!("{date} +0000")))
}
