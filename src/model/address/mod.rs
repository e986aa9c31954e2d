//! Addresses: the phone numbers and e-mail addresses that messages go to (R14, R15).
//!
//! An address is personal data: its `Debug` hides most of it, it has no `Display`, and no error repeats what was typed.

mod e164;
mod email;
mod error;
mod national;
mod recipient;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::channel::Channel;
use super::id::Digest;
pub use e164::E164;
pub use email::EmailAddress;
pub use error::{AddressError, EmailProblem, NumberProblem};
pub use recipient::Recipient;

/// The longest e-mail address that SMTP carries, in bytes.
const MAX_EMAIL_BYTES: usize = 254;

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// A phone number that takes text messages.
    Sms(E164),
    /// An e-mail address.
    Email(EmailAddress),
}

impl Address {
    /// The channel that it belongs to.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Sms(_) => Channel::Sms,
            Self::Email(_) => Channel::Email,
        }
    }

    /// The address as a provider takes it: a number in E.164, an e-mail address as [`EmailAddress::for_sending`] gives it.
    #[must_use]
    pub fn as_text(&self) -> Cow<'_, str> {
        match self {
            Self::Sms(number) => number.to_text().into(),
            Self::Email(email) => email.for_sending(),
        }
    }

    /// What contacts are looked up by: the same for every way to write one address, and for both numbers of one phone (B9).
    pub(crate) fn key(&self) -> Digest {
        match self {
            Self::Sms(number) => number.key(),
            Self::Email(email) => email.key(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r15_one_address_has_one_key_and_no_number_has_it() {
        let number = Address::Sms(E164::parse("+999999999999999").unwrap());
        let email = |text| Address::Email(EmailAddress::parse(text).unwrap());
        assert_eq!(number.key(), Address::Sms(E164::parse("+999999999999999").unwrap()).key());
        assert_ne!(number.key(), Address::Sms(E164::parse("+999999999999998").unwrap()).key());
        assert_eq!(email("joe@example.com").key(), email("JOE@Example.com").key());
        assert_ne!(email("joe@example.com").key(), email("jo@example.com").key());
        assert_ne!(email("joe@example.com").key(), number.key());
    }
}
