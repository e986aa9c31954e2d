//! The rules, one test at least for each that passes and one that refuses.

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
