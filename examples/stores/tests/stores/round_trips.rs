//! How often a command waits for PostgreSQL.

use std::collections::BTreeMap;

use crate::support::place::{postgres, unique};
use crate::support::server;
use crate::support::story::{Teller, tell};

/// How many kinds of commands there are.
const COMMANDS: usize = 27;

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
    println!("{most:#?}");
    assert_eq!(most.len(), COMMANDS, "every command is in the story");
    assert!(most.values().all(|cost| *cost <= 3), "{most:?}");
    // One to load and one to commit, but for what leads further than a store can guess.
    let more: Vec<&str> = most.into_iter().filter(|(_, cost)| *cost > 2).map(|(name, _)| name).collect();
    assert_eq!(more, ["fire_due", "receive_message", "record_attempt", "route_next", "sign_out"]);
}
