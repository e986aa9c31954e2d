//! What must hold in every state, and what must have come about when nothing can happen any more.

use chrono::TimeDelta;
use outbound::model::{Key, Status, TaskState};
use outbound::query::orphans;
use outbound::record::{Entry, Record, World};
use stateright::Property;

use crate::centre::{Centre, LATE, State};

/// All properties.
pub(crate) fn all() -> Vec<Property<Centre>> {
    vec![
        Property::always("no command finds records that contradict each other", |_: &Centre, state: &State| {
            !state.broken
        }),
        Property::always("nothing is without an owner, no slot leaks, no transfer is stuck", no_orphans),
        Property::always("nobody works in vain", |_: &Centre, state: &State| {
            state.hands.iter().all(|hand| hand.done < 12)
        }),
        Property::always("no agent holds more slots than the profile has", within_limits),
        Property::always("one conversation that is not closed with each customer", one_open_conversation),
        Property::always("the entries are those of the records", entries_are_of_the_records),
        Property::always("what the provider took was to be sent", only_known_messages_are_sent),
        Property::always("at rest: nothing is frozen, offered or overdue", at_rest_nothing_waits),
        Property::always(
            "at rest: every message is settled, and sent if the provider answered so",
            at_rest_all_is_settled,
        ),
        Property::always("at rest: the events make the records", at_rest_events_make_the_records),
        Property::sometimes("it comes to rest", Centre::is_at_rest),
    ]
}

fn no_orphans(centre: &Centre, state: &State) -> bool {
    orphans(&state.shelf.world(), centre.terms.directory(), state.now, LATE).is_empty()
}

fn within_limits(_: &Centre, state: &State) -> bool {
    state.shelf.world().presences().all(|presence| presence.slots().len() <= 1)
}

fn one_open_conversation(_: &Centre, state: &State) -> bool {
    let world = state.shelf.world();
    let open = || world.conversations().filter(|it| !it.is_closed());
    open().all(|one| open().filter(|other| other.address() == one.address()).count() == 1)
}

fn entries_are_of_the_records(_: &Centre, state: &State) -> bool {
    let mut expected: Vec<Entry> = state.shelf.records().flat_map(Entry::of).collect();
    expected.sort_unstable();
    state.shelf.entries().iter().copied().eq(expected)
}

fn only_known_messages_are_sent(_: &Centre, state: &State) -> bool {
    state.taken.keys().all(|message| match state.shelf.get(Key::message(*message)) {
        Some(Record::Message(message)) => !message.is_inbound(),
        _ => false,
    })
}

fn at_rest_nothing_waits(centre: &Centre, state: &State) -> bool {
    let settled = |state: &TaskState| {
        !matches!(
            state,
            TaskState::Frozen { .. } | TaskState::Offered { .. } | TaskState::Active { asked: Some(_), .. }
        )
    };
    !centre.is_at_rest(state)
        || state.shelf.world().conversations().all(|it| settled(it.state()))
            && orphans(&state.shelf.world(), centre.terms.directory(), state.now, TimeDelta::zero()).is_empty()
}

fn at_rest_all_is_settled(centre: &Centre, state: &State) -> bool {
    let has_end = |status: Status| status > Status::Queued || status == Status::Received;
    !centre.is_at_rest(state)
        || state.shelf.world().messages().all(|it| has_end(it.status()) && it.next_attempt().is_none())
}

fn at_rest_events_make_the_records(centre: &Centre, state: &State) -> bool {
    !centre.is_at_rest(state) || World::from_events(state.shelf.events()) == state.shelf.world().with_history()
}
