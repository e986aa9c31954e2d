//! For hosts' own tests (feature `testing`): what must always hold, and what a store, a delivery and a place for images must do.
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
//!
//! An asynchronous store joins as [`BlockOn`](conformance::BlockOn). A check that needs what the store or the harness cannot do
//! is skipped, and `skipped` hears of it; a test runner keeps what a passing test prints to itself, so write it to the standard
//! error stream's handle, or panic where nothing may be skipped. For a [`Delivery`](crate::port::Delivery) there is
//! [`delivery_conformance!`], over a [`DeliveryHarness`](conformance::DeliveryHarness), and for a [`MediaHost`](crate::port::MediaHost)
//! [`media_conformance!`], over a [`MediaHarness`](conformance::MediaHarness).
//!
//! # What must always hold
//!
//! [`invariant`] is a catalogue of it, for your own tests and for a look at a copy of what you have in production:
//!
//! ```
//! use outbound::memory::MemoryStore;
//! use outbound::testing::{events_of, invariant, world_of};
//!
//! let store = MemoryStore::new(); // or any other
//! let (world, events) = (world_of(&store)?, events_of(&store)?);
//! let violations = [invariant::check_all(&world), invariant::check_events(&world, &events)].concat();
//! assert!(violations.is_empty(), "{violations:#?}");
//! # Ok::<(), std::convert::Infallible>(())
//! ```
//!
//! # What goes wrong
//!
//! [`faults`] makes a store and a delivery go wrong by seed, to see what your service makes of it.

mod chance;
pub mod conformance;
pub mod faults;
pub mod invariant;
mod world;

#[doc(inline)]
pub use crate::__delivery_conformance as delivery_conformance;
#[doc(inline)]
pub use crate::__media_conformance as media_conformance;
#[doc(inline)]
pub use crate::__store_conformance as store_conformance;

pub use self::world::{events_of, world_of};
