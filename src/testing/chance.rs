//! Chance that is the same each time: a function of a seed.

/// Mixes 64 bits (the finaliser of `SplitMix64`).
const fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// The n-th number that a seed draws.
pub(super) const fn draw(seed: u64, number: u64) -> u64 {
    mix(mix(seed).wrapping_add(number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15)))
}
