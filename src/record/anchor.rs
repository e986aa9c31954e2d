//! Small records that exist so that a fact has one key: who used a subject, what a provider calls a message, what a command did first.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use crate::model::{CommandId, ConversationId, EntryPointId, Fingerprint, Key, MessageId, Problem, ProviderId, Status};
use crate::refusal::Refusals;

/// What the provider behind an entry point calls one of our messages: inbound messages are deduplicated by it (B2),
/// and a receipt that comes before the provider's answer waits here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The entry point.
    pub entry_point: EntryPointId,
    /// The provider's id.
    pub provider: ProviderId,
    /// Whether it is a text message's that came in.
    #[serde(default)]
    pub received: bool,
    /// Our message, once it is known.
    pub message: Option<MessageId>,
    /// Whether that message opened its conversation.
    #[serde(default)]
    pub opened: bool,
    /// The statuses that were reported before the message was known, the furthest of them.
    pub early: Option<EarlyReceipt>,
    /// The first e-mail that names it, where it is the Message-ID of a mail that nobody has seen (B7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named_by: Option<MessageId>,
}

impl Reference {
    /// What leads to a message.
    #[must_use]
    pub const fn to(entry_point: EntryPointId, provider: ProviderId, message: MessageId) -> Self {
        let (received, opened, early, named_by) = (false, false, None, None);
        Self { entry_point, provider, received, message: Some(message), opened, early, named_by }
    }

    /// The key that it is found under.
    #[must_use]
    pub fn key(&self) -> Key {
        if self.received {
            Key::received(&self.entry_point, &self.provider)
        } else {
            Key::reference(&self.entry_point, &self.provider)
        }
    }
}

/// A receipt that came before the answer to the sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlyReceipt {
    /// The reported status.
    pub status: Status,
    /// The provider's complaint, for a failure.
    pub problem: Option<Problem>,
}

/// A subject that was used with a customer (R27).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectUse {
    /// The key that it is found under, which holds the customer and the normalised subject as a digest.
    pub key: Key,
    /// The conversation that used it first.
    pub conversation: ConversationId,
}

/// The first outcome of a command, for when it is repeated (B2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The command.
    pub command: CommandId,
    /// Its content, to tell a repetition from another command with its id.
    pub fingerprint: Fingerprint,
    /// What it did.
    pub outcome: Outcome,
    /// When; a store may forget receipts older than its horizon.
    pub at: DateTime<Utc>,
}

/// A refused attempt, where the host has refusals recorded (B14).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedAttempt {
    /// The attempt: derived from the command's id and the time.
    pub attempt: CommandId,
    /// The command.
    pub command: CommandId,
    /// What kind of command it was.
    pub name: Box<str>,
    /// Every reason, in order.
    pub refusals: Refusals,
}
