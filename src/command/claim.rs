//! Claiming a message for sending (R36, B5, B6, B10).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::mail_names::in_ascii;
use super::moves::{after, failed, settle};
use super::wishes::wishes_of;
use crate::engine::{Command, Context, Draft, Remember, Stop, View, first_outcome, leave_receipt, sealed};
use crate::model::{
    Answers, Cause, Channel, CommandId, Direction, Dispatch, EntryPointId, Key, MailIds, Message, MessageEvent,
    MessageId, Problem, Status, Step,
};
use crate::policy::rules::{Standing, Turn};
use crate::policy::{Refused, rules};
use crate::record::{Actor, Claimed, Record};
use crate::refusal::{Code, Refusals};

/// A sender claims a message that is due: for the time of a lease nobody else sends it.
///
/// Consent and quiet hours are looked at once more (B5, B6): a message to somebody who has opted out meanwhile fails with that
/// cause, and one whose recipient has quiet hours waits until they are over, or expires. A claim that ends in this way leaves a
/// receipt, so that it is answered the same when it is repeated, whatever became of the message since. One that began an attempt is
/// answered the same while that attempt stands: each attempt is claimed under an id of its own.
///
/// Refused with `message.unknown`, `message.not_sent`, `delivery.not_due`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimDispatch {
    /// The message.
    pub message: MessageId,
}

impl sealed::Sealed for ClaimDispatch {}

impl Command for ClaimDispatch {
    type Output = Claimed;
    const NAME: &'static str = "claim_dispatch";

    fn actor(&self) -> Actor {
        Actor::Host
    }

    fn reads(&self, cx: &Context<'_>) -> Vec<Key> {
        vec![Key::message(self.message), Key::receipt(cx.command)]
    }

    fn remember(&self) -> Remember {
        Remember::State
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Claimed, Stop> {
        // Where it ended without an attempt; one that began an attempt is seen at the message.
        if let Some(Record::Receipt(receipt)) = view.glimpse(Key::receipt(cx.command))? {
            return first_outcome(self, receipt);
        }
        let found = view.message(self.message)?;
        let message = rules::known_message(&mut draft.checks, found)?;
        rules::was_sent(&mut draft.checks, message);
        draft.checks.all_hold()?;
        if message.status() == Status::Expired {
            return Ok(Claimed::Expired); // Whoever claims it hears what the first claim did that was too late.
        }
        let again = is_claimed_by(message, cx.command);
        if !again {
            rules::due_for_attempt(&mut draft.checks, message, cx.now);
            draft.checks.all_hold()?;
        }
        let turn = match message.not_after().filter(|not_after| *not_after > cx.now) {
            Some(not_after) => self.turn(cx, view, draft, message, not_after)?,
            None => Turn::TooLate,
        };
        let refused = draft.checks.all_hold().err().map(|Refused(refusals)| *refusals);
        if again {
            return Ok(repeated(cx, message, turn, refused));
        }
        let timings = cx.directory().organization().timings().delivery();
        let ended = match (refused, turn) {
            (Some(refusals), _) => unwanted(view, draft, message, refusals)?,
            (None, Turn::Now { not_after }) if message.delivery().attempts < timings.max_attempts() => {
                let until = after(cx.now, timings.lease());
                draft.record(message, MessageEvent::AttemptBegun { by: cx.command, until });
                return Ok(send(cx, message, message.delivery().attempts.saturating_add(1), not_after));
            }
            (None, Turn::Now { .. }) => {
                failed(view, draft, message, &NO_ANSWER.into())?;
                Claimed::GivenUp
            }
            (None, Turn::Later(until)) => {
                draft.record(message, MessageEvent::Deferred { until });
                Claimed::Deferred { until }
            }
            (None, Turn::TooLate) => {
                settle(view, draft, message)?;
                draft.record(message, MessageEvent::DeliveryExpired);
                Claimed::Expired
            }
        };
        leave_receipt(cx, self, draft, &ended);
        Ok(ended)
    }
}

impl ClaimDispatch {
    /// B5, B6: whether the message may still leave, under what is on record now; a confirmation may. What speaks against it for good
    /// is left in the checks.
    fn turn(
        &self,
        cx: &Context<'_>,
        view: &View,
        draft: &mut Draft,
        message: &Message,
        not_after: DateTime<Utc>,
    ) -> Result<Turn, Stop> {
        if rules::is_confirmation(message) {
            return Ok(Turn::Now { not_after });
        }
        let contact = view.named_contact(&message.draft().address)?;
        let customer = wishes_of(cx, view, draft, Some(contact.customer()))?.map(|customer| &**customer);
        let standing = Standing { entry_point: &message.draft().entry_point, contact: Some(contact), customer };
        let organization = cx.directory().organization();
        rules::may_be_written_to(&mut draft.checks, organization.consent().scope(), standing, cx.now);
        if !draft.checks.hold_so_far() {
            return Ok(Turn::Now { not_after });
        }
        Ok(rules::turn(organization.hours(), cx.terms.clocks(), Some(contact), message, not_after, cx.now))
    }
}

/// B5: the customer may not be written to any more.
fn unwanted(view: &View, draft: &mut Draft, message: &Arc<Message>, refusals: Refusals) -> Result<Claimed, Stop> {
    let code = refusals.primary().code();
    let cause = match code {
        Code::ConsentOptedOut => Cause::OptedOut,
        _ => Cause::NoSuchAddress,
    };
    failed(view, draft, message, &Problem::new(cause, code.as_str()))?;
    Ok(Claimed::Refused(refusals))
}

/// The problem of a message whose attempts were never answered.
const NO_ANSWER: &str = "no attempt was answered";

/// B2: what a claim is answered that was made before and whose outcome was not heard: the same, as far as consent and hours still
/// let the message leave. Nothing is written: the events of this claim are there. The next claim writes down what came of it.
fn repeated(cx: &Context<'_>, message: &Message, turn: Turn, refused: Option<Refusals>) -> Claimed {
    match (refused, turn) {
        (Some(refusals), _) => Claimed::Refused(refusals),
        (None, Turn::Now { not_after }) => send(cx, message, message.delivery().attempts, not_after),
        (None, Turn::Later(until)) => Claimed::Deferred { until },
        (None, Turn::TooLate) => Claimed::Expired,
    }
}

/// B2: whether this very claim was made before.
fn is_claimed_by(message: &Message, command: CommandId) -> bool {
    matches!(message.delivery().step, Step::Claimed { by, .. } if by == command)
}

fn send(cx: &Context<'_>, message: &Message, attempt: u16, not_after: DateTime<Utc>) -> Claimed {
    let draft = message.draft();
    match &draft.direction {
        Direction::Outbound { from, not_before, answers, .. } => Claimed::Send(Box::new(Dispatch {
            idempotency_key: draft.id,
            attempt,
            channel: draft.channel,
            entry_point: draft.entry_point.clone(),
            from: from.clone(),
            to: draft.address.clone(),
            content: Arc::clone(&draft.content),
            not_before: *not_before,
            not_after,
            mail: (draft.channel == Channel::Email)
                .then(|| Box::new(mail_ids(cx, message.id(), &draft.entry_point, from, answers.as_deref()))),
        })),
        Direction::Inbound { .. } => Claimed::Expired,
    }
}

/// B7: the ids by which replies to an e-mail find its conversation; the same however often they are asked for.
fn mail_ids(
    cx: &Context<'_>,
    message: MessageId,
    entry_point: &EntryPointId,
    from: &str,
    answers: Option<&Answers>,
) -> MailIds {
    let (keys, bits) = (cx.terms.threading_keys(), message.as_uuid().into_bytes());
    let scope = cx.directory().threading_scope(entry_point);
    let from = in_ascii(from);
    let domain = from.rsplit_once('@').map_or("", |(_, domain)| domain);
    MailIds {
        message_id: keys.and_then(|keys| keys.message_id(&scope, bits, domain)),
        in_reply_to: answers.map(|answers| answers.message_id.clone()),
        references: answers.map(|answers| answers.references.clone()).unwrap_or_default(),
        reply_to: keys.and_then(|keys| keys.reply_address(&scope, bits, &from).ok()),
    }
}
