//! Number plans: how a typed phone number becomes an E.164 number, and what kind of line it reaches (R14).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::address::{AddressError, E164, NumberProblem};

/// Knows the world's numbering rules: the step between what a person types and the number that is stored.
///
/// Three promises hold for every plan. It is pure: no I/O, no clock, and the same text gives the same answer. It takes the
/// international form only, with `+` and the country code, and never fills in a country. And it never gives a number that
/// the text does not spell out: it drops punctuation and at most one trunk zero.
pub trait NumberPlan: fmt::Debug + Send + Sync {
    /// Parses a number in international form.
    ///
    /// # Errors
    /// [`AddressError::NoCountryCode`], [`AddressError::NotANumber`], [`AddressError::TooLong`] or
    /// [`AddressError::NumberNotValid`]; whether the line takes SMS is the caller's question.
    fn parse(&self, typed: &str) -> Result<Number, AddressError>;
}

/// A number that a plan has accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Number {
    /// The number, with its country code.
    pub e164: E164,
    /// The kind of line that it reaches.
    pub line: LineKind,
}

/// A kind of telephone line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// A mobile phone.
    Mobile,
    /// Mobile or fixed: the country's numbers do not tell them apart, as in the United States.
    FixedOrMobile,
    /// A fixed line.
    Fixed,
    /// A line over the internet.
    Voip,
    /// A pager.
    Pager,
    /// A number that follows its owner from line to line.
    Personal,
    /// A line that costs the caller nothing.
    TollFree,
    /// A line that costs the caller more.
    PremiumRate,
    /// A line whose cost the two ends share.
    SharedCost,
    /// A company's one number for all its offices.
    Uan,
    /// Any other line, such as voicemail access.
    Other,
}

impl LineKind {
    /// Whether an SMS may be sent to it (R14): to a mobile, and where the numbers do not tell, to what may be one.
    ///
    /// Some internet lines and personal numbers take SMS too, but no numbering rule says which; a host that knows wraps its
    /// plan and calls those lines mobile.
    #[must_use]
    pub const fn can_receive_sms(self) -> bool {
        matches!(self, Self::Mobile | Self::FixedOrMobile)
    }

    /// The kind's name as it is written down.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::FixedOrMobile => "fixed_or_mobile",
            Self::Fixed => "fixed",
            Self::Voip => "voip",
            Self::Pager => "pager",
            Self::Personal => "personal",
            Self::TollFree => "toll_free",
            Self::PremiumRate => "premium_rate",
            Self::SharedCost => "shared_cost",
            Self::Uan => "uan",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for LineKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

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

/// Google's numbering rules, through the `phonenumber` crate (feature `phonenumber`).
///
/// Its answers are checked before they are believed: the number must be the typed digits again, and its line is looked up
/// with the leading zeros that many countries' mobiles have. What differs from Google's own library then is a few dozen
/// unassigned numbers that pass, and a few service numbers (Russia's `+7 800`) that do not.
///
/// The rules of 100 line kinds are kept ready: traffic from more than about 15 countries in turn costs milliseconds a number
/// instead of microseconds.
#[cfg(feature = "phonenumber")]
#[derive(Debug, Clone, Copy, Default)]
pub struct Libphonenumber;

#[cfg(feature = "phonenumber")]
impl NumberPlan for Libphonenumber {
    fn parse(&self, typed: &str) -> Result<Number, AddressError> {
        let plain = without_punctuation(typed)?;
        let as_typed = E164::parse(&plain)?;
        // Never with a default country: the parser would take that country's trunk prefix out of another country's number.
        let parsed = phonenumber::parse(None, &plain).map_err(|_| AddressError::NumberNotValid)?;
        let (code, national) = (parsed.code().value(), parsed.national().to_string());
        let e164 = E164::parse(&format!("+{code}{national}"))?;
        if e164 != as_typed && plain != format!("+{code}0{national}") {
            return Err(AddressError::NumberNotValid);
        }
        let line = libphonenumber::line(code, &national).ok_or(AddressError::NumberNotValid)?;
        Ok(Number { e164, line })
    }
}

#[cfg(feature = "phonenumber")]
impl Libphonenumber {
    /// Loads the numbering rules now: the first number costs about a tenth of a second, which a host may prefer to spend at start.
    pub fn warm_up(&self) {
        let _ = self.parse("+442079460018");
    }
}

/// The line of a national number, from the rules themselves.
///
/// The crate's own answer drops the leading zeros, and so knows no mobile of Ivory Coast, Benin or Congo.
#[cfg(feature = "phonenumber")]
mod libphonenumber {
    use phonenumber::Metadata;
    use phonenumber::metadata::{DATABASE, Descriptor};

    use super::LineKind;

    pub(super) fn line(code: u16, national: &str) -> Option<LineKind> {
        let regions = DATABASE.by_code(&code)?;
        if let [only] = regions.as_slice() {
            return line_in(only, national);
        }
        let region = regions.into_iter().find(|region| match region.leading_digits() {
            Some(digits) => digits.find(national).is_some_and(|found| found.start() == 0),
            None => line_in(region, national).is_some(),
        })?;
        line_in(region, national)
    }

    /// The order is Google's: the narrow kinds come before fixed and mobile, whose patterns may hold them.
    fn line_in(region: &Metadata, national: &str) -> Option<LineKind> {
        let rules = region.descriptors();
        let is = |rule: Option<&Descriptor>| rule.is_some_and(|rule| rule.is_match(national));
        if !rules.general().is_match(national) {
            return None;
        }
        let narrow = [
            (rules.premium_rate(), LineKind::PremiumRate),
            (rules.toll_free(), LineKind::TollFree),
            (rules.shared_cost(), LineKind::SharedCost),
            (rules.voip(), LineKind::Voip),
            (rules.personal_number(), LineKind::Personal),
            (rules.pager(), LineKind::Pager),
            (rules.uan(), LineKind::Uan),
            (rules.voicemail(), LineKind::Other),
        ];
        if let Some((_, line)) = narrow.into_iter().find(|(rule, _)| is(*rule)) {
            return Some(line);
        }
        match (is(rules.fixed_line()), is(rules.mobile())) {
            (true, true) => Some(LineKind::FixedOrMobile),
            (true, false) => Some(LineKind::Fixed),
            (false, true) => Some(LineKind::Mobile),
            (false, false) => None,
        }
    }
}

/// The longest text that is looked at: no way to write 15 digits needs more.
const MAX_TYPED_BYTES: usize = 40;

/// `+` and the digits of a typed number; everything that is neither a digit nor punctuation is refused.
///
/// Letters above all: the parser behind would read them as the keys of a telephone, and `+3367a829916` as somebody's number.
fn without_punctuation(typed: &str) -> Result<String, AddressError> {
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
