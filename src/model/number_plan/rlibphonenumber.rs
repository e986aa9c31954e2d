//! Google's numbering rules, read as Google's own library reads them.

use rlibphonenumber::{PhoneNumber, PhoneNumberFormat, PhoneNumberType};

use super::shape::without_punctuation;
use super::{LineKind, Number, NumberPlan};
use crate::model::address::{AddressError, E164};

/// Google's numbering rules, through the `rlibphonenumber` crate (feature `rlibphonenumber`).
///
/// It accepts exactly what Google's own library accepts without a country, and gives the same number. So it reads more than
/// [`Libphonenumber`](super::Libphonenumber) does: digits of other scripts, three or more letters as the keys of a telephone
/// (`+1 800 FLOWERS`), words before the number, an extension (which it drops), and the prefix that Argentina puts
/// before a mobile (`+54 11 15…`). A host whose agents paste what they find wants it; one that wants nothing guessed
/// keeps the default.
///
/// It is as fast with traffic from every country as with traffic from one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rlibphonenumber;

/// Four bytes for each of the 250 characters that Google's library looks at.
const MAX_TYPED_BYTES: usize = 4 * 250;

impl NumberPlan for Rlibphonenumber {
    fn parse(&self, typed: &str) -> Result<Number, AddressError> {
        if typed.len() > MAX_TYPED_BYTES {
            return Err(AddressError::TooLong);
        }
        match PhoneNumber::parse(typed, None) {
            Ok(number) if number.is_valid() => {
                let e164 = E164::parse(&number.format_as(PhoneNumberFormat::E164))?;
                Ok(Number { e164, line: line(number.get_type()) })
            }
            _ => Err(why_not(typed)),
        }
    }
}

impl Rlibphonenumber {
    /// Loads the numbering rules now: the first number costs some hundredths of a second, which a host may prefer to spend at start.
    pub fn warm_up(&self) {
        let _ = self.parse("+442079460018");
    }
}

/// What is wrong with a refused text, said as the other plans say it.
fn why_not(typed: &str) -> AddressError {
    let shaped = without_punctuation(typed).and_then(|plain| E164::parse(&plain));
    shaped.err().unwrap_or(AddressError::NumberNotValid)
}

const fn line(kind: PhoneNumberType) -> LineKind {
    match kind {
        PhoneNumberType::Mobile => LineKind::Mobile,
        PhoneNumberType::FixedLineOrMobile => LineKind::FixedOrMobile,
        PhoneNumberType::FixedLine => LineKind::Fixed,
        PhoneNumberType::VoIP => LineKind::Voip,
        PhoneNumberType::Pager => LineKind::Pager,
        PhoneNumberType::PersonalNumber => LineKind::Personal,
        PhoneNumberType::TollFree => LineKind::TollFree,
        PhoneNumberType::PremiumRate => LineKind::PremiumRate,
        PhoneNumberType::SharedCost => LineKind::SharedCost,
        PhoneNumberType::UAN => LineKind::Uan,
        PhoneNumberType::VoiceMail | PhoneNumberType::Unknown => LineKind::Other,
    }
}
