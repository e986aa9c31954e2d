//! What goes to a provider, and what the provider answers.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::address::Address;
use super::cause::Cause;
use super::channel::Channel;
use super::content::Content;
use super::id::{EntryPointId, MessageId, ProviderId};
use super::mail::MailIds;
use super::problem::Problem;

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
    /// Before when it must not be sent (B6); the outbox has waited for it already.
    pub not_before: Option<DateTime<Utc>>,
    /// When it is too late to send it: no later than the recipient's quiet hours begin (B6).
    pub not_after: DateTime<Utc>,
    /// On e-mail, by which ids a reply finds its way back (B7).
    #[serde(default)]
    pub mail: Option<Box<MailIds>>,
}

/// The most further ids that are kept of one message.
pub const MAX_ALIASES: usize = 8;

/// What a provider answers to an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SendResult {
    /// It took the message, and calls it so.
    Accepted {
        /// The provider's id of the message.
        provider: ProviderId,
        /// Further ids under which the message is known, such as an e-mail's Message-ID that the provider wrote anew: later
        /// replies and receipts may name any of them. Those beyond [`MAX_ALIASES`] are not kept.
        #[serde(default)]
        aliases: Vec<ProviderId>,
    },
    /// Not now; another attempt may succeed.
    Transient {
        /// The provider's complaint.
        problem: Problem,
        /// Before when it wants no other attempt, where it says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        not_before: Option<DateTime<Utc>>,
    },
    /// Never.
    Permanent {
        /// The provider's complaint.
        problem: Problem,
    },
}

impl SendResult {
    /// The provider took the message, and calls it so.
    #[must_use]
    pub const fn accepted(provider: ProviderId) -> Self {
        Self::Accepted { provider, aliases: Vec::new() }
    }

    /// The same answer with one more id under which an accepted message is known.
    #[must_use]
    pub fn known_as(mut self, alias: ProviderId) -> Self {
        if let Self::Accepted { aliases, .. } = &mut self {
            aliases.push(alias);
        }
        self
    }

    /// Not now; another attempt may succeed.
    #[must_use]
    pub fn transient(cause: Cause, text: &str) -> Self {
        Self::Transient { problem: Problem::new(cause, text), not_before: None }
    }

    /// The same answer, where it is not now, with the time before which the provider wants no other attempt: what `Retry-After` says.
    #[must_use]
    pub fn not_before(mut self, at: DateTime<Utc>) -> Self {
        if let Self::Transient { not_before, .. } = &mut self {
            *not_before = Some(at);
        }
        self
    }

    /// Never.
    #[must_use]
    pub fn permanent(cause: Cause, text: &str) -> Self {
        Self::Permanent { problem: Problem::new(cause, text) }
    }
}
