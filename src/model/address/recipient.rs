//! Whom a command names, before and after it is known to be an address.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Address, AddressError, E164, EmailAddress};
use crate::model::channel::Channel;
use crate::model::number_plan::NumberPlan;

/// The fewest digits that a number without its `+` has; what is shorter is a short code, which is nobody's address.
const MIN_BARE_DIGITS: usize = 8;

/// What may stand around a typed address; no line break does, since one would begin a header of its own.
const SPACES: [char; 3] = [' ', '\u{a0}', '\u{3000}'];

/// Whom a command names: a text as typed, or an address that this process has already parsed.
///
/// Written down, both are the text; read back, it is always a typed text, so that nothing from outside passes by the number
/// plan. Two recipients are equal when their texts are, so that a command read back is the command that was written.
#[derive(Clone)]
pub struct Recipient(Inner);

#[derive(Clone)]
enum Inner {
    Typed(Arc<str>),
    Parsed(Address),
}

impl Recipient {
    /// A recipient as a person typed it.
    #[must_use]
    pub fn typed(text: impl Into<String>) -> Self {
        Self(Inner::Typed(text.into().into()))
    }

    /// The address on a channel.
    ///
    /// # Errors
    /// [`AddressError`] says why the text is no address there, and [`AddressError::OtherChannel`] that the address, or the
    /// channel, cannot serve.
    pub fn resolve(&self, channel: Channel, plan: &dyn NumberPlan) -> Result<Address, AddressError> {
        match (&self.0, channel) {
            (Inner::Parsed(address), _) if address.channel() == channel => Ok(address.clone()),
            (Inner::Typed(text), Channel::Sms) => {
                let number = plan.parse(text)?;
                if !number.line.can_receive_sms() {
                    return Err(AddressError::CannotReceiveSms { line: number.line });
                }
                Ok(Address::Sms(number.e164))
            }
            (Inner::Typed(text), Channel::Email) => EmailAddress::parse(text.trim_matches(SPACES)).map(Address::Email),
            (Inner::Parsed(address), _) => {
                Err(AddressError::OtherChannel { expected: channel, found: Some(address.channel()) })
            }
            (Inner::Typed(_), _) => Err(AddressError::OtherChannel { expected: channel, found: None }),
        }
    }

    /// The address that a message came from: it wrote, so only the form counts, and a number may lack its `+`, as some
    /// providers write it.
    ///
    /// # Errors
    /// [`AddressError`] where it is not an address of the channel.
    pub fn resolve_sender(&self, channel: Channel, plan: &dyn NumberPlan) -> Result<Address, AddressError> {
        match (&self.0, channel) {
            (Inner::Typed(text), Channel::Sms) => {
                let text = text.trim();
                let bare = text.len() >= MIN_BARE_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
                let shaped = if bare { E164::parse(&format!("+{text}")) } else { E164::parse(text) };
                shaped.or_else(|_| plan.parse(text).map(|number| number.e164)).map(Address::Sms)
            }
            _ => self.resolve(channel, plan),
        }
    }

    fn with_text<T>(&self, read: impl FnOnce(&str) -> T) -> T {
        match &self.0 {
            Inner::Typed(text) => read(text),
            Inner::Parsed(Address::Sms(number)) => read(number.written().as_str()),
            Inner::Parsed(Address::Email(email)) => read(email.as_typed()),
        }
    }
}

impl From<&str> for Recipient {
    fn from(text: &str) -> Self {
        Self::typed(text)
    }
}

impl From<String> for Recipient {
    fn from(text: String) -> Self {
        Self::typed(text)
    }
}

impl From<Address> for Recipient {
    fn from(address: Address) -> Self {
        Self(Inner::Parsed(address))
    }
}

impl PartialEq for Recipient {
    fn eq(&self, other: &Self) -> bool {
        self.with_text(|text| other.with_text(|other| text == other))
    }
}

impl Eq for Recipient {}

impl Hash for Recipient {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.with_text(|text| text.hash(state));
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Typed(text) => write!(f, "Recipient(typed, {} bytes)", text.len()),
            Inner::Parsed(address) => write!(f, "Recipient({address:?})"),
        }
    }
}

impl Serialize for Recipient {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.with_text(|text| to.serialize_str(text))
    }
}

impl<'de> Deserialize<'de> for Recipient {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(Self::typed)
    }
}
