//! Where a customer's message belongs, and what it does to the conversation there (R26, R39, B5, B7, B13).

use std::sync::Arc;

use super::ReceiveMessage;
use crate::command::moves::wake;
use crate::command::resolve::Resolution;
use crate::command::send::{set_subject, use_subject};
use crate::command::start::open_thread;
use crate::directory::{EntryPoint, Strangers};
use crate::engine::{Command, Context, Draft, Stop, View};
use crate::model::{
    Address, BoundTo, By, Contact, ContactEvent, Conversation, ConversationEvent, ConversationId, CustomerId,
    EntryPointId, Key, MailTrace, MessageId, Opening, Origin, QueueId, Subject, TaskId, TaskState,
};
use crate::sms::Keyword;

/// Who wrote, where to, and what it asks for.
pub(super) struct Arrival<'a> {
    pub(super) message: &'a ReceiveMessage,
    pub(super) entry_point: &'a EntryPoint,
    pub(super) from: &'a Address,
    pub(super) customer: &'a CustomerId,
    pub(super) subject: Option<&'a Subject>,
    pub(super) keyword: Option<Keyword>,
    pub(super) manner: Manner,
    /// What its address leads to.
    pub(super) found: &'a Resolution<'a>,
    /// Where it belongs by its headers, where it has any.
    pub(super) bound: Option<BoundTo>,
}

/// What a message is to the one who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// Somebody wrote something.
    Words,
    /// Nothing but a wish about being written to (B5).
    Wish,
    /// No person wrote it (B7).
    Machine,
}

impl Manner {
    pub(super) fn of(keyword: Option<Keyword>, mail: Option<&MailTrace>) -> Self {
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
    pub(super) opened: bool,
    /// The entry point of the conversation, where it is another than the one that the message reached.
    pub(super) other_entry_point: Option<EntryPointId>,
}

impl Place {
    /// The next place in a conversation.
    pub(super) fn in_conversation(conversation: &Conversation, reached: &EntryPointId) -> Self {
        let other = conversation.entry_point();
        Self {
            conversation: conversation.id(),
            number: conversation.messages().saturating_add(1),
            opened: false,
            other_entry_point: (other != reached).then(|| other.clone()),
        }
    }
}

/// R26, R39: the message joins a conversation, or opens one.
pub(super) fn place(cx: &Context<'_>, view: &View, draft: &mut Draft, arrival: &Arrival<'_>) -> Result<Place, Stop> {
    let Some(existing) = existing(view, arrival)? else {
        let conversation = open(cx, view, draft, arrival)?;
        return Ok(Place { conversation, number: 1, opened: true, other_entry_point: None });
    };
    match arrival.manner {
        Manner::Machine => note(cx, draft, existing),
        Manner::Words | Manner::Wish => join(cx, view, draft, existing, arrival.subject)?,
    }
    Ok(Place::in_conversation(existing, arrival.entry_point.id()))
}

/// R26, B5, B7: the open conversation, first of all the one that the message names; for what nobody waits for else the newest, as
/// it is.
fn existing<'v>(view: &'v View, arrival: &Arrival<'v>) -> Result<Option<&'v Arc<Conversation>>, Stop> {
    let bound = match arrival.bound {
        Some(BoundTo::Conversation { conversation, .. }) => Some(view.named_conversation(conversation)?),
        _ => None,
    };
    let open = bound.filter(|bound| !bound.is_closed()).or(arrival.found.open);
    match (open, arrival.found.latest) {
        (Some(open), _) => Ok(Some(open)),
        (None, _) if arrival.manner == Manner::Machine && bound.is_some() => Ok(bound),
        (None, Some(latest)) if arrival.manner != Manner::Words => view.named_conversation(latest).map(Some),
        (None, _) => Ok(None),
    }
}

/// R39: a new conversation, linked to the one before it on the same thread, waits in a queue; one that nobody waits for is
/// closed at once (B5, B7).
fn open(cx: &Context<'_>, view: &View, draft: &mut Draft, arrival: &Arrival<'_>) -> Result<ConversationId, Stop> {
    let Arrival { entry_point, from, customer, subject, manner, found, .. } = *arrival;
    let id = ConversationId::of(cx.command);
    let key = Key::conversation(id);
    let opening = Opening {
        id,
        task: TaskId::of(cx.command),
        channel: entry_point.channel(),
        entry_point: entry_point.id().clone(),
        address: from.clone(),
        customer: customer.clone(),
        origin: Origin::Customer,
        previous: found.latest,
        fingerprint: arrival.message.fingerprint(),
    };
    let task = match manner {
        Manner::Words => TaskState::Queued { queue: queue_of(cx, arrival).clone(), since: cx.now },
        Manner::Wish | Manner::Machine => TaskState::Done,
    };
    draft.begin::<Conversation>(key, ConversationEvent::Opened { opening: Arc::new(opening), task });
    open_thread(draft, found.contact, from, customer, entry_point.id(), id);
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
        draft.then::<Conversation>(key, ConversationEvent::Closed { by: By::Host });
        let closed = ContactEvent::ThreadClosed { entry_point: entry_point.id().clone() };
        draft.then::<Contact>(Key::contact(from), closed);
    }
    Ok(id)
}

/// The queue that a new conversation waits in.
fn queue_of<'a>(cx: &Context<'a>, arrival: &Arrival<'a>) -> &'a QueueId {
    match (&cx.directory().organization().threading().strangers, arrival.bound) {
        (Strangers::Quarantine { queue }, Some(BoundTo::Quarantine)) => queue,
        _ => arrival.entry_point.queue().id(),
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
pub(super) fn note(cx: &Context<'_>, draft: &mut Draft, conversation: &Arc<Conversation>) {
    draft.record(conversation, ConversationEvent::MessageNoted { message: MessageId::of(cx.command) });
}
