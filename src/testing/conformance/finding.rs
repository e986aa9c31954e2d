//! What a check finds.

use std::fmt;

use crate::port::{BackendError, CommitError, Failure};

/// What a check found to be wrong.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Finding(String);

impl Finding {
    /// A finding, in words.
    pub fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }

    /// The same finding of a check that proves a clause.
    pub(super) fn of(self, check: &str, clause: &str) -> Self {
        Self(format!("{check}: the clause `{clause}` does not hold: {}", self.0))
    }
}

// A test that answers an error prints it this way.
impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<BackendError> for Finding {
    fn from(error: BackendError) -> Self {
        Self(format!("the store failed: {error}"))
    }
}

impl From<CommitError<BackendError>> for Finding {
    fn from(error: CommitError<BackendError>) -> Self {
        match error {
            CommitError::Conflict => Self::new("a commit whose guards hold was a conflict"),
            CommitError::Unknown(error) => Self(format!("the outcome of a commit is unknown: {error}")),
            CommitError::Failed(error) => Self(format!("a commit failed: {error}")),
        }
    }
}

impl From<Failure<BackendError>> for Finding {
    fn from(failure: Failure<BackendError>) -> Self {
        let because = std::error::Error::source(&failure).map(|source| format!(": {source}"));
        Self(format!("a command was not done: {failure}{}", because.unwrap_or_default()))
    }
}

/// Answers a finding where a condition does not hold.
macro_rules! ensure {
    ($holds:expr, $($what:tt)+) => {
        if !$holds {
            return Err($crate::testing::conformance::Finding::new(format!($($what)+)));
        }
    };
}

pub(super) use ensure;
