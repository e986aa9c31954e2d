//! A few connections, shared.

use std::sync::{Mutex, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_postgres::{Config, Error};

use super::connection::Connection;

pub(super) struct Pool {
    config: Config,
    idle: Mutex<Vec<Connection>>,
    permits: Semaphore,
}

/// A connection of the pool. Unless it is given back it is closed, and the server undoes what was not committed on it.
pub(super) struct Lease<'p> {
    pool: &'p Pool,
    connection: Connection,
    _permit: Option<SemaphorePermit<'p>>,
}

impl Pool {
    pub(super) fn new(config: Config, connections: usize) -> Self {
        Self { config, idle: Mutex::default(), permits: Semaphore::new(connections.max(1)) }
    }

    /// An idle connection, or a new one; waits while all are in use.
    pub(super) async fn lease(&self) -> Result<Lease<'_>, Error> {
        // The semaphore is never closed; without a permit there would be one connection more.
        let permit = self.permits.acquire().await.ok();
        let connection = match self.take_idle() {
            Some(connection) => connection,
            None => Connection::open(&self.config).await?,
        };
        Ok(Lease { pool: self, connection, _permit: permit })
    }

    fn take_idle(&self) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        // What the server closed meanwhile is dropped.
        std::iter::from_fn(|| idle.pop()).find(|connection| !connection.is_closed())
    }
}

impl Lease<'_> {
    pub(super) const fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(super) fn give_back(self) {
        self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(self.connection);
    }
}
