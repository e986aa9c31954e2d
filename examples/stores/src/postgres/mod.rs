//! The store on PostgreSQL: any number of organizations in one database, any number of processes.

mod connection;
mod events;
mod json;
mod load;
mod migrate;
mod organization;
mod outcome;
mod pool;
mod write;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use outbound::engine::{Changes, Loaded, Reads};
use outbound::port::{AsyncStore, CommitError, EventPage, EventQuery};
use tokio_postgres::Config;

use self::connection::{Answers, Connection, Request};
use self::pool::{Lease, Pool};
use crate::rows::RowError;

/// Why the store on PostgreSQL failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PostgresError {
    /// The server, or the way to it, failed.
    #[error("PostgreSQL failed")]
    Postgres(#[from] tokio_postgres::Error),
    /// A row cannot be written or read.
    #[error(transparent)]
    Row(#[from] RowError),
    /// The database was set up by a newer build of the store.
    #[error("the database is at step {found} of its set-up, and this build knows {known}")]
    Newer {
        /// How far the database is.
        found: i64,
        /// How many steps this build knows.
        known: i64,
    },
}

/// An organization's world in a PostgreSQL database. Clones share their connections.
#[derive(Clone)]
pub struct PostgresStore(Arc<Inner>);

struct Inner {
    organization: Box<str>,
    /// What stands for it in the database.
    number: i32,
    pool: Pool,
    round_trips: AtomicU64,
}

impl PostgresStore {
    /// Opens an organization's world in the database of a URL (`postgres://user@host/database`), with so many connections at
    /// most. Sets the database up where that was not done, which needs the right to create a schema.
    ///
    /// # Errors
    /// [`PostgresError`]: no connection can be made, or the database was set up by a newer build.
    pub async fn open(url: &str, organization: &str, connections: usize) -> Result<Self, PostgresError> {
        let config = Config::from_str(url)?;
        let mut client = connection::connect(&config).await?;
        migrate::migrate(&mut client).await?;
        let number = organization::number(&client, organization).await?;
        let pool = Pool::new(config, connections);
        // The first command does not wait for its connection.
        pool.lease().await?.give_back();
        Ok(Self(Arc::new(Inner { organization: organization.into(), number, pool, round_trips: AtomicU64::new(0) })))
    }

    /// The organization.
    #[must_use]
    pub fn organization(&self) -> &str {
        &self.0.organization
    }

    /// How often the server was asked and waited for so far; preparing the statements of a new connection is not counted.
    #[must_use]
    pub fn round_trips(&self) -> u64 {
        self.0.round_trips.load(Ordering::Relaxed)
    }

    /// Sends requests at once and waits for all answers: one round trip.
    async fn ask(&self, connection: &Connection, requests: &[Request<'_>]) -> Answers {
        self.0.round_trips.fetch_add(1, Ordering::Relaxed);
        connection.ask(requests).await
    }

    /// A connection. One that comes to a bad end, or is dropped on the way, is not given back: whatever was open on it ends
    /// with it.
    async fn lease(&self) -> Result<Lease<'_>, PostgresError> {
        Ok(self.0.pool.lease().await?)
    }
}

impl AsyncStore for PostgresStore {
    type Error = PostgresError;

    async fn load(&self, reads: &Reads) -> Result<Loaded, PostgresError> {
        let requests = load::Requests::of(reads)?;
        let lease = self.lease().await?;
        let loaded = requests.answer(self, lease.connection(), reads).await?;
        lease.give_back();
        Ok(loaded)
    }

    async fn commit(&self, changes: Changes) -> Result<(), CommitError<PostgresError>> {
        let rows = write::Rows::of(changes).map_err(|error| CommitError::Failed(error.into()))?;
        let lease = self.lease().await.map_err(CommitError::Failed)?;
        let requests = rows.requests(lease.connection(), self);
        let answers = self.ask(lease.connection(), &requests).await;
        let outcome = answers.map(|_| ()).map_err(outcome::of_commit);
        // A conflict leaves nothing open: the transaction ended with the batch.
        if matches!(outcome, Ok(()) | Err(CommitError::Conflict)) {
            lease.give_back();
        }
        outcome
    }

    async fn events(&self, query: &EventQuery) -> Result<EventPage, PostgresError> {
        let lease = self.lease().await?;
        let page = events::page(self, lease.connection(), query).await?;
        lease.give_back();
        Ok(page)
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PostgresStore").field(&self.0.organization).finish()
    }
}
