//! The stores at work: the suite of their port, stories, races, round trips, views.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    reason = "a test that cannot go on says so by a panic, and starts what it needs"
)]

#[path = "../support/mod.rs"]
mod support;

mod conformance;
mod crash;
mod details;
mod round_trips;
mod stories;
mod views;
