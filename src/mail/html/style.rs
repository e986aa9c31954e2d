//! Inline styles: how they read once their escapes and comments are resolved, and what of them is harmless.

/// The properties that change how text looks, and neither load anything nor put it in front of something else.
#[cfg(feature = "html")]
const HARMLESS: [&str; 24] = [
    "background",
    "background-color",
    "border",
    "border-collapse",
    "border-color",
    "border-radius",
    "border-spacing",
    "border-style",
    "border-width",
    "clear",
    "color",
    "direction",
    "display",
    "float",
    "height",
    "letter-spacing",
    "line-height",
    "list-style-type",
    "max-height",
    "max-width",
    "min-width",
    "vertical-align",
    "white-space",
    "width",
];

/// The families of such properties, such as `font` with `font-size`.
#[cfg(feature = "html")]
const FAMILIES: [&str; 9] =
    ["font", "text", "margin", "padding", "border-top", "border-right", "border-bottom", "border-left", "word"];

/// The functions that give a colour.
#[cfg(feature = "html")]
const COLOURS: [&str; 4] = ["rgb", "rgba", "hsl", "hsla"];

/// The declarations of a style that are harmless, as they stand; none where there is none.
#[cfg(feature = "html")]
pub(super) fn harmless(style: &str) -> Option<String> {
    let kept: Vec<String> = style.split(';').filter_map(declaration).collect();
    (!kept.is_empty()).then(|| kept.join("; "))
}

#[cfg(feature = "html")]
fn declaration(text: &str) -> Option<String> {
    let (property, value) = text.split_once(':')?;
    let (property, value) = (property.trim().to_ascii_lowercase(), value.trim());
    let of_family = |family: &&'static str| {
        property.strip_prefix(*family).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let known = HARMLESS.contains(&property.as_str()) || FAMILIES.iter().any(of_family);
    (known && is_harmless_value(value)).then(|| format!("{property}: {value}"))
}

/// Whether a value is made of words, numbers, colours and quoted names alone: no URL, no escape, and nothing that moves text over other
/// text.
#[cfg(feature = "html")]
fn is_harmless_value(value: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || " \t\r\n#%.,-!'\"()/_".contains(c);
    let quotes = |quote: char| value.matches(quote).count();
    let functions = value.match_indices('(').all(|(at, _)| {
        let before = value.get(..at).unwrap_or_default();
        let name = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        COLOURS.iter().any(|colour| name.eq_ignore_ascii_case(colour))
    });
    let negative = value.match_indices('-').any(|(at, _)| {
        let number =
            value.get(at + 1..).is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit() || c == '.'));
        let begins = value.get(..at).unwrap_or_default().chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        number && begins
    });
    !value.is_empty()
        && value.chars().all(plain)
        && !value.contains("/*")
        && quotes('"') % 2 == 0
        && quotes('\'') % 2 == 0
        && functions
        && !negative
}

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
