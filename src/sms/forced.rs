//! Which characters made a text UCS-2, and what doing without them would save (B8).

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use super::alphabet::is_gsm7;
use super::nearest::{replaced, replacement};
use super::segments::parts;

/// How many code points of one character are named.
const MAX_NAMED: usize = 4;

/// A character, as people see it, that GSM-7 does not have.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Forced {
    /// The character: one code point, or several such as an emoji with a skin tone.
    pub character: String,
    /// How often it occurs.
    pub count: usize,
    /// Where it occurs first, in code points from 0.
    pub first: usize,
    /// What comes nearest to it in GSM-7: empty where it can be left out, none where nothing does.
    pub replacement: Option<String>,
}

/// The characters that made a text UCS-2, in the order in which they first occur; none where it is GSM-7.
///
/// ```
/// use outbound::sms::forced;
///
/// let forced = forced("Amanhã não, “talvez” 🙂");
/// let told: Vec<_> = forced.iter().map(|it| (it.character.as_str(), it.count, it.replacement.as_deref())).collect();
/// assert_eq!(told, [("ã", 2, Some("a")), ("“", 1, Some("\"")), ("”", 1, Some("\"")), ("🙂", 1, None)]);
/// assert_eq!(forced[0].first, 5);
/// ```
#[must_use]
pub fn forced(text: &str) -> Vec<Forced> {
    let mut all: Vec<Forced> = Vec::new();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let mut position = 0;
    for character in text.graphemes(true) {
        if !is_gsm7(character) {
            let nth = *known.entry(character).or_insert(all.len());
            match all.get_mut(nth) {
                Some(again) => again.count += 1,
                None => all.push(Forced {
                    character: character.to_owned(),
                    count: 1,
                    first: position,
                    replacement: replacement(character),
                }),
            }
        }
        position += character.chars().count();
    }
    all
}

/// The character with its code points, such as `ã (U+00E3)`; the code points alone where there is nothing to see.
impl fmt::Display for Forced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seen = self.character.chars().any(|c| !c.is_whitespace() && !c.is_control())
            && self.replacement.as_deref().is_none_or(|instead| !instead.trim().is_empty());
        let mut points = self.character.chars();
        let named: Vec<String> = points.by_ref().take(MAX_NAMED).map(|c| format!("U+{:04X}", u32::from(c))).collect();
        let (named, more) = (named.join(" "), if points.next().is_some() { " …" } else { "" });
        match seen && more.is_empty() {
            true => write!(f, "{} ({named})", self.character),
            false => write!(f, "{named}{more}"),
        }
    }
}

/// A text with the nearest GSM-7 characters in it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Plainer {
    /// The text.
    pub text: String,
    /// How many parts it has.
    pub segments: usize,
    /// How many parts it has less than the text as it was written.
    pub saves: usize,
}

/// What it says is not printed.
impl fmt::Debug for Plainer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plainer(•••, {} segments, saves {})", self.segments, self.saves)
    }
}

/// What a text would be with every character replaced that can be, and what that saves; none where there is none.
///
/// ```
/// use outbound::sms::plainer;
///
/// let text = format!("{} “já”", "a".repeat(100));
/// let plainer = plainer(&text).unwrap();
/// assert_eq!((plainer.segments, plainer.saves), (1, 1));
/// assert!(plainer.text.ends_with("a \"ja\""));
/// ```
#[must_use]
pub fn plainer(text: &str) -> Option<Plainer> {
    let plain = replaced(text);
    (plain != text).then(|| {
        let segments = parts(&plain).count();
        Plainer { segments, saves: parts(text).count().saturating_sub(segments), text: plain }
    })
}
