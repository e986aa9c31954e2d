//! The floor: the same records, index entries and events, put by hand into std's hash maps behind a mutex, with the same
//! rules as plain ifs. It has no guards, no reasons beyond a text, no replay, no store that could be another: what is left
//! when everything that a library is for is left out.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// An agent of the floor.
struct Agent {
    premium: bool,
    digital: bool,
    available: bool,
    slots: Vec<(u64, bool)>,
    limit: usize,
}

/// A conversation of the floor.
#[expect(dead_code, reason = "written, as the library writes it")]
struct Conversation {
    agent: u32,
    entry_point: u32,
    address: u64,
    customer: String,
    opened: i64,
    state: u8,
}

/// A contact of the floor.
struct Contact {
    customer: String,
    threads: Vec<(u32, Option<u64>, u64)>,
}

/// An event of the floor.
#[expect(dead_code, reason = "written, as the library writes it")]
enum Event {
    Opened { conversation: u64, address: u64, agent: u32 },
    Offered { conversation: u64, agent: u32 },
    Accepted { conversation: u64, agent: u32 },
    ContactMade { address: u64 },
    ThreadOpened { address: u64, conversation: u64 },
    SlotTaken { agent: u32, conversation: u64 },
}

#[derive(Default)]
struct Tables {
    agents: HashMap<u32, Agent>,
    contacts: HashMap<u64, Contact>,
    conversations: HashMap<u64, Conversation>,
    by_customer: BTreeSet<(String, u64)>,
    events: Vec<(u64, i64, Event)>,
}

/// The floor's contact centre.
pub(crate) struct CallCentre {
    agents: u32,
    tables: Mutex<Tables>,
}

impl CallCentre {
    pub(crate) fn with_agents(agents: u32) -> Self {
        let agent =
            |number| (number, Agent { premium: true, digital: true, available: true, slots: Vec::new(), limit: 5 });
        let tables = Mutex::new(Tables { agents: (0..agents).map(agent).collect(), ..Tables::default() });
        Self { agents, tables }
    }

    /// Starts a range of conversations.
    pub(crate) fn start_all(&mut self, range: Range<u32>) {
        range.for_each(|number| self.start(number));
    }

    fn start(&self, number: u32) {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        let tables = &mut *tables;
        let (agent_id, address, id) = (number % self.agents, 351_900_000_000 + u64::from(number), u64::from(number));
        let Some(agent) = tables.agents.get_mut(&agent_id) else { return };
        if !(agent.premium && agent.digital && agent.available) || agent.slots.len() >= agent.limit {
            return;
        }
        let contact = tables
            .contacts
            .entry(address)
            .or_insert_with(|| Contact { customer: format!("customer-{number}"), threads: Vec::new() });
        if contact.threads.iter().any(|(entry_point, open, _)| *entry_point == 1 && open.is_some()) {
            return;
        }
        contact.threads.push((1, Some(id), id));
        agent.slots.push((id, true));
        tables.by_customer.insert((contact.customer.clone(), address));
        let customer = contact.customer.clone();
        let conversation = Conversation { agent: agent_id, entry_point: 1, address, customer, opened: 0, state: 1 };
        tables.conversations.insert(id, conversation);
        let happened = [
            Event::Opened { conversation: id, address, agent: agent_id },
            Event::Offered { conversation: id, agent: agent_id },
            Event::Accepted { conversation: id, agent: agent_id },
            Event::ContactMade { address },
            Event::ThreadOpened { address, conversation: id },
            Event::SlotTaken { agent: agent_id, conversation: id },
        ];
        tables.events.extend(happened.into_iter().map(|event| (id, 0, event)));
    }

    /// How many reasons there are against a start by a signed-out agent without a licence to a disabled entry point.
    pub(crate) fn refuse(&self, number: u32) -> usize {
        let mut reasons: Vec<String> = Vec::new();
        let (licence, digital, signed_in, enabled) = std::hint::black_box(("standard", true, false, false));
        if licence != "premium" {
            reasons.push(format!("licence {licence}"));
        }
        if !digital {
            reasons.push("no digital access".into());
        }
        if !signed_in {
            reasons.push(format!("agent {} is signed out", number % 7));
        }
        if !enabled {
            reasons.push("entry point disabled".into());
        }
        std::hint::black_box(reasons).len()
    }
}
