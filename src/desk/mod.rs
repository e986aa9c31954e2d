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

            /// Swaps the directory: the next decision is made under the new one, whatever its version; events name that. It must be
            /// the same organization's.
            pub fn replace_directory(&self, directory: impl Into<Arc<Directory>>) {
                self.terms.set_directory(directory);
            }

            /// Swaps all terms, the directory among them: for keys that change, and rules of the host's that know something new.
            ///
            /// Build them on [`terms`](Self::terms) only where nobody swaps the directory meanwhile.
            pub fn replace_terms(&self, terms: Terms) {
                self.terms.set(terms);
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
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};

use crate::directory::Directory;
use crate::engine::{Loaded, Reads, Terms};
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

    fn set(&self, terms: Terms) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = terms;
    }

    fn set_directory(&self, directory: impl Into<Arc<Directory>>) {
        let mut terms = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *terms = terms.clone().with_directory(directory);
    }
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

/// When what an entry leads to was due.
fn due_at(entry: &Entry) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(entry.order).unwrap_or(DateTime::UNIX_EPOCH)
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
