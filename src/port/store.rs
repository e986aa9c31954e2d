//! Where records are kept.

use std::error::Error;
use std::future::Future;

use serde::{Deserialize, Serialize};

use crate::engine::{Changes, Loaded, Reads};
use crate::model::Key;
use crate::record::Envelope;

/// Why a commit did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError<E> {
    /// A guard does not hold; nothing was written.
    #[error("a record changed meanwhile")]
    Conflict,
    /// Nobody knows whether it was written: the connection broke during the commit.
    #[error("the outcome of the commit is unknown")]
    Unknown(#[source] E),
    /// The store failed; nothing was written.
    #[error("the store failed")]
    Failed(#[source] E),
}

/// Which events to read.
///
/// A read model of the host's own follows the feed, from as many processes as it has models:
///
/// ```
/// use outbound::port::{EventQuery, Store};
/// use outbound::record::Envelope;
///
/// fn catch_up<S: Store>(store: &S, position: &mut u64, mut take: impl FnMut(&Envelope)) -> Result<(), S::Error> {
///     loop {
///         let page = store.events(&EventQuery::Feed { after: *position, limit: 256 })?;
///         if page.events.is_empty() {
///             return Ok(()); // nothing new: ask again in a while
///         }
///         page.events.iter().for_each(&mut take);
///         *position = page.next; // to be kept in one commit with what was made of the events
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventQuery {
    /// One record's events behind a sequence number.
    Stream {
        /// The record.
        stream: Key,
        /// The sequence number behind which to begin; 0 for the beginning.
        after: u64,
        /// How many at most.
        limit: usize,
    },
    /// All events behind a position that an earlier page gave.
    Feed {
        /// The position; 0 for the beginning.
        after: u64,
        /// How many at most.
        limit: usize,
    },
}

/// Some events, and where to go on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EventPage {
    /// The events.
    pub events: Vec<Envelope>,
    /// The position to go on behind: in a stream the last sequence number, in the feed the store's own.
    pub next: u64,
}

/// A blocking store.
///
/// A store is one organization's world: no key and no entry names the organization, so that several in one database are kept apart
/// by the store itself, as one for each organization. It holds no rule: it keeps records by key with a version, index entries
/// in order, and events; it answers what is asked and commits what it is given, whole or not at all.
///
/// A clause is called by its method and its number, as `load.2`; feature `testing` has a check for each.
///
/// Use `&S`, `Arc<S>` or [`ErasedStore`](crate::port::ErasedStore) to share one.
pub trait Store: Send + Sync {
    /// The store's own error.
    type Error: Error + Send + Sync + 'static;

    /// Loads records and answers queries, in one round trip.
    ///
    /// 1. It must answer every key that was asked for, with `None` where there is no record, and every query.
    /// 2. All answers must come from one moment: a commit is seen whole or not at all, and one that this store has answered is
    ///    seen. (A refusal is never committed, so a torn or an old read would refuse falsely.)
    /// 3. A query must answer in ascending order of place and key, only entries of its index and scope, not beyond its bound
    ///    and behind its cursor, at most its limit, each once; one over a kind, the keys of its records in their order.
    /// 4. It may answer more keys than were asked for. It must not write.
    /// 5. What comes back must be what was committed: every field, every character of a text, however long.
    ///
    /// # Errors
    /// The store's own error.
    fn load(&self, reads: &Reads) -> Result<Loaded, Self::Error>;

    /// Commits changes, in one or two round trips.
    ///
    /// 1. All or nothing: the records, the index entries and the events become visible together, or none of them ever.
    /// 2. Every guard must hold at the moment of the commit: the record has exactly that version, or is absent. Guards must
    ///    be checked under locks taken in their order, also those of records that are only read; checking versions without
    ///    locking the rows lets two commits pass that each read what the other writes.
    /// 3. A record whose guard saw none is created; a store that cannot lock what is absent must let the creation itself
    ///    fail when the key exists, and answer `Conflict`.
    /// 4. Where a guard does not hold it must answer `Conflict`, and so too for a serialization failure or a deadlock.
    /// 5. Where the outcome is not known it must answer `Unknown`; the driver asks again under the same command's id, and
    ///    the decision sees what was done.
    /// 6. Once it answered success the changes must survive what the store promises to survive.
    ///
    /// # Errors
    /// [`CommitError`].
    fn commit(&self, changes: Changes) -> Result<(), CommitError<Self::Error>>;

    /// Reads events.
    ///
    /// 1. A stream's events must come in the order of their sequence numbers, without gaps.
    /// 2. The feed must give every event once, a stream's events in their order, and no event may become visible behind a
    ///    position that an earlier page has given.
    /// 3. A page must hold at most its limit, and be empty only where nothing follows yet; `next` is where to go on, and for
    ///    an empty page the place that was asked for, or one behind which nothing was left out.
    ///
    /// # Errors
    /// The store's own error.
    fn events(&self, query: &EventQuery) -> Result<EventPage, Self::Error>;
}

/// An asynchronous store: the same contract as [`Store`], clause by clause.
///
/// Implementations may write `async fn`.
pub trait AsyncStore: Send + Sync {
    /// The store's own error.
    type Error: Error + Send + Sync + 'static;

    /// See [`Store::load`].
    fn load(&self, reads: &Reads) -> impl Future<Output = Result<Loaded, Self::Error>> + Send;

    /// See [`Store::commit`]. Dropping the future before it ends is an unknown outcome.
    fn commit(&self, changes: Changes) -> impl Future<Output = Result<(), CommitError<Self::Error>>> + Send;

    /// See [`Store::events`].
    fn events(&self, query: &EventQuery) -> impl Future<Output = Result<EventPage, Self::Error>> + Send;
}

macro_rules! shared {
    ($($shared:ty),*) => {$(
        impl<S: Store + ?Sized> Store for $shared {
            type Error = S::Error;
            fn load(&self, reads: &Reads) -> Result<Loaded, S::Error> {
                (**self).load(reads)
            }
            fn commit(&self, changes: Changes) -> Result<(), CommitError<S::Error>> {
                (**self).commit(changes)
            }
            fn events(&self, query: &EventQuery) -> Result<EventPage, S::Error> {
                (**self).events(query)
            }
        }

        impl<S: AsyncStore> AsyncStore for $shared {
            type Error = S::Error;
            async fn load(&self, reads: &Reads) -> Result<Loaded, S::Error> {
                (**self).load(reads).await
            }
            async fn commit(&self, changes: Changes) -> Result<(), CommitError<S::Error>> {
                (**self).commit(changes).await
            }
            async fn events(&self, query: &EventQuery) -> Result<EventPage, S::Error> {
                (**self).events(query).await
            }
        }
    )*};
}

shared!(&S, std::sync::Arc<S>, Box<S>);
