//! Addresses as headers list them, with the names beside them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::words::{decode_words, first};

/// How many addresses of one header are kept.
const MAX_ADDRESSES: usize = 200;

/// How much of the name beside an address is kept, in characters.
const MAX_NAME_CHARS: usize = 500;

/// One address of a header: as it was written, not checked; it prints without what is personal.
#[derive(Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Mailbox {
    /// The name beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The address itself.
    pub address: String,
}

impl Mailbox {
    /// An address without a name.
    #[must_use]
    pub fn new(address: impl Into<String>) -> Self {
        Self { name: None, address: address.into() }
    }

    /// The addresses of a header's unfolded value: groups, comments, quoted names and what is wrong are read as far as they go.
    #[must_use]
    pub fn all_in(value: &str) -> Vec<Self> {
        split_list(value).into_iter().filter_map(Piece::into_mailbox).take(MAX_ADDRESSES).collect()
    }

    /// Whether two addresses are the same but for case.
    #[must_use]
    pub fn is(&self, address: &str) -> bool {
        self.address.eq_ignore_ascii_case(address.trim())
    }
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mailbox(…@{})", self.address.rsplit_once('@').map_or("", |(_, domain)| domain))
    }
}

/// What stands between two commas of an address list.
#[derive(Default)]
struct Piece {
    /// Outside of angle brackets, quotes taken off.
    words: String,
    /// Inside of angle brackets.
    angle: Option<String>,
    comment: String,
}

impl Piece {
    fn into_mailbox(self) -> Option<Mailbox> {
        let words = self.words.trim();
        let (address, name) = match &self.angle {
            Some(angle) if !angle.trim().is_empty() => (angle.trim(), words),
            // `MAILER-DAEMON <>`
            Some(_) if !words.contains(char::is_whitespace) => (words, ""),
            Some(_) => return None,
            // Without angle brackets: the word with an `@`, or the only word.
            None => match words.split_whitespace().find(|word| word.contains('@')) {
                Some(address) => (address, self.comment.trim()),
                None if words.contains(char::is_whitespace) => return None,
                None => (words, self.comment.trim()),
            },
        };
        // An old route, `<@relay:joe@example.com>`.
        let address = match address.strip_prefix('@').and_then(|route| route.split_once(':')) {
            Some((_, address)) => address,
            None => address.strip_prefix("mailto:").unwrap_or(address),
        };
        if address.is_empty() || address.len() > 998 {
            return None;
        }
        let name = decode_words(name);
        let name = Some(first(MAX_NAME_CHARS, &name).trim()).filter(|name| !name.is_empty()).map(str::to_owned);
        Some(Mailbox { name, address: address.into() })
    }
}

fn split_list(value: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut piece = Piece::default();
    let (mut quoted, mut depth, mut in_angle, mut escaped) = (false, 0_usize, false, false);
    for c in value.chars() {
        if pieces.len() > MAX_ADDRESSES {
            break;
        }
        if escaped {
            escaped = false;
            if depth > 0 {
                piece.comment.push(c)
            } else {
                piece.words.push(c)
            }
            continue;
        }
        match c {
            '\\' if quoted || depth > 0 => escaped = true,
            '"' if depth == 0 && !in_angle => quoted = !quoted,
            _ if quoted => piece.words.push(c),
            '(' if !in_angle => {
                depth += 1;
                if depth > 1 {
                    piece.comment.push(c);
                }
            }
            ')' if depth > 0 => {
                depth -= 1;
                if depth > 0 {
                    piece.comment.push(c);
                }
            }
            _ if depth > 0 => piece.comment.push(c),
            '<' if piece.angle.is_none() => {
                in_angle = true;
                piece.angle = Some(String::new());
            }
            '>' if in_angle => in_angle = false,
            ',' | ';' if !in_angle => pieces.push(std::mem::take(&mut piece)),
            // The name of a group, unless an address follows in the same piece.
            ':' if !in_angle && !piece.words.contains('@') && !is_mailto(&piece.words) => piece.words.clear(),
            c => match &mut piece.angle {
                Some(angle) if in_angle => angle.push(c),
                _ => piece.words.push(c),
            },
        }
    }
    pieces.push(piece);
    pieces
}

fn is_mailto(words: &str) -> bool {
    words.trim().eq_ignore_ascii_case("mailto")
}
