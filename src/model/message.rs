//! A message: what was said, and for what we sent, how far it got.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::address::Address;
use super::basis::{Author, Basis};
use super::channel::Channel;
use super::content::Content;
use super::id::{CommandId, ConversationId, EntryPointId, MessageId, ProviderId};
use super::key::Key;
use super::mail::{Answers, MailTrace};
use super::problem::Problem;
use crate::sms::Keyword;

/// One message of a conversation: the record that guards "sent, or visibly failed or expired; one accept ends its attempts".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    draft: MessageDraft,
    at: DateTime<Utc>,
    delivery: Delivery,
}

/// What is settled about a message when it comes to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageDraft {
    /// Its id; for a provider, the idempotency key.
    pub id: MessageId,
    /// Its conversation.
    pub conversation: ConversationId,
    /// Its place in the conversation, from 1.
    pub number: u32,
    /// Its channel.
    pub channel: Channel,
    /// The entry point that it left or reached.
    pub entry_point: EntryPointId,
    /// The customer's address, as it was when the message was made.
    pub address: Address,
    /// Which way it went.
    pub direction: Direction,
    /// What it says.
    pub content: Arc<Content>,
}

/// Which way a message went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the customer.
    Inbound {
        /// What its provider calls it.
        provider: ProviderId,
        /// What it asks for, where as a whole it is a keyword (B5).
        #[serde(default)]
        keyword: Option<Keyword>,
        /// What its headers said and what was made of it, on e-mail (B7).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mail: Option<Box<MailTrace>>,
    },
    /// To the customer.
    Outbound {
        /// Who wrote it.
        by: Author,
        /// The sender that the customer sees.
        from: Box<str>,
        /// Before when it is not sent (B6).
        not_before: Option<DateTime<Utc>>,
        /// When it is too late to send it.
        not_after: DateTime<Utc>,
        /// On what grounds it is sent (B12).
        basis: Box<Basis>,
        /// The message that it sends again (B10).
        #[serde(default)]
        retries: Option<MessageId>,
        /// The mail that it answers, on e-mail (B7).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answers: Option<Box<Answers>>,
    },
}

/// How far a message got; a message never goes back to an earlier status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// It came from the customer.
    Received,
    /// Durable, and waiting to be sent.
    Queued,
    /// It was too late to send it.
    Expired,
    /// The provider took it.
    Sent,
    /// It cannot be delivered.
    Failed,
    /// It reached the customer's device or mailbox.
    Delivered,
    /// The customer read it.
    Read,
}

impl Status {
    /// The status's name as it is written down.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Queued => "queued",
            Self::Expired => "expired",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Delivered => "delivered",
            Self::Read => "read",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is to be done for a message next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum Step {
    /// An earlier message of the conversation goes first.
    Waiting,
    /// To be attempted at a time.
    Due {
        /// When.
        at: DateTime<Utc>,
    },
    /// Being attempted by somebody.
    Claimed {
        /// The claim.
        by: CommandId,
        /// When it may be attempted again if nothing is heard.
        until: DateTime<Utc>,
    },
    /// Nothing is left to be done.
    Settled,
}

/// A message's way to the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// How far it got.
    pub status: Status,
    /// What is to be done next.
    pub step: Step,
    /// How often it was attempted.
    pub attempts: u16,
    /// What its provider calls it, once the provider took it.
    pub provider: Option<ProviderId>,
    /// The provider's last complaint.
    pub problem: Option<Problem>,
    /// The message that sends it again, where an agent had that done (B10).
    #[serde(default)]
    pub retried: Option<MessageId>,
}

/// What happened to a message. Its stream is the message's own; in which conversation that is, its first event says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MessageEvent {
    /// It came to be: received, or queued for sending.
    MessageMade {
        /// What is settled about it.
        draft: Box<MessageDraft>,
        /// Whether it can be attempted at once.
        step: Step,
    },
    /// The earlier messages are settled; it can be attempted.
    Released,
    /// An attempt began.
    AttemptBegun {
        /// The claim.
        by: CommandId,
        /// When it may be attempted again if nothing is heard.
        until: DateTime<Utc>,
    },
    /// An attempt failed and another will be made.
    AttemptFailed {
        /// The provider's complaint.
        problem: Problem,
        /// When it is attempted again.
        next: DateTime<Utc>,
    },
    /// The provider took it.
    AcceptedByProvider {
        /// What the provider calls it.
        provider: ProviderId,
        /// Further ids under which it is known.
        #[serde(default)]
        aliases: Vec<ProviderId>,
    },
    /// It cannot be delivered.
    DeliveryFailed {
        /// The provider's complaint.
        problem: Problem,
    },
    /// It was too late to send it.
    DeliveryExpired,
    /// The provider reported a status (R36, B10).
    StatusReported {
        /// The status.
        status: Status,
        /// The provider's complaint, for a failure.
        problem: Option<Problem>,
    },
    /// It was quiet at the recipient's when its time came (B6).
    Deferred {
        /// When it is attempted.
        until: DateTime<Utc>,
    },
    /// An agent had it sent again, as a new message (B10).
    Retried {
        /// The new message.
        by: MessageId,
    },
}

impl Message {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> MessageId {
        self.draft.id
    }

    /// What was settled when it came to be.
    #[must_use]
    pub const fn draft(&self) -> &MessageDraft {
        &self.draft
    }

    /// Its conversation.
    #[must_use]
    pub const fn conversation(&self) -> ConversationId {
        self.draft.conversation
    }

    /// What it says.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.draft.content
    }

    /// When it was sent or came in.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// Whether the customer wrote it.
    #[must_use]
    pub const fn is_inbound(&self) -> bool {
        matches!(self.draft.direction, Direction::Inbound { .. })
    }

    /// Its way to the customer.
    #[must_use]
    pub const fn delivery(&self) -> &Delivery {
        &self.delivery
    }

    /// How far it got.
    #[must_use]
    pub const fn status(&self) -> Status {
        self.delivery.status
    }

    /// When it is too late to send it; none for what came in.
    #[must_use]
    pub const fn not_after(&self) -> Option<DateTime<Utc>> {
        match &self.draft.direction {
            Direction::Outbound { not_after, .. } => Some(*not_after),
            Direction::Inbound { .. } => None,
        }
    }

    /// Before when it is not sent (B6).
    #[must_use]
    pub const fn not_before(&self) -> Option<DateTime<Utc>> {
        self.draft.not_before()
    }

    /// On what grounds it was sent; none for what came in (B12).
    #[must_use]
    pub fn basis(&self) -> Option<&Basis> {
        match &self.draft.direction {
            Direction::Outbound { basis, .. } => Some(basis),
            Direction::Inbound { .. } => None,
        }
    }

    /// Who wrote it to the customer; none for what came in.
    #[must_use]
    pub const fn author(&self) -> Option<&Author> {
        match &self.draft.direction {
            Direction::Outbound { by, .. } => Some(by),
            Direction::Inbound { .. } => None,
        }
    }

    /// What it asks for, where it came in and as a whole is a keyword (B5).
    #[must_use]
    pub const fn keyword(&self) -> Option<Keyword> {
        match &self.draft.direction {
            Direction::Inbound { keyword, .. } => *keyword,
            Direction::Outbound { .. } => None,
        }
    }

    /// What its headers said and what was made of it, where it came in by e-mail (B7).
    #[must_use]
    pub fn mail(&self) -> Option<&MailTrace> {
        match &self.draft.direction {
            Direction::Inbound { mail, .. } => mail.as_deref(),
            Direction::Outbound { .. } => None,
        }
    }

    /// When the outbox should look at it next.
    #[must_use]
    pub const fn next_attempt(&self) -> Option<DateTime<Utc>> {
        match self.delivery.step {
            Step::Due { at } => Some(at),
            Step::Claimed { until, .. } => Some(until),
            Step::Waiting | Step::Settled => None,
        }
    }

    /// Whether a reported status says something new: statuses only go forward.
    #[must_use]
    pub fn advances_to(&self, status: Status) -> bool {
        !self.is_inbound() && status > self.delivery.status
    }

    /// The key of its record.
    #[must_use]
    pub fn key(&self) -> Key {
        Key::message(self.draft.id)
    }

    /// The record as its first event makes it; none where the event is not a first one.
    pub(crate) fn begin(event: &MessageEvent, at: DateTime<Utc>) -> Option<Self> {
        let MessageEvent::MessageMade { draft, step } = event else { return None };
        let status = match draft.direction {
            Direction::Inbound { .. } => Status::Received,
            Direction::Outbound { .. } => Status::Queued,
        };
        let delivery =
            Delivery { status, step: step.clone(), attempts: 0, provider: None, problem: None, retried: None };
        Some(Self { draft: MessageDraft::clone(draft), at, delivery })
    }

    /// Changes the record as an event says: the only way in which it changes.
    pub(crate) fn apply(&mut self, event: &MessageEvent, at: DateTime<Utc>) {
        let delivery = &mut self.delivery;
        match event {
            MessageEvent::MessageMade { .. } => {}
            MessageEvent::Released => {
                let at = self.draft.not_before().map_or(at, |not_before| at.max(not_before));
                delivery.step = Step::Due { at };
            }
            MessageEvent::AttemptBegun { by, until } => {
                delivery.attempts = delivery.attempts.saturating_add(1);
                delivery.step = Step::Claimed { by: *by, until: *until };
            }
            MessageEvent::AttemptFailed { problem, next } => {
                delivery.problem = Some(problem.clone());
                delivery.step = Step::Due { at: *next };
            }
            MessageEvent::AcceptedByProvider { provider, .. } => {
                delivery.provider = Some(provider.clone());
                delivery.advance(Status::Sent);
                if delivery.status == Status::Sent {
                    delivery.problem = None;
                }
            }
            MessageEvent::DeliveryFailed { problem } => {
                delivery.problem = Some(problem.clone());
                delivery.advance(Status::Failed);
            }
            MessageEvent::DeliveryExpired => delivery.advance(Status::Expired),
            MessageEvent::StatusReported { status, problem } => {
                delivery.problem.clone_from(problem);
                delivery.advance(*status);
            }
            MessageEvent::Deferred { until } => delivery.step = Step::Due { at: *until },
            MessageEvent::Retried { by } => delivery.retried = Some(*by),
        }
    }
}

impl MessageDraft {
    const fn not_before(&self) -> Option<DateTime<Utc>> {
        match &self.direction {
            Direction::Outbound { not_before, .. } => *not_before,
            Direction::Inbound { .. } => None,
        }
    }
}

impl Delivery {
    fn advance(&mut self, status: Status) {
        self.status = self.status.max(status);
        self.step = Step::Settled;
    }
}
