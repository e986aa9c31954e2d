//! How far an e-mail may be from its conversation and still join it (B7).

use serde::{Deserialize, Serialize};

use crate::model::QueueId;

/// How far an e-mail may be from its conversation and still join it (B7).
///
/// What is never a setting: an e-mail joins within its organization and entry point only, and a stranger joins nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ThreadingPolicy {
    /// Whether another address of the conversation's customer may join: yes, unless it is set otherwise.
    pub other_addresses: bool,
    /// Whether somebody whom a mail of the conversation was addressed or copied to may join: yes, unless it is set otherwise.
    pub people_addressed: bool,
    /// Whether References alone suffice where the subject is another one: no, unless it is set otherwise.
    pub references_with_other_subject: bool,
    /// Whether the customer and the subject alone suffice: no, unless it is set otherwise.
    pub subject_alone: bool,
    /// What becomes of a stranger's mail that names a conversation.
    pub strangers: Strangers,
}

/// What becomes of a stranger's mail that names somebody else's conversation (B7).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strangers {
    /// A conversation of its own, as for any first mail.
    #[default]
    Open,
    /// A conversation of its own that waits in a queue of such mails, until somebody looks at it.
    Quarantine {
        /// The queue; it serves e-mail.
        queue: QueueId,
    },
}

impl Default for ThreadingPolicy {
    fn default() -> Self {
        Self {
            other_addresses: true,
            people_addressed: true,
            references_with_other_subject: false,
            subject_alone: false,
            strangers: Strangers::Open,
        }
    }
}
