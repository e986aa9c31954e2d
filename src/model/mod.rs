//! What exists: the nouns of the domain, as plain data that changes only through its events.
//!
//! Constructors parse; fields are private where a rule depends on them; everything serialises.

mod address;
mod base64_bytes;
mod basis;
mod blank;
mod cause;
mod channel;
mod consent;
mod contact;
mod content;
mod conversation;
mod customer;
mod dispatch;
mod evidence;
mod id;
mod key;
mod mail;
mod message;
mod number_plan;
mod presence;
mod private;
mod problem;
mod reason;
mod subject;
mod task;
mod template;
mod wording;

pub use address::*;
pub use basis::*;
pub(crate) use blank::is_blank;
pub use cause::Cause;
pub use channel::*;
pub use consent::*;
pub use contact::*;
pub use content::*;
pub use conversation::*;
pub use customer::*;
pub use dispatch::*;
pub use evidence::*;
pub use id::*;
pub(crate) use id::{Digest, Digested};
pub use key::*;
pub use mail::*;
pub use message::*;
pub use number_plan::*;
pub use presence::*;
pub use private::*;
pub use problem::{MAX_PROBLEM_CHARS, Problem};
pub use reason::{MAX_REASON_CHARS, Reason, ReasonError};
pub use subject::*;
pub use task::*;
pub use template::*;
pub use wording::*;
