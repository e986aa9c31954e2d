//! What holds for every message of an agent's, written anew or sent again, and how it is written down (R36, R42, B5, B6, B10–B12).

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::moves::after;
use super::wishes::{note, on_record, reaches_everything};
use crate::directory::{Agent, EntryPoint};
use crate::engine::{Context, Draft, Stop, View};
use crate::mail::MailId;
use crate::model::{
    AgentId, Answers, Author, Basis, CapsBasis, Channel, Content, Conversation, ConversationEvent, ConversationId,
    Customer, CustomerEvent, Direction, HoursBasis, Key, Message, MessageDraft, MessageEvent, MessageId, Reason, Seen,
    Step,
};
use crate::policy::rules::{self, Sending, Standing};
use crate::record::Sent;
use crate::refusal::Refusal;

/// A message that an agent wants to leave.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outgoing<'a> {
    pub(super) agent: &'a AgentId,
    pub(super) conversation: ConversationId,
    pub(super) seen: Seen,
    pub(super) not_after: Option<DateTime<Utc>>,
    pub(super) override_reason: Option<&'a Reason>,
}

/// What the rules found: where the message goes, from where, when, and on what grounds.
#[derive(Debug)]
pub(super) struct Cleared<'a> {
    pub(super) agent: &'a Agent,
    pub(super) conversation: &'a Arc<Conversation>,
    entry_point: &'a EntryPoint,
    not_after: DateTime<Utc>,
    basis: Basis,
    answers: Option<Answers>,
}

impl Outgoing<'_> {
    /// The rules that do not look at what is written; the reasons are collected, and the caller goes on collecting.
    pub(super) fn clear<'a>(
        &self,
        cx: &Context<'a>,
        view: &'a View,
        draft: &mut Draft,
        further: impl IntoIterator<Item = Key>,
    ) -> Result<Cleared<'a>, Stop> {
        let directory = cx.directory();
        let organization = directory.organization();
        let found = view.conversation(self.conversation)?;
        let checks = &mut draft.checks;
        let agent = rules::needed_agent(checks, directory, self.agent)?;
        let conversation = rules::known_conversation(checks, found, self.conversation)?;
        let customer_key = looks_at_customer(cx).then(|| Key::customer(conversation.customer()));
        let answered = conversation.last_inbound().filter(|_| conversation.channel() == Channel::Email);
        let also = customer_key.into_iter().chain(answered.map(Key::message));
        view.want(further.into_iter().chain([Key::contact(conversation.address())]).chain(also))?;
        let answers = answered.map(|id| view.named_message(id)).transpose()?.and_then(|message| answers(message));
        rules::holds_active(checks, self.agent, conversation);
        let entry_point = rules::needed_entry_point(checks, directory, conversation.entry_point())?;
        rules::entry_point_of_channel(checks, entry_point, conversation.channel());
        rules::saw_the_newest(checks, conversation, self.seen);
        let usual = after(cx.now, organization.timings().delivery().expire_after());
        let not_after = self.not_after.unwrap_or(usual);
        rules::deadline_to_come(checks, not_after, cx.now);
        rules::no_backlog(checks, conversation);

        let contact = view.named_contact(conversation.address())?;
        let customer: Option<&Customer> = match looks_at_customer(cx) {
            true => on_record(view, draft, conversation.customer())?.map(|customer| &**customer),
            false => None,
        };
        let checks = &mut draft.checks;
        let wishes = customer.filter(|_| reaches_everything(cx));
        let standing = Standing { entry_point: entry_point.id(), contact: Some(contact), customer: wishes };
        rules::may_be_written_to(checks, organization.consent().scope(), standing, cx.now);
        let override_reason = self.override_reason;
        let sending = Sending {
            address: conversation.address(),
            newest_inbound: conversation.newest_inbound(),
            contact: Some(contact),
            now: cx.now,
            not_after,
            override_reason,
        };
        let hours = rules::hours(checks, organization.hours(), cx.terms.clocks(), sending);
        let leaves = hours.deferred_until().unwrap_or(cx.now);
        let caps = rules::caps(checks, organization.caps(), customer, sending, leaves);
        let overridden = hours == HoursBasis::Overridden || caps == CapsBasis::Overridden;
        let basis = Basis {
            consent: rules::consent_basis(standing, conversation),
            hours,
            caps,
            override_reason: override_reason.filter(|_| overridden).cloned(),
            directory: directory.version(),
        };
        Ok(Cleared { agent, conversation, entry_point, not_after, basis, answers })
    }
}

/// B7: the customer's newest mail, as a reply names it.
fn answers(message: &Message) -> Option<Answers> {
    let Direction::Inbound { provider, mail, .. } = &message.draft().direction else { return None };
    let told = mail.as_ref().and_then(|mail| mail.message_id.clone());
    let id = told.or_else(|| MailId::parse(provider.as_str()).ok())?;
    Some(Answers::to(id, mail.as_ref().map_or(&[], |mail| &mail.references)))
}

/// Whether the set-up keeps something for a customer over all addresses.
fn looks_at_customer(cx: &Context<'_>) -> bool {
    reaches_everything(cx) || cx.directory().organization().caps().limits().is_some()
}

impl Cleared<'_> {
    /// R36: the message is durable, and the outbox sends it; B6: it counts.
    pub(super) fn write_down(
        self,
        cx: &Context<'_>,
        view: &View,
        draft: &mut Draft,
        content: Arc<Content>,
        retries: Option<MessageId>,
        warnings: Vec<Refusal>,
    ) -> Result<Sent, Stop> {
        let Self { agent, conversation, entry_point, not_after, basis, answers } = self;
        let message = MessageId::of(cx.command);
        let number = conversation.messages().saturating_add(1);
        let not_before = basis.hours.deferred_until();
        let leaves = not_before.unwrap_or(cx.now);
        let held = rules::held_until(view.first_unsettled(conversation)?, cx.now);
        if matches!(basis.caps, CapsBasis::Within | CapsBasis::Overridden) {
            let keep = cx.directory().organization().caps().keep();
            note(view, draft, conversation.customer(), CustomerEvent::WrittenTo { at: leaves, keep })?;
        }
        let step = if conversation.unsettled().is_empty() { Step::Due { at: leaves } } else { Step::Waiting };
        draft.record(conversation, ConversationEvent::MessageSent { message });
        let made = MessageDraft {
            id: message,
            conversation: conversation.id(),
            number,
            channel: conversation.channel(),
            entry_point: conversation.entry_point().clone(),
            address: conversation.address().clone(),
            direction: Direction::Outbound {
                by: Author::Agent(agent.id().clone()),
                from: entry_point.sender().into(),
                not_before,
                not_after,
                basis: Box::new(basis),
                retries,
                answers: answers.map(Box::new),
            },
            content,
        };
        draft.begin::<Message>(Key::message(message), MessageEvent::MessageMade { draft: Box::new(made), step });
        Ok(Sent { message, number, not_before: not_before.max(held), warnings })
    }
}
