//! What a decision works out once for all of its rounds.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::model::{AddressError, Number, NumberPlan};

/// A number plan that reads a text once: what a command names is asked about in each round, and some plans are slow.
pub(super) struct Once<'a> {
    plan: &'a dyn NumberPlan,
    read: OnceLock<(Box<str>, Result<Number, AddressError>)>,
}

impl<'a> Once<'a> {
    pub(super) const fn new(plan: &'a dyn NumberPlan) -> Self {
        Self { plan, read: OnceLock::new() }
    }
}

impl NumberPlan for Once<'_> {
    fn parse(&self, typed: &str) -> Result<Number, AddressError> {
        let (text, number) = self.read.get_or_init(|| (typed.into(), self.plan.parse(typed)));
        if **text == *typed { number.clone() } else { self.plan.parse(typed) }
    }
}

/// Without what was typed, which is somebody's number.
impl fmt::Debug for Once<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Once").field(&self.plan).finish()
    }
}

/// What the one command of a run tells by itself, whatever is on record. A question has none: it may ask of several commands.
#[derive(Default)]
pub(super) struct Told(OnceLock<Arc<dyn Any + Send + Sync>>);

impl Told {
    /// What was told before, or is found now.
    pub(super) fn or_find<T: Send + Sync + 'static>(&self, find: impl Fn() -> T) -> Arc<T> {
        let told = self.0.get_or_init(|| Arc::new(find()));
        Arc::clone(told).downcast().unwrap_or_else(|_| Arc::new(find()))
    }
}

/// Without what was told, which is about somebody.
impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Told(•••)")
    }
}
