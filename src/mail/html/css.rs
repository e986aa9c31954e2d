//! Styles as they read once their escapes are resolved and their comments taken out.

/// A style in lower case, with its escapes resolved and its comments taken out.
pub(super) fn plain_style(style: &str) -> String {
    let mut plain = String::with_capacity(style.len());
    let mut rest = style;
    while let Some((before, from_mark)) = rest.find(['\\', '/']).and_then(|at| rest.split_at_checked(at)) {
        plain.push_str(before);
        if let Some(comment) = from_mark.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
        } else if let Some(escaped) = from_mark.strip_prefix('\\') {
            let (c, after) = unescaped(escaped);
            plain.extend(c);
            rest = after;
        } else {
            plain.push('/');
            rest = from_mark.strip_prefix('/').unwrap_or_default();
        }
    }
    plain.push_str(rest);
    plain.make_ascii_lowercase();
    plain
}

/// What a backslash stands for: a code point in up to six hexadecimal digits, or the next character itself.
fn unescaped(after: &str) -> (Option<char>, &str) {
    let digits = after.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
    let (number, rest) = after.split_at_checked(digits).unwrap_or_default();
    match u32::from_str_radix(number, 16) {
        Ok(code) => {
            let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            (Some(c), rest.strip_prefix(|c: char| c.is_ascii_whitespace()).unwrap_or(rest))
        }
        Err(_) => {
            let mut chars = after.chars();
            let c = chars.next().filter(|c| !matches!(c, '\n' | '\r' | '\u{c}'));
            (c, chars.as_str())
        }
    }
}
