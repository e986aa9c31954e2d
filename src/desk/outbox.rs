//! What both outbox pumps share.

use std::collections::BTreeSet;
use std::error::Error;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Ended, why};
use crate::command::RecordAttempt;
use crate::model::{CommandId, Dispatch, HostedImage, MessageId, SendResult};
use crate::port::Failure;
use crate::record::{Claimed, Entry};
use crate::refusal::Refusals;

/// What a pump did, message by message.
///
/// ```
/// use outbound::desk::{Desk, PumpedHow};
/// use outbound::model::CommandId;
/// use outbound::port::{Clock, Delivery, Failure, NoMedia, Store};
///
/// fn pump<S: Store>(
///     desk: &Desk<S, impl Clock>,
///     id: CommandId,
///     provider: &dyn Delivery,
///     mut log: impl FnMut(String),
/// ) -> Result<(), Failure<S::Error>> {
///     for it in desk.deliver_due(id, provider, &NoMedia, 100)?.messages {
///         match it.how {
///             PumpedHow::Stuck { why, .. } => log(format!("{} is stuck: {why}", it.message)),
///             how => log(format!("{} was due at {}: {}", it.message, it.due, how.as_str())),
///         }
///     }
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pumped {
    /// What came of each message, in the order in which they were due: of no more than the pump was to send, and beside them of
    /// those that are stuck. What somebody else was faster with is not among them.
    pub messages: Vec<PumpedMessage>,
    /// How it ended.
    #[serde(default)]
    pub ended: Ended,
}

/// What came of one message that was due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PumpedMessage {
    /// The message.
    pub message: MessageId,
    /// Since when it was due.
    pub due: DateTime<Utc>,
    /// What came of it.
    pub how: PumpedHow,
}

/// What can come of a message that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PumpedHow {
    /// The provider had it and answered, and that is on record. What it did not take for now is attempted again, as long as
    /// the set-up allows it (B10).
    Answered {
        /// Which attempt it was, from 1.
        attempt: u16,
        /// What the provider answered.
        result: SendResult,
    },
    /// It is quiet at the recipient's; it is attempted when that is over (B6).
    Deferred {
        /// When.
        until: DateTime<Utc>,
    },
    /// The customer may not be written to any more; it has failed now (B5).
    Refused(Refusals),
    /// It was attempted as often as the set-up allows, and no attempt was answered; it has failed now.
    GivenUp,
    /// It was too late to send it.
    Expired,
    /// It could not be claimed, or the provider's answer could not be written down: records contradict each other, others were
    /// always faster, or the store failed. A later call tries it again, under the same idempotency key.
    Stuck {
        /// What the provider answered, where it was asked.
        answered: Option<SendResult>,
        /// Why, in words for a log.
        why: String,
    },
}

impl PumpedHow {
    /// Its name, for a log or a measure.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Answered { result: SendResult::Accepted { .. }, .. } => "sent",
            Self::Answered { result: SendResult::Transient { .. }, .. } => "postponed",
            Self::Answered { result: SendResult::Permanent { .. }, .. } => "failed",
            Self::Deferred { .. } => "deferred",
            Self::Refused(_) => "refused",
            Self::GivenUp => "given_up",
            Self::Expired => "expired",
            Self::Stuck { .. } => "stuck",
        }
    }

    /// What a claim came to, where it is not to be sent; else what is.
    pub(super) fn ended(claimed: Claimed) -> Result<Self, Box<Dispatch>> {
        match claimed {
            Claimed::Send(dispatch) => Err(dispatch),
            Claimed::Deferred { until } => Ok(Self::Deferred { until }),
            Claimed::Refused(refusals) => Ok(Self::Refused(refusals)),
            Claimed::GivenUp => Ok(Self::GivenUp),
            Claimed::Expired => Ok(Self::Expired),
        }
    }

    /// What came of a message that could not be claimed.
    pub(super) fn unclaimed<E: Error + 'static>(failure: &Failure<E>) -> Self {
        Self::Stuck { answered: None, why: why(failure) }
    }

    /// What came of an attempt whose answer could be written down, or not.
    pub(super) fn attempted<T, E: Error + 'static>(attempt: RecordAttempt, recorded: &Result<T, Failure<E>>) -> Self {
        let RecordAttempt { attempt, result, .. } = attempt;
        match recorded {
            Ok(_) => Self::Answered { attempt, result },
            Err(failure) => Self::Stuck { answered: Some(result), why: why(failure) },
        }
    }
}

/// How many messages of a pump came to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Totals {
    /// Messages that the provider took.
    pub sent: usize,
    /// Messages that are attempted later: again, or since it is quiet at the recipient's (B6).
    pub postponed: usize,
    /// Messages that cannot be delivered, or whose recipient wants none any more (B5).
    pub failed: usize,
    /// Messages that it was too late to send.
    pub expired: usize,
    /// Messages that could not be claimed or written down; a later call tries them again.
    pub stuck: usize,
}

impl Pumped {
    /// How many messages came to what.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for message in &self.messages {
            let total = match &message.how {
                PumpedHow::Answered { result: SendResult::Accepted { .. }, .. } => &mut totals.sent,
                PumpedHow::Answered { result: SendResult::Transient { .. }, .. } | PumpedHow::Deferred { .. } => {
                    &mut totals.postponed
                }
                PumpedHow::Answered { result: SendResult::Permanent { .. }, .. }
                | PumpedHow::Refused(_)
                | PumpedHow::GivenUp => &mut totals.failed,
                PumpedHow::Expired => &mut totals.expired,
                PumpedHow::Stuck { .. } => &mut totals.stuck,
            };
            *total += 1;
        }
        totals
    }
}

impl Totals {
    /// Messages that something came of.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.sent + self.postponed + self.failed + self.expired + self.stuck
    }
}

/// A pump at work.
pub(super) struct Pumping {
    id: CommandId,
    limit: usize,
    tried: BTreeSet<MessageId>,
    /// How many it has done with, which those that are stuck are not.
    done: usize,
    pumped: Pumped,
}

/// A message whose turn it is.
pub(super) struct Turn {
    pub(super) message: MessageId,
    due: DateTime<Utc>,
    /// The ids of the claim and of writing down the answer.
    pub(super) claiming: CommandId,
    pub(super) recording: CommandId,
}

impl Pumping {
    pub(super) fn new(id: CommandId, limit: usize) -> Self {
        Self { id, limit, tried: BTreeSet::new(), done: 0, pumped: Pumped::default() }
    }

    /// How many entries to ask for: what is left of the limit, and twice as many as were in the way, stuck or somebody else's, so
    /// that many of those take few rounds.
    pub(super) fn ask_for(&self) -> usize {
        let (left, in_the_way) = (self.limit - self.done, self.tried() - self.done);
        if left == 0 { 0 } else { left.saturating_add(in_the_way.saturating_mul(2)) }
    }

    /// How many messages had their turn.
    pub(super) fn tried(&self) -> usize {
        self.tried.len()
    }

    /// The turn of a message, unless it had that already or the limit is reached.
    pub(super) fn turn(&mut self, entry: &Entry) -> Option<Turn> {
        let message = entry.key.as_message()?;
        if self.done == self.limit || !self.tried.insert(message) {
            return None;
        }
        let first = u32::try_from(self.tried()).unwrap_or(u32::MAX / 2).saturating_mul(2);
        let (claiming, recording) = (self.id.step(first), self.id.step(first.saturating_add(1)));
        Some(Turn { message, due: entry.time(), claiming, recording })
    }

    pub(super) fn note(&mut self, turn: &Turn, how: PumpedHow) {
        self.done += usize::from(!matches!(how, PumpedHow::Stuck { .. }));
        self.pumped.messages.push(PumpedMessage { message: turn.message, due: turn.due, how });
    }

    pub(super) fn end(self) -> Pumped {
        Pumped { ended: Ended::within(self.limit, self.done), ..self.pumped }
    }

    /// What was done until the store failed; the failure alone, where that is nothing.
    pub(super) fn until<E: Error + 'static>(self, failure: Failure<E>) -> Result<Pumped, Failure<E>> {
        let anything = !self.pumped.messages.is_empty();
        Ok(Pumped { ended: Ended::early(anything, failure)?, ..self.pumped })
    }
}

/// The images that must be found before a message is sent (R31).
pub(super) fn images_of(dispatch: &Dispatch) -> impl Iterator<Item = &HostedImage> {
    dispatch.content.images.iter()
}

/// An image that could not be hosted postpones its message.
pub(super) fn answer_of(hosted: Result<(), String>) -> Option<SendResult> {
    hosted.err().map(|problem| SendResult::Transient { problem: problem.into(), not_before: None })
}
