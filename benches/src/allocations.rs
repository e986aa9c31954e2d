//! Counts what is allocated.

use stats_alloc::{INSTRUMENTED_SYSTEM, Region};

use crate::centre::Outcome;
use crate::measure::Scale;

/// What a piece of work allocated.
#[derive(Debug)]
pub(crate) struct Allocated {
    /// How often.
    pub(crate) count: f64,
    /// How many bytes it left behind.
    pub(crate) kept: f64,
}

/// Does a piece of work, and counts what it allocates.
pub(crate) fn allocated_by<T>(work: impl FnOnce() -> T) -> (T, Allocated) {
    let region = Region::new(&INSTRUMENTED_SYSTEM);
    let done = work();
    let change = region.change();
    let kept = exact(change.bytes_allocated) - exact(change.bytes_deallocated);
    (done, Allocated { count: exact(change.allocations), kept })
}

/// A count as a number to reckon with.
fn exact(count: usize) -> f64 {
    let half = |count: usize| u32::try_from(count & 0xffff_ffff).map_or(f64::NAN, f64::from);
    half(count >> 32) * 4_294_967_296.0 + half(count)
}

/// Runs the binary that counts.
#[expect(clippy::disallowed_types, reason = "the counting allocator is in a binary of its own")]
pub(crate) fn run(scale: Scale) -> Outcome {
    let mut cargo = std::process::Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet", "--release", "--package", env!("CARGO_PKG_NAME"), "--bin", "counted", "--"]);
    let ended = cargo.args(scale.option()).status()?;
    if ended.success() { Ok(()) } else { Err("the counting failed".into()) }
}
