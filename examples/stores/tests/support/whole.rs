//! A store as a whole: its records, its entries and its events, and whether every invariant holds.

use chrono::{DateTime, TimeDelta, Utc};
use outbound::directory::Directory;
use outbound::engine::Reads;
use outbound::port::Store;
use outbound::query::{Orphan, Repair, orphans};
use outbound::record::{Entry, Envelope, Query, World};
use outbound::testing::{events_of, invariant, world_of};

use super::acme::id;

/// All records.
pub fn world<S: Store>(store: &S) -> World {
    world_of(store).unwrap_or_else(|error| panic!("{error:?}"))
}

/// All events, page by page.
pub fn feed<S: Store>(store: &S) -> Vec<Envelope> {
    events_of(store).unwrap_or_else(|error| panic!("{error:?}"))
}

/// Every invariant of the catalogue, and the orphan check. Answers the world for further looks.
pub fn check<S: Store>(store: &S, directory: &Directory, now: DateTime<Utc>) -> World {
    let (world, events) = (world(store), feed(store));
    assert_eq!(invariant::check_all(&world), []);
    assert_eq!(invariant::check_events(&world, &events), []);
    assert_eq!(invariant::check_entries(&world, &entries(store, &world)), []);
    assert_eq!(invariant::check_directory(&world, directory), []);
    let orphans = orphans(&world, directory, now, TimeDelta::days(3650));
    let grave: Vec<&Orphan> = orphans.iter().filter(|orphan| orphan.repair() == Repair::Report).collect();
    assert!(grave.is_empty(), "{grave:?}");
    world
}

/// The entries of every index and every scope that a record belongs to.
fn entries<S: Store>(store: &S, world: &World) -> Vec<Entry> {
    let mut queries: Vec<Query> = world.conversations().map(|it| Query::transcript(it.id(), usize::MAX)).collect();
    let mut customers: Vec<_> = world.contacts().map(|contact| contact.customer().clone()).collect();
    customers.sort_unstable();
    customers.dedup();
    queries.extend(customers.iter().map(|customer| Query::addresses(customer, usize::MAX)));
    queries.extend(customers.iter().map(|customer| Query::history(customer, usize::MAX)));
    queries.extend(["care_queue", "sales_queue", "fallback"].map(|queue| Query::waiting(&id(queue), usize::MAX)));
    queries.push(Query::due(DateTime::<Utc>::MAX_UTC, usize::MAX));
    queries.push(Query::outbox(DateTime::<Utc>::MAX_UTC, usize::MAX));
    let mut found = Vec::new();
    for queries in queries.chunks(200) {
        let reads = Reads { keys: Vec::new(), queries: queries.to_vec() };
        let loaded = store.load(&reads).unwrap_or_else(|error| panic!("{error:?}"));
        found.extend(loaded.found.into_iter().flat_map(|(_, entries)| entries));
    }
    found
}
