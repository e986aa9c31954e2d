//! The library's own store, as it is, erased, and asynchronous: each passes every check.

use std::future::Future;
use std::io::Write;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use outbound::memory::MemoryStore;
use outbound::port::{Blocking, ErasedAsyncStore, ErasedStore, Store};
use outbound::testing::conformance::{BlockOn, Boxed, Capability, Job, StoreHarness};

/// A harness over memory: `open` says as what.
struct Memory<F>(F);

impl<S: Store + 'static, F: Fn(MemoryStore) -> S + Sync> StoreHarness for Memory<F> {
    type Store = S;
    type Place = MemoryStore;

    fn fresh(&self) -> MemoryStore {
        MemoryStore::new()
    }
    fn open(&self, place: &MemoryStore) -> S {
        (self.0)(place.clone())
    }
    fn capabilities(&self) -> Vec<Capability> {
        vec![Capability::Connections, Capability::Parallel]
    }
    fn together(&self, jobs: Vec<Job<'_>>) {
        std::thread::scope(|scope| {
            for job in jobs {
                scope.spawn(job);
            }
        });
    }
    fn skipped(&self, what: &str) {
        // Past the test runner, which keeps to itself what a passing test prints.
        let _ = writeln!(std::io::stderr(), "{what}");
    }
}

/// Futures over memory never wait.
fn poll_once(future: Boxed<'_>) {
    let mut future = pin!(future);
    let polled = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert_eq!(polled, Poll::Ready(()));
}

mod blocking {
    outbound::testing::store_conformance!(super::Memory(|store| store));
}

mod erased {
    outbound::testing::store_conformance!(super::Memory(super::ErasedStore::new));
}

mod asynchronous {
    outbound::testing::store_conformance!(super::Memory(|store| {
        super::BlockOn::new(super::Blocking(store), super::poll_once)
    }));
}

mod erased_asynchronous {
    outbound::testing::store_conformance!(super::Memory(|store| {
        super::BlockOn::new(super::ErasedAsyncStore::new(super::Blocking(store)), super::poll_once)
    }));
}
