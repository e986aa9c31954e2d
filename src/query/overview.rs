//! An agent's presence and tasks at a glance.

use serde::{Deserialize, Serialize};

use crate::engine::{Context, Question, Stop, View};
use crate::model::{
    Address, AgentId, Channel, Conversation, ConversationId, CustomerId, EntryPointId, Inbound, Key, Occupant,
    Presence, Subject, TaskState,
};
use crate::policy::{Checks, rules};

/// Asks for an agent's presence and tasks; [`Parked`](super::Parked) asks for what the agent has put aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// The agent.
    pub agent: AgentId,
}

/// An agent's presence and tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverviewAnswer {
    /// The presence, with every held slot; none where the agent never signed in.
    pub presence: Option<Presence>,
    /// The conversations behind those slots, in the order in which the slots were taken.
    pub tasks: Vec<HeldTask>,
}

/// One conversation that holds a slot of the agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldTask {
    /// What the slot is held for: an offer, the task, its wrap-up.
    pub occupant: Occupant,
    /// The conversation and its task.
    pub task: TaskSummary,
}

/// A conversation and its task, as a list shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskSummary {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its channel.
    pub channel: Channel,
    /// Its entry point.
    pub entry_point: EntryPointId,
    /// Its customer.
    pub customer: CustomerId,
    /// The customer's address.
    pub address: Address,
    /// Its subject, on e-mail.
    pub subject: Option<Subject>,
    /// How many messages it has.
    pub total: u32,
    /// The newest message from the customer.
    pub newest_inbound: Option<Inbound>,
    /// Where the task is in its life.
    pub state: TaskState,
}

impl TaskSummary {
    /// What a list shows of a conversation.
    #[must_use]
    pub fn of(conversation: &Conversation) -> Self {
        Self {
            conversation: conversation.id(),
            channel: conversation.channel(),
            entry_point: conversation.entry_point().clone(),
            customer: conversation.customer().clone(),
            address: conversation.address().clone(),
            subject: conversation.subject().cloned(),
            total: conversation.messages(),
            newest_inbound: conversation.newest_inbound(),
            state: conversation.state().clone(),
        }
    }
}

impl Question for Overview {
    type Answer = OverviewAnswer;

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::presence(&self.agent)]
    }

    fn answer(&self, cx: &Context<'_>, view: &View) -> Result<OverviewAnswer, Stop> {
        let presence = view.presence(&self.agent)?;
        if presence.is_none() {
            rules::needed_agent(&mut Checks::default(), cx.directory(), &self.agent)?;
        }
        let slots = presence.map(|presence| presence.slots()).unwrap_or_default();
        let held = slots.iter().filter_map(|slot| Some((slot.occupant.conversation()?, slot)));
        view.want(held.clone().map(|(conversation, _)| Key::conversation(conversation)))?;
        let tasks = held
            .map(|(id, slot)| {
                let task = TaskSummary::of(view.named_conversation(id)?);
                Ok(HeldTask { occupant: slot.occupant.clone(), task })
            })
            .collect::<Result<_, Stop>>()?;
        Ok(OverviewAnswer { presence: presence.map(|presence| Presence::clone(presence)), tasks })
    }
}
