//! A store as a whole: its records and its events, and whether they agree.

use chrono::{DateTime, TimeDelta, Utc};
use outbound::directory::Directory;
use outbound::engine::Reads;
use outbound::model::Kind;
use outbound::port::{EventQuery, Store};
use outbound::query::{Orphan, Repair, orphans};
use outbound::record::{Cursor, Entry, Envelope, Query, World};

const PAGE: usize = 500;

/// All records.
pub fn world<S: Store>(store: &S) -> World {
    let mut records = Vec::new();
    for kind in Kind::ALL {
        let mut after: Option<Cursor> = None;
        loop {
            let query = Query::records(kind, PAGE);
            let query = after.into_iter().fold(query, Query::after);
            let found = load(store, &Reads { keys: Vec::new(), queries: vec![query] }).found.remove(0).1;
            let Some(last) = found.last() else { break };
            after = Some(last.cursor());
            let keys = found.iter().map(|entry| entry.key).collect();
            let loaded = load(store, &Reads { keys, queries: Vec::new() });
            records
                .extend(loaded.records.into_iter().map(|(key, record)| record.unwrap_or_else(|| panic!("no {key}"))));
        }
    }
    World::new(records)
}

fn load<S: Store>(store: &S, reads: &Reads) -> outbound::engine::Loaded {
    store.load(reads).unwrap_or_else(|error| panic!("{error:?}"))
}

/// All events, page by page.
pub fn feed<S: Store>(store: &S) -> Vec<Envelope> {
    let (mut events, mut after) = (Vec::new(), 0);
    loop {
        let page = store.events(&EventQuery::Feed { after, limit: PAGE }).unwrap_or_else(|error| panic!("{error:?}"));
        if page.events.is_empty() {
            return events;
        }
        after = page.next;
        events.extend(page.events);
    }
}

/// Every invariant that can be seen from records and events. Answers the world for further looks.
pub fn check<S: Store>(store: &S, directory: &Directory, now: DateTime<Utc>) -> World {
    let (world, events) = (world(store), feed(store));
    assert_eq!(World::from_events(&events), world.with_history(), "events make the records");
    let orphans = orphans(&world, directory, now, TimeDelta::days(3650));
    let grave: Vec<&Orphan> = orphans.iter().filter(|orphan| orphan.repair() == Repair::Report).collect();
    assert!(grave.is_empty(), "{grave:?}");
    entries_agree(store, &world);
    world
}

/// The entries of every index and scope that a record belongs to are those of the records.
fn entries_agree<S: Store>(store: &S, world: &World) {
    let mut expected: Vec<Entry> = world.records().flat_map(|it| Entry::of(&it.record)).collect();
    expected.sort_unstable();
    let mut queries: Vec<Query> = world.conversations().map(|it| Query::transcript(it.id(), usize::MAX)).collect();
    let mut customers: Vec<_> = world.contacts().map(|contact| contact.customer().clone()).collect();
    customers.sort_unstable();
    customers.dedup();
    queries.extend(customers.iter().map(|customer| Query::addresses(customer, usize::MAX)));
    queries.extend(
        ["care_queue", "sales_queue", "fallback"].map(|queue| Query::waiting(&super::acme::id(queue), 1 << 40)),
    );
    queries.push(Query::due(DateTime::<Utc>::MAX_UTC, usize::MAX));
    queries.push(Query::outbox(DateTime::<Utc>::MAX_UTC, usize::MAX));
    let mut found = Vec::new();
    for queries in queries.chunks(200) {
        let loaded = load(store, &Reads { keys: Vec::new(), queries: queries.to_vec() });
        found.extend(loaded.found.into_iter().flat_map(|(_, entries)| entries));
    }
    found.sort_unstable();
    assert_eq!(found, expected, "the entries are those of the records");
}
