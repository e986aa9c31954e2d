//! What a number looks like, whatever its country.

use super::{LineKind, Number, NumberPlan};
use crate::model::address::{AddressError, E164, NumberProblem};

/// A plan that knows no numbering rules: every number of the right shape is a mobile.
///
/// It is for tests, and for hosts that verify numbers before they come here. It takes no trunk zero out: `+44 (0)20…` keeps it.
#[derive(Debug, Clone, Copy, Default)]
pub struct ShapeOnly;

impl NumberPlan for ShapeOnly {
    fn parse(&self, typed: &str) -> Result<Number, AddressError> {
        Ok(Number { e164: E164::parse(&without_punctuation(typed)?)?, line: LineKind::Mobile })
    }
}

/// The longest text that is looked at: no way to write 15 digits needs more.
const MAX_TYPED_BYTES: usize = 40;

/// `+` and the digits of a typed number; everything that is neither a digit nor punctuation is refused.
///
/// Letters above all: the parser behind would read them as the keys of a telephone, and `+3367a829916` as somebody's number.
pub(super) fn without_punctuation(typed: &str) -> Result<String, AddressError> {
    let refuse = |problem| Err(AddressError::NotANumber { problem });
    let typed = typed.trim();
    if typed.len() > MAX_TYPED_BYTES {
        return Err(AddressError::TooLong);
    }
    let mut plain = String::with_capacity(typed.len());
    for c in typed.chars() {
        match c {
            '0'..='9' => plain.push(c),
            '+' if plain.is_empty() => plain.push(c),
            '+' => return refuse(NumberProblem::MisplacedPlus),
            ' ' | '\u{a0}' | '-' | '.' | '(' | ')' | '/' => {}
            c if c.is_alphabetic() => return refuse(NumberProblem::Letter),
            _ => return refuse(NumberProblem::Character),
        }
    }
    match plain.as_str() {
        "" | "+" => refuse(NumberProblem::NoDigits),
        // An exit code (`00`, `011`) is no country code: which one it is depends on the country that it is dialled from.
        plain if !plain.starts_with('+') => Err(AddressError::NoCountryCode),
        _ => Ok(plain),
    }
}
