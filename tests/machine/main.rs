//! The crate beside a naive model of its rules: random commands go to both, and both must answer and look alike.
//!
//! The model (`model/`) shares no line with the crate. `MACHINE_CASES` sets the number of sequences; what fails shrinks to a few
//! commands, which are told as they were given.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::needless_pass_by_value,
    unreachable_pub,
    reason = "a test that cannot go on says so by a panic; the number of cases is set from outside"
)]

mod drills;
mod floor;
mod model;
mod moves;
#[path = "../support/mod.rs"]
mod support;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::floor::Both;
use crate::moves::{Move, day};

/// How many moves are made between two looks at every invariant.
const CHECK_EVERY: usize = 20;

fn config(cases: u32) -> Config {
    let cases = std::env::var("MACHINE_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(cases);
    Config { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() }
}

/// How often each command was tried, and done.
type Tally = BTreeMap<String, (usize, usize)>;

/// Plays a day, and tells what was done where it fails.
fn play(moves: &[Move]) -> Result<Tally, TestCaseError> {
    let mut both = Both::new();
    let played = catch_unwind(AssertUnwindSafe(|| {
        for (it, number) in moves.iter().zip(1..) {
            both.play(it);
            if number % CHECK_EVERY == 0 || number == moves.len() {
                both.check();
            }
        }
    }));
    if let Err(panic) = played {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).to_owned())).unwrap_or_default();
        return Err(TestCaseError::fail(format!("\n{}\n{text}", both.trace.join("\n"))));
    }
    Ok(both.tally)
}

#[test]
fn the_crate_does_what_the_model_does() {
    let mut runner = TestRunner::new(config(2_000));
    let tally = RefCell::new(Tally::new());
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let outcome = runner.run(&day(), |moves| {
        for (name, counts) in play(&moves)? {
            let mut tally = tally.borrow_mut();
            let of = tally.entry(name).or_default();
            *of = (of.0 + counts.0, of.1 + counts.1);
        }
        Ok(())
    });
    std::panic::set_hook(quiet);
    if let Err(failed) = outcome {
        panic!("{failed}");
    }
    let tally = tally.into_inner();
    let sum = tally.values().fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
    assert!(sum.1 * 3 > sum.0, "of {} commands {} were done: {tally:?}", sum.0, sum.1);
    let never: Vec<_> = tally.iter().filter(|(name, it)| it.1 == 0 && *name != "Conference").collect();
    assert!(never.is_empty(), "never done: {never:?}");
}
