//! A contact centre at work, made to be killed.
//!
//! ```text
//! centre sqlite:<file>|postgres:<url>|<organization> <directory> <seed>
//! ```
//!
//! Threads play agents, customers, a router, the clock and the pump, over one store, until the process is killed. In the
//! directory are logs that outlive it, a line a write: `asked` has every message that an agent began to send, with its
//! command's id, and is read again at the start, since who was killed while asking asks again; `answered` has those that were
//! promised; `provider` is what a provider remembers of what it was given.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a host has a clock, files, threads and a console"
)]

use std::collections::BTreeSet;
use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::thread;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use outbound::command::{
    Accept, CancelTransfer, Close, Decline, OnConflict, ReceiptStatus, ReceiveMessage, RecoverFromRona, ReportDelivery,
    RouteNext, SendMessage, SetState, SignIn, StartOutbound, Target, Transfer, WrapUp,
};
use outbound::desk::Desk;
use outbound::directory::{Directory, Setup};
use outbound::engine::{Command, Terms};
use outbound::model::{
    AgentId, By, Cause, Channel, ChosenState, CommandId, ConversationId, Dispatch, Occupant, SendResult, ShapeOnly,
    TaskState, Wording,
};
use outbound::port::{ErasedStore, Failure, NoMedia};
use outbound::query::{HeldTask, Overview};
use outbound_stores::{BlockOn, PostgresStore, SqliteStore, Synchronous};

type Problem = Box<dyn Error + Send + Sync>;
type Work = Result<(), Problem>;
type Clock = fn() -> DateTime<Utc>;

const AGENTS: [&str; 3] = ["ana", "bruno", "julia"];
const CUSTOMERS: u64 = 40;

fn main() -> Work {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [store, directory, seed] = arguments.as_slice() else { return Err("store, directory, seed".into()) };
    let logs = Logs { directory: directory.into() };
    let centre = Centre { desk: Desk::new(open(store)?, terms()?, now), logs, seed: seed.parse()? };
    thread::scope(|scope| {
        let centre = &centre;
        for (agent, number) in AGENTS.iter().zip(1..) {
            scope.spawn(move || until_killed(centre.agent(agent, number)));
        }
        for work in [Centre::customers, Centre::pump, Centre::time] {
            scope.spawn(move || until_killed(work(centre)));
        }
    });
    Ok(())
}

/// Nobody's work ends by itself, unless it cannot go on; then the whole process ends, so that it is seen.
fn until_killed(work: Work) {
    if let Err(problem) = work {
        eprintln!("{problem}");
        std::process::exit(1);
    }
}

fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

fn open(store: &str) -> Result<ErasedStore, Problem> {
    if let Some(file) = store.strip_prefix("sqlite:") {
        return Ok(ErasedStore::new(SqliteStore::open_with(file, Synchronous::Normal)?));
    }
    let (url, organization) = store.strip_prefix("postgres:").and_then(|rest| rest.split_once('|')).ok_or("a store")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let store = runtime.block_on(PostgresStore::open(url, organization, 8))?;
    Ok(ErasedStore::new(BlockOn::new(store, runtime)))
}

/// The organization of the crate's tests, in more of a hurry.
fn terms() -> Result<Terms, Problem> {
    let mut setup: Setup = serde_json::from_str(include_str!("../../../../tests/support/acme.json"))?;
    let timings = &mut setup.organization.timings;
    (timings.offer_seconds, timings.handover_seconds, timings.wrap_up.seconds) = (1, 1, 1);
    (timings.delivery.lease_seconds, timings.delivery.first_retry_seconds) = (1, 1);
    (timings.delivery.max_retry_seconds, timings.delivery.max_attempts) = (1, 1000);
    Ok(Terms::new(Directory::new(setup)?, ShapeOnly))
}

struct Centre {
    desk: Desk<ErasedStore, Clock>,
    logs: Logs,
    seed: u64,
}

impl Centre {
    fn dice(&self, worker: u64) -> Dice {
        Dice(self.seed.wrapping_mul(1000).wrapping_add(worker))
    }

    /// Runs a command, again under its id while there is no answer. What is refused is refused.
    fn run<C: Command>(&self, id: CommandId, command: &C) -> Result<Option<C::Output>, Problem> {
        static READY: Once = Once::new();
        for _ in 0..1500 {
            match self.desk.run(id, command) {
                Ok(output) => {
                    READY.call_once(|| println!("ready"));
                    return Ok(Some(output));
                }
                Err(Failure::Refused(_)) => return Ok(None),
                Err(Failure::Store(_) | Failure::Unknown(_) | Failure::Contention(_)) => {
                    thread::sleep(Duration::from_millis(20));
                }
                Err(other) => return Err(format!("{command:?}: {other}").into()),
            }
        }
        Err(format!("no answer to {command:?}").into())
    }

    /// An agent who starts, writes, transfers, answers offers, closes and wraps up.
    fn agent(&self, name: &str, number: u64) -> Work {
        let (agent, mut dice): (AgentId, _) = (name.parse()?, self.dice(number));
        for Asked { id, conversation, text } in self.logs.unanswered(name)? {
            self.say(id, &agent, conversation, &text)?;
        }
        let team = if name == "julia" { "sales" } else { "care" }.parse()?;
        self.run(dice.id(), &SignIn { agent: agent.clone(), team, state: ChosenState::Available })?;
        for turn in 0.. {
            if turn % 16 == 0 {
                let state = ChosenState::Available;
                self.run(dice.id(), &RecoverFromRona { agent: agent.clone(), state: state.clone() })?;
                self.run(dice.id(), &SetState { agent: agent.clone(), class: None, state })?;
            }
            let start = StartOutbound {
                on_conflict: if dice.below(2) == 0 { OnConflict::TakeOver } else { OnConflict::Refuse },
                ..StartOutbound::new(agent.clone(), Channel::Sms, "sms_care".parse()?, dice.customer())
            };
            self.run(dice.id(), &start)?;
            let Ok(overview) = self.desk.ask(&Overview { agent: agent.clone() }) else { continue };
            for task in overview.tasks {
                self.work_on(&agent, task, &mut dice)?;
            }
        }
        Ok(())
    }

    fn work_on(&self, agent: &AgentId, HeldTask { occupant, task }: HeldTask, dice: &mut Dice) -> Work {
        let (conversation, agent) = (task.conversation, agent.clone());
        match (occupant, task.state) {
            (Occupant::Offer { offer, .. }, _) if dice.below(4) > 0 => {
                self.run(dice.id(), &Accept { agent, conversation, offer })?;
            }
            (Occupant::Offer { offer, .. }, _) => {
                self.run(dice.id(), &Decline { agent, conversation, offer })?;
            }
            (Occupant::WrapUp { .. }, _) => {
                self.run(dice.id(), &WrapUp { agent, conversation, reason: "resolved".parse()? })?;
            }
            (Occupant::Task { .. }, TaskState::Frozen { .. }) => {
                if dice.below(8) == 0 {
                    self.run(dice.id(), &CancelTransfer { agent, conversation })?;
                }
            }
            (Occupant::Task { .. }, _) => match dice.below(8) {
                0 => {
                    let to = Target::Agent(dice.one_of(&AGENTS).parse()?);
                    self.run(dice.id(), &Transfer { agent, conversation, to })?;
                }
                1 => {
                    let to = Target::Queue("fallback".parse()?);
                    self.run(dice.id(), &Transfer { agent, conversation, to })?;
                }
                2 => {
                    self.run(dice.id(), &Close { by: By::Agent(agent), conversation })?;
                }
                _ => self.ask_to_say(dice, &agent, conversation)?,
            },
            (Occupant::Interaction { .. }, _) => {}
        }
        Ok(())
    }

    /// Sends a text that no other message has.
    fn ask_to_say(&self, dice: &mut Dice, agent: &AgentId, conversation: ConversationId) -> Work {
        let (id, text) = (dice.id(), format!("{:016x}", dice.next()));
        self.logs.append("asked", &format!("{agent} {} {conversation} {text}", serde_json::to_string(&id)?))?;
        self.say(id, agent, conversation, &text)
    }

    fn say(&self, id: CommandId, agent: &AgentId, conversation: ConversationId, text: &str) -> Work {
        let send = SendMessage::new(agent.clone(), conversation, Wording::text(text));
        match self.run(id, &send)? {
            Some(sent) => self.logs.append("answered", &format!("{text} {}", sent.message)),
            None => self.logs.append("answered", &format!("{text} refused")),
        }
    }

    /// Customers who write, and the router who hands what waits to agents.
    fn customers(&self) -> Work {
        let mut dice = self.dice(100);
        loop {
            let id = dice.id();
            let provider = format!("in-{:016x}", dice.next()).parse()?;
            let heard = ReceiveMessage::text("sms_care".parse()?, dice.customer(), provider, "hello");
            self.run(id, &heard)?;
            for queue in ["care_queue", "fallback"] {
                self.run(dice.id(), &RouteNext { queue: queue.parse()?, agent: None })?;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn time(&self) -> Work {
        loop {
            // A store that fails is asked again.
            drop(self.desk.fire_due(1_000));
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// The pump, a provider that is busy at times and now and then loses its answer, and its receipts.
    fn pump(&self) -> Work {
        let mut dice = self.dice(200);
        loop {
            let luck = dice.next();
            let provider = |dispatch: &Dispatch| self.logs.take(dispatch, luck);
            drop(self.desk.deliver_due(dice.id(), &provider, &NoMedia, 20));
            for key in self.logs.taken()?.iter().rev().take(3) {
                let receipt = ReportDelivery {
                    entry_point: "sms_care".parse()?,
                    provider: format!("p-{key}").parse()?,
                    status: ReceiptStatus::Delivered,
                    problem: None,
                };
                self.run(dice.id(), &receipt)?;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// A message that an agent began to send.
struct Asked {
    id: CommandId,
    conversation: ConversationId,
    text: String,
}

/// What outlives the process.
struct Logs {
    directory: PathBuf,
}

impl Logs {
    fn append(&self, log: &str, line: &str) -> Work {
        let mut file: File = OpenOptions::new().append(true).create(true).open(self.directory.join(log))?;
        // One write: whole, or not there.
        Ok(file.write_all(format!("{line}\n").as_bytes())?)
    }

    fn lines(&self, log: &str) -> Vec<String> {
        let text = fs::read_to_string(Path::new(&self.directory).join(log)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// What an agent began to send and was not answered.
    fn unanswered(&self, agent: &str) -> Result<Vec<Asked>, Problem> {
        let answered = self.lines("answered");
        let answered: BTreeSet<&str> = answered.iter().filter_map(|line| line.split(' ').next()).collect();
        let mut asked = Vec::new();
        for line in self.lines("asked") {
            let parts: Vec<&str> = line.split(' ').collect();
            let [by, id, conversation, text] = parts.as_slice() else { continue };
            if *by == agent && !answered.contains(text) {
                let conversation = serde_json::from_str(&format!("\"{conversation}\""))?;
                asked.push(Asked { id: serde_json::from_str(id)?, conversation, text: (*text).to_owned() });
            }
        }
        Ok(asked)
    }

    /// A provider takes a message, remembers it under its idempotency key, and answers the same however often it is asked.
    fn take(&self, dispatch: &Dispatch, luck: u64) -> SendResult {
        let busy = || SendResult::transient(Cause::Busy, "busy");
        if luck.is_multiple_of(10) {
            return busy();
        }
        let (key, text) = (dispatch.idempotency_key, dispatch.content.body.expose());
        if self.append("provider", &format!("{key} {text}")).is_err() || luck % 10 == 1 {
            return busy();
        }
        match format!("p-{key}").parse() {
            Ok(provider) => SendResult::accepted(provider),
            Err(_) => busy(),
        }
    }

    /// The keys of what the provider took.
    fn taken(&self) -> Result<Vec<String>, Problem> {
        Ok(self.lines("provider").iter().filter_map(|line| Some(line.split(' ').next()?.to_owned())).collect())
    }
}

/// Numbers that a seed makes: splitmix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn one_of<'a>(&mut self, names: &[&'a str]) -> &'a str {
        let at = usize::try_from(self.next()).unwrap_or(0) % names.len().max(1);
        names.get(at).copied().unwrap_or_default()
    }

    fn customer(&mut self) -> String {
        format!("+3519123456{:02}", self.below(CUSTOMERS))
    }

    fn id(&mut self) -> CommandId {
        let [a, b, c, d, e, f, g, h] = self.next().to_be_bytes();
        let [i, j, ..] = self.next().to_be_bytes();
        CommandId::new(now(), [a, b, c, d, e, f, g, h, i, j])
    }
}
