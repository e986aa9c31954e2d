//! What can be done: a plain struct that decides.

use std::fmt::Debug;
use std::hash::Hash;

use super::draft::Draft;
use super::stop::Stop;
use super::terms::Context;
use super::view::View;
use crate::model::{Fingerprint, Key};
use crate::record::{Actor, Answer};

pub(crate) mod sealed {
    /// The commands are the library's own; hosts add rules (B17), not commands.
    pub trait Sealed {}
}

/// How a command is known again when it is repeated (B2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remember {
    /// By a receipt that keeps its first outcome.
    Receipt,
    /// By the records that it makes or changes: its `decide` sees that it was done.
    State,
}

/// A use case: a plain struct, and how it is decided.
pub trait Command: sealed::Sealed + Hash + Debug + Send + Sync {
    /// What it answers.
    type Output: Answer;

    /// Its stable name.
    const NAME: &'static str;

    /// Who causes it.
    fn actor(&self) -> Actor;

    /// The keys that are known from the command alone: what the first round trip loads. A hint, no more.
    fn reads(&self, cx: &Context<'_>) -> Vec<Key>;

    /// What tells its repetition from another command under the same id (B2).
    fn fingerprint(&self) -> Fingerprint
    where
        Self: Sized,
    {
        Fingerprint::of(Self::NAME, self)
    }

    /// How it is known again when it is repeated.
    fn remember(&self) -> Remember {
        Remember::Receipt
    }

    /// Decides: the rules in their order, then the changes.
    ///
    /// # Errors
    /// [`Stop`]: something is not loaded yet, the domain says no, or no answer can be had.
    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Self::Output, Stop>;
}
