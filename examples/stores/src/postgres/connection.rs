//! One connection with its prepared statements, and how a round trip is made.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Error, NoTls, Row, Statement};

/// What goes for `$1`, `$2` and so on.
pub(super) type Parameters<'a> = Vec<&'a (dyn ToSql + Sync)>;

/// One request: a statement and its parameters.
pub(super) struct Request<'a>(pub(super) &'a Statement, pub(super) Parameters<'a>);

/// The rows that came for each request, or the first error.
pub(super) type Answers = Result<Vec<Vec<Row>>, Error>;

macro_rules! statements {
    ($($name:ident: $sql:path;)*) => {
        /// What is prepared on every connection.
        pub(super) struct Statements {
            $(pub(super) $name: Statement,)*
        }

        impl Statements {
            async fn prepare(client: &Client) -> Result<Self, Error> {
                Ok(Self { $($name: client.prepare($sql).await?,)* })
            }
        }
    };
}

statements! {
    begin: super::write::BEGIN;
    write: super::write::WRITE;
    hold: super::write::HOLD;
    forget: super::write::FORGET;
    remove: super::write::REMOVE;
    commit: super::write::COMMIT;
    begin_reading: super::load::BEGIN;
    records: super::load::RECORDS;
    entries: super::load::ENTRIES;
    keys: super::load::KEYS;
    stream: super::events::STREAM;
    feed: super::events::FEED;
    unfed: super::events::UNFED;
    hold_feed: super::events::HOLD_FEED;
    number: super::events::NUMBER;
    advance: super::events::ADVANCE;
}

/// Every statement finds its few rows by their keys, however large or small the tables are; so it is planned once, and not by
/// what the tables held at the time. A statement alone is a transaction, and is to be like the others.
const MANNERS: &str = "
    SET default_transaction_isolation = 'read committed';
    SET plan_cache_mode = force_generic_plan;
    SET enable_seqscan = off;
    SET enable_hashjoin = off;
    SET enable_mergejoin = off;
    SET jit = off";

pub(super) struct Connection {
    client: Client,
    pub(super) statements: Statements,
}

/// Connects; the connection's traffic is a task of the current runtime.
pub(super) async fn connect(config: &Config) -> Result<Client, Error> {
    let (client, traffic) = config.connect(NoTls).await?;
    // How the traffic ended is told to whoever waits for an answer.
    tokio::spawn(async move { drop(traffic.await) });
    Ok(client)
}

impl Connection {
    pub(super) async fn open(config: &Config) -> Result<Self, Error> {
        let client = connect(config).await?;
        client.batch_execute(MANNERS).await?;
        let statements = Statements::prepare(&client).await?;
        Ok(Self { client, statements })
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Sends all requests, in their order, before it waits for any answer. Where one fails, the first failure is the answer.
    pub(super) async fn ask(&self, requests: &[Request<'_>]) -> Answers {
        let query = |request| Underway::Waiting(Box::pin(self.query(request)));
        let mut underway: Vec<Underway<'_>> = requests.iter().map(query).collect();
        // The first poll of a query sends it.
        poll_fn(|cx| {
            let mut all = Poll::Ready(());
            for one in &mut underway {
                if let Underway::Waiting(query) = one {
                    match query.as_mut().poll(cx) {
                        Poll::Ready(answer) => *one = Underway::Answered(answer),
                        Poll::Pending => all = Poll::Pending,
                    }
                }
            }
            all
        })
        .await;
        let answered = underway.into_iter().filter_map(|one| match one {
            Underway::Answered(answer) => Some(answer),
            Underway::Waiting(_) => None,
        });
        answered.collect()
    }

    async fn query(&self, Request(statement, parameters): &Request<'_>) -> Result<Vec<Row>, Error> {
        self.client.query(*statement, parameters).await
    }
}

enum Underway<'a> {
    Waiting(Pin<Box<dyn Future<Output = Result<Vec<Row>, Error>> + Send + 'a>>),
    Answered(Result<Vec<Row>, Error>),
}
