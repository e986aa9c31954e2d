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

/// What a command tells by itself, whatever is on record: found out in the first round, and kept for the others.
#[derive(Default)]
pub(super) struct Kept(OnceLock<Arc<dyn Any + Send + Sync>>);

impl Kept {
    pub(super) fn or_find<T: Send + Sync + 'static>(&self, find: impl Fn() -> T) -> Arc<T> {
        let kept = self.0.get_or_init(|| Arc::new(find()));
        Arc::clone(kept).downcast().unwrap_or_else(|_| Arc::new(find()))
    }
}

/// Without what is kept, which tells of people.
impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept(•••)")
    }
}

/// Without what was typed, which is somebody's number.
impl fmt::Debug for Once<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Once").field(&self.plan).finish()
    }
}
