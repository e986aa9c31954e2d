//! The drivers: blocking and asynchronous, a few lines each, over one engine.

/// What both desks are made with, and what they show.
macro_rules! basics {
    ($desk:ident over $store:ident) => {
        impl<S: $store, C: Clock> $desk<S, C> {
            /// A desk over a store, under terms, by a clock.
            pub fn new(store: S, terms: Terms, clock: C) -> Self {
                Self { store, clock, terms: CurrentTerms(RwLock::new(terms)), manners: Manners::default() }
            }

            /// The same desk, deciding a command up to so many times when others were faster; 64 unless told. With 0 it does
            /// nothing at all.
            #[must_use]
            pub const fn with_attempts(mut self, attempts: u32) -> Self {
                self.manners.attempts = attempts;
                self
            }

            /// The same desk, with refusals written down or not (B14).
            #[must_use]
            pub const fn with_audit(mut self, audit: Audit) -> Self {
                self.manners.audit = audit;
                self
            }

            /// The store.
            pub const fn store(&self) -> &S {
                &self.store
            }

            /// The clock.
            pub const fn clock(&self) -> &C {
                &self.clock
            }

            /// The terms that are decided under now.
            pub fn terms(&self) -> Terms {
                self.terms.get()
            }

            /// Swaps the directory: the next decision is made under the new one, whatever its version; events name that.
            ///
            /// # Errors
            /// [`OtherOrganization`], and nothing is swapped: a store is one organization's, and so is its desk.
            pub fn replace_directory(&self, directory: impl Into<Arc<Directory>>) -> Result<(), OtherOrganization> {
                self.terms.replace(|terms| terms.clone().with_directory(directory))
            }

            /// Swaps all terms, the directory among them: for keys that change, and rules of the host's that know something new.
            ///
            /// Build them on [`terms`](Self::terms) only where nobody swaps the directory meanwhile.
            ///
            /// # Errors
            /// [`OtherOrganization`], and nothing is swapped.
            pub fn replace_terms(&self, terms: Terms) -> Result<(), OtherOrganization> {
                self.terms.replace(|_| terms)
            }
        }
    };
}

mod async_desk;
mod blocking;
mod ended;
mod outbox;
mod sweep;

pub use async_desk::AsyncDesk;
pub use blocking::Desk;
pub use ended::Ended;
pub use outbox::{Pumped, PumpedHow, PumpedMessage, Totals};
pub use sweep::{StuckRecord, Swept, SweptRecord};

use std::error::Error;
use std::sync::{PoisonError, RwLock};

use crate::engine::{Loaded, Reads, Terms};
use crate::model::OrganizationId;
use crate::port::Failure;
use crate::record::{Entry, Query};

/// What a desk does about refusals (B14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Audit {
    /// They are answered, and nothing is written.
    #[default]
    None,
    /// Each is written down as a record and an event of its own.
    Refusals,
}

/// How a driver behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Manners {
    /// How often a command is decided anew when others were faster.
    attempts: u32,
    audit: Audit,
}

impl Default for Manners {
    fn default() -> Self {
        Self { attempts: 64, audit: Audit::None }
    }
}

/// The terms that a desk decides under, which its host swaps while it works.
#[derive(Debug)]
struct CurrentTerms(RwLock<Terms>);

impl CurrentTerms {
    fn get(&self) -> Terms {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn replace(&self, next: impl FnOnce(&Terms) -> Terms) -> Result<(), OtherOrganization> {
        let mut terms = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let next = next(&terms);
        let [desk, given] = [&terms, &next].map(|terms| terms.directory().organization().id());
        if desk != given {
            return Err(OtherOrganization { desk: desk.clone(), given: given.clone() });
        }
        *terms = next;
        Ok(())
    }
}

/// A desk was given what is another organization's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the desk is organization `{desk}`'s, and was given what is `{given}`'s")]
pub struct OtherOrganization {
    /// Whose the desk is.
    pub desk: OrganizationId,
    /// Whose it was given.
    pub given: OrganizationId,
}

/// What a store's failing means for a command: nothing was changed, unless an earlier commit of it had no known outcome.
fn failed<E>(after_unknown: bool, error: E) -> Failure<E> {
    if after_unknown { Failure::Unknown(error) } else { Failure::Store(error) }
}

/// One query, to be answered alone.
fn asking(query: &Query) -> Reads {
    Reads { keys: Vec::new(), queries: vec![query.clone()] }
}

/// The answer to the one query.
fn answered(loaded: Loaded) -> Vec<Entry> {
    loaded.found.into_iter().next().map(|(_, entries)| entries).unwrap_or_default()
}

/// A failure in words for a log, with what is behind it.
fn why<E: Error + 'static>(failure: &Failure<E>) -> String {
    let mut why = failure.to_string();
    let mut behind = failure.source();
    while let Some(cause) = behind {
        why = format!("{why}: {cause}");
        behind = cause.source();
    }
    why
}
