//! How things are measured: in pieces, the floor's and the library's in turn, so that a slow moment of the machine falls on both;
//! and by the processor time of the thread, so that what other processes take is not counted.

use std::time::{Duration, Instant};

use cpu_time::ThreadTime;

use crate::centre::Outcome;

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scale {
    /// Only to see that everything runs.
    Quick,
    /// What fits into a few minutes.
    Usual,
    /// What needs many gigabytes.
    Long,
}

impl Scale {
    /// The scale that the command line asks for.
    pub(crate) fn of(options: &[&String]) -> Outcome<Self> {
        match options {
            [] => Ok(Self::Usual),
            [option] if *option == "--quick" => Ok(Self::Quick),
            [option] if *option == "--long" => Ok(Self::Long),
            _ => Err("there is `--quick` and `--long`".into()),
        }
    }

    /// How the command line asks for it.
    pub(crate) fn option(self) -> Option<&'static str> {
        self.pick(Some("--quick"), None, Some("--long"))
    }

    /// The value for this scale.
    pub(crate) fn pick<T>(self, quick: T, usual: T, long: T) -> T {
        match self {
            Self::Quick => quick,
            Self::Usual => usual,
            Self::Long => long,
        }
    }
}

/// How long the thread works on something, in nanoseconds.
pub(crate) fn work<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let begun = ThreadTime::now();
    let done = work();
    (done, nanoseconds(begun.elapsed()))
}

/// How long something takes on the wall, in nanoseconds.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
pub(crate) fn wall<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let begun = Instant::now();
    let done = work();
    (done, nanoseconds(begun.elapsed()))
}

/// A length of time in nanoseconds.
pub(crate) fn nanoseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9
}

/// What the pieces of one piece of work cost, each.
#[derive(Debug, Default, Clone)]
pub(crate) struct Pieces(Vec<f64>);

impl Pieces {
    /// Does one more piece of so many operations.
    pub(crate) fn add<T>(&mut self, operations: u32, piece: impl FnOnce() -> T) -> T {
        let (done, took) = work(piece);
        self.0.push(took / f64::from(operations.max(1)));
        done
    }

    /// What an operation costs in the middle one of the pieces.
    pub(crate) fn median(&self) -> f64 {
        let mut pieces = self.0.clone();
        pieces.sort_by(f64::total_cmp);
        pieces.get(pieces.len() / 2).copied().unwrap_or_default()
    }
}
