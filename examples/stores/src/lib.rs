//! Two stores for `outbound`: SQLite, embedded in the host, and PostgreSQL.
//!
//! Neither holds a rule. Each keeps records, index entries and events, and keeps the numbered clauses of
//! [`outbound::port::Store`]; where one of them is kept, the code says so.

mod adapters;
mod postgres;
mod rows;
mod sqlite;

pub use adapters::{BlockOn, SpawnBlocking};
pub use postgres::{PostgresError, PostgresStore};
pub use rows::RowError;
pub use sqlite::{SqliteError, SqliteStore, Synchronous};
