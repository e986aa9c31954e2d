//! On what grounds a message was sent: kept with it, for whoever asks later (B12).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::consent::ToldBy;
use super::id::{AgentId, MessageId};
use super::reason::Reason;

/// Who wrote a message to the customer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// An agent.
    Agent(AgentId),
    /// The library by itself, as the set-up says: the confirmation of an opt-out (B5).
    System,
}

/// On what grounds a message was sent, as it was then (B12). Recipient, sender and template are told by the message itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The customer's consent (B5).
    pub consent: ConsentBasis,
    /// What the quiet hours came to (B6).
    pub hours: HoursBasis,
    /// What the caps came to (B6).
    pub caps: CapsBasis,
    /// Why the agent had the message leave although hours or caps spoke against it.
    pub override_reason: Option<Reason>,
    /// The version of the directory.
    pub directory: u64,
}

/// Why the customer may be written to (B5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ConsentBasis {
    /// The customer has not said no.
    NoObjection,
    /// The customer said yes.
    OptedIn {
        /// When.
        at: DateTime<Utc>,
        /// Who told it.
        by: ToldBy,
    },
    /// The customer wrote in this conversation.
    Answer {
        /// The customer's newest message.
        to: MessageId,
        /// When it came.
        at: DateTime<Utc>,
    },
    /// It confirms the customer's own opt-out, and may be sent in spite of it.
    Confirmation,
}

/// What the quiet hours came to (B6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HoursBasis {
    /// The set-up has none for the channel.
    NotSetUp,
    /// It was not quiet.
    Open,
    /// It was quiet; the message waits.
    Deferred {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// The message answers the customer's own, and so was asked for.
    Answer {
        /// Until when it counts as an answer.
        until: DateTime<Utc>,
    },
    /// It was quiet, and an agent overrode that.
    Overridden,
    /// It confirms an opt-out, at any hour.
    Exempt,
}

impl HoursBasis {
    /// Until when the message waits, where it does.
    #[must_use]
    pub const fn deferred_until(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Deferred { until } => Some(until),
            _ => None,
        }
    }
}

/// What the caps came to (B6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CapsBasis {
    /// The set-up has none.
    NotSetUp,
    /// There was room.
    Within,
    /// The message answers the customer's own, and so does not count.
    Answer,
    /// There was no room, and an agent overrode that.
    Overridden,
    /// It confirms an opt-out, and does not count.
    Exempt,
}
