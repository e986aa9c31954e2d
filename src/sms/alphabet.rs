//! The GSM 7-bit default alphabet with its extension table (3GPP TS 23.038).

/// What a character costs in septets: 1, or 2 where it stands in the extension table; none where GSM-7 does not have it.
///
/// ```
/// use outbound::sms::septets;
///
/// assert_eq!((septets('é'), septets('€'), septets('ã')), (Some(1), Some(2), None));
/// ```
#[must_use]
pub const fn septets(c: char) -> Option<u8> {
    match c {
        '\n' | '\r' | ' '..='Z' | '_' | 'a'..='z' => Some(1),
        '¡' | '£' | '¤' | '¥' | '§' | '¿' => Some(1),
        'Ä' | 'Å' | 'Æ' | 'Ç' | 'É' | 'Ñ' | 'Ö' | 'Ø' | 'Ü' | 'ß' => Some(1),
        'à' | 'ä' | 'å' | 'æ' | 'è' | 'é' | 'ì' | 'ñ' | 'ò' | 'ö' | 'ø' | 'ù' | 'ü' => Some(1),
        'Γ' | 'Δ' | 'Θ' | 'Λ' | 'Ξ' | 'Π' | 'Σ' | 'Φ' | 'Ψ' | 'Ω' => Some(1),
        '\u{c}' | '[' | '\\' | ']' | '^' | '{' | '|' | '}' | '~' | '€' => Some(2),
        _ => None,
    }
}

/// Whether a text can go in GSM-7 as it is.
///
/// ```
/// use outbound::sms::is_gsm7;
///
/// assert!(is_gsm7("Caffè, 5 €") && !is_gsm7("não"));
/// ```
#[must_use]
pub fn is_gsm7(text: &str) -> bool {
    text.chars().all(|c| septets(c).is_some())
}
