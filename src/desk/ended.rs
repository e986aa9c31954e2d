//! How a pump or a sweep ended.

use std::error::Error;

use serde::{Deserialize, Serialize};

use super::why;
use crate::port::Failure;

/// How a pump or a sweep ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// There was no more to do.
    #[default]
    Done,
    /// At its limit: there may be more to do at once.
    AtLimit,
    /// The store failed on the way: why, in words for a log.
    CutShort(String),
}

impl Ended {
    /// The end of what stops at a limit or before it.
    pub(super) const fn within(limit: usize, done: usize) -> Self {
        if done == limit { Self::AtLimit } else { Self::Done }
    }

    /// The end that a failing store brings about, where anything came of what was done until then; else the failure alone.
    pub(super) fn early<E: Error + 'static>(anything: bool, failure: Failure<E>) -> Result<Self, Failure<E>> {
        if anything { Ok(Self::CutShort(why(&failure))) } else { Err(failure) }
    }
}
