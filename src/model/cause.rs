//! Why a message did not get through, whatever its provider calls it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a message did not get through (B5, B10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Cause {
    /// The recipient wants no more messages from this sender, and told the provider or the organization so.
    OptedOut,
    /// Nobody can be reached under the address: no such number or mailbox, or not one for such messages.
    NoSuchAddress,
    /// The recipient cannot be reached at the moment: switched off, roaming, mailbox full.
    Unreachable,
    /// A carrier or mail system does not let it through: filter, block list, regulation.
    Blocked,
    /// The message itself is not acceptable: too long, empty, malformed.
    Content,
    /// The organization's own account, sender or region is not set up for it.
    Configuration,
    /// Too much at once: a rate, a queue, a quota that comes back.
    Busy,
    /// The provider does not say, or says what nobody knows.
    #[default]
    Unknown,
}

impl Cause {
    /// Whether another attempt may succeed without anybody changing anything.
    #[must_use]
    pub const fn passes_with_time(self) -> bool {
        matches!(self, Self::Unreachable | Self::Busy)
    }

    /// The cause's name as it is written down.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OptedOut => "opted_out",
            Self::NoSuchAddress => "no_such_address",
            Self::Unreachable => "unreachable",
            Self::Blocked => "blocked",
            Self::Content => "content",
            Self::Configuration => "configuration",
            Self::Busy => "busy",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
