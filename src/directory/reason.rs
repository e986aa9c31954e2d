//! Reason codes that agents choose from.

use crate::model::{IdleReasonId, WrapUpReasonId};

/// Why an agent is idle (R6).
#[derive(Debug, Clone)]
pub struct IdleReason {
    pub(super) id: IdleReasonId,
    pub(super) name: String,
}

impl IdleReason {
    /// The reason's id.
    #[must_use]
    pub fn id(&self) -> &IdleReasonId {
        &self.id
    }

    /// The name that a desk shows.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// How a task ended, as given at wrap-up (R50).
#[derive(Debug, Clone)]
pub struct WrapUpReason {
    pub(super) id: WrapUpReasonId,
    pub(super) name: String,
}

impl WrapUpReason {
    /// The reason's id.
    #[must_use]
    pub fn id(&self) -> &WrapUpReasonId {
        &self.id
    }

    /// The name that a desk shows.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}
