//! How many commands a second: a customer's first message, which makes a contact, a conversation, a message and a reference.
//!
//! ```text
//! cargo run --release --package outbound-stores --example throughput
//! ```
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "it measures, on machines as they are"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use outbound::desk::Desk;
use outbound::port::{ManualClock, Store};
use outbound_stores::{SqliteStore, Synchronous};

use support::acme::{beginning, command_id, inbound, terms};
use support::place::{Directory, postgres, unique};
use support::server;

const WHILE: Duration = Duration::from_secs(4);

fn main() {
    for (name, synchronous) in [("SQLite FULL", Synchronous::Full), ("SQLite NORMAL", Synchronous::Normal)] {
        for clients in [1, 16] {
            let directory = Directory::new();
            measure(name, clients, SqliteStore::open_with(directory.file(), synchronous).expect("a store"));
        }
    }
    let Some(url) = server::url() else { return };
    for clients in [1, 16] {
        measure("PostgreSQL", clients, postgres(&url, &unique()));
    }
}

fn measure<S: Store>(name: &str, clients: u64, store: S) {
    let desk = Desk::new(store, terms(), ManualClock::at(beginning()));
    let (number, begun) = (AtomicU64::new(1), Instant::now());
    thread::scope(|scope| {
        for _ in 0..clients {
            scope.spawn(|| {
                while begun.elapsed() < WHILE {
                    let number = number.fetch_add(1, Ordering::Relaxed);
                    let message = inbound(&format!("+3519{number:08}"), &format!("in-{number}"), "hello");
                    desk.run(command_id(beginning(), number), &message).expect("heard");
                }
            });
        }
    });
    let (done, took) = (number.load(Ordering::Relaxed), begun.elapsed().as_millis().max(1));
    println!("{name}, clients {clients}: {} commands/s", u128::from(done) * 1000 / took);
}
