//! Phone numbers in their one stored form.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::{AddressError, NumberProblem};

/// A phone number with its country code: 5 to 15 digits, of which the first is not 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct E164(u64);

impl E164 {
    /// Parses `+` and digits, without anything between them.
    ///
    /// This checks the shape only, for numbers that a number plan has accepted before; what a person types goes through the plan.
    ///
    /// # Errors
    /// [`AddressError`] says what is wrong with the shape.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let refuse = |problem| Err(AddressError::NotANumber { problem });
        let digits = text.strip_prefix('+').ok_or(AddressError::NoCountryCode)?;
        if let Some(c) = digits.chars().find(|c| !c.is_ascii_digit()) {
            return refuse(if c.is_alphabetic() { NumberProblem::Letter } else { NumberProblem::Character });
        }
        match digits.len() {
            0 => return refuse(NumberProblem::NoDigits),
            1..=4 => return refuse(NumberProblem::TooShort),
            5..=15 => {}
            _ => return Err(AddressError::TooLong),
        }
        if digits.starts_with('0') {
            return refuse(NumberProblem::LeadingZero);
        }
        Ok(Self(digits.bytes().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'))))
    }

    /// The digits, country code first, as one number.
    #[must_use]
    pub const fn digits(self) -> u64 {
        self.0
    }

    /// The number as it is written down and sent: `+` and the digits.
    #[must_use]
    pub fn to_text(self) -> String {
        format!("+{}", self.0)
    }
}

impl fmt::Debug for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first_two = self.0 / 10u64.pow(self.0.ilog10().saturating_sub(1));
        write!(f, "E164(+{first_two}••••••{:02})", self.0 % 100)
    }
}

impl Serialize for E164 {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("+{}", self.0))
    }
}

impl<'de> Deserialize<'de> for E164 {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&Cow::<'de, str>::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}
