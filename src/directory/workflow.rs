//! Workflows that the host runs beside a conversation (R35, R38).

use serde::{Deserialize, Serialize};

use crate::model::WorkflowId;

/// What sets a workflow off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkflowTrigger {
    /// An agent, by hand (R35).
    Manual,
    /// Something that happens to a task: never for an outbound conversation (R38).
    Event,
}

/// A workflow that the host runs.
#[derive(Debug, Clone)]
pub struct Workflow {
    pub(super) id: WorkflowId,
    pub(super) name: String,
    pub(super) trigger: WorkflowTrigger,
}

impl Workflow {
    /// The workflow's id.
    #[must_use]
    pub fn id(&self) -> &WorkflowId {
        &self.id
    }

    /// The name that a desk shows.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What sets it off.
    #[must_use]
    pub fn trigger(&self) -> WorkflowTrigger {
        self.trigger
    }
}
