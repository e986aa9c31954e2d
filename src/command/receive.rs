//! Receiving a customer's message, in a conversation or out of one (R26, R34, R39, B1, B2, B13).

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::moves::wake;
use super::send::{set_subject, use_subject};
use super::start::open_thread;
use crate::directory::EntryPoint;
use crate::engine::{Command, Context, Draft, Misuse, Remember, Stop, View, sealed};
use crate::model::{
    Address, Attachment, Body, Content, Conversation, ConversationEvent, ConversationId, CustomerId, Direction,
    EntryPointId, Fingerprint, Key, Message, MessageDraft, MessageEvent, MessageId, Opening, Origin, Private,
    ProviderId, Recipient, Step, Subject, TaskId, TaskState,
};
use crate::policy::rules;
use crate::record::{Actor, Received, Record, Reference};
use crate::threading::{Resolution, resolve};

/// A customer's message came in at an entry point (R26).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Receive {
    /// The entry point that it reached.
    pub entry_point: EntryPointId,
    /// The address that it came from.
    pub from: Recipient,
    /// What the provider calls it: received twice under one id, it is one message (B2).
    pub provider: ProviderId,
    /// The customer, where the host knows who it is and the address was never seen.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    /// The subject, on e-mail; kept as far as it is one.
    #[serde(default)]
    pub subject: Option<String>,
    /// What it says.
    pub body: Body,
    /// Its attachments; parts with a Content-ID are kept, and flagged by having one (R34).
    #[serde(default)]
    pub attachments: Vec<Attachment>,
}

impl fmt::Debug for Receive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receive")
            .field("entry_point", &self.entry_point)
            .field("from", &self.from)
            .field("provider", &self.provider)
            .field("customer", &self.customer)
            .field("subject", &self.subject.as_deref().map(Private::new))
            .field("body", &self.body)
            .field("attachments", &self.attachments)
            .finish()
    }
}

impl sealed::Sealed for Receive {}

impl Command for Receive {
    type Output = Received;
    const NAME: &'static str = "receive";

    fn actor(&self) -> Actor {
        Actor::Customer
    }

    fn reads(&self, cx: &Context<'_>) -> Vec<Key> {
        let reference = Key::reference(&self.entry_point, &self.provider);
        let channel = cx.directory().entry_point(&self.entry_point).map(EntryPoint::channel);
        let from = channel.and_then(|channel| self.from.resolve_sender(channel, cx.terms.numbers()).ok());
        let made = [Key::message(MessageId::of(cx.command)), Key::conversation(ConversationId::of(cx.command))];
        [reference].into_iter().chain(made).chain(from.map(|address| Key::contact(&address))).collect()
    }

    fn remember(&self) -> Remember {
        Remember::State
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Received, Stop> {
        let reference = view.reference(&self.entry_point, &self.provider)?;
        if let Some(known) = reference.and_then(|reference| reference.message) {
            return first_outcome(view, known);
        }
        unused(cx, view.message(MessageId::of(cx.command))?)?;
        let directory = cx.directory();
        let checks = &mut draft.checks;
        let entry_point = rules::needed_entry_point(checks, directory, &self.entry_point)?;
        let from = rules::sender(checks, &self.from, entry_point.channel(), cx.terms.numbers());
        draft.checks.all_hold()?;
        let Some(from) = from else { return Err(Stop::NotLoaded) };

        let scope = directory.organization().conflict_scope();
        let found = resolve(view, &self.entry_point, &from, scope)?;
        let opened = found.open.is_none();
        let (conversation, number) = match found.open {
            Some(open) => (self.join(cx, view, draft, open)?, open.messages().saturating_add(1)),
            None => (self.open(cx, view, draft, entry_point, &from, &found)?, 1),
        };
        let message = self.write_down(cx, draft, entry_point, conversation, number, from);
        let (entry_point, provider) = (self.entry_point.clone(), self.provider.clone());
        let reference = Reference { entry_point, provider, message: Some(message), early: None };
        draft.put(Record::Reference(reference.into()));
        Ok(Received { message, conversation, opened, duplicate: false })
    }
}

/// B2: what came of the message when it was received before.
fn first_outcome(view: &View, known: MessageId) -> Result<Received, Stop> {
    let message = view.named_message(known)?;
    let opened = message.draft().number == 1 && message.is_inbound();
    Ok(Received { message: known, conversation: message.conversation(), opened, duplicate: true })
}

/// B2: what this command would make was not made by another one under its id.
pub(super) fn unused<T>(cx: &Context<'_>, made: Option<&T>) -> Result<(), Stop> {
    if made.is_some() { Err(Misuse::CommandIdReused(cx.command).into()) } else { Ok(()) }
}

impl Receive {
    fn subject(&self) -> Option<Subject> {
        Subject::lenient(self.subject.as_deref()?)
    }

    /// R26: the message belongs to the open conversation, whatever its state; a parked one wakes (B13).
    fn join(
        &self,
        cx: &Context<'_>,
        view: &View,
        draft: &mut Draft,
        open: &Arc<Conversation>,
    ) -> Result<ConversationId, Stop> {
        let message = MessageId::of(cx.command);
        draft.record(open, ConversationEvent::MessageReceived { message });
        if let (None, Some(subject)) = (open.subject(), self.subject()) {
            set_subject(view, draft, open, &subject)?;
        }
        wake(cx, view, draft, open)?;
        Ok(open.id())
    }

    /// R39: a new conversation, linked to the one before it on the same thread, waits in the entry point's queue.
    fn open(
        &self,
        cx: &Context<'_>,
        view: &View,
        draft: &mut Draft,
        entry_point: &EntryPoint,
        from: &Address,
        found: &Resolution<'_>,
    ) -> Result<ConversationId, Stop> {
        let id = ConversationId::of(cx.command);
        unused(cx, view.conversation(id)?)?;
        let key = Key::conversation(id);
        let customer = found
            .contact
            .map(|contact| contact.customer().clone())
            .or_else(|| self.customer.clone())
            .unwrap_or_else(|| CustomerId::met_by(cx.command));
        let opening = Opening {
            id,
            task: TaskId::of(cx.command),
            channel: entry_point.channel(),
            entry_point: self.entry_point.clone(),
            address: from.clone(),
            customer: customer.clone(),
            origin: Origin::Customer,
            previous: found.latest,
            fingerprint: Fingerprint::of(Self::NAME, self),
        };
        let task = TaskState::Queued { queue: entry_point.queue().id().clone(), since: cx.now };
        draft.begin::<Conversation>(key, ConversationEvent::Opened { opening: Box::new(opening), task });
        open_thread(draft, found.contact, from, &customer, &self.entry_point, id);
        if let Some(subject) = self.subject() {
            use_subject(view, draft, &customer, id, &subject)?;
            draft.then::<Conversation>(key, ConversationEvent::SubjectSet { subject });
        }
        let message = MessageId::of(cx.command);
        draft.then::<Conversation>(key, ConversationEvent::MessageReceived { message });
        Ok(id)
    }

    /// R34: nothing of the message is lost.
    fn write_down(
        &self,
        cx: &Context<'_>,
        draft: &mut Draft,
        entry_point: &EntryPoint,
        conversation: ConversationId,
        number: u32,
        from: Address,
    ) -> MessageId {
        let message = MessageId::of(cx.command);
        let content = Content {
            subject: self.subject(),
            body: self.body.clone(),
            attachments: self.attachments.clone(),
            ..Content::default()
        };
        let made = MessageDraft {
            id: message,
            conversation,
            number,
            channel: entry_point.channel(),
            entry_point: self.entry_point.clone(),
            address: from,
            direction: Direction::Inbound { provider: self.provider.clone() },
            content: Arc::new(content),
        };
        let step = Step::Settled;
        draft.begin::<Message>(Key::message(message), MessageEvent::MessageMade { draft: Box::new(made), step });
        message
    }
}
