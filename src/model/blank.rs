//! Texts in which there is nothing to see.

/// Whether a text shows nothing: white space, and characters that take room or none and have no shape.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control() || is_shapeless(c))
}

/// Joiners, marks of direction, variation selectors, tags, and the fillers of Hangul and Braille, which count as letters or signs.
const fn is_shapeless(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::is_blank;

    #[test]
    fn what_shows_nothing_is_blank() {
        for blank in
            ["", " \r\n\t\u{a0}\u{3000}", "\u{200b}\u{feff}", "\u{3164}", "\u{2800} \u{2800}", "\u{200d}\u{fe0f}", "\0"]
        {
            assert!(is_blank(blank), "{blank:?}");
        }
        for shown in [".", "\u{200b}x", "👍🏽", "🏽", "میخ\u{200c}ها", "\u{300}"] {
            assert!(!is_blank(shown), "{shown:?}");
        }
    }
}
