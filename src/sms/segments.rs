//! How a text is cut into the parts that a network carries (B8).

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_segmentation::GraphemeCursor;

use super::alphabet::{is_gsm7, septets};

/// How the characters of a text message are written on the air.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// The GSM 7-bit default alphabet; a unit is a septet.
    Gsm7,
    /// Two bytes a character, and four for those that do not fit; a unit is two bytes.
    Ucs2,
}

impl Encoding {
    /// The encoding that a text needs: one character outside GSM-7 makes all of it UCS-2.
    #[must_use]
    pub fn of(text: &str) -> Self {
        if is_gsm7(text) { Self::Gsm7 } else { Self::Ucs2 }
    }

    /// How many units a message of one part holds.
    #[must_use]
    pub const fn single_limit(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// How many units each part holds where there are several: the header that joins them takes its place.
    #[must_use]
    pub const fn part_limit(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }

    /// The encoding's name as it is written down.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gsm7 => "gsm7",
            Self::Ucs2 => "ucs2",
        }
    }

    /// How many units a text takes that goes in this encoding.
    fn units_of(self, text: &str) -> usize {
        text.chars().map(|c| self.cost(c)).sum()
    }

    fn cost(self, c: char) -> usize {
        match (self, septets(c)) {
            (Self::Gsm7, Some(septets)) => usize::from(septets),
            _ => c.len_utf16(),
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a text goes as SMS: its encoding, its parts, and the room that is left.
///
/// ```
/// use outbound::sms::{Encoding, Segments};
///
/// let plain = Segments::of("Your order is ready");
/// assert_eq!((plain.encoding(), plain.count(), plain.units(), plain.left()), (Encoding::Gsm7, 1, 19, 141));
///
/// let portuguese = Segments::of(&"não ".repeat(20));
/// assert_eq!((portuguese.encoding(), portuguese.count(), portuguese.left()), (Encoding::Ucs2, 2, 54));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Segments {
    encoding: Encoding,
    units: usize,
    left: usize,
    parts: Vec<String>,
}

impl Segments {
    /// Cuts a text into its parts; a text without anything is one empty part.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let cut = Cuts::of(text);
        let (encoding, limit) = (cut.encoding, cut.limit);
        let parts: Vec<String> = cut.map(str::to_owned).collect();
        let in_last = parts.last().map_or(0, |last| encoding.units_of(last));
        Self { encoding, units: encoding.units_of(text), left: limit.saturating_sub(in_last), parts }
    }

    /// The encoding.
    #[must_use]
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The units that all parts take together: septets or UTF-16 code units, without the headers that join the parts.
    #[must_use]
    pub const fn units(&self) -> usize {
        self.units
    }

    /// The units that are left in the last part.
    #[must_use]
    pub const fn left(&self) -> usize {
        self.left
    }

    /// The parts in their order; joined they are the text.
    #[must_use]
    pub fn parts(&self) -> &[String] {
        &self.parts
    }

    /// How many parts there are: what a provider bills.
    #[must_use]
    pub fn count(&self) -> usize {
        self.parts.len()
    }
}

/// What the parts say is not printed.
impl fmt::Debug for Segments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Segments({}, {} parts, {} units, {} left)", self.encoding, self.count(), self.units, self.left)
    }
}

/// The parts of a text, one by one, without a copy of any.
///
/// ```
/// use outbound::sms::parts;
///
/// assert_eq!(parts(&"x".repeat(161)).map(str::len).collect::<Vec<_>>(), [153, 8]);
/// ```
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    Cuts::of(text)
}

/// A text on its way to be cut.
struct Cuts<'a> {
    rest: Option<&'a str>,
    encoding: Encoding,
    limit: usize,
}

impl<'a> Cuts<'a> {
    fn of(text: &'a str) -> Self {
        let encoding = Encoding::of(text);
        let fits = encoding.units_of(text) <= encoding.single_limit();
        let limit = if fits { encoding.single_limit() } else { encoding.part_limit() };
        Self { rest: Some(text), encoding, limit }
    }

    /// Where the next part ends, in bytes. An escape and its character are one `char`, and so are two surrogates.
    fn end_of_part(&self, rest: &str) -> usize {
        let mut free = self.limit;
        let over = rest.char_indices().find(|(_, c)| match free.checked_sub(self.encoding.cost(*c)) {
            Some(left) => {
                free = left;
                false
            }
            None => true,
        });
        match (over, self.encoding) {
            (None, _) => rest.len(),
            (Some((end, _)), Encoding::Gsm7) => end,
            (Some((end, _)), Encoding::Ucs2) => end_of_clusters(rest, end),
        }
    }
}

impl<'a> Iterator for Cuts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest.take()?;
        let (part, behind) = rest.split_at_checked(self.end_of_part(rest)).unwrap_or((rest, ""));
        self.rest = Some(behind).filter(|behind| !behind.is_empty());
        Some(part)
    }
}

/// The last place up to `end` that is not inside of what people see as one character.
///
/// Where that one character is longer than a part, it is cut all the same: else no part could carry it.
fn end_of_clusters(rest: &str, end: usize) -> usize {
    let bytes = rest.as_bytes();
    let between_cr_and_lf =
        bytes.get(end) == Some(&b'\n') && end.checked_sub(1).and_then(|at| bytes.get(at)) == Some(&b'\r');
    let cursor = || GraphemeCursor::new(end, rest.len(), true);
    if between_cr_and_lf || cursor().is_boundary(rest, 0) == Ok(true) {
        return end;
    }
    match cursor().prev_boundary(rest, 0) {
        Ok(Some(boundary)) if boundary > 0 => boundary,
        _ => end,
    }
}
