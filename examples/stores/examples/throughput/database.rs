//! A database of its own for each row, so that neither side works among what earlier rows left.

use tokio_postgres::NoTls;

use crate::library::runtime;
use crate::support::place::unique;

/// Makes a database on a server, and answers how it is reached.
pub(crate) fn new_one(url: &str) -> String {
    let name = format!("row_{}", unique().replace('-', "_"));
    runtime().block_on(async {
        let (client, traffic) = tokio_postgres::connect(url, NoTls).await.expect("a connection");
        tokio::spawn(traffic);
        client.batch_execute(&format!("CREATE DATABASE {name}")).await.expect("a database");
    });
    let Some((scheme, rest)) = url.split_once("://") else { return format!("{url} dbname={name}") };
    let (place, settings) = rest.split_once('?').map_or((rest, String::new()), |(at, all)| (at, format!("?{all}")));
    let server = place.split('/').next().unwrap_or_default();
    format!("{scheme}://{server}/{name}{settings}")
}
