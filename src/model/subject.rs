//! E-mail subjects, and the form in which two of them are compared (R27).

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

use super::is_blank;

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
    /// There is nothing to see.
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
        if is_blank(text) {
            return Err(SubjectError::Blank);
        }
        if text.chars().any(breaks_line) {
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
        let is_line = text.chars().count() <= MAX_SUBJECT_CHARS && !text.chars().any(breaks_line);
        let line: Cow<'_, str> = if is_line {
            text.into()
        } else {
            text.chars().map(|c| if breaks_line(c) { ' ' } else { c }).take(MAX_SUBJECT_CHARS).collect()
        };
        let line = line.trim();
        (!is_blank(line)).then(|| Self(line.into()))
    }

    /// The subject as it is shown and sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which two subjects are compared: reply and forward marks of many languages dropped, letters composed, case
    /// and white space folded.
    ///
    /// Tags in brackets stay, so that `[Order 10] Invoice` and `[Order 11] Invoice` differ; what stands for no letter goes.
    #[must_use]
    pub fn normalised(&self) -> String {
        let folded = folded(&self.0);
        let mut marks = Marks { rest: &folded };
        marks.by_ref().for_each(drop);
        marks.rest.into()
    }

    /// Whether one of the marks before it is that of a forward, in any of many languages.
    #[must_use]
    pub fn is_forward(&self) -> bool {
        self.has_mark(Mark::Forward)
    }

    /// Whether one of the marks before it is that of a reply, in any of many languages.
    #[must_use]
    pub fn is_reply(&self) -> bool {
        self.has_mark(Mark::Reply)
    }

    fn has_mark(&self, wanted: Mark) -> bool {
        Marks { rest: &folded(&self.0) }.any(|mark| mark == wanted)
    }
}

/// Whether a mail program could take a character for the end of a header.
pub(super) fn breaks_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Letters composed, in lower case, words divided by one space each, without what has no width.
fn folded(text: &str) -> String {
    // No letter of ASCII is composed or without width, and nearly every subject is of such letters.
    if text.is_ascii() {
        return spaced(&text.to_ascii_lowercase());
    }
    let seen = text.chars().filter(
        |c| !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}'),
    );
    let lower = composed(seen.collect()).to_lowercase();
    composed(spaced(&lower))
}

/// The words of a text with one space between them.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push_str(word);
    }
    spaced
}

/// A text in composed letters, as nearly every text is.
fn composed(text: String) -> String {
    if is_nfc_quick(text.chars()) == IsNormalized::Yes { text } else { text.nfc().collect() }
}

/// What a mail program says by the mark that it puts before a subject.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Reply,
    Forward,
}

/// What mail programs put before the subject of a reply, folded to lower case.
const REPLY_MARKS: &[&str] = &[
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
    "odp",
    "ynt",
    "atb",
    "bls",
    "ang",
    "отв",
    "ответ",
    "на",
    "απ",
    "回复",
    "回覆",
    "答复",
    "答覆",
    "返信",
    "vá",
    "השב",
    "رد",
    "σχετ",
    "תגובה",
    "답장",
    "ตอบ",
];

/// What mail programs put before the subject of a forward, folded to lower case.
const FORWARD_MARKS: &[&str] = &[
    "fw",
    "fwd",
    "wg",
    "enc",
    "tr",
    "rv",
    "rvf",
    "i",
    "inoltra",
    "doorst",
    "pd",
    "továbbítás",
    "trs",
    "bv",
    "továb",
    "vl",
    "vb",
    "ilt",
    "i\u{307}lt",
    "fs",
    "yml",
    "إعادة توجيه",
    "πρθ",
    "προς",
    "转发",
    "轉寄",
    "转寄",
    "転送",
    "перенаправлено",
    "пересл",
    "הועבר",
    "전달",
    "weitergeleitet",
    "videres",
    "vidarebefordrat",
];

/// The marks before a folded subject, and what is left behind those that were taken.
struct Marks<'a> {
    rest: &'a str,
}

impl Iterator for Marks<'_> {
    type Item = Mark;

    fn next(&mut self) -> Option<Mark> {
        let (mark, rest) = split_mark(self.rest)?;
        self.rest = rest;
        Some(mark)
    }
}

/// The first mark of a folded text, such as `re:`, `res.:`, `aw[2]:` or `re (3) :`, and what follows; none where there is no mark.
fn split_mark(text: &str) -> Option<(Mark, &str)> {
    let (before, after) = text.split_once([':', '：', '﹕'])?;
    let word = before.trim_end().trim_end_matches(|c: char| c.is_ascii_digit() || "[]()^*".contains(c));
    let word = word.trim_end().trim_end_matches('.');
    let mark = match word {
        word if REPLY_MARKS.contains(&word) => Mark::Reply,
        word if FORWARD_MARKS.contains(&word) => Mark::Forward,
        _ => return None,
    };
    let rest = after.trim_start();
    (!rest.is_empty()).then_some((mark, rest))
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
