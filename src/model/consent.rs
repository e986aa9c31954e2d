//! What customers wish about being written to, and addresses that are not written to for a while (B5).

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::id::{AgentId, EntryPointId, MessageId};
use super::reason::Reason;

/// What a customer wishes about messages that they did not ask for (B5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// To get them.
    OptedIn,
    /// To get none.
    OptedOut,
}

/// Who told it (B5).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ToldBy {
    /// The customer, in a message.
    Customer {
        /// The message.
        message: MessageId,
    },
    /// A provider, about a message.
    Provider {
        /// The message.
        message: MessageId,
    },
    /// An agent.
    Agent(AgentId),
    /// The host: its CRM, a page for unsubscribing.
    Host,
}

impl ToldBy {
    /// The name of the kind, as it is written down.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Customer { .. } => "customer",
            Self::Provider { .. } => "provider",
            Self::Agent(_) => "agent",
            Self::Host => "host",
        }
    }

    const fn is_customer(&self) -> bool {
        matches!(self, Self::Customer { .. })
    }

    const fn is_provider(&self) -> bool {
        matches!(self, Self::Provider { .. })
    }
}

impl fmt::Display for ToldBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A customer's wish on record (B5). Of all that concern a message, the newest counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The entry point that it is about; none for all.
    pub entry_point: Option<EntryPointId>,
    /// The wish.
    pub wish: Wish,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Who told it.
    pub by: ToldBy,
    /// Why, where somebody said so.
    pub reason: Option<Reason>,
}

/// An address that is not written to for a while, since nobody is reached there (B5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression {
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// Who told it.
    pub by: ToldBy,
    /// Why, where somebody said so.
    pub reason: Option<Reason>,
}

impl Suppression {
    /// Whether another one takes its place: what people said and what providers said stand beside each other.
    pub(crate) const fn is_replaced_by(&self, by: &ToldBy) -> bool {
        self.by.is_provider() == by.is_provider()
    }

    /// Whether it is over once somebody says so: whoever writes can be reached, whatever a provider said; what people said is theirs.
    pub(crate) const fn is_lifted_by(&self, by: &ToldBy) -> bool {
        self.by.is_provider() || !by.is_customer()
    }
}
