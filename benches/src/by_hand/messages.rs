//! Messages that come in and go out, in the contact centre of the floor.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::centre::{CONTACT, CONVERSATION, Centre, Happened, MESSAGE, address, id};
use super::directory::Channel;
use super::event::{Event, Made, Opening};
use super::record::{Contact, Conversation, Delivery, Message, Thread};

/// The longest text.
const MAX_BYTES: usize = 1_600;

/// How long an attempt may take.
const LEASE: i64 = 60;

/// What goes to the provider.
#[derive(Debug)]
#[expect(dead_code, reason = "told, as the library tells it")]
pub(crate) struct Dispatch {
    key: u128,
    attempt: u16,
    entry_point: u32,
    to: u64,
    text: Arc<str>,
    not_after: i64,
}

impl Centre {
    /// The conversation that is open with an address.
    pub(crate) fn open(&self, from: u64, entry_point: u32) -> Option<u128> {
        let tables = self.tables();
        let contact = tables.contacts.get(&from)?;
        contact.threads.iter().find(|thread| thread.entry_point == entry_point)?.open
    }

    /// The message that is known by a name.
    pub(crate) fn named(&self, entry_point: u32, name: &str) -> Option<u128> {
        self.tables().references.get(&(entry_point, name.into())).copied()
    }

    /// A customer wrote. The message goes to the conversation that is open, or to a new one in a queue; answers which.
    pub(crate) fn receive(&self, number: u32, from: u64, provider: &str, text: &str) -> Option<u128> {
        let (command, at, entry_point) = (id(4, number), 3, 1);
        if !self.directory.entry_points.contains_key(&entry_point) {
            return None;
        }
        let mut tables = self.tables();
        let tables = &mut *tables;
        let Entry::Vacant(reference) = tables.references.entry((entry_point, provider.into())) else { return None };
        let mut happened = Happened { command, at, agent: u32::MAX, directory: self.directory.version, ordinal: 0 };
        let contact = match tables.contacts.entry(from) {
            Entry::Occupied(contact) => contact.into_mut(),
            Entry::Vacant(place) => {
                let customer = command ^ 3;
                tables.addresses.insert((customer, from));
                let made = Event::ContactMade { address: from, customer };
                tables.events.push(happened.now((CONTACT, from.into()), 1, made));
                place.insert(Contact {
                    version: 1,
                    customer,
                    threads: Vec::new(),
                    opted_out: false,
                    suppressed_until: None,
                })
            }
        };
        let thread = contact.threads.iter_mut().find(|thread| thread.entry_point == entry_point);
        let open = thread.as_ref().and_then(|thread| thread.open);
        let conversation = open.unwrap_or(command ^ 1);
        if open.is_none() {
            let (task, customer, previous) = (command ^ 2, contact.customer, thread.as_ref().map(|it| it.latest));
            match thread {
                Some(thread) => (thread.open, thread.latest) = (Some(conversation), conversation),
                None => contact.threads.push(Thread { entry_point, open: Some(conversation), latest: conversation }),
            }
            contact.version += 1;
            tables.waiting.insert((1, at, conversation));
            let opening = Opening { task, customer, previous, address: from, entry_point, agent: None };
            let queued = Event::Opened(Box::new(opening));
            tables.events.push(happened.now((CONVERSATION, conversation), 1, queued));
            let opened = Event::ThreadOpened { entry_point, conversation };
            tables.events.push(happened.now((CONTACT, from.into()), contact.version, opened));
            tables.conversations.insert(
                conversation,
                Conversation {
                    version: 1,
                    task,
                    channel: Channel::Sms,
                    entry_point,
                    address: from,
                    customer,
                    started_by: None,
                    previous,
                    opened_at: at,
                    closed_at: None,
                    holder: None,
                    since: at,
                    messages: 0,
                    last_inbound: None,
                    unsettled: Vec::new(),
                },
            );
        }
        let row = tables.conversations.get_mut(&conversation)?;
        let message = command ^ 4;
        (row.messages, row.version, row.last_inbound) = (row.messages + 1, row.version + 1, Some((message, at)));
        reference.insert(message);
        tables.transcript.insert((conversation, row.messages, message));
        let text: Arc<str> = text.into();
        let not_after = i64::MAX;
        let made = Made { conversation, text: Arc::clone(&text), not_after, number: row.messages, by: None };
        let made = Event::MessageMade(Box::new(made));
        tables.events.push(happened.now((MESSAGE, message), 1, made));
        let received = Event::MessageReceived { message };
        tables.events.push(happened.now((CONVERSATION, conversation), row.version, received));
        let made = Message {
            version: 1,
            conversation,
            number: row.messages,
            entry_point,
            address: from,
            by: None,
            text,
            at,
            not_after,
            attempts: 0,
            delivery: Delivery::Received,
            provider: Some(provider.into()),
        };
        tables.messages.insert(message, made);
        Some(conversation)
    }

    /// The agent writes to the customer; answers the message.
    pub(crate) fn send(&self, number: u32, agent: u32, text: &str) -> Option<u128> {
        let (command, at, not_after) = (id(5, number), 4, 86_400);
        let mut tables = self.tables();
        let tables = &mut *tables;
        let conversation = id(1, number);
        let row = tables.conversations.get_mut(&conversation)?;
        let contact = tables.contacts.get(&row.address)?;
        let forbidden = contact.opted_out || contact.suppressed_until.is_some_and(|until| until > at);
        if row.holder != Some(agent) || row.closed_at.is_some() || text.trim().is_empty() || text.len() > MAX_BYTES {
            return None;
        }
        let message = command ^ 1;
        let Entry::Vacant(place) = tables.messages.entry(message) else { return Some(message) };
        if forbidden || !self.directory.entry_points.contains_key(&row.entry_point) {
            return None;
        }
        (row.messages, row.version) = (row.messages + 1, row.version + 1);
        row.unsettled.push(message);
        let text: Arc<str> = text.into();
        let mut happened = Happened { command, at, agent, directory: self.directory.version, ordinal: 0 };
        let by = Some(agent);
        let made = Made { conversation, text: Arc::clone(&text), not_after, number: row.messages, by };
        let made = Event::MessageMade(Box::new(made));
        tables.events.push(happened.now((MESSAGE, message), 1, made));
        let sent = Event::MessageSent { message };
        tables.events.push(happened.now((CONVERSATION, conversation), row.version, sent));
        tables.transcript.insert((conversation, row.messages, message));
        tables.outbox.insert((at, message));
        place.insert(Message {
            version: 1,
            conversation,
            number: row.messages,
            entry_point: row.entry_point,
            address: address(number),
            by,
            text,
            at,
            not_after,
            attempts: 0,
            delivery: Delivery::Waits { since: at },
            provider: None,
        });
        Some(message)
    }

    /// A sender claims the message.
    pub(crate) fn claim(&self, number: u32) -> Option<Dispatch> {
        let (command, at) = (id(6, number), 5);
        let mut tables = self.tables();
        let tables = &mut *tables;
        let message = id(5, number) ^ 1;
        let row = tables.messages.get_mut(&message)?;
        let Delivery::Waits { since } = row.delivery else { return None };
        let contact = tables.contacts.get(&row.address)?;
        if contact.opted_out || contact.suppressed_until.is_some_and(|until| until > at) || row.not_after < at {
            return None;
        }
        let lease = at + LEASE;
        (row.delivery, row.attempts, row.version) = (Delivery::Attempted { lease }, row.attempts + 1, row.version + 1);
        tables.outbox.remove(&(since, message));
        tables.outbox.insert((lease, message));
        let mut happened = Happened { command, at, agent: u32::MAX, directory: self.directory.version, ordinal: 0 };
        let begun = Event::AttemptBegun { attempt: row.attempts, lease };
        tables.events.push(happened.now((MESSAGE, message), row.version, begun));
        Some(Dispatch {
            key: message,
            attempt: row.attempts,
            entry_point: row.entry_point,
            to: row.address,
            text: Arc::clone(&row.text),
            not_after: row.not_after,
        })
    }

    /// The provider took the message.
    pub(crate) fn accepted(&self, number: u32, provider: &str) -> bool {
        let (command, at) = (id(7, number), 6);
        let mut tables = self.tables();
        let tables = &mut *tables;
        let message = id(5, number) ^ 1;
        let Some(row) = tables.messages.get_mut(&message) else { return false };
        let Delivery::Attempted { lease } = row.delivery else { return false };
        let Some(conversation) = tables.conversations.get_mut(&row.conversation) else { return false };
        (row.delivery, row.provider) = (Delivery::Accepted { at }, Some(provider.into()));
        (row.version, conversation.version) = (row.version + 1, conversation.version + 1);
        conversation.unsettled.retain(|waiting| *waiting != message);
        tables.outbox.remove(&(lease, message));
        tables.references.insert((row.entry_point, provider.into()), message);
        let mut happened = Happened { command, at, agent: u32::MAX, directory: self.directory.version, ordinal: 0 };
        let accepted = Event::AcceptedByProvider { provider: provider.into() };
        tables.events.push(happened.now((MESSAGE, message), row.version, accepted));
        let settled = Event::MessageSettled { message };
        tables.events.push(happened.now((CONVERSATION, row.conversation), conversation.version, settled));
        true
    }
}
