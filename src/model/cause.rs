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

    /// What an enhanced status code of mail systems says (RFC 3463 and its registry).
    pub(crate) const fn of_mail_status(class: u16, subject: u16, detail: u16) -> Self {
        match Self::of_mail_subject(subject, detail) {
            // What a server says of an address for now it may take back: nobody is to be suppressed for it.
            Self::NoSuchAddress if class != 5 => Self::Unreachable,
            cause => cause,
        }
    }

    const fn of_mail_subject(subject: u16, detail: u16) -> Self {
        match (subject, detail) {
            // Addresses: the recipient's, and the sender's.
            (1, 1..=4 | 6 | 10) => Self::NoSuchAddress,
            (1, 7 | 8) => Self::Configuration,
            // The mailbox: disabled, full; a message longer than it takes.
            (2, 1) => Self::NoSuchAddress,
            (2, 2) => Self::Unreachable,
            (2, 3) => Self::Content,
            // The system: full, not accepting, too big a message.
            (3, 1) => Self::Busy,
            (3, 2) => Self::Unreachable,
            (3, 3 | 4) => Self::Content,
            // The network and its routes; a host that nobody can route to for good is no host.
            (4, 4) => Self::NoSuchAddress,
            (4, 0..=3 | 7) => Self::Unreachable,
            (4, 5) => Self::Busy,
            // The protocol: too many recipients at once.
            (5, 3) => Self::Busy,
            // The content and its form.
            (6, _) => Self::Content,
            // Security and policy: the sender's own log-in, encryption and proofs; a new owner of mailbox or domain; floods.
            (7, 8..=11 | 13 | 20..=27) => Self::Configuration,
            (7, 17 | 18) => Self::NoSuchAddress,
            (7, 28) => Self::Busy,
            (7, _) => Self::Blocked,
            _ => Self::Unknown,
        }
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
