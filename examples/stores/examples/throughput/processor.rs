//! The processor's time, which tells two sides apart even while the machine has other work: the clients' and the server's.

use std::fs;
use std::ops::{AddAssign, Sub};
use std::time::Duration;

use crate::support::server;

/// How long processors worked, for the clients and for the server beside them.
#[derive(Clone, Copy, Default)]
pub(crate) struct Spent {
    pub(crate) clients: Duration,
    /// Of the private server; of another nothing is known.
    pub(crate) server: Duration,
}

impl Spent {
    /// Until now. Where the system does not tell, nothing.
    pub(crate) fn so_far() -> Self {
        let server = server::own_process().map(|parent| {
            let children = stats().filter(|stat| stat.parent == parent || stat.id == parent);
            children.map(|stat| stat.spent).sum()
        });
        let clients = stat("self").map(|stat| stat.spent);
        Self { clients: clients.unwrap_or_default(), server: server.unwrap_or_default() }
    }
}

impl Sub for Spent {
    type Output = Self;
    fn sub(self, before: Self) -> Self {
        let Self { clients, server } = self;
        Self { clients: clients.saturating_sub(before.clients), server: server.saturating_sub(before.server) }
    }
}

impl AddAssign for Spent {
    fn add_assign(&mut self, more: Self) {
        self.clients += more.clients;
        self.server += more.server;
    }
}

/// What the system says of a process.
struct Stat {
    id: u32,
    parent: u32,
    spent: Duration,
}

fn stats() -> impl Iterator<Item = Stat> {
    let names = fs::read_dir("/proc").into_iter().flatten().flatten().map(|entry| entry.file_name());
    names.filter_map(|name| stat(name.to_str().filter(|name| name.starts_with(|first: char| first.is_ascii_digit()))?))
}

/// Linux counts in hundredths of a second, of all threads, those that ended among them.
fn stat(process: &str) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (id, rest) = text.split_once(" (")?;
    // The name may hold anything.
    let (_, rest) = rest.rsplit_once(") ")?;
    let fields: Vec<&str> = rest.split(' ').collect();
    let ticks = |nth: usize| fields.get(nth)?.parse::<u64>().ok();
    Some(Stat {
        id: id.parse().ok()?,
        parent: fields.get(1)?.parse().ok()?,
        spent: Duration::from_millis(10 * (ticks(11)? + ticks(12)?)),
    })
}
