//! What a decision works out once for all of its rounds.

use std::fmt;
use std::sync::OnceLock;

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
