//! E-mail subjects, and the form in which two of them are compared (R27).

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest subject, in characters.
pub const MAX_SUBJECT_CHARS: usize = 255;

/// An e-mail subject: one line, not blank.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Subject(Box<str>);

/// Why a text is not a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SubjectError {
    /// Nothing but white space.
    #[error("it is blank")]
    Blank,
    /// A line break or another control character, which could forge a header.
    #[error("it holds a line break or another control character")]
    Control,
    /// Longer than [`MAX_SUBJECT_CHARS`].
    #[error("it has {0} characters, and {MAX_SUBJECT_CHARS} are the most")]
    TooLong(usize),
}

impl Subject {
    /// Parses a subject; white space around it is dropped.
    ///
    /// # Errors
    /// [`SubjectError`] where it is blank, too long or more than one line.
    pub fn parse(text: &str) -> Result<Self, SubjectError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(SubjectError::Blank);
        }
        if text.chars().any(char::is_control) {
            return Err(SubjectError::Control);
        }
        match text.chars().count() {
            length if length > MAX_SUBJECT_CHARS => Err(SubjectError::TooLong(length)),
            _ => Ok(Self(text.into())),
        }
    }

    /// The subject of an incoming e-mail, whatever it holds: control characters become spaces, what is too long is cut.
    #[must_use]
    pub fn lenient(text: &str) -> Option<Self> {
        let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_SUBJECT_CHARS).collect();
        Self::parse(&line).ok()
    }

    /// The subject as it is shown and sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which two subjects are compared: reply and forward marks of many languages dropped, case and white space folded.
    ///
    /// Tags in brackets stay, so that `[Order 10] Invoice` and `[Order 11] Invoice` differ.
    #[must_use]
    pub fn normalised(&self) -> String {
        let mut rest: &str = &self.0;
        while let Some(shorter) = without_mark(rest) {
            rest = shorter;
        }
        rest.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
    }
}

/// What mail programs put before the subject of a reply or a forward, folded to lower case.
const MARKS: [&str; 48] = [
    "re",
    "res",
    "resp",
    "ref",
    "réf",
    "ré",
    "r",
    "rif",
    "rép",
    "rep",
    "aw",
    "antw",
    "antwort",
    "sv",
    "svar",
    "vs",
    "vl",
    "vb",
    "odp",
    "ynt",
    "ilt",
    "atb",
    "bls",
    "fw",
    "fwd",
    "fwd.",
    "wg",
    "enc",
    "tr",
    "rv",
    "i",
    "doorst",
    "pd",
    "továbbítás",
    "vá",
    "trs",
    "bv",
    "továb",
    "ang",
    "отв",
    "на",
    "ответ",
    "απ",
    "προς",
    "回复",
    "答复",
    "回覆",
    "转发",
];

/// The text behind one leading mark such as `Re:`, `RES.:`, `AW[2]:`, `Re(3):`; none where there is no mark.
fn without_mark(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let (before, after) = text.split_once([':', '：'])?;
    let word = before.trim_end().trim_end_matches(|c: char| c.is_ascii_digit() || "[]()^".contains(c));
    let word = word.trim_end().trim_end_matches('.').to_lowercase();
    let rest = after.trim_start();
    (MARKS.contains(&word.as_str()) && !rest.is_empty()).then_some(rest)
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Subject(•••, {} characters)", self.0.chars().count())
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.0.into()
    }
}

impl TryFrom<String> for Subject {
    type Error = SubjectError;
    fn try_from(text: String) -> Result<Self, SubjectError> {
        Self::parse(&text)
    }
}
