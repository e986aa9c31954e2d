//! A blocking store where an asynchronous one is wanted.

use super::store::{AsyncStore, CommitError, EventPage, EventQuery, Store};
use crate::engine::{Changes, Loaded, Reads};

/// A blocking store as an asynchronous one whose futures are ready at once: for stores in memory, and for tests.
#[derive(Debug, Clone, Copy, Default)]
pub struct Blocking<S>(pub S);

impl<S: Store> AsyncStore for Blocking<S> {
    type Error = S::Error;

    async fn load(&self, reads: &Reads) -> Result<Loaded, S::Error> {
        self.0.load(reads)
    }

    async fn commit(&self, changes: Changes) -> Result<(), CommitError<S::Error>> {
        self.0.commit(changes)
    }

    async fn events(&self, query: &EventQuery) -> Result<EventPage, S::Error> {
        self.0.events(query)
    }
}
