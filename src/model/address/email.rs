//! E-mail addresses: kept as typed, compared by one canonical form (R15).

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::MAX_EMAIL_BYTES;
use super::error::{AddressError, EmailProblem};
use crate::model::id::Digest;

/// An e-mail address: kept as typed, compared by its canonical form.
///
/// The canonical form has the domain in lower-case ASCII and the local part without case and in composed characters (NFC);
/// dots and `+tags` stay. No letter outside ASCII ever becomes one of ASCII: `ı`, `ſ` and `ß` are no `i`, `s` and `ss`, and
/// the Kelvin sign, which Unicode takes for a `K`, is refused.
///
/// It is written down as typed, and checked again when it is read: a build without the feature `idn` neither takes nor reads
/// an address with other letters than ASCII.
#[derive(Clone)]
pub struct EmailAddress(Arc<Forms>);

/// Shared: an address stands in every record and event of its contact.
struct Forms {
    typed: Box<str>,
    /// None where it is what was typed.
    canonical: Option<Box<str>>,
    /// Kept beside the address, since every look-up needs it.
    key: Digest,
}

/// The longest local part that SMTP carries, in bytes.
const MAX_LOCAL_BYTES: usize = 64;

/// The longest text that is looked at: each character of an ASCII form may have been typed as one of four bytes.
const MAX_TYPED_BYTES: usize = 4 * MAX_EMAIL_BYTES;

impl EmailAddress {
    pub(super) fn key(&self) -> Digest {
        self.0.key
    }

    /// Parses one bare address with nothing around it; the spaces around what a person types are the recipient's matter.
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
        let (local, domain) = split(text)?;
        let local = composed(local)?;
        let domain = ascii_domain(domain)?;
        let whole = within_limits(&local, &domain)?;
        let folded = folded(&local);
        // Once more, because some letters are longer in lower case.
        let canonical = if *folded == *local { whole } else { within_limits(&composed(&folded)?, &domain)? };
        let key = Digest::of(&[b"email", canonical.as_bytes()]);
        let canonical = (*text != *canonical).then(|| canonical.into());
        Ok(Self(Arc::new(Forms { typed: text.into(), canonical, key })))
    }

    /// The address as it was typed, for people to read.
    #[must_use]
    pub fn as_typed(&self) -> &str {
        &self.0.typed
    }

    /// The form that is the same for every way to write the address.
    #[must_use]
    pub fn canonical(&self) -> &str {
        self.0.canonical.as_deref().unwrap_or(&self.0.typed)
    }

    /// The domain in lower-case ASCII.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.canonical().rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The address as a mail server takes it: as typed, with other letters than ASCII composed before the `@` and in ASCII
    /// behind it.
    #[must_use]
    pub fn for_sending(&self) -> Cow<'_, str> {
        match self.as_typed().rsplit_once('@') {
            Some((local, _)) if !self.as_typed().is_ascii() => {
                let local = composed(local).unwrap_or(Cow::Borrowed(local));
                format!("{local}@{}", self.domain()).into()
            }
            _ => self.as_typed().into(),
        }
    }

    /// Whether the mail server must know SMTPUTF8: the local part has other letters than ASCII.
    #[must_use]
    pub fn needs_smtputf8(&self) -> bool {
        self.as_typed().rsplit_once('@').is_some_and(|(local, _)| !local.is_ascii())
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

/// The local part in composed characters, where all of them are letters, digits and marks.
#[cfg(feature = "idn")]
fn composed(local: &str) -> Result<Cow<'_, str>, EmailProblem> {
    use unicode_normalization::UnicodeNormalization as _;
    use unicode_normalization::char::canonical_combining_class;

    if local.is_ascii() {
        return Ok(local.into());
    }
    let is_letter = |c: char| c.is_alphanumeric() && c != KELVIN && !INVISIBLE_LETTERS.contains(&c);
    if local.chars().all(|c| c.is_ascii() || is_letter(c) || canonical_combining_class(c) != 0) {
        Ok(local.nfc().collect::<String>().into())
    } else {
        Err(EmailProblem::LocalCharacter)
    }
}

/// Composing makes it an ASCII `K`, and somebody else's address of this one.
#[cfg(feature = "idn")]
const KELVIN: char = '\u{212a}';

/// Fillers of Hangul, which count as letters.
#[cfg(feature = "idn")]
const INVISIBLE_LETTERS: [char; 4] = ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}'];

#[cfg(not(feature = "idn"))]
fn composed(local: &str) -> Result<Cow<'_, str>, EmailProblem> {
    if local.is_ascii() { Ok(local.into()) } else { Err(EmailProblem::NonAsciiLocal) }
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
/// `email_address` sees ASCII only: it takes many a letter for a symbol and refuses it.
fn within_limits(local: &str, domain: &str) -> Result<String, EmailProblem> {
    use email_address::{EmailAddress, Error, Options};

    let whole = format!("{local}@{domain}");
    if whole.len() > MAX_EMAIL_BYTES {
        return Err(EmailProblem::TooLong);
    }
    let in_ascii = whole.replace(|c: char| !c.is_ascii(), "x");
    let strict = Options::default().with_required_tld().without_domain_literal().without_display_text();
    match EmailAddress::parse_with_options(&in_ascii, strict) {
        Ok(_) if local.len() <= MAX_LOCAL_BYTES => Ok(whole),
        Ok(_) | Err(Error::LocalPartTooLong) => Err(EmailProblem::LocalTooLong),
        // The domain is known to be one.
        Err(_) => Err(EmailProblem::LocalCharacter),
    }
}

fn folded(local: &str) -> String {
    local.chars().map(without_case).collect()
}

/// The one letter for all cases of a letter; `σ` and `ς` are one, too.
///
/// Letters whose other case is two letters stay, and no letter outside ASCII becomes one of ASCII (`ı`, `ſ`).
fn without_case(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let upper = only(c.to_uppercase()).unwrap_or(c);
    only(upper.to_lowercase()).filter(|lower| lower.is_ascii() == c.is_ascii()).unwrap_or(c)
}

fn only(mut letters: impl Iterator<Item = char>) -> Option<char> {
    letters.next().filter(|_| letters.next().is_none())
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.canonical() == other.canonical()
    }
}

impl Eq for EmailAddress {}

impl Hash for EmailAddress {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.canonical().hash(state);
    }
}

impl PartialOrd for EmailAddress {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for EmailAddress {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.canonical().cmp(other.canonical())
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first: String = self.canonical().chars().take(1).collect();
        write!(f, "EmailAddress({first}…@{})", self.domain())
    }
}

impl Serialize for EmailAddress {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_typed())
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
        assert!(same.0.canonical.is_none());
    }

    #[test]
    fn r15_a_letter_has_one_form_without_case_and_ascii_only_its_own() {
        for c in '\0'..=char::MAX {
            let folded = without_case(c);
            assert_eq!(without_case(folded), folded, "{c:?}");
            assert_eq!(folded.is_ascii(), c.is_ascii(), "{c:?}");
            if let Some(lower) = only(c.to_lowercase()).filter(|lower| lower.is_ascii() == c.is_ascii()) {
                assert_eq!(without_case(lower), folded, "{c:?}");
            }
        }
        assert_eq!(
            ['I', 'ı', 'İ', 'ſ', 'ß', 'ẞ', 'ς', 'Σ', 'Ж'].map(without_case),
            ['i', 'ı', 'İ', 'ſ', 'ß', 'ß', 'σ', 'σ', 'ж']
        );
    }
}
