//! What is written: records with their events, the entries they are found by, and the outcome of each command.

mod anchor;
mod entity;
mod event;
mod index;
mod outcome;
mod world;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use anchor::{EarlyReceipt, Receipt, Reference, RefusedAttempt, SubjectUse};
pub(crate) use entity::Entity;
pub use event::{Actor, Envelope, Event, SCHEMA_VERSION};
pub use index::{Cursor, Entry, Index, Query};
pub use outcome::*;
pub use world::World;

use crate::model::{Contact, Conversation, Customer, Key, Message, Presence};

/// A record: plain data under one key, shared between the store and those who read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Record {
    /// One customer address with its threads.
    Contact(Arc<Contact>),
    /// What holds for all of a customer's addresses.
    Customer(Arc<Customer>),
    /// One agent's state and slots.
    Presence(Arc<Presence>),
    /// One conversation with its task.
    Conversation(Arc<Conversation>),
    /// One message with its delivery.
    Message(Arc<Message>),
    /// What a provider calls a message.
    Reference(Arc<Reference>),
    /// A subject used with a customer.
    Subject(Arc<SubjectUse>),
    /// The first outcome of a command.
    Receipt(Arc<Receipt>),
    /// A refused attempt.
    Refused(Arc<RefusedAttempt>),
}

impl Record {
    /// The key that it is found under.
    #[must_use]
    pub fn key(&self) -> Key {
        match self {
            Self::Contact(contact) => contact.key(),
            Self::Customer(customer) => customer.key(),
            Self::Presence(presence) => presence.key(),
            Self::Conversation(conversation) => conversation.key(),
            Self::Message(message) => message.key(),
            Self::Reference(reference) => reference.key(),
            Self::Subject(subject) => subject.key,
            Self::Receipt(receipt) => Key::receipt(receipt.command),
            Self::Refused(attempt) => Key::refused(attempt.attempt),
        }
    }
}

/// The version of a record: how often it was written, from 1; for a record with events, how many it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(pub u64);

/// A record and its version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versioned {
    /// Its version.
    pub version: Version,
    /// The record.
    pub record: Record,
}
