//! The rules, one test at least for each that passes and one that refuses.

#[path = "../support/mod.rs"]
mod support;

mod capacity;
mod entry_points;
mod presence;
mod recipients;
mod starting;
mod story;
