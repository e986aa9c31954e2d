//! All records of a store at one moment, for checks; and the same made again from events alone (B14).

use std::collections::BTreeMap;

use super::{Entity, Envelope, Event, Record, RefusedAttempt, Version, Versioned};
use crate::model::{Contact, Conversation, Customer, Key, Message, Presence};

/// All records of an organization, by key.
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
