//! What a store holds, read out of it whole.

use crate::engine::Reads;
use crate::model::Kind;
use crate::port::{EventQuery, Store};
use crate::record::{Entry, Envelope, Query, World};

/// How much is read at once.
const PAGE: usize = 500;

/// All records of a store, page by page; they are of one moment only while nobody writes.
///
/// # Errors
/// The store's own error.
pub fn world_of<S: Store + ?Sized>(store: &S) -> Result<World, S::Error> {
    let mut records = Vec::new();
    for kind in Kind::ALL {
        let mut query = Query::records(kind, PAGE);
        loop {
            let loaded = store.load(&Reads { keys: Vec::new(), queries: vec![query.clone()] })?;
            let entries = loaded.found.into_iter().flat_map(|(_, entries)| entries).collect::<Vec<_>>();
            let Some(last) = entries.last().map(Entry::cursor) else { break };
            if query.begins_after().is_some_and(|before| before >= last) {
                break;
            }
            let keys = entries.iter().map(|entry| entry.key).collect();
            let loaded = store.load(&Reads { keys, queries: Vec::new() })?;
            records.extend(loaded.records.into_iter().filter_map(|(_, found)| found));
            query = query.after(last);
        }
    }
    Ok(World::new(records))
}

/// All events of a store, in the order of its feed, up to the first page that is empty.
///
/// # Errors
/// The store's own error.
pub fn events_of<S: Store + ?Sized>(store: &S) -> Result<Vec<Envelope>, S::Error> {
    let (mut events, mut after) = (Vec::new(), 0);
    loop {
        let page = store.events(&EventQuery::Feed { after, limit: PAGE })?;
        if page.events.is_empty() || page.next <= after {
            return Ok(events);
        }
        events.extend(page.events);
        after = page.next;
    }
}
