//! A blocking store in an asynchronous host, and an asynchronous store in a blocking host.

use std::panic::resume_unwind;

use outbound::engine::{Changes, Loaded, Reads};
use outbound::port::{AsyncStore, CommitError, EventPage, EventQuery, Store};
use tokio::runtime::Runtime;
use tokio::task::{JoinHandle, spawn_blocking};

/// A blocking store as an asynchronous one: each call runs on one of tokio's threads for blocking work, so that no task
/// waits for a disk.
#[derive(Debug, Clone)]
pub struct SpawnBlocking<S>(pub S);

impl<S: Store + Clone + 'static> AsyncStore for SpawnBlocking<S> {
    type Error = S::Error;

    async fn load(&self, reads: &Reads) -> Result<Loaded, S::Error> {
        let (store, reads) = (self.0.clone(), reads.clone());
        ended(spawn_blocking(move || store.load(&reads))).await
    }

    async fn commit(&self, changes: Changes) -> Result<(), CommitError<S::Error>> {
        let store = self.0.clone();
        ended(spawn_blocking(move || store.commit(changes))).await
    }

    async fn events(&self, query: &EventQuery) -> Result<EventPage, S::Error> {
        let (store, query) = (self.0.clone(), *query);
        ended(spawn_blocking(move || store.events(&query))).await
    }
}

async fn ended<T>(work: JoinHandle<T>) -> T {
    match work.await {
        Ok(answer) => answer,
        Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
        // The runtime is going down and nobody will look at the answer.
        Err(_) => std::future::pending().await,
    }
}

/// An asynchronous store as a blocking one, with a runtime of its own. Any number of threads may share it; a thread that is
/// itself a runtime's must not use it, since it would block that runtime (tokio panics).
#[derive(Debug)]
pub struct BlockOn<S> {
    store: S,
    runtime: Runtime,
}

impl<S> BlockOn<S> {
    /// A store, and the runtime that it was made on.
    pub const fn new(store: S, runtime: Runtime) -> Self {
        Self { store, runtime }
    }

    /// The store.
    pub const fn store(&self) -> &S {
        &self.store
    }
}

impl<S: AsyncStore> Store for BlockOn<S> {
    type Error = S::Error;

    fn load(&self, reads: &Reads) -> Result<Loaded, S::Error> {
        self.runtime.block_on(self.store.load(reads))
    }

    fn commit(&self, changes: Changes) -> Result<(), CommitError<S::Error>> {
        self.runtime.block_on(self.store.commit(changes))
    }

    fn events(&self, query: &EventQuery) -> Result<EventPage, S::Error> {
        self.runtime.block_on(self.store.events(query))
    }
}
