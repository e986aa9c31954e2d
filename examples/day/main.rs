//! A contact centre's day, through the real library on the store in memory: 10,000 agents in shifts, a million customers.
//!
//! ```text
//! cargo run --release --example day --features testing                      # three minutes of a core, 5 GB
//! cargo run --release --example day --features testing -- --small           # two seconds
//! cargo run --release --example day --features testing -- --agents 500 --customers 50000 --seed 7 --plot day.svg
//! ```
//!
//! Customers write by text message and mail, as many an hour as they do in such places; agents answer, write first,
//! transfer, decline, do not look, take calls and breaks, park, close, and go home; a provider is out of order from 14:00 to
//! 15:00. Everything they do is a command that a desk runs, and everything they know is an event that the feed showed them. The same
//! seed makes the same day. At its end there are tables and a plot; a broken invariant or a refusal that nobody expects makes the
//! exit code 1.
//!
//! - `main.rs` begins and ends the day;
//! - `day.rs` is everybody in it and what happens next, by `agenda.rs`, the clock's list of what is planned;
//! - `agents.rs`, `customers.rs` and `provider.rs` are who acts, `screens.rs` is what they see, `talking.rs` what agents make of it;
//! - `host.rs` is the host's machines: router, timer, outbox pump;
//! - `organization.rs` is the set-up, the shifts and the curve of arrivals;
//! - `centre.rs` is the desk that they all use, measured by `measure.rs` and `histogram.rs`;
//! - `checks.rs` is what must hold, whatever happened;
//! - `tables.rs`, `beyond.rs`, `plot.rs` and `rows.rs` (drawn with `svg.rs`) tell it; `units.rs` writes its numbers;
//! - `chance.rs` is a small source of pseudo-randomness, `options.rs` the arguments, `process.rs` the memory in use.
#![expect(clippy::print_stdout, reason = "an example talks to a person")]

mod agenda;
mod agents;
mod beyond;
mod centre;
mod chance;
mod checks;
mod customers;
mod day;
mod histogram;
mod host;
mod measure;
mod options;
mod organization;
mod plot;
mod process;
mod provider;
mod rows;
mod screens;
mod svg;
mod tables;
mod talking;
mod units;

use std::error::Error;

use crate::beyond::Came;
use crate::day::Day;
use crate::measure::watch;
use crate::options::Options;
use crate::process::memory;

fn main() -> Result<(), Box<dyn Error>> {
    let Options { size, seed, check_every, plot } = Options::read(std::env::args().skip(1))?;
    let midnight = "2026-03-02T00:00:00Z".parse()?;
    let begun = watch();
    let mut day = Day::new(size, seed, midnight, check_every)?;
    let before = memory();
    println!(
        "{} agents in {} teams, {} customers, seed {seed}; set up in {:.2} s; invariants are checked over the whole store every {}",
        units::thousands(size.agents),
        size.units(),
        units::thousands(size.customers),
        begun.elapsed().as_secs_f64(),
        if check_every == 1 { "hour".to_owned() } else { format!("{check_every} hours") },
    );
    day.live();
    let after = memory();

    day.checked.extend(checks::of_everything(&day));
    tables::hours(&day);
    tables::commands(&day);
    tables::refusals(&day);
    tables::invariants(&day);
    beyond::tell(size, &Came::of(&day, before, after));
    if let Some(folder) = plot.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(&plot, plot::draw(&day, seed))?;
    println!("\nThe plot is {}. The whole took {:.0} s", plot.display(), begun.elapsed().as_secs_f64());
    if let Some(memory) = memory() {
        println!("and {} of memory at most, checks included.", units::bytes(memory.most as f64));
    }

    let broken: Vec<&String> = day.checked.iter().flat_map(|checked| &checked.broken).collect();
    for problem in broken.iter().take(20) {
        println!("BROKEN: {problem}");
    }
    if broken.is_empty() { Ok(()) } else { Err(format!("{} things broke", broken.len()).into()) }
}
