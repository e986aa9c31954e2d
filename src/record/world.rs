//! All records of a store at one moment, for checks; and the same made again from events alone (B14), for who follows the feed.

use std::collections::BTreeMap;

use super::{Entity, Envelope, Event, Record, RefusedAttempt, Version, Versioned};
use crate::model::{Contact, Conversation, Customer, Key, Message, Presence};

/// All records of an organization, by key; or those of them that somebody follows.
///
/// A read model in memory, such as a supervisor's screen, is a world that the feed goes into: the library folds the events, and the
/// host knows no transition.
///
/// ```
/// use outbound::model::{Conversation, Kind};
/// use outbound::port::{EventQuery, Store};
/// use outbound::query::TaskSummary;
/// use outbound::record::World;
///
/// #[derive(Default)]
/// struct Screen {
///     world: World,
///     position: u64,
/// }
///
/// impl Screen {
///     fn catch_up<S: Store>(&mut self, store: &S) -> Result<(), S::Error> {
///         loop {
///             let page = store.events(&EventQuery::Feed { after: self.position, limit: 256 })?;
///             if page.events.is_empty() {
///                 return Ok(());
///             }
///             for envelope in page.events.iter().filter(|it| matches!(it.stream.kind(), Kind::Presence | Kind::Conversation)) {
///                 self.world.apply(envelope);
///             }
///             // Closed, and in no agent's hands: an earlier agent of it may owe a wrap-up still.
///             let held = |it: &Conversation| self.world.presences().any(|agent| agent.slot_of(it.id()).is_some());
///             let over = self.world.conversations().filter(|it| it.is_closed() && !held(it));
///             for key in over.map(Conversation::key).collect::<Vec<_>>() {
///                 self.world.forget(key);
///             }
///             self.position = page.next;
///         }
///     }
///
///     fn tasks(&self) -> Vec<TaskSummary> {
///         self.world.conversations().map(TaskSummary::of).collect()
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct World {
    records: BTreeMap<Key, Versioned>,
}

impl World {
    /// A world of these records.
    pub fn new(records: impl IntoIterator<Item = Versioned>) -> Self {
        let mut world = Self::default();
        for versioned in records {
            world.records.insert(versioned.record.key(), versioned);
        }
        world
    }

    /// The world as its events tell it: every record that has events, and none of the others.
    ///
    /// Events of one stream must come in their order; streams may be mixed.
    pub fn from_events<'a>(events: impl IntoIterator<Item = &'a Envelope>) -> Self {
        let mut world = Self::default();
        for envelope in events {
            world.fold(envelope);
        }
        world
    }

    /// Takes in an event of the feed where it is the next one of its record. One that was taken in before changes nothing, so that a
    /// feed may be read again from further back; nor does one of a record whose beginning was not taken in.
    pub fn apply(&mut self, envelope: &Envelope) {
        let before = self.versioned(envelope.stream).map_or(0, |versioned| versioned.version.0);
        if envelope.sequence.checked_sub(1) == Some(before) {
            self.fold(envelope);
        }
    }

    fn fold(&mut self, envelope: &Envelope) {
        match &envelope.event {
            Event::Contact(event) => self.fold_into::<Contact>(envelope, event),
            Event::Customer(event) => self.fold_into::<Customer>(envelope, event),
            Event::Presence(event) => self.fold_into::<Presence>(envelope, event),
            Event::Conversation(event) => self.fold_into::<Conversation>(envelope, event),
            Event::Message(event) => self.fold_into::<Message>(envelope, event),
            Event::Refused(attempt) => {
                let record = Record::Refused(RefusedAttempt::clone(attempt).into());
                self.records.insert(envelope.stream, Versioned { version: Version(1), record });
            }
        }
    }

    fn fold_into<E: Entity>(&mut self, envelope: &Envelope, event: &E::Event) {
        let version = Version(envelope.sequence);
        if let Some(versioned) = self.records.get_mut(&envelope.stream) {
            if let Some(entity) = E::of(&mut versioned.record) {
                entity.apply(event, envelope.at);
                versioned.version = version;
            }
        } else if let Some(entity) = E::begin(event, envelope.at) {
            let record = E::into_record(entity.into());
            self.records.insert(envelope.stream, Versioned { version, record });
        }
    }

    /// Keeps a record no longer.
    pub fn forget(&mut self, key: Key) {
        self.records.remove(&key);
    }

    /// The records, in the order of their keys.
    pub fn records(&self) -> impl Iterator<Item = &Versioned> {
        self.records.values()
    }

    /// One record.
    #[must_use]
    pub fn get(&self, key: Key) -> Option<&Record> {
        self.versioned(key).map(|versioned| &versioned.record)
    }

    /// One record with its version.
    #[must_use]
    pub fn versioned(&self, key: Key) -> Option<&Versioned> {
        self.records.get(&key)
    }

    /// Only the records that have events, to compare with [`World::from_events`].
    #[must_use]
    pub fn with_history(&self) -> Self {
        let has_events =
            |record: &Record| !matches!(record, Record::Reference(_) | Record::Subject(_) | Record::Receipt(_));
        Self::new(self.records().filter(|versioned| has_events(&versioned.record)).cloned())
    }

    /// All conversations.
    pub fn conversations(&self) -> impl Iterator<Item = &Conversation> {
        self.records.values().filter_map(|versioned| match &versioned.record {
            Record::Conversation(conversation) => Some(&**conversation),
            _ => None,
        })
    }

    /// All presences.
    pub fn presences(&self) -> impl Iterator<Item = &Presence> {
        self.records.values().filter_map(|versioned| match &versioned.record {
            Record::Presence(presence) => Some(&**presence),
            _ => None,
        })
    }

    /// All contacts.
    pub fn contacts(&self) -> impl Iterator<Item = &Contact> {
        self.records.values().filter_map(|versioned| match &versioned.record {
            Record::Contact(contact) => Some(&**contact),
            _ => None,
        })
    }

    /// All customers of whom something is written down.
    pub fn customers(&self) -> impl Iterator<Item = &Customer> {
        self.records.values().filter_map(|versioned| match &versioned.record {
            Record::Customer(customer) => Some(&**customer),
            _ => None,
        })
    }

    /// All messages.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.records.values().filter_map(|versioned| match &versioned.record {
            Record::Message(message) => Some(&**message),
            _ => None,
        })
    }
}
