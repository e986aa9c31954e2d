//! Why a decision ended before it was made.

use crate::model::{CommandId, Key};
use crate::policy::Refused;
use crate::refusal::Refusals;

/// Why a decision ended before it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stop {
    /// Something is not loaded yet; the view knows what.
    NotLoaded,
    /// The domain says no.
    Refused(Box<Refusals>),
    /// No answer can be had.
    Fault(Fault),
}

impl From<Refused> for Stop {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused.0)
    }
}

/// Why no answer can be had: a bug of the caller, or records that contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The caller did what no caller may do.
    #[error("misuse: {0}")]
    Misuse(Misuse),
    /// A record names another that is not there, or is not what it must be.
    #[error("the record `{0}` is named by another, and is missing or of another kind")]
    Broken(Key),
    /// The decision asked for ever more records.
    #[error("the decision did not come to an end in {0} rounds of loading")]
    Unstable(u32),
}

/// A bug of the caller, to be seen from the calling code alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misuse {
    /// Two different commands under one id.
    #[error("the id `{0}` was used for another command")]
    CommandIdReused(CommandId),
    /// A run was asked to go on without what it asked for.
    #[error("the records that were asked for were not supplied")]
    NotSupplied,
}

impl From<Misuse> for Stop {
    fn from(misuse: Misuse) -> Self {
        Self::Fault(Fault::Misuse(misuse))
    }
}
