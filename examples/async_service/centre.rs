//! What everybody shares: the desk with its store, the provider, the tally.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use outbound::desk::AsyncDesk;
use outbound::directory::Directory;
use outbound::engine::{Changes, Command, Loaded, Reads, Terms};
use outbound::memory::MemoryStore;
use outbound::model::{Cause, Dispatch, MessageId, SendResult, ShapeOnly};
use outbound::port::{AsyncDelivery, AsyncStore, CommitError, EventPage, EventQuery, Failure, Store};
use outbound::record::Outcome;
use tokio::task::yield_now;

use crate::chance::Chance;

/// The machine's time. The library never reads it; the service does, here.
#[expect(clippy::disallowed_methods, reason = "a service takes its time from its machine")]
pub(crate) fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The clock of the desk: any function that answers the time.
type MachineClock = fn() -> DateTime<Utc>;

pub(crate) struct Centre {
    pub(crate) desk: AsyncDesk<Yielding, MachineClock>,
    pub(crate) provider: Provider,
    pub(crate) tally: Tally,
    /// What customers' providers handed in, once or more often.
    pub(crate) handed_in: Mutex<BTreeSet<String>>,
    open: AtomicBool,
}

impl Centre {
    pub(crate) fn new(directory: Directory) -> Self {
        // The numbers are made up, so their shape is all that counts.
        let terms = Terms::new(directory, ShapeOnly);
        Self {
            desk: AsyncDesk::new(Yielding::default(), terms, now as MachineClock),
            provider: Provider::default(),
            tally: Tally::default(),
            handed_in: Mutex::default(),
            open: AtomicBool::new(true),
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open.load(Ordering::Relaxed)
    }

    pub(crate) fn close(&self) {
        self.open.store(false, Ordering::Relaxed);
        self.provider.calm.store(true, Ordering::Relaxed);
    }

    /// Runs a command under a new id, now and then twice at once: then both must hear the same (B2).
    pub(crate) async fn run<C: Command>(&self, chance: &mut Chance, command: &C) -> Option<C::Output> {
        let id = chance.command_id();
        if !chance.one_in(8) {
            return self.tally.count(C::NAME, self.desk.run(id, command).await);
        }
        let (one, other) = tokio::join!(self.desk.run(id, command), self.desk.run(id, command));
        let (one, other) = (self.tally.count(C::NAME, one), self.tally.count(C::NAME, other));
        if let (Some(one), Some(other)) = (&one, &other) {
            self.tally.compare(C::NAME, &one.clone().into(), &other.clone().into());
        }
        one.or(other)
    }

    pub(crate) fn store_summary(&self) -> String {
        let store = self.desk.store();
        let (commits, conflicts) = (store.commits.load(Ordering::Relaxed), store.conflicts.load(Ordering::Relaxed));
        format!("{commits} commits, {conflicts} of them lost a race and were decided anew")
    }
}

/// A store in memory that lets others go first, between what a decision saw and its commit.
#[derive(Default)]
pub(crate) struct Yielding {
    pub(crate) inner: MemoryStore,
    commits: AtomicU64,
    conflicts: AtomicU64,
}

impl AsyncStore for Yielding {
    type Error = Infallible;

    async fn load(&self, reads: &Reads) -> Result<Loaded, Infallible> {
        yield_now().await;
        Store::load(&self.inner, reads)
    }

    async fn commit(&self, changes: Changes) -> Result<(), CommitError<Infallible>> {
        yield_now().await;
        self.commits.fetch_add(1, Ordering::Relaxed);
        let committed = Store::commit(&self.inner, changes);
        if matches!(committed, Err(CommitError::Conflict)) {
            self.conflicts.fetch_add(1, Ordering::Relaxed);
        }
        committed
    }

    async fn events(&self, query: &EventQuery) -> Result<EventPage, Infallible> {
        Store::events(&self.inner, query)
    }
}

/// A provider that now and then is busy while everybody is at work, and remembers how often it took each message.
#[derive(Default)]
pub(crate) struct Provider {
    pub(crate) took: Mutex<BTreeMap<MessageId, u32>>,
    asked: AtomicU64,
    calm: AtomicBool,
}

impl AsyncDelivery for Provider {
    async fn send(&self, dispatch: &Dispatch) -> SendResult {
        yield_now().await;
        let busy = self.asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(10);
        if busy && !self.calm.load(Ordering::Relaxed) {
            return SendResult::transient(Cause::Busy, "busy");
        }
        match format!("p-{}", dispatch.idempotency_key).parse() {
            Ok(provider) => {
                *lock(&self.took).entry(dispatch.idempotency_key).or_default() += 1;
                SendResult::accepted(provider)
            }
            Err(error) => SendResult::permanent(Cause::Unknown, &error.to_string()),
        }
    }
}

/// What was attempted, and what came of it.
#[derive(Default)]
pub(crate) struct Tally {
    outcomes: Mutex<BTreeMap<&'static str, BTreeMap<String, u64>>>,
    /// What no attempt may come to.
    pub(crate) broken: Mutex<Vec<String>>,
}

const ACCEPTED: &str = "";

impl Tally {
    pub(crate) fn count<T>(&self, name: &'static str, outcome: Result<T, Failure<Infallible>>) -> Option<T> {
        let (came_to, answer) = match outcome {
            Ok(answer) => (ACCEPTED.to_owned(), Some(answer)),
            Err(Failure::Refused(refusals)) => (refusals.primary().code().to_string(), None),
            Err(failure) => {
                lock(&self.broken).push(format!("{name}: {failure}"));
                ("no answer".to_owned(), None)
            }
        };
        *lock(&self.outcomes).entry(name).or_default().entry(came_to).or_default() += 1;
        answer
    }

    /// The same command under the same id has one outcome. A receiving says besides whether it was the first.
    fn compare(&self, name: &str, one: &Outcome, other: &Outcome) {
        let same = match (one, other) {
            (Outcome::Received(one), Outcome::Received(other)) => one.message == other.message,
            (one, other) => one == other,
        };
        if !same {
            lock(&self.broken).push(format!("{name} under one id came to {one:?} and to {other:?}"));
        }
    }

    pub(crate) fn attempts(&self) -> f64 {
        let attempts: u64 = lock(&self.outcomes).values().flat_map(BTreeMap::values).sum();
        u32::try_from(attempts).map_or(f64::INFINITY, f64::from)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<20}{:>10}{:>10}{:>10}", "command", "attempted", "accepted", "refused")?;
        for (name, outcomes) in &*lock(&self.outcomes) {
            let attempted: u64 = outcomes.values().sum();
            let accepted = outcomes.get(ACCEPTED).copied().unwrap_or(0);
            writeln!(f, "{name:<20}{attempted:>10}{accepted:>10}{:>10}", attempted - accepted)?;
            for (code, times) in outcomes.iter().filter(|(code, _)| *code != ACCEPTED) {
                writeln!(f, "    {code:<46}{times:>10}")?;
            }
        }
        Ok(())
    }
}
