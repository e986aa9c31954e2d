//! What an error says about the outcome of a commit.

use outbound::port::CommitError;
use tokio_postgres::Error;
use tokio_postgres::error::{DbError, Severity, SqlState};

use super::PostgresError;

/// The whole commit is on its way before the first answer comes, so only what the server says for certain is certain.
pub(super) fn of_commit(error: Error) -> CommitError<PostgresError> {
    match error.as_db_error() {
        Some(said) if is_conflict(said) => CommitError::Conflict,
        Some(said) if is_undone(said) => CommitError::Failed(error.into()),
        // The connection is gone, or the server is going down: the commit may have come through before.
        _ => CommitError::Unknown(error.into()),
    }
}

/// Clause 4. A guard that does not hold is a division by zero, or a key that is taken: see the statements of writing.
fn is_conflict(said: &DbError) -> bool {
    let code = said.code();
    *code == SqlState::DIVISION_BY_ZERO
        || *code == SqlState::UNIQUE_VIOLATION
        || *code == SqlState::T_R_SERIALIZATION_FAILURE
        || *code == SqlState::T_R_DEADLOCK_DETECTED
}

/// An ordinary error undoes the transaction, and the `COMMIT` behind it ends what is undone. One code says that the server
/// itself does not know.
fn is_undone(said: &DbError) -> bool {
    said.parsed_severity() == Some(Severity::Error) && *said.code() != SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN
}
