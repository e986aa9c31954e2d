//! A conversation with a customer, and its task.

mod event;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::address::Address;
use super::channel::Channel;
use super::id::{AgentId, ConversationId, CustomerId, EntryPointId, Fingerprint, MessageId, TaskId};
use super::key::Key;
use super::subject::Subject;
use super::task::{HandoverRequest, Leg, Offer, Task, TaskState, WrapUp};
pub use event::{ConversationEvent, OfferEnd, QueuedWhy};

/// Who wrote first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// An agent did: an outbound conversation (R1).
    Agent(AgentId),
    /// The customer did.
    Customer,
}

/// Who did something on the organization's side: closed a conversation, was told a wish or where somebody lives.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// An agent.
    Agent(AgentId),
    /// The host: its administration, its import, a process of its own.
    Host,
}

/// A closing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Who closed it.
    pub by: By,
    /// When.
    pub at: DateTime<Utc>,
}

/// How many parts of agents a conversation keeps: parked and taken up again day after day it has ever more of them, and wrap-ups
/// are owed only for the last ones. All of them are in its events.
pub const MAX_LEGS: usize = 64;

/// A conversation: the record that guards "exactly one holder" and "a frozen task sends nothing".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    opening: Arc<Opening>,
    opened_at: DateTime<Utc>,
    closed: Option<Closing>,
    subject: Option<Subject>,
    task: Task,
    messages: u32,
    last_inbound: Option<Inbound>,
    unsettled: Vec<MessageId>,
    legs: Vec<Leg>,
}

/// A message from the customer, and when it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbound {
    /// The message.
    pub message: MessageId,
    /// When it came.
    pub at: DateTime<Utc>,
}

/// What is settled about a conversation when it opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Its id.
    pub id: ConversationId,
    /// Its task.
    pub task: TaskId,
    /// Its channel.
    pub channel: Channel,
    /// The entry point that speaks for the organization.
    pub entry_point: EntryPointId,
    /// The customer's address.
    pub address: Address,
    /// The customer.
    pub customer: CustomerId,
    /// Who wrote first.
    pub origin: Origin,
    /// The conversation before it on the same thread (R39).
    pub previous: Option<ConversationId>,
    /// The content of the command that opened it, to tell a repetition from another command with its id (B2).
    pub fingerprint: Fingerprint,
}

impl Conversation {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> ConversationId {
        self.opening.id
    }

    /// What was settled when it opened.
    #[must_use]
    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// Its channel.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.opening.channel
    }

    /// The entry point that speaks for the organization.
    #[must_use]
    pub fn entry_point(&self) -> &EntryPointId {
        &self.opening.entry_point
    }

    /// The customer's address.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.opening.address
    }

    /// The customer.
    #[must_use]
    pub fn customer(&self) -> &CustomerId {
        &self.opening.customer
    }

    /// Whether an agent started it.
    #[must_use]
    pub fn is_outbound(&self) -> bool {
        matches!(self.opening.origin, Origin::Agent(_))
    }

    /// The conversation before it on the same thread (R39).
    #[must_use]
    pub fn previous(&self) -> Option<ConversationId> {
        self.opening.previous
    }

    /// When it opened.
    #[must_use]
    pub const fn opened_at(&self) -> DateTime<Utc> {
        self.opened_at
    }

    /// Its closing, if it is closed.
    #[must_use]
    pub const fn closed(&self) -> Option<&Closing> {
        self.closed.as_ref()
    }

    /// Whether it is closed.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.closed.is_some()
    }

    /// Its subject, on e-mail (R27).
    #[must_use]
    pub const fn subject(&self) -> Option<&Subject> {
        self.subject.as_ref()
    }

    /// Its task.
    #[must_use]
    pub const fn task(&self) -> &Task {
        &self.task
    }

    /// Where its task is in its life.
    #[must_use]
    pub const fn state(&self) -> &TaskState {
        &self.task.state
    }

    /// How many messages it has, both ways.
    #[must_use]
    pub const fn messages(&self) -> u32 {
        self.messages
    }

    /// The newest message from the customer (B11).
    #[must_use]
    pub fn last_inbound(&self) -> Option<MessageId> {
        self.last_inbound.map(|inbound| inbound.message)
    }

    /// The newest message from the customer, with its time.
    #[must_use]
    pub const fn newest_inbound(&self) -> Option<Inbound> {
        self.last_inbound
    }

    /// The sent messages whose delivery is not settled, oldest first; only the first of them is attempted.
    #[must_use]
    pub fn unsettled(&self) -> &[MessageId] {
        &self.unsettled
    }

    /// The parts of agents that are over, oldest first: the newest [`MAX_LEGS`] of them.
    #[must_use]
    pub fn legs(&self) -> &[Leg] {
        &self.legs
    }

    /// The key of its record.
    #[must_use]
    pub fn key(&self) -> Key {
        Key::conversation(self.opening.id)
    }

    /// The record as its first event makes it; none where the event is not a first one.
    pub(crate) fn begin(event: &ConversationEvent, at: DateTime<Utc>) -> Option<Self> {
        let ConversationEvent::Opened { opening, task } = event else { return None };
        Some(Self {
            task: Task { id: opening.task, state: task.clone(), hops: 0 },
            opening: Arc::clone(opening),
            opened_at: at,
            closed: None,
            subject: None,
            messages: 0,
            last_inbound: None,
            unsettled: Vec::new(),
            legs: Vec::new(),
        })
    }

    /// Changes the record as an event says: the only way in which it changes.
    pub(crate) fn apply(&mut self, event: &ConversationEvent, at: DateTime<Utc>) {
        match event {
            ConversationEvent::Opened { .. } | ConversationEvent::WorkflowTriggered { .. } => {}
            ConversationEvent::Offered { queue, since, offer } => {
                self.task.state = TaskState::Offered { queue: queue.clone(), since: *since, offer: offer.clone() };
            }
            ConversationEvent::Accepted { agent } => self.hold(agent, at),
            ConversationEvent::Queued { queue, since, why } => {
                self.end_leg(at);
                if *why == QueuedWhy::Transferred {
                    self.task.hops = self.task.hops.saturating_add(1);
                }
                self.task.state = TaskState::Queued { queue: queue.clone(), since: *since };
            }
            ConversationEvent::Frozen { transfer } => self.freeze(transfer),
            ConversationEvent::Unfrozen { .. } => self.unfreeze(),
            ConversationEvent::Transferred { to } | ConversationEvent::HandedOver { to } => {
                self.end_leg(at);
                self.task.hops = self.task.hops.saturating_add(1);
                self.hold(to, at);
            }
            ConversationEvent::HandoverAsked { request } => self.set_request(Some(request)),
            ConversationEvent::HandoverEnded { .. } => self.set_request(None),
            ConversationEvent::Parked { by, queue, until } => {
                self.end_leg(at);
                self.task.state = TaskState::Parked { by: by.clone(), queue: queue.clone(), until: *until };
            }
            ConversationEvent::SubjectSet { subject } => self.subject = Some(subject.clone()),
            ConversationEvent::MessageSent { message } => {
                self.messages = self.messages.saturating_add(1);
                self.unsettled.push(*message);
            }
            ConversationEvent::MessageReceived { message } => {
                self.messages = self.messages.saturating_add(1);
                self.last_inbound = Some(Inbound { message: *message, at });
            }
            ConversationEvent::NoticeSent { .. } | ConversationEvent::MessageNoted { .. } => {
                self.messages = self.messages.saturating_add(1)
            }
            ConversationEvent::MessageSettled { message } => self.unsettled.retain(|waiting| waiting != message),
            ConversationEvent::Closed { by } => {
                self.end_leg(at);
                self.closed = Some(Closing { by: by.clone(), at });
                self.task.state = match by {
                    By::Agent(agent) => TaskState::WrapUp { agent: agent.clone() },
                    By::Host => TaskState::Done,
                };
            }
            ConversationEvent::WrappedUp { agent, wrap_up } => self.wrap_up(agent, wrap_up),
        }
    }

    fn hold(&mut self, agent: &AgentId, at: DateTime<Utc>) {
        self.task.state = TaskState::Active { agent: agent.clone(), since: at, asked: None };
    }

    fn freeze(&mut self, transfer: &Offer) {
        if let TaskState::Active { agent, since, .. } = &self.task.state {
            self.task.state = TaskState::Frozen { agent: agent.clone(), since: *since, transfer: transfer.clone() };
        }
    }

    fn unfreeze(&mut self) {
        if let TaskState::Frozen { agent, since, .. } = &self.task.state {
            self.task.state = TaskState::Active { agent: agent.clone(), since: *since, asked: None };
        }
    }

    fn set_request(&mut self, request: Option<&HandoverRequest>) {
        if let TaskState::Active { asked, .. } = &mut self.task.state {
            *asked = request.cloned();
        }
    }

    /// Writes down the part of the agent who holds the task now, which is about to end.
    fn end_leg(&mut self, at: DateTime<Utc>) {
        if let TaskState::Active { agent, since, .. } | TaskState::Frozen { agent, since, .. } = &self.task.state {
            let forgotten = (self.legs.len() + 1).saturating_sub(MAX_LEGS);
            self.legs.drain(..forgotten);
            self.legs.push(Leg { agent: agent.clone(), from: *since, to: at, wrap_up: None });
        }
    }

    fn wrap_up(&mut self, by: &AgentId, wrap_up: &WrapUp) {
        if let Some(leg) = self.legs.iter_mut().rev().find(|leg| leg.agent == *by && leg.wrap_up.is_none()) {
            leg.wrap_up = Some(wrap_up.clone());
        }
        if matches!(&self.task.state, TaskState::WrapUp { agent } if agent == by) {
            self.task.state = TaskState::Done;
        }
    }
}
