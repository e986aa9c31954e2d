//! Sending a message in a conversation (R25–R36, R47, B11).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::outgoing::Outgoing;
use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::model::{
    AgentId, Attachment, Content, Conversation, ConversationEvent, ConversationId, CustomerId, Key, MessageId, Private,
    Reason, Seen, Subject, Wording,
};
use crate::policy::{Ask, rules};
use crate::record::{Actor, Record, Sent, SubjectUse};
use crate::refusal::Refusal;

/// An agent sends a message to the customer (R36).
///
/// Refused with `agent.unknown`, `conversation.unknown`, `conversation.closed`, `task.not_yours`,
/// `task.not_active`, `task.frozen`, `entry_point.unknown`, `message.blank`, `message.too_long`,
/// `message.too_many_segments`, `message.email_only`, `message.deadline_passed`, `template.unknown`, `template.other_channel`,
/// `template.variables_missing`, `template.variables_unknown`, `template.value_not_a_line`, `subject.missing`,
/// `subject.not_a_subject`, `subject.used`, `content.html_cleaned`, `attachment.too_many`,
/// `attachment.too_large`, `attachment.total_too_large`, `attachment.type_forbidden`,
/// `attachment.name_not_acceptable`, `image.forbidden`, `image.too_large`, `image.not_an_image`,
/// `image.not_as_declared`, `image.no_host`, `image.not_shown`, `image.not_given`, `image.embedded`, `content.content_id_not_supported`,
/// `consent.opted_out`, `consent.suppressed`, `hours.quiet`, `caps.reached`, `override.not_allowed`,
/// `delivery.backlog`, `conversation.customer_wrote_meanwhile`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SendMessage {
    /// The agent.
    pub agent: AgentId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The subject: on e-mail for the first message, and later only to change it (R27).
    #[serde(default)]
    pub subject: Option<Private<String>>,
    /// What is written.
    pub wording: Wording,
    /// Files that go with it, on e-mail.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// What the agent had seen of the customer's messages (B11).
    #[serde(default)]
    pub seen: Seen,
    /// When it is too late to send it; the set-up's time where it is not told.
    #[serde(default)]
    pub not_after: Option<DateTime<Utc>>,
    /// Why it leaves although quiet hours or caps speak against it, where the set-up lets agents override them (B6). Consent is
    /// never overridden.
    #[serde(default)]
    pub override_reason: Option<Reason>,
}

impl SendMessage {
    /// A message without anything special.
    #[must_use]
    pub const fn new(agent: AgentId, conversation: ConversationId, wording: Wording) -> Self {
        Self {
            agent,
            conversation,
            subject: None,
            wording,
            attachments: Vec::new(),
            seen: Seen::NotTold,
            not_after: None,
            override_reason: None,
        }
    }

    /// The key under which the use of a subject that is given is found, so that it comes with the first records.
    fn subject_key(&self, view: &View, subject: Option<&str>) -> Result<Option<Key>, Stop> {
        let Some(subject) = subject.and_then(|subject| Subject::parse(subject).ok()) else { return Ok(None) };
        let conversation = view.conversation(self.conversation)?;
        Ok(conversation.map(|conversation| use_of(conversation.customer(), &subject)))
    }

    /// The same message under a subject (R27).
    #[must_use]
    pub fn with_subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(Private::new(subject.into()));
        self
    }

    /// The same message with files, on e-mail.
    #[must_use]
    pub fn with_attachments(mut self, attachments: impl IntoIterator<Item = Attachment>) -> Self {
        self.attachments.extend(attachments);
        self
    }

    /// The same message, not to be sent after a time.
    #[must_use]
    pub const fn not_after(mut self, not_after: DateTime<Utc>) -> Self {
        self.not_after = Some(not_after);
        self
    }

    /// The same message, although quiet hours or caps speak against it (B6).
    #[must_use]
    pub fn overriding(mut self, reason: Reason) -> Self {
        self.override_reason = Some(reason);
        self
    }

    /// The same message, written before any message from the customer was seen (B11).
    #[must_use]
    pub const fn having_seen_nothing(mut self) -> Self {
        self.seen = Seen::Nothing;
        self
    }

    /// The same message, written in sight of a message from the customer (B11).
    #[must_use]
    pub const fn having_seen(mut self, seen: MessageId) -> Self {
        self.seen = Seen::UpTo(seen);
        self
    }
}

impl sealed::Sealed for SendMessage {}

impl Command for SendMessage {
    type Output = Sent;
    const NAME: &'static str = "send_message";

    fn actor(&self) -> Actor {
        Actor::Agent(self.agent.clone())
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::conversation(self.conversation)]
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Sent, Stop> {
        let directory = cx.directory();
        let outgoing = Outgoing {
            agent: &self.agent,
            conversation: self.conversation,
            seen: self.seen,
            not_after: self.not_after,
            override_reason: self.override_reason.as_ref(),
        };
        let subject = self.subject.as_ref().map(|subject| subject.expose().as_str());
        let cleared = outgoing.clear(cx, view, draft, self.subject_key(view, subject)?)?;
        let conversation = cleared.conversation;
        let on = rules::Writing {
            directory,
            html: cx.terms.html(),
            channel: conversation.channel(),
            subject: conversation.subject(),
            message: MessageId::of(cx.command),
            now: cx.now,
        };
        let rules::Composed { content, mut warnings } =
            rules::compose(&mut draft.checks, on, subject, &self.wording, &self.attachments)?;
        warnings.extend(fresh_subject(cx, view, draft, conversation, &content)?);
        let ask = Ask::Send { agent: cleared.agent, conversation, content: &content };
        rules::host_rules(&mut draft.checks, cx.terms.rules(), &ask, cx.now);
        draft.checks.all_hold()?;

        if let Some(subject) = rules::new_subject(conversation.subject(), &content) {
            set_subject(view, draft, conversation, subject)?;
        }
        cleared.write_down(cx, view, draft, Arc::new(content), None, warnings)
    }
}

/// R27: the subject is there, and was not used before with this customer.
fn fresh_subject(
    cx: &Context<'_>,
    view: &View,
    draft: &mut Draft,
    conversation: &Conversation,
    content: &Content,
) -> Result<Vec<Refusal>, Stop> {
    rules::subject_given(&mut draft.checks, conversation.channel(), content);
    let Some(subject) = rules::new_subject(conversation.subject(), content) else { return Ok(Vec::new()) };
    let used = view.subject(conversation.customer(), &subject.normalised())?;
    let policy = cx.directory().organization().subject_reuse();
    Ok(rules::subject_unused(&mut draft.checks, used.map(|used| used.conversation), Some(conversation.id()), policy))
}

/// R27: the conversation goes under the subject, and the customer has seen it from now on.
pub(super) fn set_subject(
    view: &View,
    draft: &mut Draft,
    conversation: &Arc<Conversation>,
    subject: &Subject,
) -> Result<(), Stop> {
    draft.record(conversation, ConversationEvent::SubjectSet { subject: subject.clone() });
    use_subject(view, draft, conversation.customer(), conversation.id(), subject)
}

/// R27: the record that keeps the first use of a subject with a customer.
pub(super) fn use_of(customer: &CustomerId, subject: &Subject) -> Key {
    Key::subject(customer, &subject.normalised())
}

/// R27: the first use of a subject with a customer stays on record.
pub(super) fn use_subject(
    view: &View,
    draft: &mut Draft,
    customer: &CustomerId,
    conversation: ConversationId,
    subject: &Subject,
) -> Result<(), Stop> {
    let key = use_of(customer, subject);
    if view.record(key)?.is_none() {
        draft.put(Record::Subject(SubjectUse { key, conversation }.into()));
    }
    Ok(())
}
