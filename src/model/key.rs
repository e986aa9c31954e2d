//! Keys of records: small, `Copy`, and ordered, so that a store can lock them in one order.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::address::Address;
use super::id::{
    AgentId, CommandId, ConversationId, CustomerId, Digest, Digested, EntryPointId, MessageId, ProviderId,
};

/// What kind of record a key names. The order of the kinds is part of the order of the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// One customer address, with its threads: a [`Contact`](crate::model::Contact).
    Contact,
    /// What holds for all of a customer's addresses: a [`Customer`](crate::model::Customer).
    Customer,
    /// One agent's state and slots: a [`Presence`](crate::model::Presence).
    Presence,
    /// One conversation with its task: a [`Conversation`](crate::model::Conversation).
    Conversation,
    /// One message with its delivery: a [`Message`](crate::model::Message).
    Message,
    /// What a provider calls one of our messages: a [`Reference`](crate::record::Reference).
    Reference,
    /// A subject used with a customer: a [`SubjectUse`](crate::record::SubjectUse).
    Subject,
    /// The first outcome of a command: a [`Receipt`](crate::record::Receipt).
    Receipt,
    /// A refused attempt, where the host has refusals recorded: a [`RefusedAttempt`](crate::record::RefusedAttempt).
    Refused,
}

impl Kind {
    /// Every kind, in order.
    pub const ALL: [Self; 9] = [
        Self::Contact,
        Self::Customer,
        Self::Presence,
        Self::Conversation,
        Self::Message,
        Self::Reference,
        Self::Subject,
        Self::Receipt,
        Self::Refused,
    ];

    /// The kind's name as it is written down.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Customer => "customer",
            Self::Presence => "presence",
            Self::Conversation => "conversation",
            Self::Message => "message",
            Self::Reference => "reference",
            Self::Subject => "subject",
            Self::Receipt => "receipt",
            Self::Refused => "refused",
        }
    }
}

/// Names one record: its kind and 128 bits, a derived id or the digest of a host's text.
///
/// Keys order by kind, then by their bits; a store that locks does so in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Key {
    kind: Kind,
    id: Digest,
}

impl Key {
    const fn new(kind: Kind, id: Digest) -> Self {
        Self { kind, id }
    }

    /// The key of an agent's presence.
    #[must_use]
    pub fn presence(agent: &AgentId) -> Self {
        Self::new(Kind::Presence, agent.digest())
    }

    /// The key of a customer address: one for every way to write it, national variants of a number included (B9).
    #[must_use]
    pub fn contact(address: &Address) -> Self {
        Self::new(Kind::Contact, address.key())
    }

    /// The key of a customer.
    #[must_use]
    pub fn customer(customer: &CustomerId) -> Self {
        Self::new(Kind::Customer, customer.digest())
    }

    /// The key of a conversation.
    #[must_use]
    pub fn conversation(id: ConversationId) -> Self {
        Self::new(Kind::Conversation, bits(id.as_uuid()))
    }

    /// The conversation that it names, if it names one.
    #[must_use]
    pub fn as_conversation(self) -> Option<ConversationId> {
        (self.kind == Kind::Conversation).then(|| uuid::Uuid::from_u64_pair(self.id.0, self.id.1).into())
    }

    /// The message that it names, if it names one.
    #[must_use]
    pub fn as_message(self) -> Option<MessageId> {
        (self.kind == Kind::Message).then(|| uuid::Uuid::from_u64_pair(self.id.0, self.id.1).into())
    }

    /// The key of a message.
    #[must_use]
    pub fn message(id: MessageId) -> Self {
        Self::new(Kind::Message, bits(id.as_uuid()))
    }

    /// The key of what the provider behind an entry point calls a text message that came in: it may count those apart from what it
    /// sends, and give the same number to one of each. Of an e-mail everybody knows the one Message-ID: its key is that of a
    /// [`reference`](Self::reference), whichever way it went.
    #[must_use]
    pub fn received(entry_point: &EntryPointId, provider: &ProviderId) -> Self {
        let Digest(first, second) = provider.digest();
        // No text has the opposite of another's digest, as none has the same.
        Self::new(Kind::Reference, both(entry_point.digest(), Digest(!first, !second)))
    }

    /// The key of what the provider behind an entry point calls a message.
    #[must_use]
    pub fn reference(entry_point: &EntryPointId, provider: &ProviderId) -> Self {
        Self::new(Kind::Reference, both(entry_point.digest(), provider.digest()))
    }

    /// The key of a subject, in its normalised form, as used with a customer.
    #[must_use]
    pub fn subject(customer: &CustomerId, normalised: &str) -> Self {
        Self::new(Kind::Subject, both(customer.digest(), Digest::of(&[normalised.as_bytes()])))
    }

    /// The key of a command's receipt.
    #[must_use]
    pub fn receipt(id: CommandId) -> Self {
        Self::new(Kind::Receipt, bits(id.as_uuid()))
    }

    /// The key under which a refused attempt is recorded.
    #[must_use]
    pub fn refused(attempt: CommandId) -> Self {
        Self::new(Kind::Refused, bits(attempt.as_uuid()))
    }

    /// What kind of record it names.
    #[must_use]
    pub const fn kind(self) -> Kind {
        self.kind
    }

    /// Its 128 bits, the most significant byte first, so that bytes order as keys do.
    #[must_use]
    pub fn bytes(self) -> [u8; 16] {
        self.id.bytes()
    }

    /// A key from its kind and bits, as a store wrote them down.
    #[must_use]
    pub fn from_bytes(kind: Kind, bytes: [u8; 16]) -> Self {
        Self::new(kind, halves(u128::from_be_bytes(bytes)))
    }

    pub(crate) const fn digest(self) -> Digest {
        self.id
    }
}

fn bits(uuid: uuid::Uuid) -> Digest {
    let (high, low) = uuid.as_u64_pair();
    Digest(high, low)
}

const fn halves(whole: u128) -> Digest {
    #[expect(clippy::cast_possible_truncation, reason = "the two halves are what is meant")]
    Digest((whole >> 64) as u64, whole as u64)
}

/// Two digests in one. With either of them given, each value of the other has a result of its own; and since both are digests,
/// nobody can look for two pairs that agree any faster than by trying.
fn both(first: Digest, second: Digest) -> Digest {
    let [first, second] = [first, second].map(|it| (u128::from(it.0) << 64) | u128::from(it.1));
    halves(first.rotate_left(64) ^ second.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:016x}{:016x}", self.kind.as_str(), self.id.0, self.id.1)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.to_string()
    }
}

/// Why a text is not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a key is written as `kind/` and 32 hexadecimal digits, in lower case")]
pub struct KeyError;

impl TryFrom<String> for Key {
    type Error = KeyError;
    fn try_from(text: String) -> Result<Self, KeyError> {
        text.parse()
    }
}

impl FromStr for Key {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (kind, id) = text.split_once('/').ok_or(KeyError)?;
        let kind = Kind::ALL.into_iter().find(|known| known.as_str() == kind).ok_or(KeyError)?;
        // One key, one text: no sign, and no capital letters, which `from_str_radix` would take.
        if id.len() != 32 || !id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(KeyError);
        }
        let id = u128::from_str_radix(id, 16).map_err(|_| KeyError)?;
        Ok(Self::new(kind, halves(id)))
    }
}
