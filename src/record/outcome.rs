//! What commands answer, kept with their receipts so that a repetition gets the same answer (B2).

use std::fmt::Debug;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::model::{
    AgentId, ConversationId, CustomerId, Dispatch, MailTrace, MessageId, OfferId, QueueId, Status, TaskId,
};
use crate::refusal::{Refusal, Refusals};
use crate::sms::Keyword;

/// What a command answers: plain data, so that a host can write down, log or send on the answer of any command.
pub trait Answer:
    Debug + Clone + Serialize + DeserializeOwned + Into<Outcome> + TryFrom<Outcome> + Send + Sync + 'static
{
}

macro_rules! outcomes {
    ($($(#[$doc:meta])* $name:ident($answer:ty);)*) => {
        /// The answer of any command.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Outcome {
            $($(#[$doc])* $name($answer),)*
        }

        $(
            impl From<$answer> for Outcome {
                fn from(answer: $answer) -> Self {
                    Self::$name(answer)
                }
            }
            impl TryFrom<Outcome> for $answer {
                type Error = Outcome;
                fn try_from(outcome: Outcome) -> Result<Self, Outcome> {
                    match outcome {
                        Outcome::$name(answer) => Ok(answer),
                        other => Err(other),
                    }
                }
            }
            impl Answer for $answer {}
        )*
    };
}

outcomes! {
    /// It was done, and there is nothing more to say.
    Done(Done);
    /// A conversation was started, or an existing one was had.
    Started(Started);
    /// A message was sent.
    Sent(Sent);
    /// A message was received.
    Received(Received);
    /// A task was offered.
    Offered(Offered);
    /// A task was transferred, or its target asked.
    Transferred(Transferred);
    /// An offer was answered.
    Answered(Answered);
    /// A delivery receipt was taken in.
    Reported(Reported);
    /// What was due was fired.
    Fired(Fired);
    /// A message was claimed for sending.
    Claimed(Claimed);
}

/// It was done, and there is nothing more to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Done;

/// How a start came by its conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartedHow {
    /// A new conversation was opened, offered and accepted (R18, R19).
    Opened,
    /// An existing one was taken from its queue or parking place (B4).
    TookOver,
    /// The holder of an existing one was asked to hand it over (B4).
    HandoverAsked(OfferId),
}

/// A conversation was started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its task.
    pub task: TaskId,
    /// Its customer.
    pub customer: CustomerId,
    /// How it was come by.
    pub how: StartedHow,
}

/// A message was sent: it is durable, and the outbox delivers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The message.
    pub message: MessageId,
    /// Its place in the conversation, from 1.
    pub number: u32,
    /// Before when it does not leave: it is quiet at the recipient's (B6), or an earlier message of the conversation, which leaves
    /// first, is put off until then. None where it leaves at once.
    pub not_before: Option<DateTime<Utc>>,
    /// What the set-up says to warn of instead of refusing (R25, R27).
    pub warnings: Vec<Refusal>,
}

/// A message was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// The message.
    pub message: MessageId,
    /// The conversation that it belongs to.
    pub conversation: ConversationId,
    /// Whether it opened that conversation.
    pub opened: bool,
    /// Whether it had been received before (B2).
    pub duplicate: bool,
    /// What it asks for, where as a whole it is a keyword (B5).
    #[serde(default)]
    pub keyword: Option<Keyword>,
    /// On e-mail, where it belongs, how sure that is and why, and whether a person wrote it (B7).
    #[serde(default)]
    pub mail: Option<Box<MailTrace>>,
}

/// An agent is asked to take a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// The conversation.
    pub conversation: ConversationId,
    /// The offer, to be named in the answer.
    pub offer: OfferId,
    /// The agent who is asked.
    pub to: AgentId,
    /// When it lapses.
    pub expires: DateTime<Utc>,
}

/// A task is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transferred {
    /// To an agent, who is asked; the task is frozen until then (R47).
    Asked(Offered),
    /// To a queue, which has it now.
    Queued(QueueId),
}

/// What an answer to an offer came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answered {
    /// The task changed hands.
    Taken,
    /// The task stays where it was, as the answer wished.
    Declined,
    /// The one who would take it no longer can, so the task went back (R49); the reasons say why.
    Withdrawn(Refusals),
}

/// What came of a delivery receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reported {
    /// The message's status advanced.
    Advanced(Status),
    /// The message is that far already, or further.
    OldNews(Status),
    /// The message is not known yet; the receipt waits for it.
    Early,
}

/// What fell due.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Fired {
    /// What was fired, in order; empty where nothing was due.
    pub what: Vec<Firing>,
}

/// One thing that fell due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Firing {
    /// An offer or a transfer lapsed: its agent is in RONA now (R49).
    OfferLapsed {
        /// The conversation.
        conversation: ConversationId,
        /// The agent who did not answer.
        agent: AgentId,
    },
    /// A request to hand over lapsed (B4).
    HandoverLapsed {
        /// The conversation.
        conversation: ConversationId,
    },
    /// A parked task woke (B13).
    Woken {
        /// The conversation.
        conversation: ConversationId,
    },
    /// A wrap-up took the default reason (R50).
    WrappedUp {
        /// The conversation.
        conversation: ConversationId,
        /// The agent who owed the reason.
        agent: AgentId,
    },
}

/// What a claim came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claimed {
    /// The message is to be sent now.
    Send(Box<Dispatch>),
    /// It was too late to send it; it is expired now.
    Expired,
    /// It is quiet at the recipient's; it is attempted when that is over (B6).
    Deferred {
        /// When.
        until: DateTime<Utc>,
    },
    /// The customer may not be written to any more; it has failed now (B5).
    Refused(Refusals),
    /// It was attempted as often as the set-up allows, and no attempt was answered; it has failed now.
    GivenUp,
}
