//! Loading: records and entries from one moment, in one round trip.

use std::collections::BTreeMap;

use outbound::engine::{Loaded, Reads};
use outbound::record::{Entry, Query, Versioned};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::connection::{Connection, Parameters, Request};
use super::json::with_nul;
use super::{PostgresError, PostgresStore};
use crate::rows::{RowError, cursor_bytes, key_bytes, key_of, keys_of, number, versioned};

/// Clause 2: all statements of this transaction see one moment. A single statement does so by itself.
pub(super) const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Clause 4: what the records lead to comes along, since it is most likely asked for next. Key by key, so that it cannot be
/// planned but by the key, even while the table is empty: what is behind `OFFSET` is not planned together with the rest.
pub(super) const RECORDS: &str = "
    WITH asked AS (
        SELECT record.* FROM unnest($2::bytea[]) AS it (key) CROSS JOIN LATERAL (
            SELECT key, version, body, leads_to FROM outbound.record
            WHERE organization = $1 AND record.key = it.key OFFSET 0
        ) AS record
    )
    SELECT key, version, body FROM asked
    UNION ALL
    SELECT record.* FROM asked
        CROSS JOIN LATERAL generate_series(1, length(asked.leads_to), 17) AS nth
        CROSS JOIN LATERAL (
            SELECT key, version, body FROM outbound.record
            WHERE organization = $1 AND record.key = substr(asked.leads_to, nth, 17) OFFSET 0
        ) AS record
    WHERE substr(asked.leads_to, nth, 17) <> ALL ($2)";

/// The same for what a short query finds: whoever asks for a few entries wants their records.
pub(super) const ENTRIES: &str = "
    WITH found AS (
        SELECT key, place FROM outbound.entry
        WHERE organization = $1 AND index = $2 AND scope = $3 AND (place, key) > ($4, $5) AND place <= $6
        ORDER BY place, key LIMIT $7
    )
    SELECT found.key, found.place, record.version, record.body
    FROM found LEFT JOIN outbound.record
      ON record.organization = $1 AND record.key = found.key AND $7 <= 16
    ORDER BY found.place, found.key";

pub(super) const KEYS: &str = "
    SELECT key, 0::bigint, NULL::bigint, NULL::text FROM outbound.record
    WHERE organization = $1 AND key > $2 AND key > $3 AND key < $4
    ORDER BY key LIMIT $5";

type Parameter = Box<dyn ToSql + Send + Sync>;

/// What is asked, as parameters.
pub(super) struct Requests {
    keys: Vec<Vec<u8>>,
    queries: Vec<(Source, Vec<Parameter>)>,
}

#[derive(Clone, Copy)]
enum Source {
    Entries,
    Keys,
}

impl Requests {
    pub(super) fn of(reads: &Reads) -> Result<Self, RowError> {
        Ok(Self {
            keys: reads.keys.iter().map(|key| key_bytes(*key)).collect::<Result<_, _>>()?,
            queries: reads.queries.iter().map(parameters).collect::<Result<_, _>>()?,
        })
    }

    /// Clause 1: every key that was asked for is answered, and every query.
    pub(super) async fn answer(
        &self,
        store: &PostgresStore,
        connection: &Connection,
        reads: &Reads,
    ) -> Result<Loaded, PostgresError> {
        let organization = &store.0.number;
        let statements = &connection.statements;
        let mut requests = Vec::with_capacity(self.queries.len() + 3);
        if !self.keys.is_empty() {
            requests.push(Request(&statements.records, vec![organization, &self.keys]));
        }
        for (source, query) in &self.queries {
            let statement = match source {
                Source::Entries => &statements.entries,
                Source::Keys => &statements.keys,
            };
            let mut parameters: Parameters<'_> = vec![organization];
            parameters.extend(query.iter().map(|parameter| &**parameter as &(dyn ToSql + Sync)));
            requests.push(Request(statement, parameters));
        }
        let many = requests.len() > 1;
        if many {
            requests.insert(0, Request(&statements.begin_reading, Vec::new()));
            requests.push(Request(&statements.commit, Vec::new()));
        }
        let mut answers = store.ask(connection, &requests).await?.into_iter().skip(usize::from(many));
        let mut next = || answers.next().unwrap_or_default();
        let mut records = BTreeMap::new();
        if !self.keys.is_empty() {
            for row in next() {
                records.insert(key_of(row.try_get(0)?)?, Some(record(row.try_get(1)?, row.try_get(2)?)?));
            }
        }
        let mut found = Vec::with_capacity(reads.queries.len());
        for query in &reads.queries {
            let mut entries = Vec::new();
            for row in next() {
                let entry = entry(query, &row)?;
                if let (Some(version), Some(body)) = (row.try_get(2)?, row.try_get(3)?) {
                    records.insert(entry.key, Some(record(version, body)?));
                }
                entries.push(entry);
            }
            found.push((query.clone(), entries));
        }
        for key in &reads.keys {
            records.entry(*key).or_insert(None);
        }
        Ok(Loaded { records: records.into_iter().collect(), found })
    }
}

fn parameters(query: &Query) -> Result<(Source, Vec<Parameter>), RowError> {
    let (place, after) = cursor_bytes(query.begins_after())?;
    let limit = number(query.limit());
    if let Some((index, scope)) = query.index() {
        let scope = scope.to_vec();
        let parameters: Vec<Parameter> = vec![
            Box::new(index.as_str()),
            Box::new(scope),
            Box::new(place),
            Box::new(after),
            Box::new(query.until()),
            Box::new(limit),
        ];
        return Ok((Source::Entries, parameters));
    }
    // Of no kind there are no records.
    let (before, behind) = query.kind().map_or(Ok((Vec::new(), Vec::new())), keys_of)?;
    Ok((Source::Keys, vec![Box::new(before), Box::new(after), Box::new(behind), Box::new(limit)]))
}

fn record(version: i64, body: &str) -> Result<Versioned, RowError> {
    versioned(version, &with_nul(body))
}

fn entry(query: &Query, row: &Row) -> Result<Entry, PostgresError> {
    let key = key_of(row.try_get(0)?)?;
    Ok(match query.index() {
        Some((index, scope)) => Entry { index, scope, order: row.try_get(1)?, key },
        None => Entry::of_record(key),
    })
}

#[cfg(test)]
mod tests {
    use outbound::model::Kind;

    use super::*;

    #[test]
    fn a_query_of_records_is_told_by_its_kind() {
        let query = Query::records(Kind::Message, 7);
        let (source, parameters) = parameters(&query).unwrap();
        assert!(matches!(source, Source::Keys));
        assert_eq!(parameters.len(), 4);
    }
}
