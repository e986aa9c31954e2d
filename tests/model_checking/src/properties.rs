//! What must hold in every state, and what must have come about when nothing can happen any more.
//!
//! What must hold of every commit is looked at where it is made ([`verdict`](crate::verdict)). What must come about is told in two
//! ways. Every world is finite and nothing in it goes round in a circle (time only passes, faults are used up, each command either
//! changes a record's version, or ends, or begins anew because another did), so every way that things can go ends in a state where
//! nothing can happen: there all must be settled. And from every state, whatever went wrong before, the one way on which nothing
//! goes wrong any more must come to such an end in a bounded number of steps.

use chrono::TimeDelta;
use outbound::model::{Key, Status, TaskState};
use outbound::query::orphans;
use outbound::record::{Record, World};
use stateright::Property;

use crate::centre::{Centre, State};

/// How late a deadline may be fired before it counts as forgotten, while things still happen.
pub(crate) const LATE: TimeDelta = TimeDelta::days(1);

/// All properties.
pub(crate) fn all() -> Vec<Property<Centre>> {
    vec![
        Property::always("every commit keeps the rules and every invariant", |_: &Centre, state: &State| {
            state.wrong.is_none()
        }),
        Property::always("nobody works in vain", |_: &Centre, state: &State| {
            state.hands.iter().all(|hand| hand.done < 16)
        }),
        Property::always("what the provider took was to be sent", only_known_messages_are_sent),
        Property::always("at rest: all is settled", |centre: &Centre, state: &State| {
            !centre.is_at_rest(state) || is_settled(centre, state)
        }),
        Property::always("all comes to rest when nothing more goes wrong", Centre::comes_to_rest),
        Property::sometimes("it comes to rest", Centre::is_at_rest),
    ]
}

fn only_known_messages_are_sent(_: &Centre, state: &State) -> bool {
    state.taken.iter().all(|message| match state.shelf.get(Key::message(*message)) {
        Some(Record::Message(message)) => !message.is_inbound(),
        _ => false,
    })
}

/// Whether everything came to an end: a frozen task is unfrozen or handed over, an offer and a request are answered or lapsed, every
/// durable message is sent, failed or expired, what was reported of one that was sent is known, every deadline was fired, and nothing is without an owner.
pub(crate) fn is_settled(centre: &Centre, state: &State) -> bool {
    let world = state.shelf.world();
    nothing_waits(&world)
        && every_message_has_its_end(&world)
        && every_report_counts(&world, state)
        && orphans(&world, centre.directory(state), state.now, TimeDelta::zero()).is_empty()
}

fn nothing_waits(world: &World) -> bool {
    let waits = |state: &TaskState| {
        matches!(state, TaskState::Frozen { .. } | TaskState::Offered { .. } | TaskState::Active { asked: Some(_), .. })
    };
    !world.conversations().any(|it| waits(it.state()))
}

fn every_message_has_its_end(world: &World) -> bool {
    let has_end = |status: Status| status > Status::Queued || status == Status::Received;
    world.messages().all(|it| has_end(it.status()) && it.next_attempt().is_none())
}

/// What the provider reported of a message is on record, however early it came, once the message was accepted.
fn every_report_counts(world: &World, state: &State) -> bool {
    state.reported.iter().all(|(message, furthest)| match world.get(Key::message(*message)) {
        Some(Record::Message(message)) => message.delivery().provider.is_none() || message.status() >= *furthest,
        _ => false,
    })
}
