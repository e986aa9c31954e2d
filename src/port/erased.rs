//! Stores whose type is not known where they are used.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::store::{AsyncStore, CommitError, EventPage, EventQuery, Store};
use crate::engine::{Changes, Loaded, Reads};

/// The error of a store whose type is not known.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct BackendError(Box<dyn Error + Send + Sync>);

impl BackendError {
    fn new(error: impl Error + Send + Sync + 'static) -> Self {
        Self(Box::new(error))
    }
}

fn erase<E: Error + Send + Sync + 'static>(error: CommitError<E>) -> CommitError<BackendError> {
    match error {
        CommitError::Conflict => CommitError::Conflict,
        CommitError::Unknown(error) => CommitError::Unknown(BackendError::new(error)),
        CommitError::Failed(error) => CommitError::Failed(BackendError::new(error)),
    }
}

/// Any blocking store. Cheap to clone.
#[derive(Clone)]
pub struct ErasedStore(Arc<dyn Store<Error = BackendError>>);

struct Erase<S>(S);

impl<S: Store> Store for Erase<S> {
    type Error = BackendError;
    fn load(&self, reads: &Reads) -> Result<Loaded, BackendError> {
        self.0.load(reads).map_err(BackendError::new)
    }
    fn commit(&self, changes: Changes) -> Result<(), CommitError<BackendError>> {
        self.0.commit(changes).map_err(erase)
    }
    fn events(&self, query: &EventQuery) -> Result<EventPage, BackendError> {
        self.0.events(query).map_err(BackendError::new)
    }
}

impl ErasedStore {
    /// Forgets a store's type.
    pub fn new(store: impl Store + 'static) -> Self {
        Self(Arc::new(Erase(store)))
    }
}

impl fmt::Debug for ErasedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ErasedStore")
    }
}

impl Store for ErasedStore {
    type Error = BackendError;
    fn load(&self, reads: &Reads) -> Result<Loaded, BackendError> {
        self.0.load(reads)
    }
    fn commit(&self, changes: Changes) -> Result<(), CommitError<BackendError>> {
        self.0.commit(changes)
    }
    fn events(&self, query: &EventQuery) -> Result<EventPage, BackendError> {
        self.0.events(query)
    }
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

trait DynAsyncStore: Send + Sync {
    fn load<'a>(&'a self, reads: &'a Reads) -> Boxed<'a, Result<Loaded, BackendError>>;
    fn commit<'a>(&'a self, changes: Changes) -> Boxed<'a, Result<(), CommitError<BackendError>>>;
    fn events<'a>(&'a self, query: &'a EventQuery) -> Boxed<'a, Result<EventPage, BackendError>>;
}

impl<S: AsyncStore> DynAsyncStore for Erase<S> {
    fn load<'a>(&'a self, reads: &'a Reads) -> Boxed<'a, Result<Loaded, BackendError>> {
        Box::pin(async move { self.0.load(reads).await.map_err(BackendError::new) })
    }
    fn commit<'a>(&'a self, changes: Changes) -> Boxed<'a, Result<(), CommitError<BackendError>>> {
        Box::pin(async move { self.0.commit(changes).await.map_err(erase) })
    }
    fn events<'a>(&'a self, query: &'a EventQuery) -> Boxed<'a, Result<EventPage, BackendError>> {
        Box::pin(async move { self.0.events(query).await.map_err(BackendError::new) })
    }
}

/// Any asynchronous store, at the cost of one box a call. Cheap to clone.
#[derive(Clone)]
pub struct ErasedAsyncStore(Arc<dyn DynAsyncStore>);

impl ErasedAsyncStore {
    /// Forgets a store's type.
    pub fn new(store: impl AsyncStore + 'static) -> Self {
        Self(Arc::new(Erase(store)))
    }
}

impl fmt::Debug for ErasedAsyncStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ErasedAsyncStore")
    }
}

impl AsyncStore for ErasedAsyncStore {
    type Error = BackendError;
    async fn load(&self, reads: &Reads) -> Result<Loaded, BackendError> {
        self.0.load(reads).await
    }
    async fn commit(&self, changes: Changes) -> Result<(), CommitError<BackendError>> {
        self.0.commit(changes).await
    }
    async fn events(&self, query: &EventQuery) -> Result<EventPage, BackendError> {
        self.0.events(query).await
    }
}
