//! How a decision is made: a [`Command`] decides over a [`View`] under [`Terms`]; a [`Run`] turns that into [`Changes`].
//!
//! `decide` is pure. What it has not got, it asks for and is run again; what it looked at becomes a guard of the commit.

mod changes;
mod command;
mod draft;
mod explain;
mod once;
mod question;
mod repetition;
mod run;
mod stop;
mod terms;
mod view;

pub use changes::{Changes, Guard, IndexChange, Write};
pub(crate) use command::sealed;
pub use command::{Command, Remember};
pub use draft::Draft;
pub use explain::{Explain, Explanation, Verdict};
pub use question::{Inquiry, Question, Reply};
pub(crate) use repetition::{first_outcome, leave_receipt, traces, unused};
pub(crate) use run::refused_attempt;
pub use run::{Next, Run};
pub use stop::{Fault, Misuse, Stop};
pub use terms::{Context, Terms};
pub use view::{Loaded, Reads, View};
