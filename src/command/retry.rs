//! Sending a message again that did not get through (B10).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::outgoing::Outgoing;
use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::model::{AgentId, Key, MessageEvent, MessageId, Reason, Seen};
use crate::policy::{Ask, rules};
use crate::record::{Actor, Sent};

/// An agent has a message sent again that failed or expired: really, as a new message under an idempotency key of its own, with
/// the same content, once (B10). Every rule of sending holds but those of what is written: that was allowed once, and leaves as it
/// was; only images are looked at again, and are kept as long as those of a new message (R28, R33).
///
/// Refused with `agent.unknown`, `message.unknown`, `message.not_sent`, `message.not_failed`, `message.retried`,
/// `conversation.closed`, `task.not_yours`, `task.not_active`, `task.frozen`, `entry_point.unknown`,
/// `entry_point.other_channel`, `image.forbidden`, `consent.opted_out`, `consent.suppressed`, `message.deadline_passed`, `hours.quiet`,
/// `caps.reached`, `override.not_allowed`, `delivery.backlog`, `conversation.customer_wrote_meanwhile`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetryMessage {
    /// The agent.
    pub agent: AgentId,
    /// The message that did not get through.
    pub message: MessageId,
    /// What the agent had seen of the customer's messages (B11).
    #[serde(default)]
    pub seen: Seen,
    /// When it is too late to send it; the set-up's time where it is not told.
    #[serde(default)]
    pub not_after: Option<DateTime<Utc>>,
    /// Why it leaves although quiet hours or caps speak against it (B6).
    #[serde(default)]
    pub override_reason: Option<Reason>,
}

impl RetryMessage {
    /// A retry without anything special.
    #[must_use]
    pub const fn new(agent: AgentId, message: MessageId) -> Self {
        Self { agent, message, seen: Seen::NotTold, not_after: None, override_reason: None }
    }

    /// The same retry, not to be sent after a time.
    #[must_use]
    pub const fn not_after(mut self, not_after: DateTime<Utc>) -> Self {
        self.not_after = Some(not_after);
        self
    }

    /// The same retry, although quiet hours or caps speak against it (B6).
    #[must_use]
    pub fn overriding(mut self, reason: Reason) -> Self {
        self.override_reason = Some(reason);
        self
    }

    /// The same retry, asked for before any message from the customer was seen (B11).
    #[must_use]
    pub const fn having_seen_nothing(mut self) -> Self {
        self.seen = Seen::Nothing;
        self
    }

    /// The same retry, asked for in sight of a message from the customer (B11).
    #[must_use]
    pub const fn having_seen(mut self, seen: MessageId) -> Self {
        self.seen = Seen::UpTo(seen);
        self
    }
}

impl sealed::Sealed for RetryMessage {}

impl Command for RetryMessage {
    type Output = Sent;
    const NAME: &'static str = "retry_message";

    fn actor(&self) -> Actor {
        Actor::Agent(self.agent.clone())
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::message(self.message)]
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Sent, Stop> {
        let found = view.message(self.message)?;
        let message = rules::known_message(&mut draft.checks, found)?;
        rules::was_sent(&mut draft.checks, message);
        draft.checks.all_hold()?;
        view.want([Key::conversation(message.conversation()), Key::contact(&message.draft().address)])?;
        rules::can_be_retried(&mut draft.checks, message);
        let outgoing = Outgoing {
            agent: &self.agent,
            conversation: message.conversation(),
            seen: self.seen,
            not_after: self.not_after,
            override_reason: self.override_reason.as_ref(),
        };
        let cleared = outgoing.clear(cx, view, draft, [])?;
        let organization = cx.directory().organization();
        let content = rules::shown_again(&mut draft.checks, organization, &message.draft().content, cx.now);
        let ask = Ask::Send { agent: cleared.agent, conversation: cleared.conversation, content: &content };
        rules::host_rules(&mut draft.checks, cx.terms.rules(), &ask, cx.now);
        draft.checks.all_hold()?;
        draft.record(message, MessageEvent::Retried { by: MessageId::of(cx.command) });
        cleared.write_down(cx, view, draft, content, Some(message.id()), Vec::new())
    }
}
