//! The suites for stores and deliveries, put to the library's own; and put to the test themselves by broken ones.
#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod broken;
mod clauses;
mod delivery;
mod faults;
mod memory;
mod simple;
