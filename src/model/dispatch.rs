//! What goes to a provider, and what the provider answers.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::address::Address;
use super::channel::Channel;
use super::content::Content;
use super::id::{EntryPointId, MessageId, ProviderId};

/// One attempt to send one message: everything that a provider needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispatch {
    /// The message, and the key under which the provider sends it once however often it is asked.
    pub idempotency_key: MessageId,
    /// Which attempt it is, from 1.
    pub attempt: u16,
    /// The channel.
    pub channel: Channel,
    /// The entry point, for choosing the provider's account.
    pub entry_point: EntryPointId,
    /// The sender that the customer sees.
    pub from: Box<str>,
    /// The customer's address, as it was when the message was written.
    pub to: Address,
    /// What the message says.
    pub content: Arc<Content>,
    /// When it is too late to send it.
    pub not_after: DateTime<Utc>,
}

/// What a provider answers to an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SendResult {
    /// It took the message, and calls it so.
    Accepted {
        /// The provider's id of the message.
        provider: ProviderId,
    },
    /// Not now; another attempt may succeed.
    Transient {
        /// The provider's complaint.
        problem: String,
    },
    /// Never.
    Permanent {
        /// The provider's complaint.
        problem: String,
    },
}
