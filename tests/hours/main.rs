//! Local time (B6): zones, those of a number, quiet windows and frequency caps.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says so by a panic"
)]

mod anywhere;
mod caps;
#[cfg(feature = "chrono-tz")]
mod clocks;
mod numbers;
mod windows;
#[cfg(feature = "chrono-tz")]
mod year;
mod zones;

use chrono::{DateTime, Utc};
use outbound::hours::{QuietHours, ZoneId};

fn zone(name: &str) -> ZoneId {
    ZoneId::parse(name).unwrap()
}

fn zones(names: &[&str]) -> Vec<ZoneId> {
    names.iter().map(|name| zone(name)).collect()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn quiet(json: &str) -> QuietHours {
    serde_json::from_str(json).unwrap()
}

/// Quiet from one time to another, every day.
fn daily(from: &str, to: &str) -> QuietHours {
    quiet(&format!(r#"{{"windows": [{{"from": "{from}", "to": "{to}"}}]}}"#))
}
