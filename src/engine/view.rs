//! What a decision sees: the records it asked for. Looking at one makes it a guard.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::changes::Guard;
use super::stop::{Fault, Stop};
use crate::model::{
    Address, AgentId, CommandId, Contact, Conversation, ConversationId, Customer, CustomerId, EntryPointId, Key,
    Message, MessageId, Presence, ProviderId,
};
use crate::record::{Entry, Query, Receipt, Record, Reference, SubjectUse, Versioned};

/// What a decision needs next: all of it in one round trip.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reads {
    /// Records to load, absent or present.
    pub keys: Vec<Key>,
    /// Queries to answer.
    pub queries: Vec<Query>,
}

impl Reads {
    /// Whether nothing is needed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.queries.is_empty()
    }
}

/// What a store answered: each key with its record, or without one; each query with its entries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loaded {
    /// The records by key. A key without a record is absent; a key that was asked for must be here.
    pub records: Vec<(Key, Option<Versioned>)>,
    /// The entries by query.
    pub found: Vec<(Query, Vec<Entry>)>,
}

#[derive(Debug)]
struct Seen {
    key: Key,
    versioned: Option<Versioned>,
    guards: Cell<bool>,
}

/// The records that a decision can see.
#[derive(Debug, Default)]
pub struct View {
    /// In the order of the keys.
    seen: Vec<Seen>,
    found: BTreeMap<Query, Vec<Entry>>,
    missing: RefCell<Reads>,
}

macro_rules! typed {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $ty:ty),*) -> $record:ident as $variant:ident by $key:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// Stops the decision where the record is not loaded yet.
        pub fn $name(&self, $($arg: $ty),*) -> Result<Option<&Arc<$record>>, Stop> {
            let key = $key;
            match self.get(key)? {
                None => Ok(None),
                Some(Versioned { record: Record::$variant(record), .. }) => Ok(Some(record)),
                Some(_) => Err(Stop::Fault(Fault::Broken(key))),
            }
        }
    )*};
}

impl View {
    /// A view of what was loaded, for asking a rule without a [`Run`](super::Run).
    #[must_use]
    pub fn of(loaded: Loaded) -> Self {
        let mut view = Self::default();
        view.supply(loaded);
        view
    }

    pub(super) fn supply(&mut self, loaded: Loaded) {
        let before = self.seen.len();
        self.seen.reserve(loaded.records.len());
        for (key, versioned) in loaded.records {
            let known = self.seen.get_mut(..before).unwrap_or_default();
            let place = known.binary_search_by_key(&key, |seen| seen.key).ok();
            match place.and_then(|place| known.get_mut(place)) {
                Some(seen) => seen.versioned = versioned,
                None => self.seen.push(Seen { key, versioned, guards: Cell::new(false) }),
            }
        }
        // All of them at once: one by one, each would move all that is behind its place.
        self.seen.sort_by_key(|seen| seen.key);
        self.seen.dedup_by_key(|seen| seen.key);
        self.found.extend(loaded.found);
    }

    fn look_up(&self, key: Key) -> Option<&Seen> {
        let place = self.seen.binary_search_by_key(&key, |seen| seen.key).ok()?;
        self.seen.get(place)
    }

    /// What is missing, and once more all that was seen, so that the next decision sees one moment: a refusal is never
    /// committed, and what two moments tell together may never have been true.
    pub(super) fn take_missing_and_seen(&self) -> Reads {
        let mut reads = self.take_missing();
        reads.keys.extend(self.seen.iter().map(|seen| seen.key));
        reads.queries.extend(self.found.keys().cloned());
        reads
    }

    /// What is missing, each once and in order.
    pub(super) fn take_missing(&self) -> Reads {
        let mut missing = self.missing.take();
        missing.keys.sort_unstable();
        missing.keys.dedup();
        missing.queries.sort_unstable();
        missing.queries.dedup();
        missing
    }

    /// Forgets what was looked at, before the decision is run again.
    pub(super) fn forget_looks(&self) {
        for seen in &self.seen {
            seen.guards.set(false);
        }
    }

    /// How many records are seen.
    pub(super) fn len(&self) -> usize {
        self.seen.len()
    }

    /// What was looked at, as guards.
    pub(super) fn guards(&self) -> impl Iterator<Item = Guard> {
        self.seen
            .iter()
            .filter(|seen| seen.guards.get())
            .map(|seen| Guard { key: seen.key, version: seen.versioned.as_ref().map(|versioned| versioned.version) })
    }

    /// The record as it was loaded, without looking at it: for building the changes.
    pub(super) fn base(&self, key: Key) -> Option<&Versioned> {
        self.look_up(key)?.versioned.as_ref()
    }

    fn seen(&self, key: Key) -> Result<&Seen, Stop> {
        self.look_up(key).ok_or_else(|| {
            self.missing.borrow_mut().keys.push(key);
            Stop::NotLoaded
        })
    }

    fn get(&self, key: Key) -> Result<Option<&Versioned>, Stop> {
        let seen = self.seen(key)?;
        seen.guards.set(true);
        Ok(seen.versioned.as_ref())
    }

    /// A record of any kind.
    ///
    /// # Errors
    /// Stops the decision where the record is not loaded yet.
    pub fn record(&self, key: Key) -> Result<Option<&Record>, Stop> {
        Ok(self.get(key)?.map(|versioned| &versioned.record))
    }

    /// Asks for several records at once, so that they come in one round trip.
    ///
    /// # Errors
    /// Stops the decision where one of them is not loaded yet.
    pub fn want(&self, keys: impl IntoIterator<Item = Key>) -> Result<(), Stop> {
        let unseen = keys.into_iter().filter(|key| self.seen(*key).is_err()).count();
        if unseen == 0 { Ok(()) } else { Err(Stop::NotLoaded) }
    }

    typed! {
        /// An agent's presence; none where the agent never signed in.
        presence(agent: &AgentId) -> Presence as Presence by Key::presence(agent);
        /// The contact of a customer address.
        contact(address: &Address) -> Contact as Contact by Key::contact(address);
        /// What holds for all of a customer's addresses; none where nothing was written down.
        customer(id: &CustomerId) -> Customer as Customer by Key::customer(id);
        /// A conversation.
        conversation(id: ConversationId) -> Conversation as Conversation by Key::conversation(id);
        /// A message.
        message(id: MessageId) -> Message as Message by Key::message(id);
        /// What a provider calls a message.
        reference(entry_point: &EntryPointId, provider: &ProviderId) -> Reference as Reference
            by Key::reference(entry_point, provider);
        /// The use of a subject with a customer.
        subject(customer: &CustomerId, normalised: &str) -> SubjectUse as Subject by Key::subject(customer, normalised);
        /// A command's receipt.
        receipt(command: CommandId) -> Receipt as Receipt by Key::receipt(command);
    }

    /// An agent's presence for choosing among many: it becomes a guard only if [`View::presence`] is asked too.
    ///
    /// # Errors
    /// Stops the decision where the record is not loaded yet.
    pub fn glance(&self, agent: &AgentId) -> Result<Option<&Presence>, Stop> {
        Ok(match self.glimpse(Key::presence(agent))? {
            Some(Record::Presence(presence)) => Some(presence),
            _ => None,
        })
    }

    /// A record for looking up in it what never changes: it guards nothing, so that its absence guards nothing either.
    pub(crate) fn glimpse(&self, key: Key) -> Result<Option<&Record>, Stop> {
        Ok(self.seen(key)?.versioned.as_ref().map(|versioned| &versioned.record))
    }

    /// A message, where it is there, in the same way.
    pub(crate) fn glimpse_message(&self, id: MessageId) -> Result<Option<&Message>, Stop> {
        Ok(match self.glimpse(Key::message(id))? {
            Some(Record::Message(message)) => Some(message),
            _ => None,
        })
    }

    /// The first of a conversation's messages that wait to be sent, for telling when those behind it leave: it guards nothing.
    pub(crate) fn first_unsettled(&self, conversation: &Conversation) -> Result<Option<&Message>, Stop> {
        conversation.unsettled().first().map_or(Ok(None), |first| self.glimpse_message(*first))
    }

    /// Whether a record is there, for noticing a caller's bug: it guards nothing, so that no commit rests on the absence of
    /// something that it does not create.
    pub(super) fn is_present(&self, key: Key) -> Result<bool, Stop> {
        Ok(self.seen(key)?.versioned.is_some())
    }

    /// The entries of a query. They guard nothing: what is decided must rest on the records they lead to.
    ///
    /// # Errors
    /// Stops the decision where the query is not answered yet.
    pub fn find(&self, query: Query) -> Result<&[Entry], Stop> {
        if let Some(entries) = self.found.get(&query) {
            return Ok(entries);
        }
        self.missing.borrow_mut().queries.push(query);
        Err(Stop::NotLoaded)
    }

    /// Asks for several queries at once, so that they are answered in one round trip.
    ///
    /// # Errors
    /// Stops the decision where one of them is not answered yet.
    pub fn want_found(&self, queries: impl IntoIterator<Item = Query>) -> Result<(), Stop> {
        let unanswered = queries.into_iter().filter(|query| self.find(query.clone()).is_err()).count();
        if unanswered == 0 { Ok(()) } else { Err(Stop::NotLoaded) }
    }

    /// The conversation that another record names.
    ///
    /// # Errors
    /// Stops the decision where it is not loaded yet, or is missing.
    pub fn named_conversation(&self, id: ConversationId) -> Result<&Arc<Conversation>, Stop> {
        self.conversation(id)?.ok_or(Stop::Fault(Fault::Broken(Key::conversation(id))))
    }

    /// The presence of an agent whom another record names as holding something.
    ///
    /// # Errors
    /// Stops the decision where it is not loaded yet, or is missing.
    pub fn named_presence(&self, agent: &AgentId) -> Result<&Arc<Presence>, Stop> {
        self.presence(agent)?.ok_or_else(|| Stop::Fault(Fault::Broken(Key::presence(agent))))
    }

    /// The contact that another record names.
    ///
    /// # Errors
    /// Stops the decision where it is not loaded yet, or is missing.
    pub fn named_contact(&self, address: &Address) -> Result<&Arc<Contact>, Stop> {
        self.contact(address)?.ok_or_else(|| Stop::Fault(Fault::Broken(Key::contact(address))))
    }

    /// The message that another record names.
    ///
    /// # Errors
    /// Stops the decision where it is not loaded yet, or is missing.
    pub fn named_message(&self, id: MessageId) -> Result<&Arc<Message>, Stop> {
        self.message(id)?.ok_or(Stop::Fault(Fault::Broken(Key::message(id))))
    }
}
