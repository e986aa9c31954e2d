//! A harness as the checks see it: its types forgotten, its answers collected.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::finding::Finding;
use super::harness::{Break, Capability, Job, StoreHarness};
use crate::port::ErasedStore;

/// What a check works with.
#[derive(Clone, Copy)]
pub struct Bench<'h>(&'h dyn AnyHarness);

trait AnyHarness: Sync {
    fn fresh(&self) -> Box<dyn AnyPlace + '_>;
    fn can(&self, capability: Capability) -> bool;
    fn together(&self, jobs: Vec<Job<'_>>);
}

trait AnyPlace: Sync {
    fn open(&self) -> ErasedStore;
    fn break_next_commit(&self, how: Break);
}

impl<H: StoreHarness> AnyHarness for H {
    fn fresh(&self) -> Box<dyn AnyPlace + '_> {
        Box::new(PlaceOf { harness: self, place: StoreHarness::fresh(self) })
    }
    fn can(&self, capability: Capability) -> bool {
        self.capabilities().contains(&capability)
    }
    fn together(&self, jobs: Vec<Job<'_>>) {
        StoreHarness::together(self, jobs);
    }
}

struct PlaceOf<'h, H: StoreHarness> {
    harness: &'h H,
    place: H::Place,
}

impl<H: StoreHarness> AnyPlace for PlaceOf<'_, H> {
    fn open(&self) -> ErasedStore {
        ErasedStore::new(self.harness.open(&self.place))
    }
    fn break_next_commit(&self, how: Break) {
        self.harness.break_next_commit(&self.place, how);
    }
}

impl<'h> Bench<'h> {
    pub(super) fn of(harness: &'h impl StoreHarness) -> Self {
        Self(harness)
    }

    /// A new place without records.
    pub(super) fn fresh(&self) -> Place<'h> {
        Place { at: self.0.fresh(), many: self.0.can(Capability::Connections) }
    }

    /// Runs works at once, and answers what came of each, in their order.
    pub(super) fn together<'a, T: Send>(&self, works: Vec<Work<'a, T>>) -> Result<Vec<T>, Finding> {
        let expected = works.len();
        let gate = Gate { expected, arrived: AtomicUsize::new(0) };
        let done = Mutex::new(Vec::with_capacity(expected));
        let job = |(place, work): (usize, Work<'a, T>)| {
            let (done, gate) = (&done, &gate);
            let job = move || {
                gate.pass();
                let outcome = work();
                done.lock().unwrap_or_else(PoisonError::into_inner).push((place, outcome));
            };
            Box::new(job) as Job<'_>
        };
        self.0.together(works.into_iter().enumerate().map(job).collect());
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_unstable_by_key(|(place, _)| *place);
        if done.len() != expected {
            return Err(Finding::new(format!("the harness ran {} of {expected} jobs to their end", done.len())));
        }
        Ok(done.into_iter().map(|(_, outcome)| outcome).collect())
    }
}

impl fmt::Debug for Bench<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bench")
    }
}

/// Where works wait for each other, so that they meet; not for long, since a harness may have too few threads for all.
struct Gate {
    expected: usize,
    arrived: AtomicUsize,
}

impl Gate {
    fn pass(&self) {
        self.arrived.fetch_add(1, Ordering::SeqCst);
        for _ in 0..50_000 {
            if self.arrived.load(Ordering::SeqCst) >= self.expected {
                break;
            }
            std::hint::spin_loop();
        }
    }
}

/// One of several works that are done at once.
pub(super) type Work<'a, T> = Box<dyn FnOnce() -> T + Send + 'a>;

/// A work among others.
pub(super) fn work<'a, T>(work: impl FnOnce() -> T + Send + 'a) -> Work<'a, T> {
    Box::new(work)
}

/// Where the records of one check are.
pub(super) struct Place<'h> {
    at: Box<dyn AnyPlace + 'h>,
    many: bool,
}

impl Place<'_> {
    /// Opens a store.
    pub(super) fn open(&self) -> ErasedStore {
        self.at.open()
    }

    /// Another connection to the place of a store, or where there is but one, that one.
    pub(super) fn another(&self, store: &ErasedStore) -> ErasedStore {
        if self.many { self.open() } else { store.clone() }
    }

    /// Breaks the next commit.
    pub(super) fn break_next_commit(&self, how: Break) {
        self.at.break_next_commit(how);
    }
}
