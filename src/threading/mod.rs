//! Which conversation a message belongs to: one answer for what agents start and for what customers write (B1, B7).
//!
//! By its address a message finds the conversation that is open there ([`crate::query`] and the commands look it up). An e-mail
//! names more: [`quotes`] lists what it names, the host's records say where each leads, and [`bind()`] weighs them. A [`Forest`]
//! threads a whole mailbox by its headers alone.

mod bearing;
mod bind;
mod forest;
mod quote;

pub(crate) use bearing::bearing;
pub use bind::{Clue, Lead, bind};
pub use forest::{Forest, Node};
pub use quote::{MAX_QUOTES, Names, Quote, quotes};
