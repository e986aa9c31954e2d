//! What a provider complains of: why, in the library's words, and what it said, in its own.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::cause::Cause;

/// The most that is kept of a provider's words, in characters.
pub const MAX_PROBLEM_CHARS: usize = 500;

/// Why a message did not get through: the cause, and the provider's own words, cut to [`MAX_PROBLEM_CHARS`] and without control
/// characters. The words may name the customer's address, so `Debug` does not show them.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Problem {
    cause: Cause,
    text: Box<str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    cause: Cause,
    text: String,
}

impl Problem {
    /// A problem of a known cause.
    #[must_use]
    pub fn new(cause: Cause, text: &str) -> Self {
        let clean = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
        let text: String = clean.take(MAX_PROBLEM_CHARS).collect();
        Self { cause, text: text.into() }
    }

    /// The cause.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        self.cause
    }

    /// The provider's own words.
    #[must_use]
    pub const fn text(&self) -> &str {
        &self.text
    }
}

impl From<&str> for Problem {
    /// A problem whose cause nobody knows.
    fn from(text: &str) -> Self {
        Self::new(Cause::Unknown, text)
    }
}

impl From<String> for Problem {
    /// A problem whose cause nobody knows.
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<Written> for Problem {
    fn from(written: Written) -> Self {
        Self::new(written.cause, &written.text)
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Problem({}, •••)", self.cause)
    }
}
