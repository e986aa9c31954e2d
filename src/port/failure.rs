//! Why a driver has no answer.

use crate::engine::Fault;
use crate::refusal::{Refusal, Refusals};

/// Why a driver has no answer: the domain says no, or there is no answer to be had (R20–R22).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure<E> {
    /// The domain says no, and why.
    #[error("refused: {0}")]
    Refused(Box<Refusals>),
    /// The store failed; nothing was changed.
    #[error("the store failed: {0}")]
    Store(#[source] E),
    /// Nobody knows whether it was done; the same command under the same id tells.
    #[error("the outcome is unknown: {0}")]
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

    /// The first reason, where the domain says no.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.refusals().map(Refusals::primary)
    }
}
