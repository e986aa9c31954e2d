//! For hosts' own tests (feature `testing`): what must always hold, and what a store and a delivery must do.
//!
//! # A store of your own
//!
//! Say how your store is opened, and one line makes a test of each of the [checks](conformance::STORE_CHECKS):
//!
//! ```
//! use outbound::memory::MemoryStore;
//! use outbound::testing::conformance::{Capability, Job, StoreHarness};
//!
//! struct InMemory;
//!
//! impl StoreHarness for InMemory {
//!     type Store = MemoryStore;
//!     type Place = MemoryStore;
//!
//!     fn fresh(&self) -> MemoryStore {
//!         MemoryStore::new()
//!     }
//!     fn open(&self, place: &MemoryStore) -> MemoryStore {
//!         place.clone()
//!     }
//!     fn capabilities(&self) -> Vec<Capability> {
//!         vec![Capability::Connections, Capability::Parallel]
//!     }
//!     fn together(&self, jobs: Vec<Job<'_>>) {
//!         std::thread::scope(|scope| {
//!             for job in jobs {
//!                 scope.spawn(job);
//!             }
//!         });
//!     }
//!     fn skipped(&self, what: &str) {
//!         println!("{what}");
//!     }
//! }
//!
//! outbound::testing::store_conformance!(InMemory);
//! # outbound::testing::conformance::prove("load_answers_every_key", &InMemory)?;
//! # Ok::<(), outbound::testing::conformance::Finding>(())
//! ```

mod chance;
pub mod conformance;
pub mod faults;
pub mod invariant;
mod world;

#[doc(inline)]
pub use crate::__store_conformance as store_conformance;

pub use self::world::{events_of, world_of};
