//! A service at full speed: 64 agents, each at two screens, race for 40 customers and for their own last slots.
//!
//! ```text
//! cargo run --example async_service
//! ```
//!
//! Everything runs at once over one desk: starts, sends, replies, transfers, answers, closings, wrap-ups, two outbox pumps
//! and the timer. The store yields between what a decision saw and its commit, so that others really come between.
//! At the end every invariant is checked over what is left; one that broke makes the exit code 1.
//!
//! - `main.rs` opens and closes the service;
//! - `centre.rs` is what is shared: the desk, the store, the provider, the tally;
//! - `people.rs` is who uses it: agents, customers, and the machines of the host;
//! - `checks.rs` is what must hold, whatever happened;
//! - `organization.rs` is the set-up, built in code;
//! - `chance.rs` is a small source of pseudo-randomness.
#![expect(clippy::print_stdout, reason = "an example talks to a person")]

mod centre;
mod chance;
mod checks;
mod organization;
mod people;

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use outbound::directory::Directory;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::centre::{Centre, now};
use crate::chance::Chance;

const SEED: u64 = 42;
const OPEN_FOR: Duration = Duration::from_secs(4);
const SCREENS: usize = 2;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let centre = Arc::new(Centre::new(Directory::new(organization::setup()?)?));
    println!(
        "{} agents, {} customers, open for {} s",
        organization::AGENTS,
        organization::CUSTOMERS,
        OPEN_FOR.as_secs()
    );

    let opened = now();
    people::sign_in(&centre, &mut Chance::new(SEED)).await;
    let mut at_work = everybody(&centre);
    let mut broken = watch(&centre).await;
    centre.close();
    while at_work.join_next().await.transpose()?.is_some() {}
    let seconds = (now() - opened).as_seconds_f64();

    println!("\nclosed; what is under way comes to its end");
    people::settle(&centre).await;
    broken.extend(checks::at_the_end(&centre));

    print!("\n{}", centre.tally);
    println!("\n{:.0} commands a second, {}", centre.tally.attempts() / seconds, centre.store_summary());
    println!("{}", checks::summary(&centre));
    for problem in broken.iter().take(20) {
        println!("BROKEN: {problem}");
    }
    if !broken.is_empty() {
        return Err(format!("invariants broke {} times", broken.len()).into());
    }
    println!("every invariant holds");
    Ok(())
}

/// Sets everybody to work, each with a seed of their own.
fn everybody(centre: &Arc<Centre>) -> JoinSet<()> {
    let mut at_work = JoinSet::new();
    // Not that of signing in, too: who draws the same numbers in the same millisecond uses a command's id twice.
    let mut seeds = (SEED + 1..).map(Chance::new);
    for (agent, chance) in organization::agents().flat_map(|agent| std::iter::repeat_n(agent, SCREENS)).zip(&mut seeds)
    {
        at_work.spawn(people::agent(Arc::clone(centre), agent, chance));
    }
    for (number, chance) in (0..organization::CUSTOMERS).zip(&mut seeds) {
        at_work.spawn(people::customer(Arc::clone(centre), number, chance));
    }
    for chance in seeds.by_ref().take(2) {
        at_work.spawn(people::router(Arc::clone(centre), chance));
    }
    for chance in seeds.by_ref().take(2) {
        at_work.spawn(people::pump(Arc::clone(centre), chance));
    }
    at_work.spawn(people::timer(Arc::clone(centre)));
    at_work
}

/// Tells how it goes, and checks each second what must hold at every moment.
async fn watch(centre: &Arc<Centre>) -> Vec<String> {
    let mut broken = Vec::new();
    for second in 1..=OPEN_FOR.as_secs() {
        sleep(Duration::from_secs(1)).await;
        broken.extend(checks::at_any_time(centre));
        println!("{second} s: {:.0} commands, {}", centre.tally.attempts(), centre.store_summary());
    }
    broken
}
