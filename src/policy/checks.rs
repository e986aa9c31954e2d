//! Checks: each holds or is a reason to refuse; all reasons are collected, and explaining keeps those that hold as well.

use serde::{Deserialize, Serialize};

use crate::model::Key;
use crate::refusal::{Code, Fact, Language, Refusal, Refusals, Retry, Rule};

/// One check of a command: what it would refuse with, and whether it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    holds: bool,
    // A reader of the JSON shall not take a check that holds for a refusal.
    #[serde(rename = "refuses_with")]
    refusal: Refusal,
}

impl Check {
    fn new(holds: bool, refusal: &Refusal) -> Self {
        Self { holds, refusal: refusal.clone() }
    }

    /// Whether it holds.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.holds
    }

    /// The code that it refuses with when it does not hold.
    #[must_use]
    pub const fn code(&self) -> &Code {
        self.refusal.code()
    }

    /// The rule that it stands for.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        self.refusal.rule()
    }

    /// Its numbers and names.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        self.refusal.facts()
    }

    /// When asking again could succeed, where it does not hold.
    #[must_use]
    pub fn retry(&self) -> Option<Retry> {
        (!self.holds).then(|| self.refusal.retry())
    }

    /// What would make it pass, where it does not hold.
    #[must_use]
    pub fn remedy(&self, language: Language) -> Option<String> {
        (!self.holds).then(|| self.refusal.remedy(language))
    }

    /// The reason, where it does not hold.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Refusal> {
        if self.holds { None } else { Some(&self.refusal) }
    }
}

/// The domain says no, for these reasons.
#[derive(Debug)]
pub(crate) struct Refused(pub(crate) Box<Refusals>);

/// The checks of one decision.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    /// In the order of the catalogue.
    refused: Vec<Refusal>,
    /// Where they are explained: all that were made, in the order of the catalogue.
    explained: Option<Vec<Check>>,
    /// Where nobody reads the reasons: whether there is one.
    unread: Option<bool>,
}

impl Checks {
    /// Checks that only tell whether all of them hold: no reason is made.
    pub(crate) fn whether() -> Self {
        Self { unread: Some(false), ..Self::default() }
    }

    /// Checks that keep those that hold as well.
    pub(crate) fn explaining() -> Self {
        Self { explained: Some(Vec::new()), ..Self::default() }
    }

    /// One check: it must hold, or the code is a reason to refuse. The facts are made only when somebody reads them.
    pub(crate) fn require(&mut self, holds: bool, code: Code, facts: impl FnOnce() -> Vec<Fact>) -> bool {
        self.check(holds, || Refusal::new(code, facts()))
    }

    /// One check of how a record is: it may hold once that changes.
    pub(crate) fn require_of(
        &mut self,
        record: Key,
        holds: bool,
        code: Code,
        facts: impl FnOnce() -> Vec<Fact>,
    ) -> bool {
        self.check(holds, || Refusal::new(code, facts()).with_retry(Retry::WhenChanged(record)))
    }

    /// One check whose refusal knows more than its facts.
    #[inline]
    pub(crate) fn check(&mut self, holds: bool, refusal: impl FnOnce() -> Refusal) -> bool {
        if !holds || self.explained.is_some() {
            self.note(holds, refusal);
        }
        holds
    }

    #[cold]
    fn note(&mut self, holds: bool, refusal: impl FnOnce() -> Refusal) {
        match &mut self.unread {
            Some(refused) => *refused = true,
            None => self.keep(holds, refusal()),
        }
    }

    fn keep(&mut self, holds: bool, refusal: Refusal) {
        if let Some(explained) = &mut self.explained {
            let place = explained.partition_point(|check| check.code().in_catalogue_order(refusal.code()).is_le());
            explained.insert(place, Check::new(holds, &refusal));
        }
        if !holds {
            if self.refused.is_empty() {
                // Where one rule says no others often do, and a list that grows is copied.
                self.refused.reserve_exact(8);
            }
            let place = self.refused.partition_point(|other| other.code().in_catalogue_order(refusal.code()).is_le());
            self.refused.insert(place, refusal);
        }
    }

    /// One check that yields what the next ones stand on; without it there is no going on.
    pub(crate) fn need<T>(
        &mut self,
        found: Option<T>,
        code: Code,
        facts: impl FnOnce() -> Vec<Fact>,
    ) -> Result<T, Refused> {
        self.need_or(found, || Refusal::new(code, facts()))
    }

    /// The same, whose refusal knows more than its facts.
    pub(crate) fn need_or<T>(&mut self, found: Option<T>, refusal: impl FnOnce() -> Refusal) -> Result<T, Refused> {
        let holds = found.is_some();
        match found {
            Some(found) => {
                self.check(holds, refusal);
                Ok(found)
            }
            None => Err(self.refuse(refusal())),
        }
    }

    /// One check that yields what others stand on, where the others can do without.
    pub(crate) fn some<T>(&mut self, found: Option<T>, code: Code, facts: impl FnOnce() -> Vec<Fact>) -> Option<T> {
        self.require(found.is_some(), code, facts);
        found
    }

    /// Ends the checks with one more reason.
    fn refuse(&mut self, last: Refusal) -> Refused {
        self.keep(false, last.clone());
        Refused(Box::new(self.take_reasons().unwrap_or_else(|| last.into())))
    }

    /// Ends the checks: goes on only if there is no reason to refuse.
    pub(crate) fn all_hold(&mut self) -> Result<(), Refused> {
        match self.take_reasons() {
            Some(refusals) => Err(Refused(Box::new(refusals))),
            None => Ok(()),
        }
    }

    fn take_reasons(&mut self) -> Option<Refusals> {
        Refusals::from_reasons(std::mem::take(&mut self.refused))
    }

    /// Whether every check so far holds.
    pub(crate) fn hold_so_far(&self) -> bool {
        self.refused.is_empty() && self.unread != Some(true)
    }

    /// The checks that were made, where they are explained, in the order of the catalogue.
    pub(crate) fn explained(self) -> Vec<Check> {
        self.explained.unwrap_or_default()
    }
}
