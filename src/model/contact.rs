//! A contact: one customer address with its threads, and the customer behind it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::address::Address;
use super::id::{ConversationId, CustomerId, EntryPointId};
use super::key::Key;

/// All conversations between one entry point and one customer address; at most one of them is not closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// The entry point.
    pub entry_point: EntryPointId,
    /// The conversation that is not closed, if there is one.
    pub open: Option<ConversationId>,
    /// The newest conversation; each names the one before it.
    pub latest: ConversationId,
}

/// One customer address: the record that guards "one conversation that is not closed per thread" (R11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    address: Address,
    customer: CustomerId,
    threads: Vec<Thread>,
}

/// What happened to a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ContactEvent {
    /// The address was seen for the first time.
    ContactMade {
        /// The address.
        address: Address,
        /// The customer behind it.
        customer: CustomerId,
    },
    /// A conversation was opened on a thread.
    ThreadOpened {
        /// The thread's entry point.
        entry_point: EntryPointId,
        /// The conversation.
        conversation: ConversationId,
    },
    /// The open conversation of a thread was closed.
    ThreadClosed {
        /// The thread's entry point.
        entry_point: EntryPointId,
    },
}

impl Contact {
    /// The address, as it was first seen; each conversation has the form that it was begun with.
    #[must_use]
    pub const fn address(&self) -> &Address {
        &self.address
    }

    /// The customer behind the address.
    #[must_use]
    pub const fn customer(&self) -> &CustomerId {
        &self.customer
    }

    /// The threads, in the order in which they began.
    #[must_use]
    pub fn threads(&self) -> &[Thread] {
        &self.threads
    }

    /// The thread with an entry point.
    #[must_use]
    pub fn thread(&self, entry_point: &EntryPointId) -> Option<&Thread> {
        self.threads.iter().find(|thread| thread.entry_point == *entry_point)
    }

    /// The key of its record.
    #[must_use]
    pub fn key(&self) -> Key {
        Key::contact(&self.address)
    }

    /// The record as its first event makes it; none where the event is not a first one.
    pub(crate) fn begin(event: &ContactEvent, _at: DateTime<Utc>) -> Option<Self> {
        let ContactEvent::ContactMade { address, customer } = event else { return None };
        Some(Self { address: address.clone(), customer: customer.clone(), threads: Vec::new() })
    }

    /// Changes the record as an event says: the only way in which it changes.
    pub(crate) fn apply(&mut self, event: &ContactEvent, _at: DateTime<Utc>) {
        match event {
            ContactEvent::ContactMade { .. } => {}
            ContactEvent::ThreadOpened { entry_point, conversation } => {
                match self.threads.iter_mut().find(|thread| thread.entry_point == *entry_point) {
                    Some(thread) => {
                        thread.open = Some(*conversation);
                        thread.latest = *conversation;
                    }
                    None => self.threads.push(Thread {
                        entry_point: entry_point.clone(),
                        open: Some(*conversation),
                        latest: *conversation,
                    }),
                }
            }
            ContactEvent::ThreadClosed { entry_point } => {
                if let Some(thread) = self.threads.iter_mut().find(|thread| thread.entry_point == *entry_point) {
                    thread.open = None;
                }
            }
        }
    }
}
