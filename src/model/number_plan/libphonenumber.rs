//! Google's numbering rules in the default plan.

use phonenumber::Metadata;
use phonenumber::metadata::{DATABASE, Descriptor};
use regex::bytes::RegexBuilder;

use super::shape::without_punctuation;
use super::{LineKind, Number, NumberPlan};
use crate::model::address::{AddressError, E164};

/// Google's numbering rules, as the `phonenumber` crate brings them (feature `phonenumber`).
///
/// Only the rules are taken from there, not the parser: the number is the typed digits, less one trunk zero where the
/// country has it (`+44 (0)20…`), and never anything else. What differs from Google's own library is what that reads besides
/// (letters, extensions, other scripts' digits, prefixes such as Mexico's `1`: refused here) and the age of the rules.
///
/// The rules of 100 line kinds are kept ready: traffic from more than about 15 countries in turn costs milliseconds a number
/// instead of microseconds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Libphonenumber;

impl NumberPlan for Libphonenumber {
    fn parse(&self, typed: &str) -> Result<Number, AddressError> {
        let plain = without_punctuation(typed)?;
        E164::parse(&plain)?;
        let (regions, code, typed) = country(&plain).ok_or(AddressError::NumberNotValid)?;
        let national = without_trunk_zero(&regions, typed);
        let line = line(&regions, national).ok_or(AddressError::NumberNotValid)?;
        Ok(Number { e164: E164::parse(&format!("{code}{national}"))?, line })
    }
}

impl Libphonenumber {
    /// Loads the numbering rules now: the first number costs about a tenth of a second, which a host may prefer to spend at start.
    pub fn warm_up(&self) {
        let _ = self.parse("+442079460018");
    }
}

/// The regions of a number's country code, the code with its `+`, and the digits behind it.
///
/// No country code begins with another one.
fn country(plain: &str) -> Option<(Vec<&'static Metadata>, &str, &str)> {
    (2..=4).find_map(|end| {
        let (code, national) = plain.split_at_checked(end)?;
        let regions = DATABASE.by_code(&code.strip_prefix('+')?.parse().ok()?)?;
        Some((regions, code, national))
    })
}

/// The national number without the zero that is dialled before it inside the country, where it has one.
fn without_trunk_zero<'n>(regions: &[&Metadata], national: &'n str) -> &'n str {
    let (Some(main), Some(rest)) = (regions.first(), national.strip_prefix('0')) else { return national };
    // Longer prefixes name a carrier, too, and what they leave is a guess.
    let is_trunk_zero = match main.national_prefix_for_parsing() {
        Some(prefix) => prefix.find(national).is_some_and(|prefix| prefix.range() == (0..1)),
        None => main.national_prefix() == Some("0"),
    };
    let general = main.descriptors().general();
    let belongs_to_it = matches(general, national) && !matches(general, rest);
    if is_trunk_zero && !belongs_to_it { rest } else { national }
}

/// The line of a national number; none where no region of its country gives out such numbers.
///
/// The crate's own answer drops the leading zeros, and so knows no mobile of Ivory Coast, Benin or Congo.
fn line(regions: &[&Metadata], national: &str) -> Option<LineKind> {
    if let [only] = regions {
        return line_in(only, national);
    }
    let region = regions.iter().find(|region| match region.leading_digits() {
        Some(digits) => digits.find(national).is_some_and(|found| found.start() == 0),
        None => line_in(region, national).is_some(),
    })?;
    line_in(region, national)
}

/// The order is Google's: the narrow kinds come before fixed and mobile, whose patterns may hold them.
fn line_in(region: &Metadata, national: &str) -> Option<LineKind> {
    let rules = region.descriptors();
    let is = |rule: Option<&Descriptor>| rule.is_some_and(|rule| matches(rule, national));
    if !matches(rules.general(), national) {
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

/// Whether a rule holds for the whole national number.
///
/// The crate asks only whether it holds for the number's beginning. Where that match stops short of the end, another
/// alternative of the pattern may still reach it, as in Finland and Korea, so the pattern is tried once more with both ends tied.
fn matches(rule: &Descriptor, national: &str) -> bool {
    if !rule.is_match(national) {
        return false;
    }
    let pattern = rule.national_number();
    pattern.find(national).is_some_and(|found| found.end() == national.len())
        || RegexBuilder::new(&format!("^(?:{})$", pattern.as_str()))
            .ignore_whitespace(true)
            .unicode(false)
            .build()
            .is_ok_and(|whole| whole.is_match(national.as_bytes()))
}
