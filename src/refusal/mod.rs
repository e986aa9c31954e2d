//! Refusals: the answer "no", with every reason, its facts, its rule, and what would make it pass (R13).
//!
//! A refusal is expected and explained; it is never an error of the machine ([`Failure`](crate::port::Failure)) and
//! never a bug of the caller ([`Misuse`](crate::engine::Misuse)).
//!
//! What is written down, and what a question answers, holds a refusal's code, facts and hint, and no sentence: that is made when
//! it is told, in the language of whoever reads it, by [`Refusals::report`], or [`Refusals::report_with`] the host's own names.
//!
//! ```
//! use outbound::port::Failure;
//! use outbound::refusal::{Language, Report, Retry};
//!
//! /// The status, when to ask again, and the body.
//! fn answer<E>(failure: &Failure<E>, language: Language) -> (u16, Option<chrono::DateTime<chrono::Utc>>, Vec<Report>) {
//!     let Some(refusals) = failure.refusals() else { return (failure.http_status(), None, Vec::new()) };
//!     let again = if let Retry::At(time) = refusals.primary().retry() { Some(time) } else { None };
//!     (failure.http_status(), again, refusals.report(language))
//! }
//! ```
//!
#![doc = include_str!("REFUSALS.md")]
#![doc = include_str!("REFUSALS.pt-BR.md")]
#![doc = include_str!("REFUSALS.es.md")]

mod catalogue;
mod fact;
mod text;

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::{ConversationId, Key};
pub use catalogue::{Category, Code, HostCode, HostCodeError, Rule};
pub use fact::{Fact, Value};
pub use text::{Language, UnknownLanguage};

/// When asking again could succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// Never: what was asked cannot be had.
    Never,
    /// With other input.
    WithOtherInput,
    /// At a time.
    At(DateTime<Utc>),
    /// When a record changes.
    WhenChanged(Key),
    /// Later: when others have done something, and nobody knows when.
    Later,
    /// When the organization's set-up changes.
    WhenSetUpChanges,
}

impl fmt::Display for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::WithOtherInput => f.write_str("with other input"),
            Self::At(time) => write!(f, "at {}", Value::Time(*time)),
            Self::WhenChanged(key) => write!(f, "when `{key}` changes"),
            Self::Later => f.write_str("later"),
            Self::WhenSetUpChanges => f.write_str("when the set-up changes"),
        }
    }
}

/// One reason why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    code: Code,
    facts: Vec<Fact>,
    retry: Retry,
}

impl Refusal {
    /// A refusal with its facts, and the catalogue's hint about asking again.
    #[must_use]
    pub fn new(code: Code, facts: Vec<Fact>) -> Self {
        let retry = code.usual_retry();
        Self { code, facts, retry }
    }

    /// The same refusal with a hint of its own about asking again.
    #[must_use]
    pub fn with_retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &Code {
        &self.code
    }

    /// Its category: what a host matches on to choose a status code.
    #[must_use]
    pub const fn category(&self) -> Category {
        self.code.category()
    }

    /// The rule that says no.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        self.code.rule()
    }

    /// Its facts, named.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The value of a fact.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&Value> {
        self.facts.iter().find(|fact| fact.name() == name).map(Fact::value)
    }

    /// A fact that is a number, such as `used` and `limit`.
    #[must_use]
    pub fn count(&self, name: &str) -> Option<u64> {
        if let Some(Value::Count(count)) = self.fact(name) { Some(*count) } else { None }
    }

    /// The conversation that it is about, such as the one that exists already (R11).
    #[must_use]
    pub fn conversation(&self) -> Option<ConversationId> {
        if let Some(Value::Conversation(id)) = self.fact("conversation") { Some(*id) } else { None }
    }

    /// When asking again could succeed.
    #[must_use]
    pub const fn retry(&self) -> Retry {
        self.retry
    }

    /// What is wrong, in a language.
    #[must_use]
    pub fn says(&self, language: Language) -> String {
        text::fill(self.says_template(language), &self.facts, language, &|_| None)
    }

    /// The sentence of [`Refusal::says`] before its facts are put in: `{name}` stands for a fact.
    #[must_use]
    pub fn says_template(&self, language: Language) -> &'static str {
        text::of(&self.code, language).says
    }

    /// The sentence of [`Refusal::remedy`] before its facts are put in.
    #[must_use]
    pub fn remedy_template(&self, language: Language) -> &'static str {
        text::of(&self.code, language).remedy
    }

    /// What would make it pass, in a language.
    #[must_use]
    pub fn remedy(&self, language: Language) -> String {
        text::fill(self.remedy_template(language), &self.facts, language, &|_| None)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} {})", self.says(Language::English), self.code, self.rule())
    }
}

/// A refusal told in full, in a language: what an HTTP body or a screen shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The stable code.
    pub code: Code,
    /// The rule, such as `R12`.
    pub rule: String,
    /// The category.
    pub category: Category,
    /// What is wrong.
    pub says: String,
    /// What would make it pass.
    pub remedy: String,
    /// When asking again could succeed.
    pub retry: Retry,
    /// The facts, named.
    pub facts: Vec<Fact>,
}

impl Refusal {
    /// The refusal told in full, in a language.
    #[must_use]
    pub fn report(&self, language: Language) -> Report {
        self.report_with(language, |_| None)
    }

    /// The same, with facts as the host tells them: a name instead of an id, a time in the reader's zone; those of which it tells
    /// nothing as they are.
    ///
    /// ```
    /// use outbound::model::AgentId;
    /// use outbound::refusal::{Code, Fact, Language, Refusal, Value};
    ///
    /// let agent: AgentId = "7f3c".parse()?;
    /// let refusal = Refusal::new(Code::AgentSignedOut, vec![Fact::new("agent", agent)]);
    /// assert_eq!(refusal.report(Language::English).says, "agent `7f3c` is not signed in");
    ///
    /// let told = refusal.report_with(Language::Spanish, |fact| match fact.value() {
    ///     Value::Agent(agent) if agent.as_str() == "7f3c" => Some("Ana Conceição".into()), // of the host's directory
    ///     Value::Time(at) => Some(at.format("%H:%M").to_string()),
    ///     _ => None,
    /// });
    /// assert_eq!(told.says, "el agente `Ana Conceição` no ha iniciado sesión");
    /// # Ok::<(), outbound::model::IdError>(())
    /// ```
    #[must_use]
    pub fn report_with(&self, language: Language, told: impl Fn(&Fact) -> Option<String>) -> Report {
        let filled = |sentence| text::fill(sentence, &self.facts, language, &told);
        Report {
            code: self.code.clone(),
            rule: self.rule().to_string(),
            category: self.category(),
            says: filled(self.says_template(language)),
            remedy: filled(self.remedy_template(language)),
            retry: self.retry,
            facts: self.facts.clone(),
        }
    }
}

/// Every reason why not, in the order of the rules; never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Refusal>", into = "Vec<Refusal>")]
pub struct Refusals {
    primary: Refusal,
    others: Vec<Refusal>,
}

impl Refusals {
    /// The reasons in order; none where there is no reason.
    #[must_use]
    pub fn from_reasons(reasons: Vec<Refusal>) -> Option<Self> {
        let mut reasons = reasons.into_iter();
        let primary = reasons.next()?;
        Some(Self { primary, others: reasons.collect() })
    }

    /// The first reason.
    #[must_use]
    pub const fn primary(&self) -> &Refusal {
        &self.primary
    }

    /// All reasons, the primary one first.
    pub fn iter(&self) -> impl Iterator<Item = &Refusal> {
        std::iter::once(&self.primary).chain(&self.others)
    }

    /// The reason with a code.
    #[must_use]
    pub fn find(&self, code: &Code) -> Option<&Refusal> {
        self.iter().find(|refusal| refusal.code == *code)
    }

    /// Whether a code is among the reasons.
    #[must_use]
    pub fn has(&self, code: &Code) -> bool {
        self.find(code).is_some()
    }

    /// All reasons told in full, in a language.
    #[must_use]
    pub fn report(&self, language: Language) -> Vec<Report> {
        self.iter().map(|refusal| refusal.report(language)).collect()
    }

    /// The same, with facts as the host tells them; see [`Refusal::report_with`].
    #[must_use]
    pub fn report_with(&self, language: Language, told: impl Fn(&Fact) -> Option<String>) -> Vec<Report> {
        self.iter().map(|refusal| refusal.report_with(language, &told)).collect()
    }

    /// The codes in order.
    #[must_use]
    pub fn codes(&self) -> Vec<Code> {
        self.iter().map(|refusal| refusal.code.clone()).collect()
    }
}

impl From<Refusal> for Refusals {
    fn from(primary: Refusal) -> Self {
        Self { primary, others: Vec::new() }
    }
}

impl From<Refusals> for Vec<Refusal> {
    fn from(refusals: Refusals) -> Self {
        std::iter::once(refusals.primary).chain(refusals.others).collect()
    }
}

/// Why a list is not a list of reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a refusal has at least one reason")]
pub struct NoReasons;

impl TryFrom<Vec<Refusal>> for Refusals {
    type Error = NoReasons;
    fn try_from(reasons: Vec<Refusal>) -> Result<Self, NoReasons> {
        Self::from_reasons(reasons).ok_or(NoReasons)
    }
}

impl fmt::Display for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, refusal) in self.iter().enumerate() {
            if nth > 0 {
                f.write_str("; ")?;
            }
            refusal.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusals {}
