//! JSON as `json` takes it in a view: PostgreSQL keeps every character but one.
//!
//! A customer's text may hold a NUL, which JSON writes as an escape and `jsonb` refuses. It is kept as a mark and a `0`; the
//! mark itself, a private character that no one should send, as a mark and a `1`.

use std::borrow::Cow;

const MARK: char = '\u{E000}';

/// JSON text without NULs.
pub(super) fn without_nul(json: String) -> String {
    if !json.contains("\\u0000") && !json.contains(MARK) {
        return json;
    }
    let mut kept = String::with_capacity(json.len() + 8);
    let mut rest = json.as_str();
    while let Some(at) = rest.find(['\\', MARK]) {
        let (before, from) = rest.split_at(at);
        kept.push_str(before);
        // A backslash and what it escapes are taken together, so that an escaped backslash begins nothing.
        let (found, as_kept) = match from.strip_prefix('\\') {
            None => (MARK.len_utf8(), Cow::Owned(format!("{MARK}1"))),
            Some(escaped) if escaped.starts_with("u0000") => ("\\u0000".len(), Cow::Owned(format!("{MARK}0"))),
            Some(escaped) => {
                let length = 1 + escaped.chars().next().map_or(0, char::len_utf8);
                (length, Cow::Borrowed(from.get(..length).unwrap_or(from)))
            }
        };
        kept.push_str(&as_kept);
        rest = from.get(found..).unwrap_or_default();
    }
    kept.push_str(rest);
    kept
}

/// The JSON text that it was.
pub(super) fn with_nul(kept: &str) -> Cow<'_, str> {
    if !kept.contains(MARK) {
        return Cow::Borrowed(kept);
    }
    let mut json = String::with_capacity(kept.len());
    let mut parts = kept.split(MARK);
    json.push_str(parts.next().unwrap_or_default());
    for part in parts {
        match part.strip_prefix('0') {
            Some(rest) => json.extend(["\\u0000", rest]),
            None => json.extend(["\u{E000}", part.strip_prefix('1').unwrap_or(part)]),
        }
    }
    Cow::Owned(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_and_no_nul_is_left() {
        let texts = [
            "",
            "plain",
            "\0",
            "a\0b",
            "\\u0000",
            "\\\0",
            "\\\\u0000",
            "\"\0\"",
            "\u{E000}",
            "\u{E000}0",
            "\u{E000}1\0",
            "\0\u{E000}\\\u{E000}\0",
            "é\0ü\\",
            "\n\t\u{1}\0",
        ];
        for text in texts {
            let json = serde_json::to_string(text).unwrap();
            let kept = without_nul(json.clone());
            let read: String = serde_json::from_str(&kept).unwrap();
            assert!(!read.contains('\0'), "{text:?}");
            assert_eq!(with_nul(&kept), json, "{text:?}");
        }
    }
}
