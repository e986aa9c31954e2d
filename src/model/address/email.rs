//! E-mail addresses: kept as typed, compared by one canonical form (R15).

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::{AddressError, EmailProblem};
use crate::model::id::Digest;

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
    /// Kept beside the address, since every look-up needs it.
    key: Digest,
}

/// The longest address that SMTP carries, in bytes.
pub(super) const MAX_EMAIL_BYTES: usize = 254;

/// The longest text that is looked at: each character of an ASCII form may have been typed as one of four bytes.
const MAX_TYPED_BYTES: usize = 4 * MAX_EMAIL_BYTES;

impl EmailAddress {
    pub(super) const fn key(&self) -> Digest {
        self.key
    }

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
        let key = Digest::of(&[b"email", canonical.as_bytes()]);
        Ok(Self { typed, canonical, key })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r15_one_text_is_kept_once_where_both_forms_are_equal() {
        let same = EmailAddress::parse("joe@example.com").unwrap();
        assert!(Arc::ptr_eq(&same.typed, &same.canonical));
    }
}
