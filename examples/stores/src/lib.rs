#![doc = include_str!("../README.md")]

mod adapters;
mod postgres;
mod rows;
mod sqlite;

pub use adapters::{BlockOn, SpawnBlocking};
pub use postgres::{PostgresError, PostgresStore};
pub use rows::RowError;
pub use sqlite::{SqliteError, SqliteStore, Synchronous};
