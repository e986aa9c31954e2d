//! The rules, one test at least for each that passes and one that refuses.

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
