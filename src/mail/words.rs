//! Header text as people read it: encoded words (RFC 2047), bare 8-bit bytes, alphabets that are wrongly named.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Padding is left out and bits are left over in real mail.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The text of some bytes that name no alphabet: UTF-8 where they are that, else the alphabet of Western Europe.
pub(crate) fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| windows_1252(*byte)).collect()),
    }
}

/// The text of some bytes in a named alphabet; where the name is unknown or wrong, as near as it gets.
pub(crate) fn decode(charset: &str, bytes: &[u8]) -> String {
    let utf8 = charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("us-ascii") || charset.is_empty();
    if utf8 {
        return text_of(bytes).into_owned();
    }
    #[cfg(feature = "mime")]
    if let Some(decoder) = mail_parser::decoders::charsets::map::charset_decoder(charset.as_bytes()) {
        return decoder(bytes);
    }
    text_of(bytes).into_owned()
}

/// The beginning of a text, of so many characters.
pub(crate) fn first(chars: usize, text: &str) -> &str {
    // No character is shorter than a byte.
    let more = if text.len() > chars { text.char_indices().nth(chars) } else { None };
    more.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// A header's value with its lines joined by one space each; other control characters go.
pub(crate) fn unfold(text: &str) -> Cow<'_, str> {
    let bare = text.trim();
    if !bare.contains(char::is_control) {
        return bare.into();
    }
    let mut line = String::with_capacity(text.len());
    let mut folded = false;
    for c in text.chars() {
        match c {
            '\n' => {
                folded = true;
                line.push(' ');
            }
            ' ' | '\t' if folded => {}
            '\t' => line.push(' '),
            c if c.is_control() => {}
            c => {
                folded = false;
                line.push(c);
            }
        }
    }
    line.trim().to_owned().into()
}

/// A header's value with its encoded words read; what is no whole encoded word stays as it is.
///
/// Neighbours of one alphabet are joined before they are decoded, since real mail splits letters between them.
pub(crate) fn decode_words(text: &str) -> Cow<'_, str> {
    if !text.contains("=?") {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut pending: Option<(&str, Vec<u8>)> = None;
    // Behind the last end no word is whole, and each begin there would look for its end in vain.
    let (mut rest, behind) = text.rfind("?=").and_then(|end| text.split_at_checked(end + 2)).unwrap_or(("", text));
    while let Some((before, from)) = rest.find("=?").and_then(|at| rest.split_at_checked(at)) {
        let word = Word::at_start(from);
        let gap_only = before.chars().all(char::is_whitespace);
        if !(gap_only && pending.is_some() && word.is_some()) {
            flush(&mut pending, &mut out);
            out.push_str(before);
        }
        match word {
            Some(Word { charset, bytes, rest: after }) => {
                match &mut pending {
                    Some((same, held)) if same.eq_ignore_ascii_case(charset) => held.extend(bytes),
                    _ => {
                        flush(&mut pending, &mut out);
                        pending = Some((charset, bytes));
                    }
                }
                rest = after;
            }
            None => {
                let (mark, after) = from.split_at_checked(2).unwrap_or((from, ""));
                flush(&mut pending, &mut out);
                out.push_str(mark);
                rest = after;
            }
        }
    }
    flush(&mut pending, &mut out);
    out.push_str(rest);
    out.push_str(behind);
    out.chars().filter(|c| !c.is_control()).collect()
}

fn flush(pending: &mut Option<(&str, Vec<u8>)>, out: &mut String) {
    if let Some((charset, bytes)) = pending.take() {
        out.push_str(&decode(charset, &bytes));
    }
}

/// One encoded word: `=?charset*language?B-or-Q?text?=`.
struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    rest: &'a str,
}

impl<'a> Word<'a> {
    fn at_start(text: &'a str) -> Option<Self> {
        let (charset, rest) = text.strip_prefix("=?")?.split_once('?')?;
        if charset.len() > 64 || charset.is_empty() || charset.contains(|c: char| c.is_whitespace() || c == '=') {
            return None;
        }
        let charset = charset.split_once('*').map_or(charset, |(charset, _)| charset);
        let (encoding, rest) = rest.split_once('?')?;
        let (bytes, rest) = match encoding {
            "b" | "B" => {
                let (body, rest) = rest.split_once('?')?;
                (from_base64(body)?, rest.strip_prefix('=')?)
            }
            "q" | "Q" => {
                let (body, rest) = rest.split_once("?=")?;
                (from_q(body), rest)
            }
            _ => return None,
        };
        Some(Self { charset, bytes, rest })
    }
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let bare: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    // A last letter alone carries no byte; it is what is left of a word that was cut.
    let whole = if bare.iter().filter(|byte| **byte != b'=').count() % 4 == 1 {
        bare.split_last().map_or(&bare[..], |(_, whole)| whole)
    } else {
        &bare
    };
    BASE64.decode(whole).ok()
}

fn from_q(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let escaped = match (first, after) {
            (b'=', [high, low, ..]) => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match (first, escaped) {
            (_, Some((high, low))) => {
                bytes.push(high << 4 | low);
                rest = after.get(2..).unwrap_or_default();
            }
            (b'_', None) => bytes.push(b' '),
            (other, None) => bytes.push(*other),
        }
    }
    bytes
}

pub(crate) fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| value.try_into().ok())
}

/// A byte in the alphabet that mail programs mean where they say nothing, or Latin-1.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte.checked_sub(0x80) {
        Some(offset) => HIGH.get(usize::from(offset)).copied().unwrap_or(char::from(byte)),
        None => char::from(byte),
    }
}
