//! Writing down what a provider answered to an attempt (R36, B5, B10).

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::mail_names::name_of;
use super::moves::{after, failed, settle};
use super::wishes::heed;
use crate::engine::{Command, Context, Draft, Remember, Stop, View, sealed};
use crate::mail::MailId;
use crate::model::{
    Channel, Digest, Key, MAX_ALIASES, Message, MessageEvent, MessageId, Problem, ProviderId, SendResult, Status, Step,
};
use crate::policy::rules;
use crate::record::{Actor, Done, EarlyReceipt, Record, Reference};

/// What a provider answered to an attempt is written down.
///
/// An acceptance counts whenever it comes, and ends the attempts; a failure counts only for the attempt that stands. What a
/// failure tells about the customer is written down too: that they opted out at the provider, or that nobody is there (B5).
///
/// Refused with `message.unknown`, `message.not_sent`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordAttempt {
    /// The message.
    pub message: MessageId,
    /// Which attempt it was.
    pub attempt: u16,
    /// What the provider answered.
    pub result: SendResult,
}

impl sealed::Sealed for RecordAttempt {}

impl Command for RecordAttempt {
    type Output = Done;
    const NAME: &'static str = "record_attempt";

    fn actor(&self) -> Actor {
        Actor::Provider
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::message(self.message)]
    }

    fn remember(&self) -> Remember {
        Remember::State
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Done, Stop> {
        let found = view.message(self.message)?;
        let message = rules::known_message(&mut draft.checks, found)?;
        rules::was_sent(&mut draft.checks, message);
        draft.checks.all_hold()?;
        match &self.result {
            SendResult::Accepted { provider, aliases } => accepted(cx, view, draft, message, provider, aliases)?,
            SendResult::Permanent { problem } if self.stands(message) => {
                failed(view, draft, message, problem)?;
                heed(cx, view, draft, message, problem, true)?;
            }
            SendResult::Transient { problem, not_before } if self.stands(message) => {
                self.again(cx, view, draft, message, problem, *not_before)?;
                heed(cx, view, draft, message, problem, false)?;
            }
            SendResult::Permanent { .. } | SendResult::Transient { .. } => {}
        }
        Ok(Done)
    }
}

impl RecordAttempt {
    /// Whether the message waits for the answer to this very attempt.
    fn stands(&self, message: &Message) -> bool {
        matches!(message.delivery().step, Step::Claimed { .. }) && message.delivery().attempts == self.attempt
    }

    /// B10: another attempt later, while attempts are left.
    fn again(
        &self,
        cx: &Context<'_>,
        view: &View,
        draft: &mut Draft,
        message: &Arc<Message>,
        problem: &Problem,
        not_before: Option<DateTime<Utc>>,
    ) -> Result<(), Stop> {
        let timings = cx.directory().organization().timings().delivery();
        if self.attempt >= timings.max_attempts() {
            return failed(view, draft, message, problem);
        }
        let told = not_before.map_or(TimeDelta::zero(), |not_before| not_before - cx.now);
        let wait = backoff(timings.first_retry(), timings.max_retry(), self.attempt).max(told);
        let next = not_later(after(cx.now, spread(wait, self.attempt, message.id())), message.not_after());
        draft.record(message, MessageEvent::AttemptFailed { problem: problem.clone(), next });
        Ok(())
    }
}

fn not_later(at: DateTime<Utc>, limit: Option<DateTime<Utc>>) -> DateTime<Utc> {
    limit.map_or(at, |limit| at.min(limit))
}

/// B10: doubles with each attempt up to a bound.
fn backoff(first: TimeDelta, most: TimeDelta, attempt: u16) -> TimeDelta {
    first.checked_mul(1 << u32::from(attempt.saturating_sub(1)).min(20)).unwrap_or(most).min(most)
}

/// B10: a wait and up to a quarter more by the message's id, so that messages that failed together do not come again together.
fn spread(wait: TimeDelta, attempt: u16, message: MessageId) -> TimeDelta {
    let spread = Digest::of(&[message.as_uuid().as_bytes(), &attempt.to_le_bytes()]).0 % 256;
    let more = i32::try_from(spread).ok().and_then(|spread| wait.checked_mul(spread)).map(|more| more / 1024);
    wait.checked_add(&more.unwrap_or_default()).unwrap_or(wait)
}

/// One acceptance by a provider ends a message's attempts; a receipt that came first is taken in now.
fn accepted(
    cx: &Context<'_>,
    view: &View,
    draft: &mut Draft,
    message: &Arc<Message>,
    provider: &ProviderId,
    aliases: &[ProviderId],
) -> Result<(), Stop> {
    if message.delivery().provider.is_some() {
        return Ok(());
    }
    let entry_point = &message.draft().entry_point;
    let mut aliases = others(provider, aliases);
    if message.draft().channel == Channel::Email {
        let bare: Vec<ProviderId> = [provider].into_iter().chain(&aliases).filter_map(bare).collect();
        aliases.extend(bare.into_iter().filter(|name| name != provider));
        aliases = others(provider, &aliases);
    }
    view.want([provider].into_iter().chain(&aliases).map(|name| Key::reference(entry_point, name)))?;
    if message.delivery().step != Step::Settled {
        settle(view, draft, message)?;
    }
    let event = MessageEvent::AcceptedByProvider { provider: provider.clone(), aliases: aliases.clone() };
    draft.record(message, event);
    let mut furthest: Option<&EarlyReceipt> = None;
    for name in [provider].into_iter().chain(&aliases) {
        let early = name_message(view, draft, message, name)?;
        furthest = furthest.into_iter().chain(early).max_by_key(|early| early.status);
    }
    if let Some(EarlyReceipt { status, problem }) = furthest.cloned() {
        if message.advances_to(status) {
            draft.record(message, MessageEvent::StatusReported { status, problem: problem.clone() });
        }
        if let Some(problem) = problem.filter(|_| status == Status::Failed) {
            heed(cx, view, draft, message, &problem, true)?;
        }
    }
    Ok(())
}

/// B7: a Message-ID as mails name it, where a provider tells it in angle brackets, or too long for an id.
fn bare(name: &ProviderId) -> Option<ProviderId> {
    let id = MailId::parse(name.as_str()).ok()?;
    (id.as_str() != name.as_str()).then(|| name_of(&id))
}

/// The further names of a message, each once.
fn others(provider: &ProviderId, aliases: &[ProviderId]) -> Vec<ProviderId> {
    let mut others: Vec<ProviderId> = Vec::new();
    for alias in aliases.iter().take(MAX_ALIASES) {
        if alias != provider && !others.contains(alias) {
            others.push(alias.clone());
        }
    }
    others
}

/// The message is found under a provider's name for it, and what was reported under that name counts; a name that another
/// message has already stays with that one.
fn name_message<'v>(
    view: &'v View,
    draft: &mut Draft,
    message: &Message,
    name: &ProviderId,
) -> Result<Option<&'v EarlyReceipt>, Stop> {
    let entry_point = message.draft().entry_point.clone();
    let known = view.reference(&entry_point, name)?;
    if known.is_none_or(|reference| reference.message.is_none()) {
        draft.put(Record::Reference(Reference::to(entry_point, name.clone(), message.id()).into()));
    }
    Ok(known.and_then(|reference| reference.early.as_ref()))
}
