//! The steps of the database's set-up: numbered, each done once, under a lock.

use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error};

use super::PostgresError;
use crate::rows::number;

/// The step with the number n, from 1, is the n-th; a step that was ever released is never changed.
const STEPS: [&str; 2] = [
    include_str!("../../migrations/postgres/0001_tables.sql"),
    include_str!("../../migrations/postgres/0002_views.sql"),
];

const FOUND: &str = "SELECT coalesce(max(number), 0) FROM outbound.migration";

/// The row of number 0 stands for no step: it is what those who set up lock.
const PREPARE: &str = "
    CREATE SCHEMA IF NOT EXISTS outbound;
    CREATE TABLE IF NOT EXISTS outbound.migration (
        number  bigint      NOT NULL PRIMARY KEY,
        done_at timestamptz NOT NULL DEFAULT now()
    );
    INSERT INTO outbound.migration (number) VALUES (0) ON CONFLICT (number) DO NOTHING";

const HOLD: &str = "SELECT number FROM outbound.migration WHERE number = 0 FOR UPDATE";

/// How often the preparing is tried: where several begin at once, PostgreSQL lets all but one fail, `IF NOT EXISTS` or not.
const ATTEMPTS: usize = 8;

/// Does the steps that the database lacks, all or none. Needs no right to create anything where none is lacking.
pub(super) async fn migrate(client: &mut Client) -> Result<(), PostgresError> {
    let known = number(STEPS.len());
    if found(client).await? == known {
        return Ok(());
    }
    prepare(client).await?;
    let setup = client.transaction().await?;
    setup.query(HOLD, &[]).await?;
    let found: i64 = setup.query_one(FOUND, &[]).await?.try_get(0)?;
    if found > known {
        return Err(PostgresError::Newer { found, known });
    }
    for (step, nth) in STEPS.iter().zip(1_i64..).skip(usize::try_from(found).unwrap_or(0)) {
        setup.batch_execute(step).await?;
        setup.execute("INSERT INTO outbound.migration (number) VALUES ($1)", &[&nth]).await?;
    }
    Ok(setup.commit().await?)
}

async fn found(client: &Client) -> Result<i64, Error> {
    match client.query_one(FOUND, &[]).await {
        Ok(row) => row.try_get(0),
        Err(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => Ok(0),
        Err(error) => Err(error),
    }
}

async fn prepare(client: &Client) -> Result<(), Error> {
    for _ in 1..ATTEMPTS {
        match client.batch_execute(PREPARE).await {
            Err(error) if is_a_race(&error) => {}
            outcome => return outcome,
        }
    }
    client.batch_execute(PREPARE).await
}

fn is_a_race(error: &Error) -> bool {
    let races = [SqlState::UNIQUE_VIOLATION, SqlState::DUPLICATE_SCHEMA, SqlState::DUPLICATE_TABLE];
    error.code().is_some_and(|code| races.contains(code) || *code == SqlState::T_R_SERIALIZATION_FAILURE)
}
