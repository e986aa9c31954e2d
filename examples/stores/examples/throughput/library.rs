//! The library at work.

use std::future::Future;
use std::ops::Range;
use std::sync::Arc;
use std::thread;

use chrono::{DateTime, Utc};
use outbound::command::{ReceiveMessage, SignIn, StartOutbound};
use outbound::desk::{AsyncDesk, Desk};
use outbound::directory::{Directory, Licence, Setup};
use outbound::engine::Terms;
use outbound::model::{AgentId, Channel, ChosenState, CommandId, ShapeOnly};
use outbound::port::ManualClock;
use outbound_stores::{PostgresStore, SqliteStore};
use tokio::runtime::Runtime;

use crate::support::acme::{beginning, id};
use crate::{STARTS, Side, Work, shares};

/// How many agents there are.
const AGENTS: u64 = 10_000;

const ORGANIZATION: &str = r#"{
    "version": 1,
    "organization": {
        "id": "bench", "name": "Bench", "digital_channels": true, "pci": false, "fallback_queue": "all",
        "declined_idle_reason": "declined", "timings": { "wrap_up": { "default_reason": "none" } }
    },
    "sites": [{ "id": "site", "name": "Site", "profile": "profile" }],
    "teams": [{ "id": "team", "name": "Team", "site": "site" }],
    "profiles": [{ "id": "profile", "name": "Profile", "blending": "blended", "limits": { "social": { "slots": 5 } } }],
    "agents": [{ "id": "model", "name": "Model", "licence": "premium", "digital_access": true, "teams": ["team"] }],
    "entry_points": [{ "id": "sms", "name": "SMS", "channel": "sms", "sender": "+351910000001", "queue": "all" }],
    "queues": [{ "id": "all", "name": "All", "channels": ["sms"], "teams": ["team"] }],
    "wrap_up_reasons": [{ "id": "none", "name": "None" }],
    "idle_reasons": [{ "id": "declined", "name": "Declined" }]
}"#;

fn agent(number: u64) -> AgentId {
    id(&format!("agent-{number}"))
}

pub(crate) fn terms() -> Terms {
    let mut setup: Setup = serde_json::from_str(ORGANIZATION).expect("a set-up");
    let model = setup.agents[0].clone();
    setup.agents.extend((0..AGENTS).map(|number| {
        let mut agent = model.clone();
        (agent.id, agent.licence) = (self::agent(number), Licence::Premium);
        agent
    }));
    Terms::new(Directory::new(setup).expect("the set-up is sound"), ShapeOnly)
}

/// Ids as a host makes them: in the order of time.
fn command_id(kind: u8, number: u64) -> CommandId {
    let at: DateTime<Utc> = beginning() + chrono::TimeDelta::milliseconds(number.cast_signed() / 4);
    let mut random = [kind; 10];
    random[2..].copy_from_slice(&(number.wrapping_mul(0x9e37_79b9_7f4a_7c15)).to_be_bytes());
    CommandId::new(at, random)
}

pub(crate) fn start(number: u64) -> (CommandId, StartOutbound) {
    let to = format!("+3519{number:08}");
    (command_id(1, number), StartOutbound::new(agent(number / STARTS), Channel::Sms, id("sms"), to.as_str()))
}

pub(crate) fn heard(number: u64) -> (CommandId, ReceiveMessage) {
    let (from, provider) = (format!("+3519{number:08}"), format!("in-{number}"));
    (command_id(2, number), ReceiveMessage::text(id("sms"), &*from, id(&provider), "hello"))
}

pub(crate) fn sign_in(number: u64) -> (CommandId, SignIn) {
    (command_id(3, number), SignIn { agent: agent(number), team: id("team"), state: ChosenState::Available })
}

/// The agents who do the starts of these numbers.
pub(crate) fn agents(work: Work, numbers: Range<u64>) -> Range<u64> {
    match work {
        Work::Start => numbers.start / STARTS..numbers.end.div_ceil(STARTS),
        Work::Heard => 0..0,
    }
}

pub(crate) struct OnSqlite {
    desk: Desk<SqliteStore, ManualClock>,
    work: Work,
}

impl OnSqlite {
    pub(crate) fn new(store: SqliteStore, work: Work) -> Self {
        Self { desk: Desk::new(store, terms(), ManualClock::at(beginning())), work }
    }

    fn command(&self, number: u64) {
        match self.work {
            Work::Start => {
                let (id, command) = start(number);
                self.desk.run(id, &command).expect("started");
            }
            Work::Heard => {
                let (id, command) = heard(number);
                self.desk.run(id, &command).expect("heard");
            }
        }
    }
}

impl Side for OnSqlite {
    fn prepare(&self, numbers: Range<u64>) {
        for number in agents(self.work, numbers) {
            let (id, command) = sign_in(number);
            self.desk.run(id, &command).expect("signed in");
        }
    }

    fn run(&self, clients: u64, numbers: Range<u64>) {
        thread::scope(|scope| {
            for share in shares(clients, numbers) {
                scope.spawn(|| share.for_each(|number| self.command(number)));
            }
        });
    }

    fn round_trips(&self) -> Option<u64> {
        None
    }
}

pub(crate) struct OnPostgres {
    runtime: Runtime,
    store: PostgresStore,
    desk: Arc<AsyncDesk<PostgresStore, ManualClock>>,
    work: Work,
}

impl OnPostgres {
    pub(crate) fn open(url: &str, organization: &str, clients: u64, work: Work) -> Self {
        let runtime = runtime();
        let store = runtime.block_on(PostgresStore::open(url, organization, clients as usize)).expect("a store");
        let desk = Arc::new(AsyncDesk::new(store.clone(), terms(), ManualClock::at(beginning())));
        Self { runtime, store, desk, work }
    }
}

impl Side for OnPostgres {
    fn prepare(&self, numbers: Range<u64>) {
        let desk = Arc::clone(&self.desk);
        let agents = agents(self.work, numbers);
        on(&self.runtime, 1, agents, move |number| {
            let desk = Arc::clone(&desk);
            async move {
                let (id, command) = sign_in(number);
                desk.run(id, &command).await.expect("signed in");
            }
        });
    }

    fn run(&self, clients: u64, numbers: Range<u64>) {
        let (desk, work) = (Arc::clone(&self.desk), self.work);
        on(&self.runtime, clients, numbers, move |number| {
            let desk = Arc::clone(&desk);
            async move {
                match work {
                    Work::Start => {
                        let (id, command) = start(number);
                        desk.run(id, &command).await.expect("started");
                    }
                    Work::Heard => {
                        let (id, command) = heard(number);
                        desk.run(id, &command).await.expect("heard");
                    }
                }
            }
        });
    }

    fn round_trips(&self) -> Option<u64> {
        Some(self.store.round_trips())
    }
}

/// What both sides run on.
pub(crate) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

/// Each client is a task that does its numbers one after the other.
pub(crate) fn on<F, W>(runtime: &Runtime, clients: u64, numbers: Range<u64>, work: W)
where
    F: Future<Output = ()> + Send + 'static,
    W: Fn(u64) -> F + Clone + Send + 'static,
{
    let tasks: Vec<_> = shares(clients, numbers)
        .map(|share| {
            let work = work.clone();
            runtime.spawn(async move {
                for number in share {
                    work(number).await;
                }
            })
        })
        .collect();
    runtime.block_on(async {
        for task in tasks {
            task.await.expect("a client's work");
        }
    });
}
