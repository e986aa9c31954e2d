//! Explaining a command before it is run (B3): the same code, with the checks that pass as well.

use serde::{Deserialize, Serialize};

use super::command::Command;
use super::draft::Draft;
use super::question::Question;
use super::stop::Stop;
use super::terms::Context;
use super::view::View;
use crate::model::{Binding, Key};
use crate::policy::Check;
use crate::refusal::{Code, Refusals};

/// What a command would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It would be done.
    Allowed,
    /// It would be refused.
    Refused(Refusals),
}

/// What a command would do, check by check, in the order of the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// What it would do.
    pub verdict: Verdict,
    /// Each check that was reached; what stands behind a missing record is not.
    pub checks: Vec<Check>,
    /// For an e-mail that comes in, where it belongs and why (B7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binding: Option<Binding>,
}

impl Explanation {
    /// Whether it would be done.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        matches!(self.verdict, Verdict::Allowed)
    }

    /// The check with a code; where several have it, such as one for each image, the first that does not hold.
    #[must_use]
    pub fn check(&self, code: &Code) -> Option<&Check> {
        let mut with_code = self.checks.iter().filter(|check| check.code() == code);
        with_code.clone().find(|check| !check.holds()).or_else(|| with_code.next())
    }
}

/// Asks what a command would do, without doing it.
#[derive(Debug)]
pub struct Explain<'a, C>(pub &'a C);

impl<C: Command> Question for Explain<'_, C> {
    type Answer = Explanation;

    fn reads(&self, cx: &Context<'_>) -> Vec<Key> {
        self.0.reads(cx)
    }

    fn answer(&self, cx: &Context<'_>, view: &View) -> Result<Explanation, Stop> {
        let mut draft = Draft::explaining(cx, self.0.actor());
        let verdict = match self.0.decide(cx, view, &mut draft) {
            Ok(_) => Verdict::Allowed,
            Err(Stop::Refused(refusals)) => Verdict::Refused(*refusals),
            Err(stop) => return Err(stop),
        };
        Ok(Explanation { verdict, checks: draft.checks.explained(), binding: draft.binding })
    }
}
