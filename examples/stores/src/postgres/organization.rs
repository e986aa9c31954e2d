//! Organizations have numbers, which stand for their names in every key.

use tokio_postgres::{Client, Error};

const NUMBER: &str = "SELECT number FROM outbound.organization WHERE name = $1";

/// Numbers are given without a sequence.
const ADD: &str = "
    INSERT INTO outbound.organization (number, name)
    SELECT 1 + coalesce(max(number), 0), $1 FROM outbound.organization
    ON CONFLICT DO NOTHING";

/// An organization's number; its first one where it has none. The row is also what the readers of its feed lock.
pub(super) async fn number(client: &Client, name: &str) -> Result<i32, Error> {
    loop {
        if let Some(row) = client.query_opt(NUMBER, &[&name]).await? {
            return row.try_get(0);
        }
        // Whoever is given the same number at the same time adds nothing, and looks again: each time somebody has one more.
        client.execute(ADD, &[&name]).await?;
    }
}
