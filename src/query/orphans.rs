//! The orphan check (B15): conversations without a holder that works, stuck freezes, leaked slots.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::directory::Directory;
use crate::model::{AgentId, Conversation, ConversationId, Holder, Key, Occupant, Presence, TaskState};
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

/// Finds what nobody looks after (B15), in the order of the records' keys.
///
/// `grace` is how late a deadline may be fired before it counts.
#[must_use]
pub fn orphans(world: &World, directory: &Directory, now: DateTime<Utc>, grace: TimeDelta) -> Vec<Orphan> {
    let late = now.checked_sub_signed(grace).unwrap_or(DateTime::<Utc>::MIN_UTC);
    search(world, Some(&Circumstances { directory, late }))
}

/// Finds records that contradict each other, whatever is set up and however late it is.
#[cfg(feature = "testing")]
pub(crate) fn contradictions(world: &World) -> Vec<Orphan> {
    search(world, None)
}

/// What a record alone does not tell.
struct Circumstances<'a> {
    directory: &'a Directory,
    late: DateTime<Utc>,
}

fn search(world: &World, circumstances: Option<&Circumstances<'_>>) -> Vec<Orphan> {
    let mut found = Vec::new();
    for contact in world.contacts() {
        for open in contact.threads().iter().filter_map(|thread| thread.open) {
            if conversation(world, open).is_none_or(|conversation| conversation.is_closed()) {
                found.push(Orphan::ThreadBroken { conversation: open });
            }
        }
    }
    for presence in world.presences() {
        of_presence(world, circumstances, presence, &mut found);
    }
    for conversation in world.conversations() {
        of_conversation(world, circumstances, conversation, &mut found);
    }
    found
}

fn of_presence(world: &World, circumstances: Option<&Circumstances<'_>>, presence: &Presence, found: &mut Vec<Orphan>) {
    let agent = presence.agent();
    for slot in presence.slots() {
        let Some(id) = slot.occupant.conversation() else { continue };
        if !conversation(world, id).is_some_and(|conversation| justifies(conversation, agent, &slot.occupant)) {
            found.push(Orphan::SlotLeaked { conversation: id, agent: agent.clone() });
        }
    }
    let frozen = presence.transferring().is_none_or(|id| {
        conversation(world, id).is_some_and(
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
    world: &World,
    circumstances: Option<&Circumstances<'_>>,
    conversation: &Conversation,
    found: &mut Vec<Orphan>,
) {
    let id = conversation.id();
    if !conversation.is_closed() && !is_led_to(world, conversation) {
        found.push(Orphan::ThreadBroken { conversation: id });
    }
    let directory = circumstances.map(|circumstances| circumstances.directory);
    if let Some(holder) = directory.and_then(|directory| rules::missing_holder(directory, conversation)) {
        found.push(Orphan::HolderGone { conversation: id, holder });
    }
    if !outbox_moves(world, conversation) {
        found.push(Orphan::OutboxStuck { conversation: id });
    }
    let asked = conversation.state().offer().map(|offer| &offer.to);
    let wraps_up = match conversation.state() {
        TaskState::WrapUp { agent } => Some(agent),
        _ => None,
    };
    for agent in conversation.state().agent().into_iter().chain(asked).chain(wraps_up) {
        if presence(world, agent).is_none_or(|presence| presence.slot_of(id).is_none()) {
            found.push(Orphan::SlotMissing { conversation: id, agent: agent.clone() });
        }
    }
    if let TaskState::Frozen { agent, .. } = conversation.state()
        && presence(world, agent).and_then(Presence::transferring) != Some(id)
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
fn outbox_moves(world: &World, conversation: &Conversation) -> bool {
    conversation.unsettled().first().is_none_or(|first| match world.get(Key::message(*first)) {
        Some(Record::Message(message)) => message.next_attempt().is_some(),
        _ => false,
    })
}

fn is_led_to(world: &World, conversation: &Conversation) -> bool {
    let contact = match world.get(Key::contact(conversation.address())) {
        Some(Record::Contact(contact)) => contact,
        _ => return false,
    };
    contact.thread(conversation.entry_point()).and_then(|thread| thread.open) == Some(conversation.id())
}

fn conversation(world: &World, id: ConversationId) -> Option<&Conversation> {
    match world.get(Key::conversation(id)) {
        Some(Record::Conversation(conversation)) => Some(conversation),
        _ => None,
    }
}

fn presence<'w>(world: &'w World, agent: &AgentId) -> Option<&'w Presence> {
    match world.get(Key::presence(agent)) {
        Some(Record::Presence(presence)) => Some(presence),
        _ => None,
    }
}
