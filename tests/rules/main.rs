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

mod composing;
mod delivery;
mod handling;
mod new_directory;
mod orphans;
mod parking;
mod story;
mod transfers;
mod wrap_up;
