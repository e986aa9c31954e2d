//! The orphan check (B15): conversations without a holder that works, stuck freezes, leaked slots.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::directory::Directory;
use crate::model::{AgentId, Contact, Conversation, ConversationId, Holder, Key, Occupant, Presence, TaskState};
use crate::policy::rules;
use crate::record::{Record, World};

/// Something that nobody looks after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Orphan {
    /// A task's agent or queue is not in the directory, or its queue takes the channel no longer.
    HolderGone {
        /// The conversation.
        conversation: ConversationId,
        /// The holder.
        holder: Holder,
    },
    /// A task says that an agent holds it, is asked for it or wraps it up, and that agent holds no slot for it.
    SlotMissing {
        /// The conversation.
        conversation: ConversationId,
        /// The agent.
        agent: AgentId,
    },
    /// An agent holds a slot for a conversation that knows nothing of it.
    SlotLeaked {
        /// The conversation.
        conversation: ConversationId,
        /// The agent.
        agent: AgentId,
    },
    /// A deadline passed long ago and nobody fired it.
    Overdue {
        /// The record.
        at: Key,
        /// The deadline.
        deadline: DateTime<Utc>,
    },
    /// A contact's thread does not lead to a conversation that is open, or an open conversation is led to by none.
    ThreadBroken {
        /// The conversation.
        conversation: ConversationId,
    },
    /// A conversation waits for a message to be sent that nobody attempts.
    OutboxStuck {
        /// The conversation.
        conversation: ConversationId,
    },
    /// An agent who is signed out, or whom the directory no longer has, still holds slots.
    AbsentAgent {
        /// The agent.
        agent: AgentId,
    },
    /// An agent's pending transfer leads to no frozen task, or the other way round.
    TransferBroken {
        /// The agent.
        agent: AgentId,
    },
}

/// What mends an orphan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Repair {
    /// Run [`Rehome`](crate::command::Rehome).
    Rehome(ConversationId),
    /// Run [`SignOut`](crate::command::SignOut) with `requeue`.
    SignOut(AgentId),
    /// Run [`FireDue`](crate::command::FireDue), and find out why the host does not.
    Fire(Key),
    /// The records contradict each other: the store broke its contract.
    Report,
}

impl Orphan {
    /// What mends it.
    #[must_use]
    pub fn repair(&self) -> Repair {
        match self {
            Self::HolderGone { conversation, .. } => Repair::Rehome(*conversation),
            Self::AbsentAgent { agent } => Repair::SignOut(agent.clone()),
            Self::Overdue { at, .. } => Repair::Fire(*at),
            Self::SlotMissing { .. }
            | Self::SlotLeaked { .. }
            | Self::ThreadBroken { .. }
            | Self::OutboxStuck { .. }
            | Self::TransferBroken { .. } => Repair::Report,
        }
    }
}

/// Finds what nobody looks after (B15), in the order of the records' keys; a store at work is asked for
/// [`Orphans`](super::Orphans), page by page.
///
/// `grace` is how late a deadline may be fired before it counts.
#[must_use]
pub fn orphans(world: &World, directory: &Directory, now: DateTime<Utc>, grace: TimeDelta) -> Vec<Orphan> {
    search(world, Some(&Circumstances::new(directory, now, grace)))
}

/// Finds records that contradict each other, whatever is set up and however late it is.
#[cfg(feature = "testing")]
pub(crate) fn contradictions(world: &World) -> Vec<Orphan> {
    search(world, None)
}

/// What a record alone does not tell.
pub(super) struct Circumstances<'a> {
    directory: &'a Directory,
    /// What was due before has been left lying.
    late: DateTime<Utc>,
}

impl<'a> Circumstances<'a> {
    pub(super) fn new(directory: &'a Directory, now: DateTime<Utc>, grace: TimeDelta) -> Self {
        Self { directory, late: now.checked_sub_signed(grace).unwrap_or(DateTime::<Utc>::MIN_UTC) }
    }
}

/// Where records are looked up: a world, or what a question has loaded.
pub(super) trait Records {
    fn at(&self, key: Key) -> Option<&Record>;
}

impl Records for World {
    fn at(&self, key: Key) -> Option<&Record> {
        self.get(key)
    }
}

fn search(world: &World, circumstances: Option<&Circumstances<'_>>) -> Vec<Orphan> {
    let mut found = Vec::new();
    for versioned in world.records() {
        of_record(world, circumstances, &versioned.record, &mut found);
    }
    found
}

/// Whether somebody looks after what one record tells, as far as that one shows it.
pub(super) fn of_record(
    records: &impl Records,
    circumstances: Option<&Circumstances<'_>>,
    record: &Record,
    found: &mut Vec<Orphan>,
) {
    match record {
        Record::Contact(contact) => of_contact(records, contact, found),
        Record::Presence(presence) => of_presence(records, circumstances, presence, found),
        Record::Conversation(conversation) => of_conversation(records, circumstances, conversation, found),
        _ => {}
    }
}

/// The records that are looked up for one record.
pub(super) fn beside(record: &Record) -> Vec<Key> {
    match record {
        Record::Contact(contact) => open_threads(contact).map(Key::conversation).collect(),
        Record::Presence(presence) => {
            let held = presence.slots().iter().filter_map(|slot| slot.occupant.conversation());
            held.chain(presence.transferring()).map(Key::conversation).collect()
        }
        Record::Conversation(conversation) => {
            let waits = conversation.unsettled().first().map(|first| Key::message(*first));
            let agents = agents_of(conversation).map(Key::presence);
            agents.chain(waits).chain([Key::contact(conversation.address())]).collect()
        }
        _ => Vec::new(),
    }
}

fn open_threads(contact: &Contact) -> impl Iterator<Item = ConversationId> + '_ {
    contact.threads().iter().filter_map(|thread| thread.open)
}

/// The agents of whom a conversation says that they work on it, are asked for it or wrap it up.
fn agents_of(conversation: &Conversation) -> impl Iterator<Item = &AgentId> {
    let asked = conversation.state().offer().map(|offer| &offer.to);
    let wraps_up = match conversation.state() {
        TaskState::WrapUp { agent } => Some(agent),
        _ => None,
    };
    conversation.state().agent().into_iter().chain(asked).chain(wraps_up)
}

fn of_contact(records: &impl Records, contact: &Contact, found: &mut Vec<Orphan>) {
    for open in open_threads(contact) {
        if conversation(records, open).is_none_or(|conversation| conversation.is_closed()) {
            found.push(Orphan::ThreadBroken { conversation: open });
        }
    }
}

fn of_presence(
    records: &impl Records,
    circumstances: Option<&Circumstances<'_>>,
    presence: &Presence,
    found: &mut Vec<Orphan>,
) {
    let agent = presence.agent();
    for slot in presence.slots() {
        let Some(id) = slot.occupant.conversation() else { continue };
        if !conversation(records, id).is_some_and(|conversation| justifies(conversation, agent, &slot.occupant)) {
            found.push(Orphan::SlotLeaked { conversation: id, agent: agent.clone() });
        }
    }
    let frozen = presence.transferring().is_none_or(|id| {
        conversation(records, id).is_some_and(
            |conversation| matches!(conversation.state(), TaskState::Frozen { agent: sender, .. } if sender == agent),
        )
    });
    if !frozen {
        found.push(Orphan::TransferBroken { agent: agent.clone() });
    }
    let Some(Circumstances { directory, late }) = circumstances else { return };
    let present = directory.agent(agent).is_some() && presence.session().is_some();
    if !present && !presence.slots().is_empty() {
        found.push(Orphan::AbsentAgent { agent: agent.clone() });
    }
    if let Some(deadline) = presence.next_deadline().filter(|deadline| deadline < late) {
        found.push(Orphan::Overdue { at: presence.key(), deadline });
    }
}

/// Whether a conversation's own record says the same as an agent's slot.
fn justifies(conversation: &Conversation, agent: &AgentId, occupant: &Occupant) -> bool {
    match occupant {
        Occupant::Offer { offer, .. } => {
            conversation.state().offer().is_some_and(|pending| pending.id == *offer && pending.to == *agent)
        }
        Occupant::Task { .. } => conversation.state().agent() == Some(agent),
        Occupant::WrapUp { .. } => conversation.legs().iter().any(|leg| leg.agent == *agent && leg.wrap_up.is_none()),
        Occupant::Interaction { .. } => true,
    }
}

fn of_conversation(
    records: &impl Records,
    circumstances: Option<&Circumstances<'_>>,
    conversation: &Conversation,
    found: &mut Vec<Orphan>,
) {
    let id = conversation.id();
    if !conversation.is_closed() && !is_led_to(records, conversation) {
        found.push(Orphan::ThreadBroken { conversation: id });
    }
    let directory = circumstances.map(|circumstances| circumstances.directory);
    if let Some(holder) = directory.and_then(|directory| rules::missing_holder(directory, conversation)) {
        found.push(Orphan::HolderGone { conversation: id, holder });
    }
    if !outbox_moves(records, conversation) {
        found.push(Orphan::OutboxStuck { conversation: id });
    }
    for agent in agents_of(conversation) {
        if presence(records, agent).is_none_or(|presence| presence.slot_of(id).is_none()) {
            found.push(Orphan::SlotMissing { conversation: id, agent: agent.clone() });
        }
    }
    if let TaskState::Frozen { agent, .. } = conversation.state()
        && presence(records, agent).and_then(Presence::transferring) != Some(id)
    {
        found.push(Orphan::TransferBroken { agent: agent.clone() });
    }
    let late = circumstances.map(|circumstances| circumstances.late);
    if let Some(deadline) = conversation.state().deadline().filter(|deadline| late.is_some_and(|late| *deadline < late))
    {
        found.push(Orphan::Overdue { at: conversation.key(), deadline });
    }
}

/// Whether the first message that waits to be sent is one that the outbox looks at.
fn outbox_moves(records: &impl Records, conversation: &Conversation) -> bool {
    conversation.unsettled().first().is_none_or(|first| match records.at(Key::message(*first)) {
        Some(Record::Message(message)) => message.next_attempt().is_some(),
        _ => false,
    })
}

fn is_led_to(records: &impl Records, conversation: &Conversation) -> bool {
    let contact = match records.at(Key::contact(conversation.address())) {
        Some(Record::Contact(contact)) => contact,
        _ => return false,
    };
    contact.thread(conversation.entry_point()).and_then(|thread| thread.open) == Some(conversation.id())
}

fn conversation(records: &impl Records, id: ConversationId) -> Option<&Conversation> {
    match records.at(Key::conversation(id)) {
        Some(Record::Conversation(conversation)) => Some(conversation),
        _ => None,
    }
}

fn presence<'r>(records: &'r impl Records, agent: &AgentId) -> Option<&'r Presence> {
    match records.at(Key::presence(agent)) {
        Some(Record::Presence(presence)) => Some(presence),
        _ => None,
    }
}
