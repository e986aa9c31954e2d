//! Receiving a customer's message, in a conversation or out of one (R26, R34, R39, B1, B2, B5, B7, B13).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::bounce::take_in;
use super::keyword::heed;
use super::mail::{Mail, Reported};
use super::moves::wake;
use super::resolve::{Resolution, resolve};
use super::send::{set_subject, use_of, use_subject};
use super::start::open_thread;
use crate::directory::{EntryPoint, Strangers};
use crate::engine::{Command, Context, Draft, Remember, Stop, View, sealed, traces, unused};
use crate::mail::{MailHeaders, Report};
use crate::model::{
    Address, AddressError, Attachment, Body, BoundTo, Channel, Closer, Contact, ContactEvent, Conversation,
    ConversationEvent, ConversationId, CustomerId, Direction, EntryPointId, Key, MailTrace, Message, MessageDraft,
    MessageEvent, MessageId, Opening, Origin, Private, ProviderId, QueueId, Recipient, Step, Subject, TaskId,
    TaskState,
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
/// An e-mail with its headers joins the conversation that it names, where nothing speaks against it (B7): another address of the
/// customer, or somebody who had a copy, joins that one and not one of their own; a stranger never does. What no person wrote wakes
/// nothing and makes no work for a queue, and a report about a message of ours tells how far that got.
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
    /// What its headers say, on e-mail (B7).
    #[serde(default)]
    pub mail: Option<Box<MailHeaders>>,
    /// What it reports about a mail of ours, if it does (B7).
    #[serde(default)]
    pub report: Option<Box<Report>>,
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
        let said = channel.map(|channel| self.said(cx, channel));
        let from = said.as_ref().and_then(|said| said.from.as_ref().ok()).map(Key::contact);
        let named = said.as_ref().and_then(|said| said.mail.as_ref()).map(Mail::keys).unwrap_or_default();
        [reference].into_iter().chain(traces(cx.command)).chain(from).chain(named).collect()
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
        let entry_point = rules::needed_entry_point(&mut draft.checks, directory, &self.entry_point)?;
        let said = self.said(cx, entry_point.channel());
        let Said { from, subject, mail } = &*said;
        let (subject, mail) = (subject.as_ref(), mail.as_ref());
        if let Some((known, opened)) = mail.map(|mail| mail.came_before(view)).transpose()?.flatten() {
            return outcome_of(cx, view, known, opened);
        }
        if let Some(reported) = mail.map(|mail| mail.reported(cx, view, entry_point)).transpose()?.flatten() {
            return self.take_report(cx, view, draft, entry_point, reported);
        }
        let from = rules::sender(&mut draft.checks, from.clone(), entry_point.channel());
        draft.checks.all_hold()?;
        let Some(from) = from else { return Err(Stop::NotLoaded) };

        // What the address leads to, what the mail names and what is known of its subject are asked for at once.
        let found = resolve(cx, view, &self.entry_point, &from);
        let named = mail.map(|mail| mail.named(view)).transpose();
        let used = view.contact(&from)?.zip(subject).map(|(contact, subject)| use_of(contact.customer(), subject));
        let asked = view.want(used);
        let (found, named, ()) = (found?, named?, asked?);
        let customer = found.customer(cx, self.customer.as_ref());
        let keyword = self.keyword(cx, entry_point.channel());
        let trace = match (mail, named) {
            (Some(mail), Some(named)) => Some(mail.trace(cx, entry_point, (&from, &customer), found.open, &named)),
            _ => None,
        };
        draft.binding = trace.as_ref().map(|trace| trace.binding.clone());
        let manner = Manner::of(keyword, trace.as_ref());
        let arrival = Arrival { entry_point, from: &from, customer: &customer, subject, keyword, manner };
        let place = self.place(cx, view, draft, &arrival, &found, trace.as_ref())?;
        if let Some(mail) = mail {
            mail.leave_names(view, draft, entry_point, MessageId::of(cx.command))?;
        }
        if found.contact.is_none() && !place.opened {
            let made = ContactEvent::ContactMade { address: from.clone(), customer: customer.clone() };
            draft.begin::<Contact>(Key::contact(&from), made);
        }
        let (address, conversation, opened) = (from.clone(), place.conversation, place.opened);
        let message = self.write_down(cx, draft, entry_point, address, keyword, &place, trace.clone());
        if manner != Manner::Machine {
            heed(cx, view, draft, &arrival, &place)?;
        }
        Ok(Received { message, conversation, opened, duplicate: false, keyword, mail: trace.map(Box::new) })
    }
}

/// What a message says by itself, whatever is on record.
struct Said {
    from: Result<Address, AddressError>,
    subject: Option<Subject>,
    mail: Option<Mail>,
}

/// Who wrote, where to, and what it asks for.
pub(super) struct Arrival<'a> {
    pub(super) entry_point: &'a EntryPoint,
    pub(super) from: &'a Address,
    pub(super) customer: &'a CustomerId,
    subject: Option<&'a Subject>,
    pub(super) keyword: Option<Keyword>,
    manner: Manner,
}

/// What a message is to the one who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// Somebody wrote something.
    Words,
    /// Nothing but a wish about being written to (B5).
    Wish,
    /// No person wrote it (B7).
    Machine,
}

impl Manner {
    fn of(keyword: Option<Keyword>, mail: Option<&MailTrace>) -> Self {
        let is_automatic = mail.and_then(|mail| mail.automatic.as_ref()).is_some_and(|automatic| automatic.is_certain);
        match keyword {
            _ if is_automatic || mail.is_some_and(|mail| mail.report.is_some()) => Self::Machine,
            Some(Keyword::OptOut | Keyword::OptIn) => Self::Wish,
            Some(Keyword::Help) | None => Self::Words,
        }
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
    let mail = message.mail().cloned().map(Box::new);
    Ok(Received { message: known, conversation, opened, duplicate, keyword, mail })
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
        Self {
            entry_point,
            from: from.into(),
            provider,
            customer: None,
            subject: None,
            body,
            attachments: Vec::new(),
            mail: None,
            report: None,
        }
    }

    /// The same message, an e-mail with what its headers say (B7).
    #[must_use]
    pub fn with_headers(mut self, headers: MailHeaders) -> Self {
        self.mail = Some(Box::new(headers));
        self
    }

    /// The same message, an e-mail that reports about one of ours (B7).
    #[must_use]
    pub fn with_report(mut self, report: Report) -> Self {
        self.report = Some(Box::new(report));
        self
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

    /// What the message says, worked out once.
    fn said(&self, cx: &Context<'_>, channel: Channel) -> Arc<Said> {
        cx.once(|| Said {
            from: self.from.resolve_sender(channel, cx.numbers()),
            subject: self.subject(channel),
            mail: Mail::of(cx, self, channel),
        })
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

    /// R26, R39, B5, B7: the open conversation, first of all the one that it names; for what nobody waits for else the newest, as
    /// it is; else a new one.
    fn place(
        &self,
        cx: &Context<'_>,
        view: &View,
        draft: &mut Draft,
        arrival: &Arrival<'_>,
        found: &Resolution<'_>,
        mail: Option<&MailTrace>,
    ) -> Result<Place, Stop> {
        let bound = match mail.map(|mail| mail.binding.to) {
            Some(BoundTo::Conversation { conversation, .. }) => Some(view.named_conversation(conversation)?),
            _ => None,
        };
        let open = bound.filter(|bound| !bound.is_closed()).or(found.open);
        let existing = match (open, found.latest) {
            (Some(open), _) => Some(open),
            (None, _) if arrival.manner == Manner::Machine && bound.is_some() => bound,
            (None, Some(latest)) if arrival.manner != Manner::Words => Some(view.named_conversation(latest)?),
            (None, _) => None,
        };
        let Some(existing) = existing else {
            let queue = match (&cx.directory().organization().threading().strangers, mail.map(|mail| mail.binding.to)) {
                (Strangers::Quarantine { queue }, Some(BoundTo::Quarantine)) => queue,
                _ => arrival.entry_point.queue().id(),
            };
            let conversation = self.open(cx, view, draft, arrival, found, queue)?;
            return Ok(Place { conversation, number: 1, opened: true, other_entry_point: None });
        };
        match arrival.manner {
            Manner::Machine => note(cx, draft, existing),
            Manner::Words | Manner::Wish => join(cx, view, draft, existing, arrival.subject)?,
        }
        Ok(Place::in_conversation(existing, &self.entry_point))
    }

    /// R39: a new conversation, linked to the one before it on the same thread, waits in a queue; one that nobody waits for is
    /// closed at once (B5, B7).
    fn open(
        &self,
        cx: &Context<'_>,
        view: &View,
        draft: &mut Draft,
        arrival: &Arrival<'_>,
        found: &Resolution<'_>,
        queue: &QueueId,
    ) -> Result<ConversationId, Stop> {
        let Arrival { entry_point, from, customer, subject, manner, .. } = *arrival;
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
            fingerprint: self.fingerprint(),
        };
        let task = match manner {
            Manner::Words => TaskState::Queued { queue: queue.clone(), since: cx.now },
            Manner::Wish | Manner::Machine => TaskState::Done,
        };
        draft.begin::<Conversation>(key, ConversationEvent::Opened { opening: Arc::new(opening), task });
        open_thread(draft, found.contact, from, customer, &self.entry_point, id);
        // R27: what a machine writes above its mail is no subject between two people.
        if let Some(subject) = subject.filter(|_| manner != Manner::Machine) {
            use_subject(view, draft, customer, id, subject)?;
            draft.then::<Conversation>(key, ConversationEvent::SubjectSet { subject: subject.clone() });
        }
        let message = MessageId::of(cx.command);
        draft.then::<Conversation>(
            key,
            match manner {
                Manner::Words | Manner::Wish => ConversationEvent::MessageReceived { message },
                Manner::Machine => ConversationEvent::MessageNoted { message },
            },
        );
        if manner != Manner::Words {
            draft.then::<Conversation>(key, ConversationEvent::Closed { by: Closer::Host });
            let closed = ContactEvent::ThreadClosed { entry_point: self.entry_point.clone() };
            draft.then::<Contact>(Key::contact(from), closed);
        }
        Ok(id)
    }

    /// B7: what is told of a message of ours is kept beside it, and makes no work.
    fn take_report(
        &self,
        cx: &Context<'_>,
        view: &View,
        draft: &mut Draft,
        entry_point: &EntryPoint,
        Reported { about, report, trace }: Reported<'_>,
    ) -> Result<Received, Stop> {
        draft.binding = Some(trace.binding.clone());
        let about = view.named_message(about)?;
        let conversation = view.named_conversation(about.conversation())?;
        take_in(cx, view, draft, about, report)?;
        note(cx, draft, conversation);
        let place = Place::in_conversation(conversation, &self.entry_point);
        let address = about.draft().address.clone();
        let message = self.write_down(cx, draft, entry_point, address, None, &place, Some(trace.clone()));
        let (conversation, mail) = (place.conversation, Some(Box::new(trace)));
        Ok(Received { message, conversation, opened: false, duplicate: false, keyword: None, mail })
    }

    /// R34: nothing of the message is lost; B2: it is known again by its provider's name for it.
    #[expect(clippy::too_many_arguments, reason = "each is another thing that a message is made of")]
    fn write_down(
        &self,
        cx: &Context<'_>,
        draft: &mut Draft,
        entry_point: &EntryPoint,
        address: Address,
        keyword: Option<Keyword>,
        place: &Place,
        mail: Option<MailTrace>,
    ) -> MessageId {
        let message = MessageId::of(cx.command);
        let (organization, said) = (cx.directory().organization(), self.said(cx, entry_point.channel()));
        let subject = said.subject.clone();
        let content = rules::kept(organization, cx.terms.html(), subject, &self.body, &self.attachments);
        let name = said.mail.as_ref().and_then(Mail::name).cloned();
        for name in [Some(self.provider.clone()), name].into_iter().flatten() {
            let reference = Reference::to(self.entry_point.clone(), name, message);
            draft.put(Record::Reference(Reference { opened: place.opened, ..reference }.into()));
        }
        let provider = self.provider.clone();
        let made = MessageDraft {
            id: message,
            conversation: place.conversation,
            number: place.number,
            channel: entry_point.channel(),
            entry_point: self.entry_point.clone(),
            address,
            direction: Direction::Inbound { provider, keyword, mail: mail.map(Box::new) },
            content: Arc::new(content),
        };
        let step = Step::Settled;
        draft.begin::<Message>(Key::message(message), MessageEvent::MessageMade { draft: Box::new(made), step });
        message
    }
}

impl Place {
    /// The next place in a conversation.
    fn in_conversation(conversation: &Conversation, reached: &EntryPointId) -> Self {
        let other = conversation.entry_point();
        Self {
            conversation: conversation.id(),
            number: conversation.messages().saturating_add(1),
            opened: false,
            other_entry_point: (other != reached).then(|| other.clone()),
        }
    }
}

/// R26: the message belongs to the open conversation, whatever its state; a parked one wakes (B13).
fn join(
    cx: &Context<'_>,
    view: &View,
    draft: &mut Draft,
    open: &Arc<Conversation>,
    subject: Option<&Subject>,
) -> Result<(), Stop> {
    let message = MessageId::of(cx.command);
    draft.record(open, ConversationEvent::MessageReceived { message });
    match (open.subject(), subject) {
        (None, Some(subject)) => set_subject(view, draft, open, subject)?,
        (Some(_), Some(other)) => use_subject(view, draft, open.customer(), open.id(), other)?,
        (_, None) => {}
    }
    wake(cx, view, draft, open)
}

/// B7: what no person wrote is kept in a conversation, open or closed, and nothing else about it changes.
fn note(cx: &Context<'_>, draft: &mut Draft, conversation: &Arc<Conversation>) {
    draft.record(conversation, ConversationEvent::MessageNoted { message: MessageId::of(cx.command) });
}
