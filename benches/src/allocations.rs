//! Counts what is allocated.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static COUNTING: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What a piece of work allocated.
pub(crate) struct Allocated {
    /// How often.
    pub(crate) count: f64,
    /// How many bytes it left behind.
    pub(crate) kept: f64,
}

/// Does a piece of work, and counts what it allocates.
pub(crate) fn allocated_by<T>(work: impl FnOnce() -> T) -> (T, Allocated) {
    let region = Region::new(COUNTING);
    let done = work();
    let change = region.change();
    let bytes = |count: usize| u32::try_from(count / 1024).map_or(f64::MAX, f64::from) * 1024.0;
    let count = u32::try_from(change.allocations).map_or(f64::MAX, f64::from);
    (done, Allocated { count, kept: bytes(change.bytes_allocated) - bytes(change.bytes_deallocated) })
}
