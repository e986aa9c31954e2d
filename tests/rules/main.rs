//! The rules, one test at least for each that passes and one that refuses.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says so by a panic"
)]

#[path = "../support/mod.rs"]
mod support;

mod auditing;
mod capacity;
mod composing;
mod consent;
mod content;
mod coverage;
mod day;
mod delivery;
mod entry_points;
mod explaining;
mod growth;
mod handling;
mod host_rules;
mod hours;
mod languages;
mod loading;
mod new_directory;
mod orphans;
mod parking;
mod presence;
mod previewing;
mod queries;
mod recipients;
mod repeating;
mod retrying;
mod starting;
mod story;
mod threading;
mod transfers;
mod variants;
mod wrap_up;
