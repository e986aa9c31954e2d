//! What a decision works out once for all of its rounds.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::model::{AddressError, Number, NumberPlan};

/// What a command or a question tells by itself, whatever is on record; and its number plan, which reads a text once: what is named
/// is asked about in each round, and some plans are slow.
pub(super) struct Once<'a> {
    plan: &'a dyn NumberPlan,
    read: OnceLock<(Box<str>, Result<Number, AddressError>)>,
    told: OnceLock<Arc<dyn Any + Send + Sync>>,
}

impl<'a> Once<'a> {
    pub(super) const fn new(plan: &'a dyn NumberPlan) -> Self {
        Self { plan, read: OnceLock::new(), told: OnceLock::new() }
    }

    /// What was told before, or is found now. There is one command to a run, and so one kind of thing that is told.
    pub(super) fn told<T: Send + Sync + 'static>(&self, find: impl Fn() -> T) -> Arc<T> {
        let told = self.told.get_or_init(|| Arc::new(find()));
        Arc::clone(told).downcast().unwrap_or_else(|_| Arc::new(find()))
    }
}

impl NumberPlan for Once<'_> {
    fn parse(&self, typed: &str) -> Result<Number, AddressError> {
        let (text, number) = self.read.get_or_init(|| (typed.into(), self.plan.parse(typed)));
        if **text == *typed { number.clone() } else { self.plan.parse(typed) }
    }
}

/// Without what was typed or told, which is somebody's.
impl fmt::Debug for Once<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Once").field(&self.plan).finish()
    }
}
