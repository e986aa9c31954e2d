//! How many commands a second the stores carry, beside the same rows written by hand: the floor.
//!
//! ```text
//! cargo run --release --package outbound-stores --example throughput [-- --quick] [words]
//! ```
//!
//! With words (`first PostgreSQL 16`) only the rows that have them all.
//!
//! Both sides have the same durability, the same number of clients and, where there is a server, the same server; each row has new
//! files or a new database. They take turns in short pieces, so that a slow moment of the machine falls on both. The ratio is the
//! median of the pairs of pieces. Beside it the processor's time of a command in microseconds, the clients' and the server's.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    reason = "it measures, on machines as they are"
)]

mod database;
mod floor;
mod floor_postgres;
mod floor_sqlite;
mod library;
mod processor;
#[path = "../../tests/support/mod.rs"]
mod support;

use std::ops::Range;
use std::time::{Duration, Instant};

use outbound_stores::{SqliteStore, Synchronous};

use floor::Template;
use floor_postgres::PostgresFloor;
use floor_sqlite::SqliteFloor;
use library::{OnPostgres, OnSqlite};
use processor::Spent;
use support::place::{Directory, unique};
use support::server;

/// The commands that are measured.
#[derive(Clone, Copy)]
enum Work {
    /// An agent starts a conversation: contact and conversation are made, the agent's presence is changed.
    Start,
    /// A customer's first message: contact, conversation, message and reference are made.
    Heard,
}

/// How many conversations an agent starts.
const STARTS: u64 = 5;

/// One of the two that are compared.
trait Side {
    /// What must be there before commands can be run; not measured.
    fn prepare(&self, numbers: Range<u64>);
    /// Runs the commands of these numbers, each of them by one client, and waits for the last.
    fn run(&self, clients: u64, numbers: Range<u64>);
    /// How often the server was waited for so far.
    fn round_trips(&self) -> Option<u64>;
}

/// The numbers that each client has to do; no two share an agent.
fn shares(clients: u64, numbers: Range<u64>) -> impl Iterator<Item = Range<u64>> {
    let each = (numbers.end - numbers.start) / clients;
    (0..clients).map(move |client| numbers.start + client * each..numbers.start + (client + 1) * each)
}

/// What is asked for.
struct Wish {
    quick: bool,
    words: Vec<String>,
}

impl Wish {
    fn of_arguments() -> Self {
        let (options, words): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|it| it.starts_with("--"));
        Self { quick: options.iter().any(|option| option == "--quick"), words }
    }

    fn has(&self, name: &str, clients: u64) -> bool {
        let row = format!("{name} {clients}");
        self.words.iter().all(|word| row.contains(word))
    }

    /// How many pairs of pieces, and how many commands a piece: so many that SQLite writes its log into the file in each.
    fn turns(&self, clients: u64) -> (u64, u64) {
        let each = match clients {
            1 => 1_500,
            16 => 100,
            _ => 40,
        };
        if self.quick { (3, clients * STARTS) } else { (9, clients * each) }
    }
}

fn main() {
    let wish = Wish::of_arguments();
    println!(
        "{:<58}{:>9} {:>9} {:>6}  round trips    µs of floor: clients server    of outbound: clients server",
        "commands/s", "floor", "outbound", "ratio"
    );
    for (work, what) in [(Work::Start, "start outbound"), (Work::Heard, "first inbound message")] {
        for (mode, synchronous) in [("FULL", Synchronous::Full), ("NORMAL", Synchronous::Normal)] {
            for clients in [1, 16] {
                on_sqlite(&wish, work, &format!("{what}, SQLite {mode}"), synchronous, clients);
            }
        }
        // As many as wait for one commit, beside as many that each wait for their own.
        on_sqlite(&wish, work, &format!("{what}, SQLite FULL, grouped"), Synchronous::Full, 64);
        for clients in [1, 16] {
            on_postgres(&wish, work, &format!("{what}, PostgreSQL"), clients);
        }
    }
}

fn on_sqlite(wish: &Wish, work: Work, name: &str, synchronous: Synchronous, clients: u64) {
    if !wish.has(name, clients) {
        return;
    }
    let (one, other) = (Directory::new(), Directory::new());
    let floor = SqliteFloor::open(&one.file(), synchronous, Template::of(work));
    let store = SqliteStore::open_with(other.file(), synchronous).expect("a store");
    compare(wish, name, clients, &floor, &OnSqlite::new(store, work));
}

fn on_postgres(wish: &Wish, work: Work, name: &str, clients: u64) {
    let Some(url) = Some(name).filter(|name| wish.has(name, clients)).and_then(|_| server::url()) else { return };
    let url = database::new_one(&url);
    let floor = PostgresFloor::open(&url, &unique(), clients, &Template::of(work));
    compare(wish, name, clients, &floor, &OnPostgres::open(&url, &unique(), clients, work));
}

fn compare(wish: &Wish, name: &str, clients: u64, floor: &dyn Side, library: &dyn Side) {
    let (pairs, commands) = wish.turns(clients);
    let (mut spent, mut ratios, mut trips) = ([Duration::ZERO; 2], Vec::new(), None);
    let mut worked = [Spent::default(); 2];
    // The first pair only warms both up.
    for pair in 0..=pairs {
        let numbers = pair * commands..(pair + 1) * commands;
        let took = [floor, library].map(|side| {
            side.prepare(numbers.clone());
            let before = side.round_trips();
            let (spent, begun) = (Spent::so_far(), Instant::now());
            side.run(clients, numbers.clone());
            let took = begun.elapsed();
            let worked = Spent::so_far() - spent;
            let waited = side.round_trips().zip(before).map(|(after, before)| after - before);
            (took, waited, worked)
        });
        if pair > 0 {
            spent = [spent[0] + took[0].0, spent[1] + took[1].0];
            worked[0] += took[0].2;
            worked[1] += took[1].2;
            ratios.push(took[0].0.as_secs_f64() / took[1].0.as_secs_f64());
            trips = took[1].1.map(|waited| trips.unwrap_or(0) + waited);
        }
    }
    ratios.sort_by(f64::total_cmp);
    let commands = pairs * commands;
    let [of_floor, of_library] = spent.map(|time| commands as f64 / time.as_secs_f64());
    let trips = trips.map(|trips| format!("{:.2}", trips as f64 / commands as f64)).unwrap_or_default();
    let clients = format!("{clients} client{}", if clients == 1 { "" } else { "s" });
    let each = |time: Duration| (time / commands as u32).as_micros();
    let [floor, library] = worked.map(|Spent { clients, server }| format!("{:>7} {:>7}", each(clients), each(server)));
    println!(
        "{name:<46}{clients:>10}  {of_floor:>9.0} {of_library:>9.0} {:>6.2}  {trips:<11}  {floor:>28}  {library:>28}",
        ratios[ratios.len() / 2]
    );
}
