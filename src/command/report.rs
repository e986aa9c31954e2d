//! Taking in a provider's delivery receipt, in whatever order receipts come (R36, B10).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::moves::settle;
use super::wishes::heed;
use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::model::{EntryPointId, Key, Message, MessageEvent, MessageId, Problem, ProviderId, Status, Step};
use crate::policy::rules;
use crate::record::{Actor, EarlyReceipt, Record, Reference, Reported};

/// What a provider reports of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptStatus {
    /// On its way.
    Sent,
    /// It cannot be delivered.
    Failed,
    /// It reached the customer's device or mailbox.
    Delivered,
    /// The customer read it.
    Read,
}

impl ReceiptStatus {
    /// The same of a status, where it is one that a provider reports of a message: not received, queued or expired, which are ours.
    #[must_use]
    pub const fn of(status: Status) -> Option<Self> {
        match status {
            Status::Received | Status::Queued | Status::Expired => None,
            Status::Sent => Some(Self::Sent),
            Status::Failed => Some(Self::Failed),
            Status::Delivered => Some(Self::Delivered),
            Status::Read => Some(Self::Read),
        }
    }
}

impl From<ReceiptStatus> for Status {
    fn from(status: ReceiptStatus) -> Self {
        match status {
            ReceiptStatus::Sent => Self::Sent,
            ReceiptStatus::Failed => Self::Failed,
            ReceiptStatus::Delivered => Self::Delivered,
            ReceiptStatus::Read => Self::Read,
        }
    }
}

/// A provider reports how far a message got. A status only goes forward; a receipt that comes before the answer to the
/// sending waits for it. What a failure tells about the customer is written down too: that they opted out at the provider, or
/// that nobody is there (B5).
///
/// Refused with `message.not_sent`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportDelivery {
    /// The entry point through whose provider it was sent.
    pub entry_point: EntryPointId,
    /// What the provider calls the message.
    pub provider: ProviderId,
    /// The status.
    pub status: ReceiptStatus,
    /// The provider's complaint, for a failure.
    #[serde(default)]
    pub problem: Option<Problem>,
}

impl sealed::Sealed for ReportDelivery {}

impl Command for ReportDelivery {
    type Output = Reported;
    const NAME: &'static str = "report_delivery";

    fn actor(&self) -> Actor {
        Actor::Provider
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::reference(&self.entry_point, &self.provider)]
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Reported, Stop> {
        let reference = view.reference(&self.entry_point, &self.provider)?;
        match reference.and_then(|reference| reference.message) {
            Some(message) => self.advance(cx, view, draft, message),
            None => Ok(self.keep(draft, reference.map(|reference| &**reference))),
        }
    }
}

/// B10: a message got so far, if it is not further already; B5: what a failure tells of the customer is heeded. Answers whether
/// the status is new.
pub(super) fn advance(
    cx: &Context<'_>,
    view: &View,
    draft: &mut Draft,
    message: &Arc<Message>,
    status: Status,
    problem: Option<&Problem>,
) -> Result<bool, Stop> {
    if !message.advances_to(status) {
        return Ok(false);
    }
    if message.delivery().step != Step::Settled {
        settle(view, draft, message)?;
    }
    draft.record(message, MessageEvent::StatusReported { status, problem: problem.cloned() });
    if let Some(problem) = problem.filter(|_| status == Status::Failed) {
        heed(cx, view, draft, message, problem, true)?;
    }
    Ok(true)
}

impl ReportDelivery {
    fn advance(&self, cx: &Context<'_>, view: &View, draft: &mut Draft, message: MessageId) -> Result<Reported, Stop> {
        let message = view.named_message(message)?;
        rules::was_sent(&mut draft.checks, message);
        draft.checks.all_hold()?;
        let status = self.status.into();
        match advance(cx, view, draft, message, status, self.problem.as_ref())? {
            true => Ok(Reported::Advanced(status)),
            false => Ok(Reported::OldNews(message.status())),
        }
    }

    /// The receipt came first: the furthest status waits under the provider's id.
    fn keep(&self, draft: &mut Draft, reference: Option<&Reference>) -> Reported {
        let status: Status = self.status.into();
        let known = reference.and_then(|reference| reference.early.as_ref());
        if known.is_none_or(|early| early.status < status) {
            let early = Some(EarlyReceipt { status, problem: self.problem.clone() });
            let named_by = reference.and_then(|reference| reference.named_by);
            let (entry_point, provider) = (self.entry_point.clone(), self.provider.clone());
            draft.put(Record::Reference(
                Reference { entry_point, provider, received: false, message: None, opened: false, early, named_by }
                    .into(),
            ));
        }
        Reported::Early
    }
}
