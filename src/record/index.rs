//! The entries that records are found by, and the closed list of queries over them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Record;
use crate::model::{
    AgentId, Conversation, ConversationId, CustomerId, Digest, Digested, Key, Kind, QueueId, TaskState,
};

/// An index: what its entries are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Index {
    /// What falls due, by its deadline.
    Due,
    /// Messages to be attempted, by the time of the next attempt.
    Outbox,
    /// Tasks that wait in a queue, by the time since when they wait.
    Waiting,
    /// Tasks that an agent has parked, by the time when they wake.
    Parked,
    /// The addresses of a customer, by the time when they were first seen.
    Customer,
    /// The messages of a conversation, by their number.
    Transcript,
    /// The closed conversations of a customer, by the time when they opened, backwards.
    ///
    /// A conversation is listed once it is closed and never changes its place, so that opening one costs no entry; one that is not
    /// closed is found by its contact.
    History,
    /// All records of a kind; no entries are kept for it, the records' own keys are the answer.
    Records,
}

impl Index {
    /// The index's name as it is written down.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Outbox => "outbox",
            Self::Waiting => "waiting",
            Self::Parked => "parked",
            Self::Customer => "customer",
            Self::Transcript => "transcript",
            Self::History => "history",
            Self::Records => "records",
        }
    }
}

/// One entry of an index: a store keeps entries ordered by index, scope, order and key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Entry {
    /// The index.
    pub index: Index,
    /// The queue, agent, customer or conversation that it belongs to, as 16 bytes; zero where the index has one scope.
    /// Written down as 32 hexadecimal digits.
    #[serde(with = "hexadecimal")]
    pub scope: [u8; 16],
    /// The entry's place: microseconds since 1970, or a number.
    pub order: i64,
    /// The record that it leads to.
    pub key: Key,
}

const WHOLE: Digest = Digest(0, 0);

/// The first microsecond at which a time is reached: an entry is never found before what it stands for is due.
fn reached(at: DateTime<Utc>) -> i64 {
    let begun = !at.timestamp_subsec_nanos().is_multiple_of(1_000);
    at.timestamp_micros().saturating_add(i64::from(begun))
}

impl Entry {
    fn new(index: Index, scope: Digest, order: i64, key: Key) -> Self {
        Self { index, scope: scope.bytes(), order, key }
    }

    /// The entries that a record is found by: a function of the record alone.
    pub fn of(record: &Record) -> impl Iterator<Item = Self> + Clone + use<> {
        Self::both_of(record).into_iter().flatten()
    }

    /// The same; no record has more than two.
    pub(crate) fn both_of(record: &Record) -> [Option<Self>; 2] {
        let key = record.key();
        match record {
            Record::Conversation(conversation) => {
                let listed = match conversation.state() {
                    TaskState::Queued { queue, since } => {
                        Some(Self::new(Index::Waiting, queue.digest(), since.timestamp_micros(), key))
                    }
                    TaskState::Parked { by, until, .. } => {
                        Some(Self::new(Index::Parked, by.digest(), until.timestamp_micros(), key))
                    }
                    _ => conversation.is_closed().then(|| Self::closed(conversation)),
                };
                [listed, conversation.state().deadline().map(|at| Self::due(at, key))]
            }
            Record::Presence(presence) => [presence.next_deadline().map(|at| Self::due(at, key)), None],
            Record::Message(message) => {
                let outbox = message.next_attempt().map(|at| Self::new(Index::Outbox, WHOLE, reached(at), key));
                let scope = Key::conversation(message.conversation()).digest();
                let transcript = Self::new(Index::Transcript, scope, i64::from(message.draft().number), key);
                [outbox, Some(transcript)]
            }
            Record::Contact(contact) => [Some(Self::new(Index::Customer, contact.customer().digest(), 0, key)), None],
            Record::Customer(_)
            | Record::Reference(_)
            | Record::Subject(_)
            | Record::Receipt(_)
            | Record::Refused(_) => [None, None],
        }
    }

    fn closed(conversation: &Conversation) -> Self {
        let Cursor { order, key } = Cursor::in_history(conversation);
        Self::new(Index::History, conversation.customer().digest(), order, key)
    }

    fn due(at: DateTime<Utc>, key: Key) -> Self {
        Self::new(Index::Due, WHOLE, reached(at), key)
    }

    /// The entry under which a record is listed when all of its kind are asked for.
    #[must_use]
    pub fn of_record(key: Key) -> Self {
        Self::new(Index::Records, WHOLE, 0, key)
    }

    /// The time that its place stands for, where its index goes by time.
    pub(crate) fn time(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.order).unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// Where it stands, for going on behind it.
    #[must_use]
    pub const fn cursor(&self) -> Cursor {
        Cursor { order: self.order, key: self.key }
    }
}

/// A place in an index; a query goes on behind it. It stays good while rows come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cursor {
    /// The order of the last entry.
    pub order: i64,
    /// The key of the last entry.
    pub key: Key,
}

impl Cursor {
    /// The place of a conversation in its customer's history: the newest comes first.
    pub(crate) fn in_history(conversation: &Conversation) -> Self {
        Self { order: conversation.opened_at().timestamp_micros().saturating_neg(), key: conversation.key() }
    }

    /// The place behind the message with a number in its conversation's transcript.
    pub(crate) fn behind_message(number: u32) -> Self {
        Self { order: i64::from(number), key: Key::from_bytes(Kind::Message, [u8::MAX; 16]) }
    }
}

/// A named query. The list is closed; each answers entries in ascending order of place and key, at most `limit` of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Query {
    source: Source,
    until: i64,
    after: Option<Cursor>,
    limit: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Source {
    Index {
        index: Index,
        #[serde(with = "hexadecimal")]
        scope: [u8; 16],
    },
    Records(Kind),
}

impl Query {
    fn over(index: Index, scope: Digest, until: i64, limit: usize) -> Self {
        Self { source: Source::Index { index, scope: scope.bytes() }, until, after: None, limit }
    }

    /// Conversations and presences whose deadline is not later than a time.
    #[must_use]
    pub fn due(until: DateTime<Utc>, limit: usize) -> Self {
        Self::over(Index::Due, WHOLE, until.timestamp_micros(), limit)
    }

    /// Messages whose next attempt is not later than a time.
    #[must_use]
    pub fn outbox(until: DateTime<Utc>, limit: usize) -> Self {
        Self::over(Index::Outbox, WHOLE, until.timestamp_micros(), limit)
    }

    /// Conversations that wait in a queue, the head first.
    #[must_use]
    pub fn waiting(queue: &QueueId, limit: usize) -> Self {
        Self::over(Index::Waiting, queue.digest(), i64::MAX, limit)
    }

    /// Conversations that an agent has parked, the one that wakes next first.
    #[must_use]
    pub fn parked(agent: &AgentId, limit: usize) -> Self {
        Self::over(Index::Parked, agent.digest(), i64::MAX, limit)
    }

    /// The addresses of a customer.
    #[must_use]
    pub fn addresses(customer: &CustomerId, limit: usize) -> Self {
        Self::over(Index::Customer, customer.digest(), i64::MAX, limit)
    }

    /// The messages of a conversation, oldest first.
    #[must_use]
    pub fn transcript(conversation: ConversationId, limit: usize) -> Self {
        Self::over(Index::Transcript, Key::conversation(conversation).digest(), i64::MAX, limit)
    }

    /// The closed conversations of a customer, the one that opened last first.
    #[must_use]
    pub fn history(customer: &CustomerId, limit: usize) -> Self {
        Self::over(Index::History, customer.digest(), i64::MAX, limit)
    }

    /// All records of a kind, in the order of their keys: for checks and migrations, not for a request's path.
    #[must_use]
    pub const fn records(kind: Kind, limit: usize) -> Self {
        Self { source: Source::Records(kind), until: i64::MAX, after: None, limit }
    }

    /// The same query behind a place.
    #[must_use]
    pub const fn after(mut self, cursor: Cursor) -> Self {
        self.after = Some(cursor);
        self
    }

    /// The index and the scope to look in; none where all records of [`Query::kind`] are asked for.
    #[must_use]
    pub const fn index(&self) -> Option<(Index, [u8; 16])> {
        match self.source {
            Source::Index { index, scope } => Some((index, scope)),
            Source::Records(_) => None,
        }
    }

    /// The kind of which all records are asked for.
    #[must_use]
    pub const fn kind(&self) -> Option<Kind> {
        match self.source {
            Source::Index { .. } => None,
            Source::Records(kind) => Some(kind),
        }
    }

    /// The greatest order to answer, inclusive.
    #[must_use]
    pub const fn until(&self) -> i64 {
        self.until
    }

    /// The place behind which to begin.
    #[must_use]
    pub const fn begins_after(&self) -> Option<Cursor> {
        self.after
    }

    /// How many entries to answer at most.
    #[must_use]
    pub const fn limit(&self) -> usize {
        self.limit
    }
}

/// Sixteen bytes as 32 hexadecimal digits, as a key writes its own.
mod hexadecimal {
    use std::borrow::Cow;

    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8; 16], to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{:032x}", u128::from_be_bytes(*bytes)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 16], D::Error> {
        let text = Cow::<'de, str>::deserialize(from)?;
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != 32 || !text.bytes().all(is_digit) {
            return Err(D::Error::custom("a scope is written as 32 hexadecimal digits, in lower case"));
        }
        u128::from_str_radix(&text, 16).map(u128::to_be_bytes).map_err(D::Error::custom)
    }
}
