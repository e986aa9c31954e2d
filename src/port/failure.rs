//! Why a driver has no answer.

use crate::engine::{Fault, Misuse};
use crate::refusal::{Refusal, Refusals};

/// Why a driver has no answer: the domain says no, or there is no answer to be had (R20–R22).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure<E> {
    /// The domain says no, and why.
    #[error("refused: {0}")]
    Refused(Box<Refusals>),
    /// The store failed; nothing was changed.
    #[error("the store failed")]
    Store(#[source] E),
    /// Nobody knows whether it was done; the same command under the same id tells.
    #[error("the outcome is unknown")]
    Unknown(#[source] E),
    /// Others were faster, too often in a row; nothing was changed.
    #[error("others changed the same records `{0}` times in a row")]
    Contention(u32),
    /// A bug of the caller, or records that contradict each other; nothing was changed.
    #[error(transparent)]
    Fault(Fault),
}

impl<E> Failure<E> {
    /// The reasons, where the domain says no.
    pub const fn refusals(&self) -> Option<&Refusals> {
        match self {
            Self::Refused(refusals) => Some(refusals),
            _ => None,
        }
    }

    /// The HTTP status that suits it: the first reason's, or 503 where asking again may help, or 409 for an id that was used
    /// for another command, or 500 for what is broken.
    pub fn http_status(&self) -> u16 {
        match self {
            Self::Refused(refusals) => refusals.primary().category().http_status(),
            Self::Store(_) | Self::Unknown(_) | Self::Contention(_) => 503,
            Self::Fault(Fault::Misuse(Misuse::CommandIdReused(_))) => 409,
            Self::Fault(_) => 500,
        }
    }

    /// The first reason, where the domain says no.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.refusals().map(Refusals::primary)
    }
}
