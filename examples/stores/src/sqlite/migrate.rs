//! The steps of the file's set-up: numbered, each done once.

use rusqlite::{Connection, TransactionBehavior};

use super::SqliteError;
use crate::rows::number;

/// The step with the number n, from 1, is the n-th; a step that was ever released is never changed.
const STEPS: [&str; 2] =
    [include_str!("../../migrations/sqlite/0001_tables.sql"), include_str!("../../migrations/sqlite/0002_views.sql")];

/// Does the steps that the file lacks, all or none. The lock of the writer keeps other processes from doing the same.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), SqliteError> {
    let setup = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = setup.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = number(STEPS.len());
    if found > known {
        return Err(SqliteError::Newer { found, known });
    }
    for step in STEPS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        setup.execute_batch(step)?;
    }
    setup.pragma_update(None, "user_version", known)?;
    Ok(setup.commit()?)
}
