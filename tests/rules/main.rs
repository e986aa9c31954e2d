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
mod day;
mod entry_points;
mod explaining;
mod host_rules;
mod presence;
mod queries;
mod recipients;
mod repeating;
mod starting;
mod story;
