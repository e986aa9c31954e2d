//! Message-IDs, as they are found in headers that anybody wrote (B7).

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The longest Message-ID that is kept, in bytes: the longest line that mail may have.
pub const MAX_MAIL_ID_BYTES: usize = 998;

/// How many ids of one header are kept: the first and the newest.
pub const MAX_MAIL_IDS: usize = 100;

/// A Message-ID without its angle brackets, which a header needs: it has an `@` with something on both sides; case counts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MailId(Arc<str>);

/// A text that is no Message-ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "it is not a Message-ID: one `@` with something on both sides, no white space, no angle bracket, 998 bytes at most"
)]
pub struct NotAMailId;

impl MailId {
    /// The id that a text is, with or without its angle brackets.
    ///
    /// # Errors
    /// [`NotAMailId`] where it is something else, or more than one id.
    pub fn parse(text: &str) -> Result<Self, NotAMailId> {
        let text = text.trim();
        let bare = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or(text);
        Self::checked(bare).ok_or(NotAMailId)
    }

    /// The ids of a Message-ID, In-Reply-To or References header, in their order, each once, whatever else it holds.
    ///
    /// What stands in angle brackets counts; where nothing does, any word with an `@`. In prose (`Message from Joe <joe@x> of
    /// Monday`) an address without a digit is a person's and no id. Of more than [`MAX_MAIL_IDS`] the first and the newest are
    /// kept.
    #[must_use]
    pub fn all_in(text: &str) -> Vec<Self> {
        let (candidates, in_prose) = candidates(text);
        let mut kept = Kept::default();
        for id in candidates.into_iter().filter_map(Self::without_gaps) {
            if !in_prose || id.local().bytes().any(|byte| byte.is_ascii_digit()) {
                kept.push(id);
            }
        }
        kept.into_ids()
    }

    /// The id without its angle brackets.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the last `@`.
    #[must_use]
    pub fn local(&self) -> &str {
        local_part(&self.0)
    }

    /// The id that a text is, white space in it aside: there is some where a header was folded.
    fn without_gaps(text: &str) -> Option<Self> {
        if text.contains(char::is_whitespace) {
            return Self::checked(&text.split_whitespace().collect::<String>());
        }
        Self::checked(text)
    }

    fn checked(bare: &str) -> Option<Self> {
        let (local, domain) = bare.rsplit_once('@')?;
        let sound = !local.is_empty()
            && !domain.is_empty()
            && bare.len() <= MAX_MAIL_ID_BYTES
            && !bare.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>'));
        sound.then(|| Self(bare.into()))
    }
}

/// The first id of a list and the newest ones, [`MAX_MAIL_IDS`] at most: who fills in headers without parsing them may name others
/// without end.
pub(crate) fn ends_of(ids: &[MailId]) -> impl DoubleEndedIterator<Item = &MailId> {
    let (first, others) = ids.split_at_checked(1).unwrap_or_default();
    let newest = others.get(others.len().saturating_sub(MAX_MAIL_IDS - 1)..).unwrap_or_default();
    first.iter().chain(newest)
}

fn local_part(bare: &str) -> &str {
    bare.rsplit_once('@').map_or(bare, |(local, _)| local)
}

/// The first ids and the newest ones of a list without end.
#[derive(Default)]
struct Kept {
    first: Option<MailId>,
    newest: VecDeque<MailId>,
}

impl Kept {
    fn push(&mut self, id: MailId) {
        if self.first.is_none() {
            self.first = Some(id);
            return;
        }
        if self.newest.len() + 1 == MAX_MAIL_IDS {
            self.newest.pop_front();
        }
        self.newest.push_back(id);
    }

    /// Each id once, where it was named last: the end of the list is what the mail answers.
    fn into_ids(self) -> Vec<MailId> {
        let all: Vec<MailId> = self.first.into_iter().chain(self.newest).collect();
        let named_again = |at: usize, id: &MailId| all.iter().skip(at + 1).any(|later| later == id);
        all.iter().enumerate().filter(|(at, id)| !named_again(*at, id)).map(|(_, id)| id.clone()).collect()
    }
}

/// What may be an id, and whether it stands in a sentence.
fn candidates(text: &str) -> (Vec<&str>, bool) {
    let brackets: Vec<&str> = bracketed(text).collect();
    if !brackets.is_empty() {
        return (brackets, prose_around(text));
    }
    let is_gap = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '"' | '(' | ')');
    let words: Vec<&str> = text.split(is_gap).filter(|word| !word.is_empty()).collect();
    let in_prose = words.iter().any(|word| !word.contains('@'));
    (words, in_prose)
}

/// What stands between `<` and the next `>`, outside of comments; an id that was cut short is none.
fn bracketed(text: &str) -> impl Iterator<Item = &str> {
    let mut comments = Comments::of(text);
    let mut open = None;
    text.match_indices(['<', '>']).filter_map(move |(at, bracket)| {
        if comments.covers(at, open.is_some()) {
            return None;
        }
        if bracket == "<" {
            open = Some(at + 1);
            return None;
        }
        text.get(open.take()?..at)
    })
}

/// Whether words stand beside the angle brackets: what Message-IDs alone never have.
fn prose_around(text: &str) -> bool {
    let mut inside = false;
    text.chars().any(|c| {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ => return !inside && c.is_alphanumeric(),
        }
        false
    })
}

/// Where the comments of a header are: round brackets outside of angle brackets, the outermost pairs that are closed.
struct Comments {
    /// Begin and end of each, in order.
    spans: std::vec::IntoIter<(usize, usize)>,
    now: Option<(usize, usize)>,
}

impl Comments {
    fn of(text: &str) -> Self {
        let mut spans = Vec::new();
        let (mut depth, mut begin, mut inside_id) = (0_usize, 0, false);
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                b'<' if depth == 0 => inside_id = true,
                b'>' if depth == 0 => inside_id = false,
                b'(' if !inside_id => {
                    if depth == 0 {
                        begin = at;
                    }
                    depth += 1;
                }
                b')' if depth > 0 => {
                    depth -= 1;
                    if depth == 0 {
                        spans.push((begin, at));
                    }
                }
                _ => {}
            }
        }
        let mut spans = spans.into_iter();
        let now = spans.next();
        Self { spans, now }
    }

    /// Whether a place, asked for in rising order, is in a comment.
    fn covers(&mut self, at: usize, inside_id: bool) -> bool {
        while self.now.is_some_and(|(_, end)| end < at) {
            self.now = self.spans.next();
        }
        !inside_id && self.now.is_some_and(|(begin, _)| begin <= at)
    }
}

impl fmt::Display for MailId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for MailId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.0)
    }
}

impl TryFrom<String> for MailId {
    type Error = NotAMailId;
    fn try_from(text: String) -> Result<Self, NotAMailId> {
        Self::parse(&text)
    }
}

impl From<MailId> for String {
    fn from(id: MailId) -> Self {
        id.as_str().into()
    }
}
