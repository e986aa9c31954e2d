//! Receiving a customer's message, in a conversation or out of one (R26, R34, R39, B1, B2, B5, B13).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::keyword::heed;
use super::moves::wake;
use super::resolve::{Resolution, resolve};
use super::send::{set_subject, use_subject};
use super::start::open_thread;
use crate::directory::EntryPoint;
use crate::engine::{Command, Context, Draft, Remember, Stop, View, sealed, traces, unused};
use crate::model::{
    Address, Attachment, Body, Channel, Closer, Contact, ContactEvent, Conversation, ConversationEvent, ConversationId,
    CustomerId, Direction, EntryPointId, Fingerprint, Key, Message, MessageDraft, MessageEvent, MessageId, Opening,
    Origin, Private, ProviderId, Recipient, Step, Subject, TaskId, TaskState,
};
use crate::policy::rules;
use crate::record::{Actor, Received, Record, Reference};
use crate::sms::Keyword;

/// A customer's message came in at an entry point (R26).
///
/// A text message that as a whole is a keyword (B5) is written down as the customer's wish in the same commit. Like any other
/// message it reaches the conversation that is open; where none is, a word about consent makes no work for a queue: it goes to the
/// thread's newest conversation, which stays closed, or to one that is closed at once. The set-up's confirmation of an opt-out
/// goes out with it.
///
/// The sender must be an address that can be written back to: a message from a short code or from a name instead of a number
/// is refused, and stays with the host.
///
/// Refused with `entry_point.unknown`, `address.no_country_code`, `address.not_a_number`,
/// `address.number_not_valid`, `address.not_an_email`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiveMessage {
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
    pub subject: Option<Private<String>>,
    /// What it says; HTML is cleaned where the terms have a cleaner, and what goes beyond the set-up's limits is cut off and flagged.
    pub body: Body,
    /// Its attachments; parts with a Content-ID are kept, and flagged by having one (R34).
    #[serde(default)]
    pub attachments: Vec<Attachment>,
}

impl sealed::Sealed for ReceiveMessage {}

impl Command for ReceiveMessage {
    type Output = Received;
    const NAME: &'static str = "receive_message";

    fn actor(&self) -> Actor {
        Actor::Customer
    }

    fn reads(&self, cx: &Context<'_>) -> Vec<Key> {
        let reference = Key::reference(&self.entry_point, &self.provider);
        let channel = cx.directory().entry_point(&self.entry_point).map(EntryPoint::channel);
        let from = channel.and_then(|channel| self.from.resolve_sender(channel, cx.terms.numbers()).ok());
        [reference].into_iter().chain(traces(cx.command)).chain(from.map(|address| Key::contact(&address))).collect()
    }

    fn remember(&self) -> Remember {
        Remember::State
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Received, Stop> {
        let reference = view.reference(&self.entry_point, &self.provider)?;
        if let Some((known, opened)) = reference.and_then(|reference| Some((reference.message?, reference.opened))) {
            return outcome_of(cx, view, known, opened);
        }
        unused(view, cx.command)?;
        let directory = cx.directory();
        let checks = &mut draft.checks;
        let entry_point = rules::needed_entry_point(checks, directory, &self.entry_point)?;
        let from = rules::sender(checks, &self.from, entry_point.channel(), cx.terms.numbers());
        draft.checks.all_hold()?;
        let Some(from) = from else { return Err(Stop::NotLoaded) };

        let found = resolve(cx, view, &self.entry_point, &from)?;
        let keyword = self.keyword(cx, entry_point.channel());
        let customer = found.customer(cx, self.customer.as_ref());
        let arrival = Arrival { entry_point, from: &from, customer: &customer, keyword };
        let place = self.place(cx, view, draft, &arrival, &found)?;
        let message = self.write_down(cx, draft, &arrival, &place);
        heed(cx, view, draft, &arrival, &place)?;
        let reference = Reference {
            entry_point: self.entry_point.clone(),
            provider: self.provider.clone(),
            message: Some(message),
            opened: place.opened,
            early: None,
        };
        draft.put(Record::Reference(reference.into()));
        Ok(Received { message, conversation: place.conversation, opened: place.opened, duplicate: false, keyword })
    }
}

/// Who wrote, where to, and what it asks for.
pub(super) struct Arrival<'a> {
    pub(super) entry_point: &'a EntryPoint,
    pub(super) from: &'a Address,
    pub(super) customer: &'a CustomerId,
    pub(super) keyword: Option<Keyword>,
}

impl Arrival<'_> {
    /// B5: whether it says nothing but a wish about being written to.
    const fn is_about_consent(&self) -> bool {
        matches!(self.keyword, Some(Keyword::OptOut | Keyword::OptIn))
    }
}

/// Where a message belongs.
pub(super) struct Place {
    pub(super) conversation: ConversationId,
    /// The message's number in it.
    pub(super) number: u32,
    opened: bool,
    /// The entry point of the conversation, where it is another than the one that the message reached.
    pub(super) other_entry_point: Option<EntryPointId>,
}

/// B2: what came of the message when it was received before, by this very command or by another.
fn outcome_of(cx: &Context<'_>, view: &View, known: MessageId, opened: bool) -> Result<Received, Stop> {
    let message = view.named_message(known)?;
    let duplicate = known != MessageId::of(cx.command);
    let (conversation, keyword) = (message.conversation(), message.keyword());
    Ok(Received { message: known, conversation, opened, duplicate, keyword })
}

impl ReceiveMessage {
    /// A message of plain text, without anything special.
    #[must_use]
    pub fn text(
        entry_point: EntryPointId,
        from: impl Into<Recipient>,
        provider: ProviderId,
        text: impl Into<String>,
    ) -> Self {
        let body = Body::Text(Private::new(text.into()));
        let (subject, attachments) = (None, Vec::new());
        Self { entry_point, from: from.into(), provider, customer: None, subject, body, attachments }
    }

    /// The same message with files.
    #[must_use]
    pub fn with_attachments(mut self, attachments: impl IntoIterator<Item = Attachment>) -> Self {
        self.attachments.extend(attachments);
        self
    }

    /// The same message, from a customer whom the host knows.
    #[must_use]
    pub fn from_customer(mut self, customer: CustomerId) -> Self {
        self.customer = Some(customer);
        self
    }

    /// The same message under a subject.
    #[must_use]
    pub fn with_subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(Private::new(subject.into()));
        self
    }

    /// R27: subjects are a matter of e-mail.
    fn subject(&self, channel: Channel) -> Option<Subject> {
        let given = self.subject.as_ref().filter(|_| channel == Channel::Email)?;
        Subject::lenient(given.expose())
    }

    /// B5: what the message asks for, where as a whole it is a keyword: by text message only.
    fn keyword(&self, cx: &Context<'_>, channel: Channel) -> Option<Keyword> {
        match (channel, &self.body) {
            (Channel::Sms, Body::Text(text)) => cx.directory().organization().consent().keywords().of(text.expose()),
            _ => None,
        }
    }

    /// R26, R39, B5: the open conversation; for a word about consent else the newest, as it is; else a new one.
    fn place(
        &self,
        cx: &Context<'_>,
        view: &View,
        draft: &mut Draft,
        arrival: &Arrival<'_>,
        found: &Resolution<'_>,
    ) -> Result<Place, Stop> {
        let existing = match (found.open, found.latest) {
            (Some(open), _) => Some(open),
            (None, Some(latest)) if arrival.is_about_consent() => Some(view.named_conversation(latest)?),
            (None, _) => None,
        };
        let Some(existing) = existing else {
            let conversation = self.open(cx, view, draft, arrival, found)?;
            return Ok(Place { conversation, number: 1, opened: true, other_entry_point: None });
        };
        self.join(cx, view, draft, existing)?;
        let other_entry_point = (*existing.entry_point() != self.entry_point).then(|| existing.entry_point().clone());
        let number = existing.messages().saturating_add(1);
        Ok(Place { conversation: existing.id(), number, opened: false, other_entry_point })
    }

    /// R26: the message belongs to the open conversation, whatever its state; a parked one wakes (B13).
    fn join(&self, cx: &Context<'_>, view: &View, draft: &mut Draft, open: &Arc<Conversation>) -> Result<(), Stop> {
        let message = MessageId::of(cx.command);
        draft.record(open, ConversationEvent::MessageReceived { message });
        match (open.subject(), self.subject(open.channel())) {
            (None, Some(subject)) => set_subject(view, draft, open, &subject)?,
            (Some(_), Some(other)) => use_subject(view, draft, open.customer(), open.id(), &other)?,
            (_, None) => {}
        }
        wake(cx, view, draft, open)
    }

    /// R39: a new conversation, linked to the one before it on the same thread, waits in the entry point's queue; one for a word
    /// about consent is closed at once, and waits for nobody (B5).
    fn open(
        &self,
        cx: &Context<'_>,
        view: &View,
        draft: &mut Draft,
        arrival: &Arrival<'_>,
        found: &Resolution<'_>,
    ) -> Result<ConversationId, Stop> {
        let Arrival { entry_point, from, customer, .. } = *arrival;
        let id = ConversationId::of(cx.command);
        let key = Key::conversation(id);
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
        let task = match arrival.is_about_consent() {
            true => TaskState::Done,
            false => TaskState::Queued { queue: entry_point.queue().id().clone(), since: cx.now },
        };
        draft.begin::<Conversation>(key, ConversationEvent::Opened { opening: Box::new(opening), task });
        open_thread(draft, found.contact, from, customer, &self.entry_point, id);
        if let Some(subject) = self.subject(entry_point.channel()) {
            use_subject(view, draft, customer, id, &subject)?;
            draft.then::<Conversation>(key, ConversationEvent::SubjectSet { subject });
        }
        let message = MessageId::of(cx.command);
        draft.then::<Conversation>(key, ConversationEvent::MessageReceived { message });
        if arrival.is_about_consent() {
            draft.then::<Conversation>(key, ConversationEvent::Closed { by: Closer::Host });
            let closed = ContactEvent::ThreadClosed { entry_point: self.entry_point.clone() };
            draft.then::<Contact>(Key::contact(from), closed);
        }
        Ok(id)
    }

    /// R34: nothing of the message is lost.
    fn write_down(&self, cx: &Context<'_>, draft: &mut Draft, arrival: &Arrival<'_>, place: &Place) -> MessageId {
        let Arrival { entry_point, from, keyword, .. } = *arrival;
        let message = MessageId::of(cx.command);
        let (organization, subject) = (cx.directory().organization(), self.subject(entry_point.channel()));
        let content = rules::kept(organization, cx.terms.html(), subject, &self.body, &self.attachments);
        let made = MessageDraft {
            id: message,
            conversation: place.conversation,
            number: place.number,
            channel: entry_point.channel(),
            entry_point: self.entry_point.clone(),
            address: from.clone(),
            direction: Direction::Inbound { provider: self.provider.clone(), keyword },
            content: Arc::new(content),
        };
        let step = Step::Settled;
        draft.begin::<Message>(Key::message(message), MessageEvent::MessageMade { draft: Box::new(made), step });
        message
    }
}
