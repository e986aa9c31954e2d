//! What can happen to a conversation.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{By, Opening};
use crate::model::id::{AgentId, MessageId, QueueId, WorkflowId};
use crate::model::subject::Subject;
use crate::model::task::{HandoverRequest, Offer, TaskState, WrapUp};

/// What happened to a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ConversationEvent {
    /// It was opened. Its task is offered or queued; done, where only a word about consent or a machine's mail came in, and it is
    /// closed at once.
    Opened {
        /// What is settled about it.
        opening: Arc<Opening>,
        /// Where its task is.
        task: TaskState,
    },
    /// Its task was offered to an agent (R18).
    Offered {
        /// The queue that still holds it.
        queue: Option<QueueId>,
        /// Since when it waits.
        since: DateTime<Utc>,
        /// The asking.
        offer: Offer,
    },
    /// An agent took the task: by an answer, or at once as its initiator (R19).
    Accepted {
        /// The agent.
        agent: AgentId,
    },
    /// The task was put into a queue, or back into it.
    Queued {
        /// The queue.
        queue: QueueId,
        /// Since when it waits.
        since: DateTime<Utc>,
        /// Why.
        why: QueuedWhy,
    },
    /// The task was frozen while the target of a transfer is asked (R47).
    Frozen {
        /// The asking.
        transfer: Offer,
    },
    /// The transfer did not come about, and the task is its agent's again (R49).
    Unfrozen {
        /// Why.
        why: OfferEnd,
    },
    /// The target of a transfer took the task.
    Transferred {
        /// The new holder.
        to: AgentId,
    },
    /// Another agent asked the holder to hand the task over (B4).
    HandoverAsked {
        /// The request.
        request: HandoverRequest,
    },
    /// The request to hand over is off.
    HandoverEnded {
        /// Why.
        why: OfferEnd,
    },
    /// The holder handed the task over to the agent who asked.
    HandedOver {
        /// The new holder.
        to: AgentId,
    },
    /// The task was put aside (B13).
    Parked {
        /// By whom.
        by: AgentId,
        /// The queue that it goes to when it wakes and that agent cannot take it.
        queue: QueueId,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// Its subject was settled (R27).
    SubjectSet {
        /// The subject.
        subject: Subject,
    },
    /// A message was sent: it is durable and waits for delivery.
    MessageSent {
        /// The message.
        message: MessageId,
    },
    /// A message that the library sent by itself: durable like any other, and waiting for none of them (B5).
    NoticeSent {
        /// The message.
        message: MessageId,
    },
    /// A message came in from the customer (R26). Only a word about consent comes to a closed conversation, which stays closed.
    MessageReceived {
        /// The message.
        message: MessageId,
    },
    /// A message came in that no person wrote: an automatic answer, or a report of a mail system (B7). It says nothing in the
    /// customer's name, and wakes and reopens nothing.
    MessageNoted {
        /// The message.
        message: MessageId,
    },
    /// A sent message needs no further attempt.
    MessageSettled {
        /// The message.
        message: MessageId,
    },
    /// A workflow was triggered by hand (R35).
    WorkflowTriggered {
        /// The workflow.
        workflow: WorkflowId,
        /// By whom.
        by: AgentId,
    },
    /// It was closed (R39).
    Closed {
        /// By whom.
        by: By,
    },
    /// An agent's wrap-up reason was recorded (R50).
    WrappedUp {
        /// The agent.
        agent: AgentId,
        /// The reason, and how it was given.
        wrap_up: WrapUp,
    },
}

/// Why a task is in a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum QueuedWhy {
    /// An agent transferred it there.
    Transferred,
    /// An offer out of it came to nothing.
    Returned(OfferEnd),
    /// It woke from its parking.
    Woken,
    /// Its agent signed out.
    SignedOut,
    /// Its holder is no longer in the directory.
    HolderGone,
}

/// Why an offer, a transfer or a request came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferEnd {
    /// Nobody answered in time.
    TimedOut,
    /// The agent who was asked declined.
    Declined,
    /// The agent who asked took it back.
    Cancelled,
    /// The agent who was asked signed out.
    SignedOut,
    /// The agent who was asked can no longer take it.
    LostCapacity,
    /// The task moved on meanwhile.
    Overtaken,
}
