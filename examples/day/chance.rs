//! Chance by seed: the same seed, the same day.

use chrono::{DateTime, TimeDelta, Utc};
use outbound::model::CommandId;

pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0xd134_2543_de82_ef95))
    }

    /// The next number, by the method called SplitMix64.
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to and without 1.
    fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number below another, or 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % bound).unwrap_or(0)
    }

    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.fraction() < probability
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> Option<&'a T> {
        of.get(self.below(of.len())).copied()
    }

    /// A time between two numbers of seconds, each as likely as the other.
    pub(crate) fn between(&mut self, least: f64, most: f64) -> TimeDelta {
        seconds(least + (most - least) * self.fraction())
    }

    /// A time as people take it: most are about so many seconds, some much more.
    pub(crate) fn about(&mut self, median: f64) -> TimeDelta {
        let (one, other) = (1.0 - self.fraction(), self.fraction());
        let normal = (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos();
        seconds(median * (0.8 * normal).exp())
    }

    /// The time until the next of what comes at random, so many seconds apart on average.
    pub(crate) fn until_next(&mut self, mean: f64) -> TimeDelta {
        seconds(-mean * (1.0 - self.fraction()).ln())
    }

    /// A new command id. A real service takes its ten bytes from its machine's own source.
    pub(crate) fn command_id(&mut self, now: DateTime<Utc>) -> CommandId {
        let ([a, b, c, d, e, f, g, h], [i, j, ..]) = (self.next().to_be_bytes(), self.next().to_be_bytes());
        CommandId::new(now, [a, b, c, d, e, f, g, h, i, j])
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a day has some 10^11 microseconds")]
fn seconds(seconds: f64) -> TimeDelta {
    TimeDelta::microseconds((seconds * 1e6) as i64)
}
