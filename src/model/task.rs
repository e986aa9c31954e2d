//! The task of a conversation: its work, held by exactly one agent, queue or parking place.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::id::{AgentId, OfferId, QueueId, TaskId, WrapUpReasonId};

/// One asking of one agent to take a task, and until when it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Names the asking, so that a late answer is not taken for an answer to a newer one.
    pub id: OfferId,
    /// The agent who is asked.
    pub to: AgentId,
    /// When it lapses.
    pub expires: DateTime<Utc>,
}

/// A request to the holder of a task to hand it over (B4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverRequest {
    /// Names the request.
    pub id: OfferId,
    /// The agent who asks.
    pub by: AgentId,
    /// When it lapses.
    pub expires: DateTime<Utc>,
}

/// Where a task is in its life, and who holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum TaskState {
    /// Waits in a queue.
    Queued {
        /// The queue that holds it.
        queue: QueueId,
        /// Since when it waits; an offer that lapsed does not change it, so that the task returns to the head (R49).
        since: DateTime<Utc>,
    },
    /// An agent is asked to take it; it still belongs to its queue, or to the agent who started it.
    Offered {
        /// The queue that holds it; none where the agent who started it is offered it (R18).
        queue: Option<QueueId>,
        /// Since when it waits.
        since: DateTime<Utc>,
        /// The asking.
        offer: Offer,
    },
    /// An agent works on it.
    Active {
        /// The agent who holds it.
        agent: AgentId,
        /// Since when.
        since: DateTime<Utc>,
        /// Another agent's request to hand it over.
        asked: Option<HandoverRequest>,
    },
    /// Its agent transfers it and the target is asked; the agent still holds it, but can do nothing with it (R47).
    Frozen {
        /// The agent who holds it.
        agent: AgentId,
        /// Since when the agent works on it.
        since: DateTime<Utc>,
        /// The asking of the target.
        transfer: Offer,
    },
    /// Put aside until the customer writes or a time is reached (B13).
    Parked {
        /// The agent who put it aside, and who is asked first when it wakes.
        by: AgentId,
        /// The queue that it goes to when that agent cannot take it.
        queue: QueueId,
        /// When it wakes.
        until: DateTime<Utc>,
    },
    /// The conversation is closed and its last agent owes a wrap-up reason (R50).
    WrapUp {
        /// The agent who owes it.
        agent: AgentId,
    },
    /// Nothing is left to do, but for the wrap-ups that earlier agents may owe still.
    Done,
}

/// Who holds a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// An agent.
    Agent(AgentId),
    /// A queue.
    Queue(QueueId),
    /// A parking place, and the agent who put it there.
    Parking(AgentId),
}

impl TaskState {
    /// The state's name as it is written down.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Queued { .. } => "queued",
            Self::Offered { .. } => "offered",
            Self::Active { .. } => "active",
            Self::Frozen { .. } => "frozen",
            Self::Parked { .. } => "parked",
            Self::WrapUp { .. } => "wrap_up",
            Self::Done => "done",
        }
    }

    /// Who holds the task; nobody once the conversation is closed.
    #[must_use]
    pub fn holder(&self) -> Option<Holder> {
        match self {
            Self::Queued { queue, .. } | Self::Offered { queue: Some(queue), .. } => Some(Holder::Queue(queue.clone())),
            Self::Offered { offer, queue: None, .. } => Some(Holder::Agent(offer.to.clone())),
            Self::Active { agent, .. } | Self::Frozen { agent, .. } => Some(Holder::Agent(agent.clone())),
            Self::Parked { by, .. } => Some(Holder::Parking(by.clone())),
            Self::WrapUp { .. } | Self::Done => None,
        }
    }

    /// The agent who works on the task, active or frozen.
    #[must_use]
    pub const fn agent(&self) -> Option<&AgentId> {
        match self {
            Self::Active { agent, .. } | Self::Frozen { agent, .. } => Some(agent),
            _ => None,
        }
    }

    /// The agent who is being asked to take the task, by a queue's offer or a transfer.
    #[must_use]
    pub const fn offer(&self) -> Option<&Offer> {
        match self {
            Self::Offered { offer, .. } | Self::Frozen { transfer: offer, .. } => Some(offer),
            _ => None,
        }
    }

    /// When the state ends by itself: an offer or a request that lapses, a parking that wakes.
    #[must_use]
    pub const fn deadline(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Offered { offer, .. } | Self::Frozen { transfer: offer, .. } => Some(offer.expires),
            Self::Active { asked: Some(asked), .. } => Some(asked.expires),
            Self::Parked { until, .. } => Some(*until),
            Self::Queued { .. } | Self::Active { asked: None, .. } | Self::WrapUp { .. } | Self::Done => None,
        }
    }
}

/// The work of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// Where it is in its life.
    pub state: TaskState,
    /// How often it was transferred (B13).
    pub hops: u8,
}

/// How a wrap-up reason was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrapUpHow {
    /// The agent chose it.
    Chosen,
    /// The deadline passed, or the agent left, and the default was taken.
    Default,
}

/// The reason given at wrap-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrapUp {
    /// The reason.
    pub reason: WrapUpReasonId,
    /// How it was given.
    pub how: WrapUpHow,
    /// When.
    pub at: DateTime<Utc>,
}

/// One agent's part of a conversation that is over: held, then closed or handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// The agent.
    pub agent: AgentId,
    /// When the agent took the task.
    pub from: DateTime<Utc>,
    /// When the agent closed it or handed it over.
    pub to: DateTime<Utc>,
    /// The wrap-up, once it is given.
    pub wrap_up: Option<WrapUp>,
}
