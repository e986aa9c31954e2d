//! Why somebody did what needs a reason, in their own words.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::is_blank;

/// The longest reason, in characters.
pub const MAX_REASON_CHARS: usize = 500;

/// A reason in somebody's own words: not blank, on one line. It may name people, so `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reason(Box<str>);

/// Why a text is not a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReasonError {
    /// There is nothing to see.
    #[error("it is blank")]
    Blank,
    /// A line break or another control character.
    #[error("it holds a line break or another control character")]
    Control,
    /// Longer than [`MAX_REASON_CHARS`].
    #[error("it has {0} characters, and {MAX_REASON_CHARS} are the most")]
    TooLong(usize),
}

impl Reason {
    /// Parses a reason; white space around it is dropped.
    ///
    /// # Errors
    /// [`ReasonError`] where it is blank, too long or more than one line.
    pub fn parse(text: &str) -> Result<Self, ReasonError> {
        let text = text.trim();
        if is_blank(text) {
            return Err(ReasonError::Blank);
        }
        if text.chars().any(char::is_control) {
            return Err(ReasonError::Control);
        }
        match text.chars().count() {
            length if length > MAX_REASON_CHARS => Err(ReasonError::TooLong(length)),
            _ => Ok(Self(text.into())),
        }
    }

    /// The words.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reason(•••)")
    }
}

impl std::str::FromStr for Reason {
    type Err = ReasonError;
    fn from_str(text: &str) -> Result<Self, ReasonError> {
        Self::parse(text)
    }
}

impl From<Reason> for String {
    fn from(reason: Reason) -> Self {
        reason.0.into()
    }
}

impl TryFrom<String> for Reason {
    type Error = ReasonError;
    fn try_from(text: String) -> Result<Self, ReasonError> {
        Self::parse(&text)
    }
}
