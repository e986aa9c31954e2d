//! What a host gives: a store, a way to deliver, a place for images, a clock.
//!
//! Each method of a port says, numbered, what an implementation must, may and must not do.

mod blocking;
mod clock;
mod delivery;
mod erased;
mod failure;
pub mod provider;
mod store;

pub use blocking::Blocking;
pub use clock::{Clock, ManualClock};
pub use delivery::{AsyncDelivery, AsyncMediaHost, Delivery, MediaHost, NoMedia};
pub use erased::{BackendError, ErasedAsyncStore, ErasedStore};
pub use failure::Failure;
pub use store::{AsyncStore, CommitError, EventPage, EventQuery, Store};
