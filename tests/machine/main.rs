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
mod promises;
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

/// So many sequences come everywhere that matters.
const MANY: u32 = 2_000;

/// Answers and reasons that are behind several commands in a row: without them the sequences would not try what they are for.
const MUST_COME: [&str; 42] = [
    "Advanced",
    "Asked",
    "Declined",
    "Deferred",
    "Early",
    "OldNews",
    "Taken",
    "TookOver",
    "Withdrawn",
    "acme.no_promises",
    "acme.not_bruno",
    "acme.not_iris",
    "acme.stays",
    "agent.holds_work",
    "agent.in_rona",
    "capacity.blending",
    "capacity.full",
    "capacity.outbound_full",
    "caps.reached",
    "consent.opted_out",
    "consent.suppressed",
    "conversation.customer_wrote_meanwhile",
    "conversation.exists",
    "delivery.not_due",
    "expired",
    "given up",
    "handover.pending",
    "hours.quiet",
    "message.deadline_passed",
    "message.retried",
    "offer.lapsed",
    "override.not_allowed",
    "parking.time_not_allowed",
    "queue.no_agent",
    "refused",
    "subject.used",
    "target.blending",
    "target.full",
    "task.frozen",
    "transfer.hop_limit",
    "transfer.pending",
    "wrap_up.extensions_used",
];

/// What was seen in all sequences.
#[derive(Default)]
struct Seen {
    tally: Tally,
    answers: BTreeMap<String, usize>,
}

/// Plays a day, and tells what was done where it fails.
fn play(moves: &[Move]) -> Result<Both, TestCaseError> {
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
    Ok(both)
}

#[test]
fn the_crate_does_what_the_model_does() {
    let config = config(MANY);
    let sequences = config.cases;
    let mut runner = TestRunner::new(config);
    let seen = RefCell::new(Seen::default());
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let outcome = runner.run(&day(), |moves| {
        let both = play(&moves)?;
        let mut seen = seen.borrow_mut();
        for (name, counts) in both.tally {
            let of = seen.tally.entry(name).or_default();
            *of = (of.0 + counts.0, of.1 + counts.1);
        }
        for (answer, count) in both.answers {
            *seen.answers.entry(answer).or_default() += count;
        }
        Ok(())
    });
    std::panic::set_hook(quiet);
    if let Err(failed) = outcome {
        panic!("{failed}");
    }
    let Seen { tally, answers } = seen.into_inner();
    if sequences >= MANY {
        let missing: Vec<_> = MUST_COME.iter().filter(|it| !answers.contains_key(**it)).collect();
        assert!(missing.is_empty(), "never came: {missing:?} of {answers:?}");
    }
    let sum = tally.values().fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
    assert!(sum.1 * 3 > sum.0, "of {} commands {} were done: {tally:?}", sum.0, sum.1);
    let never: Vec<_> = tally.iter().filter(|(name, it)| it.1 == 0 && *name != "Conference").collect();
    assert!(never.is_empty(), "never done: {never:?}");
}
