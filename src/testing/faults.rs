//! Faults by seed: a store whose commits and loads go wrong, and a delivery whose answers are lost.
//!
//! The same seed goes wrong in the same way, call by call, so that what was found once can be found again.

use std::collections::VecDeque;
use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::chance::draw;
use crate::engine::{Changes, Loaded, Reads};
use crate::model::{Dispatch, SendResult};
use crate::port::{AsyncDelivery, AsyncStore, CommitError, Delivery, EventPage, EventQuery, Store};

/// How often each thing goes wrong: of 256 calls so many. What is left over goes well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Odds {
    /// A commit is answered as a conflict, and nothing is written.
    pub conflict: u8,
    /// A commit is written, and its outcome is not known.
    pub unknown_but_applied: u8,
    /// A commit is not written, and its outcome is not known.
    pub unknown_not_applied: u8,
    /// A commit or a load fails.
    pub failed: u8,
    /// A load answers what it answered before, where the same was asked: true once, of one moment, and old.
    pub stale: u8,
}

impl Odds {
    /// Something of everything that a driver gets over by itself.
    pub const ROUGH: Self =
        Self { conflict: 40, unknown_but_applied: 40, unknown_not_applied: 40, failed: 0, stale: 0 };
}

/// The error of a faulty store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FaultyError<E> {
    /// The fault was made.
    #[error("a fault was injected")]
    Injected,
    /// The store's own error.
    #[error(transparent)]
    Store(E),
}

/// A store that goes wrong by seed.
///
/// ```
/// use outbound::memory::MemoryStore;
/// use outbound::testing::faults::{FaultyStore, Odds};
///
/// let store = FaultyStore::new(MemoryStore::new(), 7, Odds::ROUGH);
/// # let _ = store;
/// ```
#[derive(Debug)]
pub struct FaultyStore<S> {
    store: S,
    seed: u64,
    odds: Odds,
    calls: AtomicU64,
    answered: Mutex<VecDeque<(Reads, Loaded)>>,
}

/// How many answers are kept to be given again.
const REMEMBERED: usize = 64;

/// What becomes of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Well,
    Conflict,
    AppliedUnheard,
    NotAppliedUnheard,
    Failed,
    Stale,
}

impl<S> FaultyStore<S> {
    /// A store, and how it goes wrong.
    pub const fn new(store: S, seed: u64, odds: Odds) -> Self {
        Self { store, seed, odds, calls: AtomicU64::new(0), answered: Mutex::new(VecDeque::new()) }
    }

    /// The store itself, where nothing goes wrong.
    pub const fn inner(&self) -> &S {
        &self.store
    }

    /// The fate of the next call, of those that are possible, in their order.
    fn fate(&self, possible: &[(u8, Fate)]) -> Fate {
        let number = self.calls.fetch_add(1, Ordering::SeqCst);
        let mut left = draw(self.seed, number) % 256;
        for (odds, fate) in possible {
            match left.checked_sub(u64::from(*odds)) {
                Some(rest) => left = rest,
                None => return *fate,
            }
        }
        Fate::Well
    }

    fn fate_of_load(&self) -> Fate {
        self.fate(&[(self.odds.failed, Fate::Failed), (self.odds.stale, Fate::Stale)])
    }

    fn fate_of_commit(&self) -> Fate {
        self.fate(&[
            (self.odds.conflict, Fate::Conflict),
            (self.odds.unknown_but_applied, Fate::AppliedUnheard),
            (self.odds.unknown_not_applied, Fate::NotAppliedUnheard),
            (self.odds.failed, Fate::Failed),
        ])
    }

    /// What was answered when the same was asked before.
    fn before(&self, reads: &Reads) -> Option<Loaded> {
        let answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        answered.iter().find(|(asked, _)| asked == reads).map(|(_, loaded)| loaded.clone())
    }

    /// Keeps an answer, to be given again; nothing is kept where nothing is ever stale.
    fn remember(&self, reads: &Reads, loaded: &Loaded) {
        if self.odds.stale == 0 {
            return;
        }
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        answered.retain(|(asked, _)| asked != reads);
        answered.push_back((reads.clone(), loaded.clone()));
        if answered.len() > REMEMBERED {
            answered.pop_front();
        }
    }
}

/// The answer to a commit whose fate is not to reach the store; none where it reaches it.
fn unwritten<E>(fate: Fate) -> Option<CommitError<FaultyError<E>>> {
    match fate {
        Fate::Conflict => Some(CommitError::Conflict),
        Fate::NotAppliedUnheard => Some(CommitError::Unknown(FaultyError::Injected)),
        Fate::Failed => Some(CommitError::Failed(FaultyError::Injected)),
        Fate::Well | Fate::AppliedUnheard | Fate::Stale => None,
    }
}

/// The answer to a commit that reached the store.
fn answered<E>(outcome: Result<(), CommitError<E>>, fate: Fate) -> Result<(), CommitError<FaultyError<E>>> {
    match (outcome, fate) {
        (Ok(()), Fate::AppliedUnheard) => Err(CommitError::Unknown(FaultyError::Injected)),
        (Ok(()), _) => Ok(()),
        (Err(CommitError::Conflict), _) => Err(CommitError::Conflict),
        (Err(CommitError::Unknown(error)), _) => Err(CommitError::Unknown(FaultyError::Store(error))),
        (Err(CommitError::Failed(error)), _) => Err(CommitError::Failed(FaultyError::Store(error))),
    }
}

impl<S: Store> Store for FaultyStore<S> {
    type Error = FaultyError<S::Error>;

    fn load(&self, reads: &Reads) -> Result<Loaded, Self::Error> {
        match self.fate_of_load() {
            Fate::Failed => return Err(FaultyError::Injected),
            Fate::Stale => {
                if let Some(loaded) = self.before(reads) {
                    return Ok(loaded);
                }
            }
            _ => {}
        }
        let loaded = self.store.load(reads).map_err(FaultyError::Store)?;
        self.remember(reads, &loaded);
        Ok(loaded)
    }

    fn commit(&self, changes: Changes) -> Result<(), CommitError<Self::Error>> {
        let fate = self.fate_of_commit();
        match unwritten(fate) {
            Some(error) => Err(error),
            None => answered(self.store.commit(changes), fate),
        }
    }

    fn events(&self, query: &EventQuery) -> Result<EventPage, Self::Error> {
        self.store.events(query).map_err(FaultyError::Store)
    }
}

impl<S: AsyncStore> AsyncStore for FaultyStore<S>
where
    S::Error: Error,
{
    type Error = FaultyError<S::Error>;

    async fn load(&self, reads: &Reads) -> Result<Loaded, Self::Error> {
        match self.fate_of_load() {
            Fate::Failed => return Err(FaultyError::Injected),
            Fate::Stale => {
                if let Some(loaded) = self.before(reads) {
                    return Ok(loaded);
                }
            }
            _ => {}
        }
        let loaded = self.store.load(reads).await.map_err(FaultyError::Store)?;
        self.remember(reads, &loaded);
        Ok(loaded)
    }

    async fn commit(&self, changes: Changes) -> Result<(), CommitError<Self::Error>> {
        let fate = self.fate_of_commit();
        match unwritten(fate) {
            Some(error) => Err(error),
            None => answered(self.store.commit(changes).await, fate),
        }
    }

    async fn events(&self, query: &EventQuery) -> Result<EventPage, Self::Error> {
        self.store.events(query).await.map_err(FaultyError::Store)
    }
}

/// How often a delivery goes wrong: of 256 sendings so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeliveryOdds {
    /// The provider takes the message, and its answer is lost on the way.
    pub answer_lost: u8,
    /// The provider is not reached.
    pub not_reached: u8,
}

/// A delivery that goes wrong by seed; what is lost on the way is answered as `Transient`, as the port asks for.
#[derive(Debug)]
pub struct FaultyDelivery<D> {
    delivery: D,
    seed: u64,
    odds: DeliveryOdds,
    calls: AtomicU64,
}

impl<D> FaultyDelivery<D> {
    /// A delivery, and how it goes wrong.
    pub const fn new(delivery: D, seed: u64, odds: DeliveryOdds) -> Self {
        Self { delivery, seed, odds, calls: AtomicU64::new(0) }
    }

    /// The delivery itself, where nothing goes wrong.
    pub const fn inner(&self) -> &D {
        &self.delivery
    }

    /// Whether the next sending reaches its provider, and whether its answer comes back.
    fn fate(&self) -> (bool, bool) {
        let drawn = draw(self.seed, self.calls.fetch_add(1, Ordering::SeqCst)) % 256;
        let lost = u64::from(self.odds.answer_lost);
        let not_reached = drawn >= lost && drawn < lost + u64::from(self.odds.not_reached);
        (!not_reached, drawn >= lost)
    }
}

fn lost() -> SendResult {
    SendResult::Transient { problem: "a fault was injected".into(), not_before: None }
}

impl<D: Delivery> Delivery for FaultyDelivery<D> {
    fn send(&self, dispatch: &Dispatch) -> SendResult {
        match self.fate() {
            (false, _) => lost(),
            (true, heard) => {
                let answer = self.delivery.send(dispatch);
                if heard { answer } else { lost() }
            }
        }
    }
}

impl<D: AsyncDelivery> AsyncDelivery for FaultyDelivery<D> {
    async fn send(&self, dispatch: &Dispatch) -> SendResult {
        match self.fate() {
            (false, _) => lost(),
            (true, heard) => {
                let answer = self.delivery.send(dispatch).await;
                if heard { answer } else { lost() }
            }
        }
    }
}
