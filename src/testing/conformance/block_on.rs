//! An asynchronous store where a blocking one is wanted.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use crate::engine::{Changes, Loaded, Reads};
use crate::port::{AsyncStore, CommitError, EventPage, EventQuery, Store};

/// A future whose type is forgotten.
pub type Boxed<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// An asynchronous store as a blocking one: each call runs its future to the end by the host's own `block_on`.
///
/// ```
/// use outbound::memory::MemoryStore;
/// use outbound::port::Blocking;
/// use outbound::testing::conformance::BlockOn;
///
/// let runtime = tokio::runtime::Runtime::new()?;
/// let store = BlockOn::new(Blocking(MemoryStore::new()), move |future| runtime.block_on(future));
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct BlockOn<S, B> {
    store: S,
    block_on: B,
}

/// The error of an asynchronous store that is driven to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BlockOnError<E> {
    /// The store's own error.
    #[error(transparent)]
    Store(E),
    /// The host's `block_on` returned before the future ended.
    #[error("`block_on` returned before its future ended")]
    NotDriven,
}

impl<S, B: Fn(Boxed<'_>) + Send + Sync> BlockOn<S, B> {
    /// A store, and how its futures are run to their end.
    pub const fn new(store: S, block_on: B) -> Self {
        Self { store, block_on }
    }

    fn run<'a, T: Send + 'a>(&self, future: impl Future<Output = T> + Send + 'a) -> Option<T> {
        let mut outcome = None;
        (self.block_on)(Box::pin(async {
            outcome = Some(future.await);
        }));
        outcome
    }
}

impl<S, B> fmt::Debug for BlockOn<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlockOn")
    }
}

fn ended<T, E>(outcome: Option<Result<T, E>>) -> Result<T, BlockOnError<E>> {
    outcome.ok_or(BlockOnError::NotDriven)?.map_err(BlockOnError::Store)
}

impl<S: AsyncStore, B: Fn(Boxed<'_>) + Send + Sync> Store for BlockOn<S, B>
where
    S::Error: Error,
{
    type Error = BlockOnError<S::Error>;

    fn load(&self, reads: &Reads) -> Result<Loaded, Self::Error> {
        ended(self.run(self.store.load(reads)))
    }

    fn commit(&self, changes: Changes) -> Result<(), CommitError<Self::Error>> {
        let outcome = self.run(self.store.commit(changes)).ok_or(CommitError::Unknown(BlockOnError::NotDriven))?;
        outcome.map_err(|error| match error {
            CommitError::Conflict => CommitError::Conflict,
            CommitError::Unknown(error) => CommitError::Unknown(BlockOnError::Store(error)),
            CommitError::Failed(error) => CommitError::Failed(BlockOnError::Store(error)),
        })
    }

    fn events(&self, query: &EventQuery) -> Result<EventPage, Self::Error> {
        ended(self.run(self.store.events(query)))
    }
}
