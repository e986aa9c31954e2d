//! Addresses: the phone numbers and e-mail addresses that messages go to (R14, R15).
//!
//! An address is personal data: its `Debug` hides most of it, it has no `Display`, and no error repeats what was typed.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::channel::Channel;
use super::id::Digest;
use super::number_plan::{LineKind, NumberPlan};

/// The fewest digits that a number without its `+` has; what is shorter is a short code, which is nobody's address.
const MIN_BARE_DIGITS: usize = 8;

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// A phone number that takes text messages.
    Sms(E164),
    /// An e-mail address.
    Email(EmailAddress),
}

/// Marks the keys of e-mail addresses: the keys of phone numbers begin with 64 zero bits.
const EMAIL_KEY: u64 = 1 << 63;

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

    /// What contacts are looked up by: the same for every way to write one address.
    pub(crate) fn key(&self) -> Digest {
        match self {
            Self::Sms(number) => Digest(0, number.digits()),
            Self::Email(email) => {
                let Digest(first, second) = Digest::of(&[b"email", email.canonical().as_bytes()]);
                Digest(first | EMAIL_KEY, second)
            }
        }
    }
}

/// A phone number with its country code: 5 to 15 digits, of which the first is not 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct E164(u64);

impl E164 {
    /// Parses `+` and digits, without anything between them.
    ///
    /// This checks the shape only, for numbers that a [`NumberPlan`] has accepted before; what a person types goes through the plan.
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

/// An e-mail address: kept as typed, compared by its canonical form.
///
/// The canonical form has the domain in lower-case ASCII and the local part in lower case; dots and `+tags` stay. The domain
/// may be typed in any Unicode form. The local part is not normalized: its letters must be composed characters, and one with
/// combining marks is refused.
///
/// It is written down as typed, and checked again when it is read: a build without the feature `idn` cannot read an
/// address whose domain was typed in other letters than ASCII.
#[derive(Clone)]
pub struct EmailAddress {
    typed: Arc<str>,
    canonical: Arc<str>,
}

/// The longest address that SMTP carries, in bytes.
const MAX_EMAIL_BYTES: usize = 254;

/// The longest text that is looked at: each character of an ASCII form may have been typed as one of four bytes.
const MAX_TYPED_BYTES: usize = 4 * MAX_EMAIL_BYTES;

impl EmailAddress {
    /// Parses one bare address, with spaces around it ignored.
    ///
    /// Quoted local parts, IP addresses, display names, comments and domains of one label are refused: they are valid in
    /// some headers, and no customer's address.
    ///
    /// # Errors
    /// [`AddressError::NotAnEmail`] says exactly what is wrong.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        Self::checked(text).map_err(|problem| AddressError::NotAnEmail { problem })
    }

    fn checked(text: &str) -> Result<Self, EmailProblem> {
        // A line break would begin a header of its own wherever the address is echoed; none is trimmed away in silence.
        if text.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
            return Err(EmailProblem::ControlCharacter);
        }
        let typed = text.trim();
        let (local, domain) = split(typed)?;
        let domain = ascii_domain(domain)?;
        within_limits(local, &domain)?;
        // Once more, because some letters are longer in lower case.
        let canonical = within_limits(&lower_case(local), &domain)?;
        let typed: Arc<str> = typed.into();
        let canonical = if *typed == *canonical { Arc::clone(&typed) } else { canonical.into() };
        Ok(Self { typed, canonical })
    }

    /// The address as it was typed, for people to read.
    #[must_use]
    pub fn as_typed(&self) -> &str {
        &self.typed
    }

    /// The form that is the same for every way to write the address.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// The domain in lower-case ASCII.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.canonical.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The address as a mail server takes it: as typed, or with its domain in ASCII where that was typed in other letters.
    #[must_use]
    pub fn for_sending(&self) -> Cow<'_, str> {
        match self.typed.rsplit_once('@') {
            Some((local, domain)) if !domain.is_ascii() => format!("{local}@{}", self.domain()).into(),
            _ => self.as_typed().into(),
        }
    }

    /// Whether the mail server must know SMTPUTF8: the local part has other letters than ASCII.
    #[must_use]
    pub fn needs_smtputf8(&self) -> bool {
        self.typed.rsplit_once('@').is_some_and(|(local, _)| !local.is_ascii())
    }
}

/// The local part and the domain, after the refusals that `email_address` does not make or does not name.
fn split(typed: &str) -> Result<(&str, &str), EmailProblem> {
    if typed.is_empty() {
        return Err(EmailProblem::Empty);
    }
    if typed.len() > MAX_TYPED_BYTES {
        return Err(EmailProblem::TooLong);
    }
    let (local, domain) = typed.rsplit_once('@').ok_or(EmailProblem::NoAt)?;
    if local.starts_with('"') && local.ends_with('"') {
        return Err(EmailProblem::QuotedLocal);
    }
    if typed.contains(['<', '>']) {
        return Err(EmailProblem::DisplayName);
    }
    if local.is_empty() {
        return Err(EmailProblem::LocalEmpty);
    }
    if domain.is_empty() {
        return Err(EmailProblem::DomainEmpty);
    }
    if domain.starts_with('[') {
        return Err(EmailProblem::IpLiteral);
    }
    // The last three are dots too, says IDNA.
    if domain.ends_with(['.', '。', '．', '｡']) {
        return Err(EmailProblem::TrailingDot);
    }
    Ok((local, domain))
}

/// The domain in lower-case ASCII, with at least two labels, of which the last is a name.
fn ascii_domain(domain: &str) -> Result<String, EmailProblem> {
    let domain = to_ascii(domain)?;
    let (_, top) = domain.rsplit_once('.').ok_or(EmailProblem::NoTopLevel)?;
    if top.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(EmailProblem::NumericTopLevel);
    }
    Ok(domain)
}

#[cfg(feature = "idn")]
fn to_ascii(domain: &str) -> Result<String, EmailProblem> {
    idna::domain_to_ascii_strict(domain).map_err(|_| EmailProblem::NotADomain)
}

#[cfg(not(feature = "idn"))]
fn to_ascii(domain: &str) -> Result<String, EmailProblem> {
    if !domain.is_ascii() {
        return Err(EmailProblem::NonAsciiDomain);
    }
    let domain = domain.to_ascii_lowercase();
    let is_label = |label: &str| {
        matches!(label.len(), 1..=63)
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
            && (label.get(2..4) != Some("--") || label.starts_with("xn--"))
    };
    if domain.len() <= 253 && domain.split('.').all(is_label) { Ok(domain) } else { Err(EmailProblem::NotADomain) }
}

/// The whole address, once its grammar and its length hold.
///
/// `email_address` sees the domain in ASCII only: it takes a decomposed `ü` for a symbol and refuses it.
fn within_limits(local: &str, domain: &str) -> Result<String, EmailProblem> {
    use email_address::{EmailAddress, Error, Options};

    let whole = format!("{local}@{domain}");
    if whole.len() > MAX_EMAIL_BYTES {
        return Err(EmailProblem::TooLong);
    }
    let strict = Options::default().with_required_tld().without_domain_literal().without_display_text();
    match EmailAddress::parse_with_options(&whole, strict) {
        Ok(_) => Ok(whole),
        Err(Error::LocalPartTooLong) => Err(EmailProblem::LocalTooLong),
        // The domain is known to be one.
        Err(_) => Err(EmailProblem::LocalCharacter),
    }
}

/// Lower case, character by character; the few whose lower case is two characters stay, so that doing it twice changes nothing.
fn lower_case(local: &str) -> String {
    local
        .chars()
        .map(|c| {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(lower), None) => lower,
                _ => c,
            }
        })
        .collect()
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }
}

impl Eq for EmailAddress {}

impl Hash for EmailAddress {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.canonical.hash(state);
    }
}

impl PartialOrd for EmailAddress {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for EmailAddress {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.canonical.cmp(&other.canonical)
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first: String = self.canonical.chars().take(1).collect();
        write!(f, "EmailAddress({first}…@{})", self.domain())
    }
}

impl Serialize for EmailAddress {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.typed)
    }
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&Cow::<'de, str>::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

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
            (Inner::Typed(text), Channel::Email) => EmailAddress::parse(text).map(Address::Email),
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

    fn text(&self) -> Cow<'_, str> {
        match &self.0 {
            Inner::Typed(text) => Cow::Borrowed(text),
            Inner::Parsed(Address::Sms(number)) => number.to_text().into(),
            Inner::Parsed(Address::Email(email)) => email.as_typed().into(),
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
        self.text() == other.text()
    }
}

impl Eq for Recipient {}

impl Hash for Recipient {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text().hash(state);
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
        to.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for Recipient {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(Self::typed)
    }
}

/// Why a text is not an address that a message can go to; what was typed is not in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// The number does not begin with `+`; an exit code such as `00` depends on the country and does not stand for it.
    #[error("the number has no country code: it begins with `+` and the code")]
    NoCountryCode,
    /// The text is not a phone number.
    #[error("not a phone number: {problem}")]
    NotANumber {
        /// What exactly is wrong.
        problem: NumberProblem,
    },
    /// The text is longer than any phone number.
    #[error("it is longer than any phone number: 15 digits are the most")]
    TooLong,
    /// The number has the shape of one, but its country gives out no such numbers.
    #[error("no valid number of its country")]
    NumberNotValid,
    /// The number is valid, but its line takes no text messages.
    #[error("a line of the kind `{line}` cannot receive text messages")]
    CannotReceiveSms {
        /// The kind of line.
        line: LineKind,
    },
    /// The text is not an e-mail address.
    #[error("not an e-mail address: {problem}")]
    NotAnEmail {
        /// What exactly is wrong.
        problem: EmailProblem,
    },
    /// The address belongs to another channel than the one asked for, or that channel has no addresses.
    #[error("not an address on the channel `{expected}`")]
    OtherChannel {
        /// The channel asked for.
        expected: Channel,
        /// The channel of the address; none when a text was typed for a channel that has no addresses here.
        found: Option<Channel>,
    },
}

/// What is wrong with the shape of a phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NumberProblem {
    /// There is no digit.
    #[error("it has no digits")]
    NoDigits,
    /// There is a letter: an extension, a vanity number or a typing error.
    #[error("it holds a letter")]
    Letter,
    /// There is a character that no number is written with.
    #[error("it holds a character that no number is written with")]
    Character,
    /// There is a `+` behind the beginning.
    #[error("it holds a `+` that is not at its beginning")]
    MisplacedPlus,
    /// There are fewer digits than 5.
    #[error("it has fewer digits than any number")]
    TooShort,
    /// The country code begins with 0.
    #[error("no country code begins with 0")]
    LeadingZero,
}

/// What is wrong with an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EmailProblem {
    /// There is no text.
    #[error("it is empty")]
    Empty,
    /// The address is longer than 254 bytes.
    #[error("it is longer than {MAX_EMAIL_BYTES} bytes")]
    TooLong,
    /// There is a control character or a line break.
    #[error("it holds a control character")]
    ControlCharacter,
    /// There is no `@`.
    #[error("it has no `@`")]
    NoAt,
    /// There is a name around the address, as in `Joe <joe@example.com>`.
    #[error("it has a display name or angle brackets")]
    DisplayName,
    /// There is nothing before the `@`.
    #[error("nothing stands before the `@`")]
    LocalEmpty,
    /// The part before the `@` is longer than 64 bytes.
    #[error("the part before the `@` is longer than 64 bytes")]
    LocalTooLong,
    /// The part before the `@` is in quotes.
    #[error("the part before the `@` is in quotes")]
    QuotedLocal,
    /// The part before the `@` has a dot or a character at a wrong place.
    #[error("the part before the `@` holds a dot or a character that cannot be there")]
    LocalCharacter,
    /// There is nothing behind the `@`.
    #[error("nothing stands behind the `@`")]
    DomainEmpty,
    /// The domain ends with a dot.
    #[error("the domain ends with a dot")]
    TrailingDot,
    /// The domain is an IP address in brackets.
    #[error("the domain is an IP address")]
    IpLiteral,
    /// The domain has one label only.
    #[error("the domain has no top-level domain")]
    NoTopLevel,
    /// The last label of the domain is a number.
    #[error("the top-level domain is a number")]
    NumericTopLevel,
    /// The domain has other letters than ASCII, and this build has no feature `idn`.
    #[error("the domain has other letters than ASCII, which this system does not take")]
    NonAsciiDomain,
    /// The part behind the `@` is not a domain name.
    #[error("the part behind the `@` is not a domain name")]
    NotADomain,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r15_one_address_has_one_key_and_no_number_has_it() {
        let number = Address::Sms(E164::parse("+999999999999999").unwrap());
        let email = |text| Address::Email(EmailAddress::parse(text).unwrap());
        assert_eq!(number.key(), Digest(0, 999_999_999_999_999));
        assert_eq!(email("joe@example.com").key(), email(" JOE@Example.com").key());
        assert_ne!(email("joe@example.com").key(), email("jo@example.com").key());
        assert!(email("joe@example.com").key().0 >= EMAIL_KEY);
    }

    #[test]
    fn r15_one_text_is_kept_once_where_both_forms_are_equal() {
        let same = EmailAddress::parse("joe@example.com").unwrap();
        assert!(Arc::ptr_eq(&same.typed, &same.canonical));
    }
}
