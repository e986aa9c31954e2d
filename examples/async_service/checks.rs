//! What must hold, whatever happened. The store's world is one moment of everything.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use outbound::directory::Directory;
use outbound::model::{Direction, MediaClass, Message, Status};
use outbound::query::{Repair, orphans};
use outbound::record::World;

use crate::centre::{Centre, lock, now};

/// What holds at every moment.
pub(crate) fn at_any_time(centre: &Centre) -> Vec<String> {
    let world = centre.desk.store().inner.world();
    let terms = centre.desk.terms();
    let mut broken = over_the_limit(&world, terms.directory());
    broken.extend(two_open_at_once(&world));
    let found = orphans(&world, terms.directory(), now(), TimeDelta::seconds(5));
    broken.extend(
        found.into_iter().filter(|orphan| orphan.repair() == Repair::Report).map(|orphan| format!("{orphan:?}")),
    );
    broken
}

/// What holds once everything has come to its end.
pub(crate) fn at_the_end(centre: &Centre) -> Vec<String> {
    let mut broken = at_any_time(centre);
    let store = &centre.desk.store().inner;
    let world = store.world();
    let found = orphans(&world, centre.desk.terms().directory(), now(), TimeDelta::seconds(1));
    broken.extend(found.into_iter().map(|orphan| format!("{orphan:?}")));
    if World::from_events(&store.all_events()) != world.with_history() {
        broken.push("the events do not make the records".into());
    }
    broken.extend(not_delivered_once(centre, &world));
    broken.extend(not_received_once(centre, &world));
    broken.append(&mut lock(&centre.tally.broken));
    broken
}

/// R12: held slots are within the limits, inbound and outbound together. (The lower limit for outbound tasks is one for
/// starting: what colleagues hand over may go beyond it.)
fn over_the_limit(world: &World, directory: &Directory) -> Vec<String> {
    let mut broken = Vec::new();
    for presence in world.presences() {
        let team = presence.session().map(|session| &session.team);
        let Some(agent) = directory.agent(presence.agent()) else { continue };
        let Some(its) = directory.profile_for(agent, team) else { continue };
        for class in MediaClass::ALL {
            let (used, limit) = (presence.used(class), usize::from(its.profile.limit(class)));
            if used > limit {
                broken.push(format!("{} holds {used} of {limit} slots for {class}", agent.id()));
            }
        }
    }
    broken
}

/// R11: one conversation that is not closed for each entry point and customer address.
fn two_open_at_once(world: &World) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let open = world.conversations().filter(|conversation| !conversation.is_closed());
    let again = open.filter(|open| !seen.insert((open.entry_point().clone(), open.address().as_text().into_owned())));
    again.map(|open| format!("{} is a second open conversation of its customer", open.id())).collect()
}

/// B10: whatever an agent sent was taken by the provider once.
fn not_delivered_once(centre: &Centre, world: &World) -> Vec<String> {
    let took = lock(&centre.provider.took);
    let sent = world.messages().filter(|message| matches!(message.draft().direction, Direction::Outbound { .. }));
    let times = |message: &Message| took.get(&message.id()).copied().unwrap_or(0);
    let wrong = sent.filter(|message| message.status() != Status::Sent || times(message) != 1);
    wrong
        .map(|message| format!("{} was taken {} times: {:?}", message.id(), times(message), message.delivery()))
        .collect()
}

/// B2: whatever a provider handed in, however often, is one message.
fn not_received_once(centre: &Centre, world: &World) -> Vec<String> {
    let handed_in = lock(&centre.handed_in).len();
    let received = world.messages().filter(|message| message.is_inbound()).count();
    if handed_in == received { Vec::new() } else { vec![format!("{handed_in} messages came in, {received} are there")] }
}

pub(crate) fn summary(centre: &Centre) -> String {
    let store = &centre.desk.store().inner;
    let world = store.world();
    let (conversations, messages) = (world.conversations().count(), world.messages().count());
    let open = world.conversations().filter(|conversation| !conversation.is_closed()).count();
    let events = store.all_events().len();
    format!("{conversations} conversations ({open} open), {messages} messages, {events} events")
}
