//! The suites for stores, deliveries and places for images, put to the library's own; and put to the test themselves by broken ones.
#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod broken;
mod clauses;
mod delivery;
mod faults;
mod media;
mod memory;
mod simple;
