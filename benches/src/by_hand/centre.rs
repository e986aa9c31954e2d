//! The contact centre of the floor.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::directory::{Channel, Directory};
use super::event::{Envelope, Event, Opening};
use super::record::{Contact, Conversation, Message, Presence, Session, Slot, State, Thread};
use super::rules::{Reason, Start, reasons_against};

pub(super) const AGENT: u8 = 1;
pub(super) const CONTACT: u8 = 2;
pub(super) const CONVERSATION: u8 = 3;
pub(super) const MESSAGE: u8 = 4;

/// Everything that changes.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) presences: HashMap<u32, Presence>,
    pub(super) contacts: HashMap<u64, Contact>,
    pub(super) conversations: HashMap<u128, Conversation>,
    pub(super) messages: HashMap<u128, Message>,
    /// What providers call messages, by entry point.
    pub(super) references: HashMap<(u32, Box<str>), u128>,
    pub(super) addresses: BTreeSet<(u128, u64)>,
    pub(super) due: BTreeSet<(i64, u128)>,
    pub(super) outbox: BTreeSet<(i64, u128)>,
    pub(super) waiting: BTreeSet<(u32, i64, u128)>,
    pub(super) transcript: BTreeSet<(u128, u32, u128)>,
    pub(super) events: Vec<Envelope>,
}

/// The floor's contact centre.
#[derive(Debug)]
pub(crate) struct Centre {
    pub(super) directory: Directory,
    tables: Mutex<Tables>,
}

/// Ids as spread as those of the library.
pub(crate) fn id(kind: u8, number: u32) -> u128 {
    ((u128::from(kind) << 32) | u128::from(number)).wrapping_mul(0x94d0_49bb_1331_11eb_9e37_79b9_7f4a_7c15)
}

/// A customer's number.
pub(crate) fn address(number: u32) -> u64 {
    351_900_000_000 + u64::from(number)
}

impl Centre {
    /// A centre with so many agents, all signed in.
    pub(crate) fn with_agents(agents: u32) -> Self {
        let session = || Some(Session { team: 1, state: State::Available });
        let presence = |number| (number, Presence { version: 1, session: session(), slots: Vec::new() });
        let tables = Tables { presences: (0..agents).map(presence).collect(), ..Tables::default() };
        Self { directory: Directory::with_agents(agents), tables: Mutex::new(tables) }
    }

    pub(super) fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An agent starts a conversation with a customer.
    pub(crate) fn start(&self, number: u32, agent: u32) -> Result<u128, Vec<Reason>> {
        let (command, at) = (id(1, number), 0);
        let start = Start {
            agent,
            channel: Channel::Sms,
            entry_point: 1,
            to: (Channel::Sms, address(number)),
            customer: None,
            at,
        };
        let mut tables = self.tables();
        let tables = &mut *tables;
        let presence = tables.presences.get_mut(&agent);
        let contact = tables.contacts.entry(address(number));
        let known = if let Entry::Occupied(contact) = &contact { Some(contact.get()) } else { None };
        let reasons = reasons_against(&start, &self.directory, presence.as_deref(), known);
        let (Some(presence), true) = (presence, reasons.is_empty()) else { return Err(reasons) };
        let (conversation, task, offer) = (command, command ^ 1, command ^ 2);
        let Entry::Vacant(place) = tables.conversations.entry(conversation) else { return Ok(conversation) };

        let mut happened = Happened { command, at, agent, directory: self.directory.version, ordinal: 0 };
        let made = matches!(contact, Entry::Vacant(_));
        let contact = contact.or_insert_with(|| Contact {
            version: 0,
            customer: command ^ 3,
            threads: Vec::new(),
            opted_out: false,
            suppressed_until: None,
        });
        let customer = contact.customer;
        let thread = contact.threads.iter_mut().find(|thread| thread.entry_point == start.entry_point);
        let previous = thread.as_ref().map(|thread| thread.latest);
        match thread {
            Some(thread) => (thread.open, thread.latest) = (Some(conversation), conversation),
            None => contact.threads.push(Thread {
                entry_point: start.entry_point,
                open: Some(conversation),
                latest: conversation,
            }),
        }
        place.insert(Conversation {
            version: 3,
            task,
            channel: start.channel,
            entry_point: start.entry_point,
            address: address(number),
            customer,
            started_by: Some(agent),
            previous,
            opened_at: at,
            closed_at: None,
            holder: Some(agent),
            since: at,
            messages: 0,
            last_inbound: None,
            unsettled: Vec::new(),
        });
        presence.slots.push(Slot { channel: start.channel, outbound: true, conversation, since: at });

        let (entry_point, address) = (start.entry_point, address(number));
        let stream = (CONVERSATION, conversation);
        let events = &mut tables.events;
        let opening = Opening { task, customer, previous, address, entry_point, agent: Some(agent) };
        events.push(happened.now(stream, 1, Event::Opened(Box::new(opening))));
        events.push(happened.now(stream, 2, Event::Offered { offer, to: agent, expires: at }));
        events.push(happened.now(stream, 3, Event::Accepted { agent }));
        let stream = (CONTACT, u128::from(address));
        if made {
            tables.addresses.insert((customer, address));
            contact.version += 1;
            events.push(happened.now(stream, contact.version, Event::ContactMade { address, customer }));
        }
        contact.version += 1;
        events.push(happened.now(stream, contact.version, Event::ThreadOpened { entry_point, conversation }));
        presence.version += 1;
        let taken = Event::SlotTaken { outbound: true, conversation };
        events.push(happened.now((AGENT, agent.into()), presence.version, taken));
        Ok(conversation)
    }

    /// The agent closes the conversation, and owes a reason.
    pub(crate) fn close(&self, number: u32, agent: u32) -> bool {
        let (command, at, deadline) = (id(2, number), 1, 31);
        let mut tables = self.tables();
        let tables = &mut *tables;
        let (conversation, address) = (id(1, number), address(number));
        let Some(row) = tables.conversations.get_mut(&conversation) else { return false };
        let Some(presence) = tables.presences.get_mut(&agent) else { return false };
        let Some(contact) = tables.contacts.get_mut(&address) else { return false };
        let Some(thread) = contact.threads.iter_mut().find(|thread| thread.entry_point == row.entry_point) else {
            return false;
        };
        if row.holder != Some(agent) || row.closed_at.is_some() {
            return false;
        }
        (row.closed_at, row.holder, thread.open) = (Some(at), None, None);
        tables.due.insert((deadline, agent.into()));
        let mut happened = Happened { command, at, agent, directory: self.directory.version, ordinal: 0 };
        (row.version, contact.version, presence.version) = (row.version + 1, contact.version + 1, presence.version + 1);
        let changed = Event::SlotChanged { conversation, deadline };
        let closed = Event::ThreadClosed { entry_point: row.entry_point };
        let events = &mut tables.events;
        events.push(happened.now((AGENT, agent.into()), presence.version, changed));
        events.push(happened.now((CONVERSATION, conversation), row.version, Event::Closed { by: agent }));
        events.push(happened.now((CONTACT, address.into()), contact.version, closed));
        true
    }

    /// The agent gives the reason, and the slot is free.
    pub(crate) fn wrap_up(&self, number: u32, agent: u32) -> bool {
        let (command, at) = (id(3, number), 2);
        let mut tables = self.tables();
        let tables = &mut *tables;
        let conversation = id(1, number);
        let Some(row) = tables.conversations.get_mut(&conversation) else { return false };
        let Some(presence) = tables.presences.get_mut(&agent) else { return false };
        let Some(held) = presence.slots.iter().position(|slot| slot.conversation == conversation) else { return false };
        presence.slots.remove(held);
        tables.due.remove(&(31, agent.into()));
        let mut happened = Happened { command, at, agent, directory: self.directory.version, ordinal: 0 };
        (row.version, presence.version) = (row.version + 1, presence.version + 1);
        let freed = Event::SlotFreed { conversation };
        let wrapped_up = Event::WrappedUp { agent, reason: 1 };
        let events = &mut tables.events;
        events.push(happened.now((AGENT, agent.into()), presence.version, freed));
        events.push(happened.now((CONVERSATION, conversation), row.version, wrapped_up));
        true
    }
}

/// The circumstances of the events of one command.
pub(super) struct Happened {
    pub(super) command: u128,
    pub(super) at: i64,
    pub(super) agent: u32,
    pub(super) directory: u64,
    pub(super) ordinal: u16,
}

impl Happened {
    pub(super) fn now(&mut self, (kind, stream): (u8, u128), sequence: u64, event: Event) -> Envelope {
        let ordinal = self.ordinal;
        self.ordinal += 1;
        let Self { command, at, agent: actor, directory, .. } = *self;
        Envelope { kind, stream, sequence, command, ordinal, actor, at, directory, event }
    }
}
