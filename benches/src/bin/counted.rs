//! Prints the tables of what is counted; apart from those of times, since counting takes time.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static COUNTING: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() -> outbound_benches::Outcome {
    outbound_benches::counts(std::env::args().skip(1))
}
