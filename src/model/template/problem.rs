//! What can be wrong with a template, and with the values that it is filled in with.

use std::fmt;

use crate::model::channel::Channel;

/// Everything that is wrong with a template (R25).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    pub(super) problems: Vec<(String, TemplateProblem)>,
}

impl TemplateError {
    /// Each problem and the field that has it, like `variables[2].name`, in the order of the source's fields.
    pub fn problems(&self) -> impl ExactSizeIterator<Item = (&str, &TemplateProblem)> + '_ {
        self.problems.iter().map(|(field, problem)| (field.as_str(), problem))
    }

    /// The problems themselves.
    pub(crate) fn into_problems(self) -> Vec<(String, TemplateProblem)> {
        self.problems
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (field, problem)) in self.problems.iter().enumerate() {
            write!(f, "{}{field}: {problem}", if i == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for TemplateError {}

/// What is wrong with a template (R25).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateProblem {
    /// Its channel starts no conversation (R2).
    #[error("no conversation is started on the channel `{0}`")]
    NoOutbound(Channel),
    /// Its channel has no subjects.
    #[error("the channel `{0}` has no subjects")]
    NoSubject(Channel),
    /// Its channel shows no HTML.
    #[error("the channel `{0}` shows no HTML")]
    NoHtml(Channel),
    /// It has nothing to send.
    #[error("is blank")]
    Blank,
    /// A subject is one line.
    #[error("a subject holds no line break or other control character")]
    LineBreak,
    /// What stands between the braces is not a name.
    #[error("`{{{{{0}}}}}` is no placeholder: a name is made of `a`-`z`, `0`-`9` and `_`")]
    BadPlaceholder(String),
    /// A placeholder does not end.
    #[error("no `}}}}` follows at `{0}`; a literal `{{{{` is written `{{{{{{{{`")]
    Unclosed(String),
    /// A placeholder does not begin.
    #[error("no `{{{{` goes before `{0}`; a literal `}}}}` is written `}}}}}}}}`")]
    Unopened(String),
    /// A placeholder names no variable.
    #[error("the variable `{0}` is not declared")]
    Undeclared(String),
    /// A value could not be escaped where the placeholder stands.
    #[error(
        "the placeholder at `{0}` stands where no value can be escaped: in a tag, outside quotes, or in a script or a style"
    )]
    NotEscapable(String),
    /// A variable occurs nowhere.
    #[error("the variable `{0}` is not used")]
    Unused(String),
    /// A variable is declared again.
    #[error("the variable `{0}` is declared already")]
    Twice(String),
    /// A variable has a name that no placeholder can have.
    #[error("`{0}` is no name: a name is made of `a`-`z`, `0`-`9` and `_`")]
    NotAName(String),
}

/// Why a template cannot be filled in with some values (R25).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderError {
    pub(super) missing: Vec<String>,
    pub(super) unknown: Vec<String>,
    pub(super) line_breaks: Vec<String>,
}

impl RenderError {
    /// The variables with neither a value nor a fallback, as declared.
    #[must_use]
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// The values that no variable is declared for, in order of name.
    #[must_use]
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }

    /// The variables whose values would break the subject's line, as declared.
    #[must_use]
    pub fn line_breaks(&self) -> &[String] {
        &self.line_breaks
    }

    pub(super) fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.unknown.is_empty() && self.line_breaks.is_empty()
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lists = [
            ("no value is given for", &self.missing),
            ("the template has no variable", &self.unknown),
            ("the subject would break at", &self.line_breaks),
        ];
        let mut between = "";
        for (what, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
            write!(f, "{between}{what} `{}`", names.join("`, `"))?;
            between = "; ";
        }
        Ok(())
    }
}

impl std::error::Error for RenderError {}
