//! What is allowed: pure functions over facts, one file a subject, each rule in a small function of its own.

mod agent;
mod attachment;
mod capacity;
mod checks;
mod compose;
mod consent;
mod delivery;
mod entry_point;
mod handling;
mod host;
mod hours;
mod image;
mod inbound;
mod recipient;
mod target;
mod wrap_up;

pub use checks::Check;
pub(crate) use checks::{Checks, Refused};
pub use host::{Ask, HostReason, HostRule};
pub use image::MAX_IMAGE_BYTES;

pub(crate) mod rules {
    //! The rules, for the commands to call.

    pub(crate) use super::agent::*;
    pub(crate) use super::attachment::*;
    pub(crate) use super::capacity::*;
    pub(crate) use super::compose::*;
    pub(crate) use super::consent::*;
    pub(crate) use super::delivery::*;
    pub(crate) use super::entry_point::*;
    pub(crate) use super::handling::*;
    pub(crate) use super::host::host_rules;
    pub(crate) use super::hours::*;
    pub(crate) use super::image::*;
    pub(crate) use super::inbound::kept;
    pub(crate) use super::recipient::*;
    pub(crate) use super::target::*;
    pub(crate) use super::wrap_up::*;
}
