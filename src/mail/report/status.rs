//! The codes by which mail systems say why (RFC 3463), reported or guessed from words.

use std::cell::OnceCell;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::DeliveryAction;

/// Why a mail was or was not delivered: `5.1.1` and its like (RFC 3463).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct EnhancedStatus {
    class: u8,
    subject: u16,
    detail: u16,
}

/// A text that is no code of RFC 3463.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not a status such as `5.1.1`")]
pub struct NotAStatus;

impl EnhancedStatus {
    const fn new(class: u8, subject: u16, detail: u16) -> Self {
        Self { class, subject, detail }
    }

    /// 2 for success, 4 for what may pass, 5 for what will not.
    #[must_use]
    pub const fn class(self) -> u8 {
        self.class
    }

    /// What it is about: 1 the address, 2 the mailbox, 3 the system, 4 the network, 5 the protocol, 6 the content, 7 policy.
    #[must_use]
    pub const fn subject(self) -> u16 {
        self.subject
    }

    /// What exactly.
    #[must_use]
    pub const fn detail(self) -> u16 {
        self.detail
    }

    /// Whether it says that the address is wrong or gone; full mailboxes, refused content and broken servers are no such thing.
    #[must_use]
    pub const fn is_hard(self) -> bool {
        self.class == 5 && matches!((self.subject, self.detail), (1, 0..=6 | 9 | 10) | (2, 1) | (4, 4))
    }

    /// The first code in a text that stands alone, such as in `#5.1.1` or `550-5.1.1`.
    #[must_use]
    pub(crate) fn find(text: &str) -> Option<Self> {
        let is_code = |c: char| c.is_ascii_digit() || c == '.';
        text.split(|c: char| !is_code(c))
            .filter(|word| word.len() >= 5)
            .find_map(|word| word.trim_end_matches('.').parse().ok())
    }

    /// Whether it says no more than its class.
    const fn is_vague(self) -> bool {
        matches!((self.subject, self.detail), (0, _) | (_, 0) | (3, _) | (5, _) | (4, 1 | 2 | 3 | 6 | 7) | (7, 1))
    }
}

impl FromStr for EnhancedStatus {
    type Err = NotAStatus;
    fn from_str(text: &str) -> Result<Self, NotAStatus> {
        let mut parts = text.split('.');
        let mut number = |digits: usize| {
            let part = parts.next().filter(|part| (1..=digits).contains(&part.len()))?;
            part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u16>().ok()).flatten()
        };
        let class = number(1).and_then(|class| u8::try_from(class).ok()).filter(|class| matches!(class, 2 | 4 | 5));
        let (class, subject, detail) =
            class.zip(number(3)).zip(number(3)).map(|((a, b), c)| (a, b, c)).ok_or(NotAStatus)?;
        if parts.next().is_some() { Err(NotAStatus) } else { Ok(Self { class, subject, detail }) }
    }
}

impl TryFrom<String> for EnhancedStatus {
    type Error = NotAStatus;
    fn try_from(text: String) -> Result<Self, NotAStatus> {
        text.parse()
    }
}

impl From<EnhancedStatus> for String {
    fn from(status: EnhancedStatus) -> Self {
        status.to_string()
    }
}

impl fmt::Display for EnhancedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

impl fmt::Debug for EnhancedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A diagnostic text without its type, `smtp; 550 …`.
pub(super) fn without_type(text: &str) -> &str {
    match text.split_once(';') {
        Some((kind, rest)) if kind.len() < 20 && !kind.contains(' ') => rest.trim_start(),
        _ => text,
    }
}

/// A text that says why, looked through once however many recipients it is about.
pub(super) struct Why<'a> {
    text: &'a str,
    given: OnceCell<Option<EnhancedStatus>>,
    meant: OnceCell<Option<EnhancedStatus>>,
}

impl<'a> Why<'a> {
    pub(super) const fn of(text: &'a str) -> Self {
        Self { text, given: OnceCell::new(), meant: OnceCell::new() }
    }

    /// The code that it gives.
    fn given(&self) -> Option<EnhancedStatus> {
        *self.given.get_or_init(|| EnhancedStatus::find(self.text))
    }

    /// The code that stands for what it says.
    fn meant(&self) -> Option<EnhancedStatus> {
        *self.meant.get_or_init(|| meant(self.text))
    }
}

/// The status that was told; where it is vague or missing, the one that the words mean.
pub(super) fn refined(told: Option<EnhancedStatus>, why: &Why<'_>, action: DeliveryAction) -> Option<EnhancedStatus> {
    let fails = matches!(action, DeliveryAction::Failed | DeliveryAction::Delayed);
    if !fails {
        return told;
    }
    match told {
        Some(told) if !told.is_vague() => Some(told),
        Some(told) => Some(
            why.given()
                .filter(|found| !found.is_vague() && found.class == told.class)
                .or_else(|| why.meant())
                .map_or(told, |meant| EnhancedStatus { class: told.class, ..meant }),
        ),
        None => guessed(why, action),
    }
}

/// The status that a text gives, or means.
pub(super) fn guessed(why: &Why<'_>, action: DeliveryAction) -> Option<EnhancedStatus> {
    let class = if action == DeliveryAction::Delayed { 4 } else { 5 };
    let found = why.given().filter(|found| found.class != 2);
    match found {
        Some(found) if !found.is_vague() => Some(found),
        _ => why.meant().map(|meant| EnhancedStatus { class, ..meant }).or(found),
    }
}

/// What the words of a failure mean; the first row that fits.
fn meant(words: &str) -> Option<EnhancedStatus> {
    let folded = words.to_lowercase();
    MEANINGS.iter().find(|(phrases, _)| phrases.iter().any(|phrase| folded.contains(phrase))).map(|(_, status)| *status)
}

/// Phrases of real servers, and the status that they mean.
const MEANINGS: [(&[&str], EnhancedStatus); 9] = [
    (
        &[
            "mailbox full",
            "mailbox is full",
            "quota exceeded",
            "over quota",
            "exceeded its quota",
            "exceeded storage",
            "storage allocation",
            "insufficient disk",
            "mailbox size limit",
            "user is over",
            "over the quota",
            "disk quota",
            "quota exceed",
            "mailfolder is full",
            "full mailbox",
            "inbox is full",
            "too many messages",
            "mailbox has exceeded",
            "maxquota",
            "exceeds allowed",
            "exceeded the storage",
            "not enough storage",
            "is out of storage",
            "boîte pleine",
        ],
        EnhancedStatus::new(5, 2, 2),
    ),
    (
        &[
            "account has been disabled",
            "account is disabled",
            "mailbox disabled",
            "mailbox is disabled",
            "account disabled",
            "account inactive",
            "inactive user",
            "account has been suspended",
            "mailbox is inactive",
            "user is inactive",
            "mailbox is currently suspended",
            "not accepting mail",
            "account is inactive",
            "has been deactivated",
            "temporarily suspended",
            "is not active",
            "mailbox not active",
            "user suspended",
            "inactive account",
        ],
        EnhancedStatus::new(5, 2, 1),
    ),
    (
        &[
            "user unknown",
            "unknown user",
            "no such user",
            "no such recipient",
            "does not exist",
            "doesn't exist",
            "no mailbox",
            "unknown recipient",
            "recipient unknown",
            "invalid recipient",
            "mailbox not found",
            "mailbox unavailable",
            "unknown address",
            "address unknown",
            "no such address",
            "not a valid mailbox",
            "user not found",
            "recipient not found",
            "invalid mailbox",
            "not listed in",
            "unrouteable address",
            "unroutable address",
            "unrouteable",
            "no such mailbox",
            "unknown mailbox",
            "user doesn't have",
            "account is unavailable",
            "not a known user",
            "not our customer",
            "recipient name is not recognized",
            "isn't in my control",
            "no user by that name",
            "not found in directory",
            "addressee unknown",
            "bad address",
            "invalid address",
            "user does not",
            "recipnotfound",
            "not recognized",
            "user is unknown",
            "recipient address rejected: undeliverable",
            "unknown in",
            "unknown local part",
            "no account by that name",
            "this user doesn't have a",
            "mailbox does not",
            "invalid user",
            "address rejected",
            "not known here",
            "unknown or illegal alias",
            "address not found",
            "couldn't be found",
            "wasn't found at",
            "no local mailbox",
            "unknown account",
            "unknown username",
            "user name is unknown",
            "name not recognized",
            "user is not found",
            "utilisateur inconnu",
            "usuario desconocido",
        ],
        EnhancedStatus::new(5, 1, 1),
    ),
    (
        &[
            "host unknown",
            "unknown host",
            "domain not found",
            "name service error",
            "host not found",
            "no such domain",
            "domain does not",
            "nxdomain",
            "unknown domain",
            "couldn't find any host",
            "no mx",
            "bad destination host",
            "hostname lookup failed",
            "domain isn't",
            "host or domain name not found",
            "unable to resolve",
            "dns error",
            "no route to host",
            "illegal host/domain",
            "domain has no",
            "mail server for",
            "could not be resolved",
        ],
        EnhancedStatus::new(5, 1, 2),
    ),
    (
        &[
            "message too large",
            "message too big",
            "message size exceeds",
            "exceeds maximum",
            "too large",
            "exceeded maximum size",
            "message length exceeds",
            "size limit",
            "larger than the current system limit",
            "message exceeds",
        ],
        EnhancedStatus::new(5, 3, 4),
    ),
    (&["loop", "too many hops", "hop count", "routing loop"], EnhancedStatus::new(5, 4, 6)),
    (&["virus", "infected", "malware", "executable", "attachment", "prohibited content"], EnhancedStatus::new(5, 6, 1)),
    (
        &[
            "spam",
            "blocked",
            "blacklist",
            "black list",
            "block list",
            "blocklist",
            "rbl",
            "dnsbl",
            "policy",
            "reputation",
            "spf",
            "dkim",
            "dmarc",
            "relay",
            "access denied",
            "not permitted",
            "not authorized",
            "permission denied",
            "refused",
            "rejected",
            "not allowed",
        ],
        EnhancedStatus::new(5, 7, 1),
    ),
    (
        &[
            "timed out",
            "timeout",
            "timed-out",
            "connection refused",
            "too long",
            "retry",
            "expired",
            "not responding",
            "could not connect",
            "network is unreachable",
            "connection lost",
            "give up",
            "given up",
            "unreachable",
        ],
        EnhancedStatus::new(5, 4, 7),
    ),
];
