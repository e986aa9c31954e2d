//! Digests: few bits that stand for many.

use std::hash::Hash;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use siphasher::sip128::{Hasher128 as _, SipHasher13};
use uuid::Uuid;

/// 128 bits that stand for a longer value: no two values that anyone can find share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Digest(pub(crate) u64, pub(crate) u64);

impl Digest {
    /// The digest of some parts; each part's length counts, so that no two lists of parts run together.
    pub(crate) fn of(parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self::first_half(&hash.finalize())
    }

    /// The 128 bits, the most significant byte first, so that bytes order as digests do.
    pub(crate) fn bytes(self) -> [u8; 16] {
        ((u128::from(self.0) << 64) | u128::from(self.1)).to_be_bytes()
    }

    fn first_half(hash: &[u8]) -> Self {
        let mut words =
            hash.chunks_exact(8).map(|word| word.iter().fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte)));
        Self(words.next().unwrap_or_default(), words.next().unwrap_or_default())
    }
}

/// What has a digest of its text at hand.
pub(crate) trait Digested {
    fn text(&self) -> &str;
    fn digest(&self) -> Digest;
}

/// The content of a command in 128 bits, to tell its repetition from another command under the same id (B2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(Uuid);

impl Fingerprint {
    /// Tells two contents apart that one caller made; it is no proof against a caller who looks for two that agree, who would only
    /// be answered what their own command did before.
    pub(crate) fn of(name: &str, command: &impl Hash) -> Self {
        let mut hash = SipHasher13::new();
        (name, command).hash(&mut hash);
        let hash = hash.finish128();
        Self(Uuid::from_u64_pair(hash.h1, hash.h2))
    }
}
