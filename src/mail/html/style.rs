//! What of an inline style is harmless.

/// The properties that change how text looks, and neither load anything nor put it in front of something else.
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
const FAMILIES: [&str; 9] =
    ["font", "text", "margin", "padding", "border-top", "border-right", "border-bottom", "border-left", "word"];

/// The functions that give a colour.
const COLOURS: [&str; 4] = ["rgb", "rgba", "hsl", "hsla"];

/// The declarations of a style that are harmless, as they stand; none where there is none.
pub(super) fn harmless(style: &str) -> Option<String> {
    let kept: Vec<String> = style.split(';').filter_map(declaration).collect();
    (!kept.is_empty()).then(|| kept.join("; "))
}

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
