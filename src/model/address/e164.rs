//! Phone numbers in their one stored form.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::{AddressError, NumberProblem};
use super::national;
use crate::model::id::Digest;

/// A phone number with its country code: 5 to 15 digits, of which the first is not 0.
///
/// Two numbers are equal when their digits are. A few countries' phones have two numbers all the same ([`E164::variant`]);
/// contacts are looked up by the one form that both share ([`E164::matching_form`]), while messages go to the number as it
/// was given.
#[derive(Clone, Copy)]
pub struct E164 {
    number: u64,
    /// Kept beside the number, since every look-up needs it; a key does not show the number.
    key: Digest,
}

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
        let number = digits.bytes().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
        Ok(Self::of(number))
    }

    fn of(number: u64) -> Self {
        let key = Digest::of(&[b"sms", national::matching(number).to_string().as_bytes()]);
        Self { number, key }
    }

    /// B9: the one form that both national ways to write the number share, such as the one with Brazil's ninth digit.
    ///
    /// It is for finding a customer, in a host's own records too, and never for sending: which form a network takes is its own matter.
    #[must_use]
    pub fn matching_form(self) -> Self {
        let number = national::matching(self.number);
        Self { number, key: self.key }
    }

    /// B9: the other national way to write the number, where there is one: without Brazil's ninth digit or with it, with the
    /// 1 that Mexico had or without it, with Argentina's 9 or without it.
    #[must_use]
    pub fn variant(self) -> Option<Self> {
        national::other(self.number).map(|number| Self { number, key: self.key })
    }

    /// The digits, country code first, as one number.
    #[must_use]
    pub const fn digits(self) -> u64 {
        self.number
    }

    pub(super) const fn key(self) -> Digest {
        self.key
    }

    /// The number as it is written down and sent: `+` and the digits.
    #[must_use]
    pub fn to_text(self) -> String {
        self.written().as_str().into()
    }

    /// The same text, for comparing and hashing, which happens with every command and is to allocate nothing.
    pub(super) fn written(self) -> Written {
        let (mut rest, mut bytes, mut len) = (self.number, [0; 16], 0);
        for byte in bytes.iter_mut().rev() {
            len += 1;
            if rest == 0 {
                *byte = b'+';
                break;
            }
            *byte = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
        }
        Written { bytes, len }
    }
}

/// A number's text: `+` and at most 15 digits, at the end of its place.
pub(super) struct Written {
    bytes: [u8; 16],
    len: usize,
}

impl Written {
    pub(super) fn as_str(&self) -> &str {
        let text = self.bytes.get(self.bytes.len() - self.len..).unwrap_or(&[]);
        std::str::from_utf8(text).unwrap_or("")
    }
}

impl PartialEq for E164 {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for E164 {}

impl PartialOrd for E164 {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for E164 {
    fn cmp(&self, other: &Self) -> Ordering {
        self.number.cmp(&other.number)
    }
}

impl Hash for E164 {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}

impl fmt::Debug for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first_two = self.number / 10u64.pow(self.number.ilog10().saturating_sub(1));
        write!(f, "E164(+{first_two}••••••{:02})", self.number % 100)
    }
}

impl Serialize for E164 {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("+{}", self.number))
    }
}

impl<'de> Deserialize<'de> for E164 {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&Cow::<'de, str>::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}
