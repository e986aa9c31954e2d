//! How often a command waits for PostgreSQL.

use std::collections::BTreeMap;

use crate::support::place::{postgres, unique};
use crate::support::server;
use crate::support::story::{Teller, tell};

#[test]
fn no_command_waits_more_than_three_times() {
    let Some(url) = server::url() else { return };
    let store = postgres(&url, &unique());
    let teller = Teller::new(&store, || store.store().round_trips());
    tell(&teller);
    let mut most: BTreeMap<&str, u64> = BTreeMap::new();
    for (name, cost) in teller.costs.borrow().iter() {
        let most = most.entry(name).or_default();
        *most = (*most).max(*cost);
    }
    eprintln!("{most:#?}");
    assert!(most.values().all(|cost| *cost <= 3), "{most:?}");
}
