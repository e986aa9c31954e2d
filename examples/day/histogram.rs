//! Latencies in a fixed number of counters: nothing is allocated while it counts.

use std::time::Duration;

/// Each power of two is cut into so many steps: a latency is told to 6 % or better.
const STEPS: u64 = 16;
const STEP_BITS: u32 = STEPS.ilog2();
const COUNTERS: usize = 64 * 16;

#[derive(Clone)]
pub(crate) struct Histogram {
    counters: Box<[u64; COUNTERS]>,
    count: u64,
    total: u64,
    longest: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counters: Box::new([0; COUNTERS]), count: 0, total: 0, longest: 0 }
    }
}

impl Histogram {
    pub(crate) fn add(&mut self, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        if let Some(counter) = self.counters.get_mut(place_of(nanos)) {
            *counter += 1;
        }
        self.count += 1;
        self.total += nanos;
        self.longest = self.longest.max(nanos);
    }

    pub(crate) const fn count(&self) -> u64 {
        self.count
    }

    /// All latencies together, in seconds.
    pub(crate) fn seconds(&self) -> f64 {
        self.total as f64 / 1e9
    }

    /// In nanoseconds.
    pub(crate) fn mean(&self) -> f64 {
        self.total as f64 / self.count.max(1) as f64
    }

    /// In nanoseconds.
    pub(crate) const fn longest(&self) -> u64 {
        self.longest
    }

    /// What so large a part of all latencies is not longer than, in nanoseconds.
    pub(crate) fn percentile(&self, part: f64) -> u64 {
        let wanted = part * self.count as f64;
        let mut seen = 0;
        for (place, counter) in self.counters.iter().enumerate() {
            seen += counter;
            if *counter > 0 && seen as f64 >= wanted {
                return end_of(place).min(self.longest);
            }
        }
        self.longest
    }
}

/// The counter for so many nanoseconds: its power of two, and the step within it.
fn place_of(nanos: u64) -> usize {
    let power = nanos.max(1).ilog2();
    let place = match power.checked_sub(STEP_BITS) {
        None => nanos,
        Some(shift) => u64::from(shift + 1) * STEPS + ((nanos >> shift) & (STEPS - 1)),
    };
    usize::try_from(place).unwrap_or(COUNTERS).min(COUNTERS - 1)
}

/// The most nanoseconds that a counter stands for.
fn end_of(place: usize) -> u64 {
    let place = u64::try_from(place).unwrap_or(u64::MAX);
    match (place / STEPS).checked_sub(1) {
        None => place,
        Some(shift) => ((STEPS + place % STEPS + 1) << shift) - 1,
    }
}
