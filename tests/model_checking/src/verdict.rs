//! What must hold of every commit: the whole catalogue of invariants of what the store then holds, and the rules of who may do what
//! when, told once more in a few lines that share nothing with the crate's own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use chrono::{TimeDelta, Timelike};
use outbound::directory::{ConsentScope, Directory};
use outbound::engine::Changes;
use outbound::model::{
    AgentId, Author, By, Contact, ContactEvent, Conversation, ConversationEvent, CustomerId, Direction, Holder, Key,
    Message, MessageDraft, MessageEvent, OfferEnd, QueuedWhy, Status, Step, TaskState, Wish,
};
use outbound::query::{Orphan, orphans};
use outbound::record::{Actor, Envelope, Event, Record};
use outbound::testing::invariant;

use crate::centre::State;
use crate::digested::{Digested, digest};
use crate::order::Order;
use crate::properties::LATE;
use crate::store::Shelf;

/// What is wrong, in words.
pub(crate) type Wrong = Arc<str>;

/// Verdicts that are known: one commit upon one content has one verdict.
#[derive(Debug, Default)]
pub(crate) struct Verdicts(Mutex<HashMap<u64, Option<Wrong>>>);

impl Verdicts {
    /// What is wrong with a commit, by what the store held before it and holds now.
    pub(crate) fn of(
        &self,
        before: &Shelf,
        order: &Order,
        changes: &Digested<Changes>,
        after: &State,
        directories: &[&Directory],
    ) -> Option<Wrong> {
        let key = digest((before.digest(), changes.digest()));
        if let Some(known) = self.0.lock().ok()?.get(&key) {
            return known.clone();
        }
        let verdict = verdict(before, order, changes, after, directories).map(Wrong::from);
        self.0.lock().ok()?.insert(key, verdict.clone());
        verdict
    }
}

fn verdict(
    before: &Shelf,
    order: &Order,
    changes: &Changes,
    after: &State,
    directories: &[&Directory],
) -> Option<String> {
    let directory = directories.first()?;
    let under = |event: &Envelope| directories.iter().find(|it| it.version() == event.directory).copied();
    let broken = changes.events.iter().find_map(|event| broken_by(before, order, event, under(event)?));
    let conference = matches!(order, Order::Conference(_)).then_some("R37: there is no conference");
    let broken = broken.or(conference).or_else(|| confirms_in_vain(changes));
    broken
        .map(|rule| format!("{}: {rule}", changes.events.first().map_or("nothing", |first| first.event.name())))
        .or_else(|| {
            let (world, shelf) = (after.shelf.world(), &after.shelf);
            let events: Vec<Envelope> = shelf.events().cloned().collect();
            let entries: Vec<_> = shelf.entries().iter().copied().collect();
            let violations = invariant::check_all(&world)
                .into_iter()
                .chain(invariant::check_events(&world, &events))
                .chain(invariant::check_entries(&world, &entries))
                .chain(directories.iter().flat_map(|directory| invariant::check_directory(&world, directory)));
            let orphaned = || {
                let found = orphans(&world, directory, after.now, LATE);
                // Where the set-up changes, these are what is being mended.
                let waits = |it: &Orphan| {
                    directories.len() > 1 && matches!(it, Orphan::HolderGone { .. } | Orphan::AbsentAgent { .. })
                };
                found.into_iter().find(|it| !waits(it)).map(|orphan| format!("orphaned: {orphan:?}"))
            };
            violations.map(|violation| violation.to_string()).next().or_else(orphaned)
        })
}

/// What is confirmed is an opt-out that was new.
fn confirms_in_vain(changes: &Changes) -> Option<&'static str> {
    let confirms = |event: &Envelope| matches!(&event.event, Event::Conversation(ConversationEvent::NoticeSent { .. }));
    let opts_out = |event: &Envelope| matches!(&event.event, Event::Contact(ContactEvent::OptedOut { .. }));
    let in_vain = changes.events.iter().any(confirms) && !changes.events.iter().any(opts_out);
    in_vain.then_some("B5: an opt-out is confirmed once")
}

/// The rule that an event breaks, if any, by what was so before it.
fn broken_by(before: &Shelf, order: &Order, envelope: &Envelope, directory: &Directory) -> Option<&'static str> {
    match &envelope.event {
        Event::Conversation(event) => in_conversation(before, envelope, event, directory),
        Event::Message(event) => to_message(before, order, envelope, event, directory),
        _ => None,
    }
}

fn in_conversation(
    before: &Shelf,
    envelope: &Envelope,
    event: &ConversationEvent,
    directory: &Directory,
) -> Option<&'static str> {
    // What is made and had in one commit was nowhere before it (R18, R19).
    let state = conversation(before, envelope.stream)?.state();
    let holds = |agent: &AgentId| matches!(state, TaskState::Active { agent: holder, .. } if holder == agent);
    let is_by_holder = || matches!(&envelope.actor, Actor::Agent(agent) if holds(agent));
    let offered_to =
        |agent: &AgentId| state.offer().is_some_and(|offer| offer.to == *agent && offer.expires > envelope.at);
    let (kept, rule) = match event {
        ConversationEvent::MessageSent { .. } => (is_by_holder(), "R42: only who holds it active sends"),
        ConversationEvent::WorkflowTriggered { by, .. } => (holds(by), "R35: only who holds it active triggers"),
        ConversationEvent::Frozen { .. } => (is_by_holder(), "R41: only who holds it active transfers"),
        ConversationEvent::Parked { .. } => (is_by_holder(), "B13: only who holds it active parks"),
        ConversationEvent::Closed { by: By::Agent(agent) } => (holds(agent), "R39: only who holds it active closes"),
        ConversationEvent::Accepted { agent } | ConversationEvent::Transferred { to: agent } => {
            // B4: whoever takes over what waits is offered it in the same commit, as at a start.
            let waited = matches!(state, TaskState::Queued { .. } | TaskState::Parked { .. });
            (waited || offered_to(agent), "R49: only who is asked, and in time, accepts")
        }
        ConversationEvent::Unfrozen { why: OfferEnd::TimedOut }
        | ConversationEvent::HandoverEnded { why: OfferEnd::TimedOut }
        | ConversationEvent::Queued { why: QueuedWhy::Returned(OfferEnd::TimedOut), .. } => {
            (state.deadline().is_some_and(|deadline| deadline <= envelope.at), "R49: nothing lapses early")
        }
        ConversationEvent::Queued { why: QueuedWhy::HolderGone, .. } => {
            let gone = match state.holder() {
                Some(Holder::Agent(agent)) => directory.agent(&agent).is_none(),
                Some(Holder::Queue(queue)) => directory.queue(&queue).is_none(),
                _ => false,
            };
            (gone, "R21: a new home is for what has no holder")
        }
        ConversationEvent::HandedOver { to } => {
            let asked = matches!(state, TaskState::Active { asked: Some(asked), .. } if asked.by == *to && asked.expires > envelope.at);
            (asked, "B4: it is handed over to who asked, in time")
        }
        _ => (true, ""),
    };
    (!kept).then_some(rule)
}

fn to_message(
    before: &Shelf,
    order: &Order,
    envelope: &Envelope,
    event: &MessageEvent,
    directory: &Directory,
) -> Option<&'static str> {
    let known = message(before, envelope.stream);
    let (kept, rule) = match (event, known) {
        (MessageEvent::MessageMade { draft, .. }, _) => {
            let by_agent = matches!(draft.direction, Direction::Outbound { by: Author::Agent(_), .. });
            let kept = !by_agent
                || may_be_written_to(before, draft, envelope, directory) && is_within_caps(before, draft, directory);
            (kept, "B5, B6: an agent writes to whom it may, and not too often")
        }
        (MessageEvent::AttemptBegun { .. }, Some(message)) => {
            let due = message.next_attempt().is_some_and(|next| next <= envelope.at);
            let in_time = message.not_after().is_some_and(|not_after| not_after > envelope.at);
            let draft = message.draft();
            let wished = message.author() == Some(&Author::System)
                || may_be_written_to(before, draft, envelope, directory)
                    && !is_quiet(before, draft, envelope, directory);
            let limit = directory.organization().timings().delivery().max_attempts();
            let left = message.delivery().attempts < limit;
            (
                due && in_time && left && wished,
                "B5, B6, B10: what is attempted is due, in time and wished, at this hour too",
            )
        }
        (MessageEvent::AttemptFailed { .. } | MessageEvent::DeliveryFailed { .. }, Some(message)) => {
            let answered = match order {
                Order::RecordAttempt(record) => Some(record.attempt),
                _ => None,
            };
            let stands = |attempt| {
                matches!(message.delivery().step, Step::Claimed { .. }) && message.delivery().attempts == attempt
            };
            (answered.is_none_or(stands), "B10: a failure counts only for the attempt that stands")
        }
        (MessageEvent::Retried { .. }, Some(message)) => {
            let over = matches!(message.status(), Status::Failed | Status::Expired);
            (over && message.delivery().retried.is_none(), "B10: what did not get through is sent again, once")
        }
        (MessageEvent::StatusReported { status, .. }, Some(message)) => {
            (*status > message.status(), "B10: receipts never go backwards")
        }
        _ => (true, ""),
    };
    (!kept).then_some(rule)
}

fn may_be_written_to(before: &Shelf, draft: &MessageDraft, envelope: &Envelope, directory: &Directory) -> bool {
    let Some(contact) = contact(before, Key::contact(&draft.address)) else { return true };
    let told = contact.consent(&draft.entry_point).map(|consent| consent.wish);
    let everywhere = directory.organization().consent().scope() == ConsentScope::Organization;
    let opted_out = match everywhere {
        true => is_opted_out_anywhere(before, contact.customer()),
        false => told == Some(Wish::OptedOut),
    };
    !opted_out && contact.suppression(envelope.at).is_none()
}

/// Whether what a customer wished last, at whatever number, is to be left alone; where there are two last wishes, both.
fn is_opted_out_anywhere(before: &Shelf, of: &CustomerId) -> bool {
    let contacts = before.records().filter_map(|record| match record {
        Record::Contact(contact) if contact.customer() == of => Some(contact),
        _ => None,
    });
    let told: Vec<_> = contacts.flat_map(|contact| contact.consents()).collect();
    let last = told.iter().map(|consent| consent.at).max();
    last.is_some() && told.iter().filter(|consent| Some(consent.at) == last).all(|it| it.wish == Wish::OptedOut)
}

/// The small world's cap, where it has one, is one message of an agent's a day to all numbers of a customer.
fn is_within_caps(before: &Shelf, draft: &MessageDraft, directory: &Directory) -> bool {
    let of = |draft: &MessageDraft| Some(conversation(before, Key::conversation(draft.conversation))?.customer());
    let written = |record: &Record| match record {
        Record::Message(message) => {
            matches!(message.author(), Some(Author::Agent(_))) && of(message.draft()) == of(draft)
        }
        _ => false,
    };
    directory.organization().caps().limits().is_none() || !before.records().any(written)
}

/// The small world's quiet hours, where it has some, are the first minute after nine.
fn is_quiet(before: &Shelf, draft: &MessageDraft, envelope: &Envelope, directory: &Directory) -> bool {
    let contact = contact(before, Key::contact(&draft.address));
    let hours = directory.organization().hours();
    let Some(zone) = contact.and_then(Contact::zone).filter(|_| !hours.sms.is_empty()) else { return false };
    let offset = zone.as_str().get(..3).and_then(|hours| hours.parse().ok()).unwrap_or(0);
    let local = envelope.at + TimeDelta::hours(offset);
    (local.hour(), local.minute()) == (9, 0)
}

macro_rules! record {
    ($name:ident, $kind:ident) => {
        fn $name(shelf: &Shelf, key: Key) -> Option<&$kind> {
            match shelf.get(key)? {
                Record::$kind(record) => Some(record),
                _ => None,
            }
        }
    };
}

record!(conversation, Conversation);
record!(message, Message);
record!(contact, Contact);
