//! The id of a command, from which all ids of what it makes derive.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::digest::Digest;
use super::{IdError, IdProblem, parse_uuid, read_uuid};

/// Names one command, so that repeating it does nothing twice (B2): a UUID of version 7 that the caller makes.
///
/// Everything that the command creates takes its id from here, with the same time in front. Whoever may repeat the command must
/// have its id: make it where the wish arises, in a client that asks again after a broken connection, and let the request carry
/// it. With the crate `uuid` and its feature `v7` it is `CommandId::try_from(Uuid::now_v7())`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CommandId(Uuid);

impl<'de> Deserialize<'de> for CommandId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        read_uuid("command id", from)?.try_into().map_err(serde::de::Error::custom)
    }
}

/// How many of a version 7 UUID's bits are free, behind its time.
const FREE_BITS: u32 = 74;
const FREE_MASK: u128 = (1 << FREE_BITS) - 1;

impl CommandId {
    /// Makes an id from a time and ten random bytes.
    #[must_use]
    pub fn new(at: DateTime<Utc>, random: [u8; 10]) -> Self {
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// The id as a UUID.
    #[must_use]
    pub const fn as_uuid(&self) -> Uuid {
        self.0
    }

    /// The id of a step that follows from this command: the same command and number, the same id.
    #[must_use]
    pub fn step(self, number: u32) -> Self {
        Self(self.derive((1 << 40) | u64::from(number)))
    }

    /// An id for what fell due by itself: a function of what it is, of when it fell due and of when it is fired.
    pub(crate) fn of_timer(what: Digest, due: DateTime<Utc>, fired: DateTime<Utc>) -> Self {
        let mut random = [0; 10];
        let [due, at] = [due, fired].map(|time| time.timestamp_micros().to_le_bytes());
        let bytes = Digest::of(&[&what.bytes(), &due, &at]);
        for (to, from) in random.iter_mut().zip(bytes.0.to_le_bytes().into_iter().chain(bytes.1.to_le_bytes())) {
            *to = from;
        }
        Self::new(fired, random)
    }

    /// Mixes a salt into the free bits, reversibly: two commands never share a derived id under one salt.
    pub(crate) fn derive(self, salt: u64) -> Uuid {
        let whole = self.0.as_u128();
        let free = ((whole >> 64) & 0xfff) << 62 | (whole & ((1 << 62) - 1));
        let mut mixed = free ^ (u128::from(salt).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39d) & FREE_MASK);
        for factor in [0xbf58_476d_1ce4_e5b9_1f3d_u128, 0x94d0_49bb_1331_11eb_2a8b] {
            mixed ^= mixed >> (FREE_BITS / 2);
            mixed = mixed.wrapping_mul(factor) & FREE_MASK;
        }
        mixed ^= mixed >> (FREE_BITS / 2);
        let kept = whole & !((0xfff << 64) | ((1 << 62) - 1));
        Uuid::from_u128(kept | (mixed >> 62) << 64 | (mixed & ((1 << 62) - 1)))
    }
}

impl TryFrom<Uuid> for CommandId {
    type Error = IdError;
    fn try_from(uuid: Uuid) -> Result<Self, IdError> {
        if uuid.get_version_num() == 7 && uuid.get_variant() == uuid::Variant::RFC4122 {
            Ok(Self(uuid))
        } else {
            Err(IdError { what: "command id", problem: IdProblem::NotVersion7(uuid) })
        }
    }
}

impl From<CommandId> for Uuid {
    fn from(id: CommandId) -> Self {
        id.0
    }
}

impl FromStr for CommandId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        parse_uuid("command id", text)?.try_into()
    }
}

impl fmt::Display for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CommandId({})", self.0)
    }
}
