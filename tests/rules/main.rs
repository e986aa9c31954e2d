//! The rules, one test at least for each that passes and one that refuses.

#[path = "../support/mod.rs"]
mod support;

mod starting;
mod story;
