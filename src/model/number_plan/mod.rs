//! Number plans: how a typed phone number becomes an E.164 number, and what kind of line it reaches (R14).

#[cfg(feature = "phonenumber")]
mod libphonenumber;
#[cfg(feature = "rlibphonenumber")]
mod rlibphonenumber;
mod shape;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::address::{AddressError, E164};
#[cfg(feature = "phonenumber")]
pub use libphonenumber::Libphonenumber;
#[cfg(feature = "rlibphonenumber")]
pub use rlibphonenumber::Rlibphonenumber;
pub use shape::ShapeOnly;

/// Knows the world's numbering rules: the step between what a person types and the number that is stored.
///
/// Two promises hold for every plan. It is pure: no I/O, no clock, and the same text gives the same answer. And it takes the
/// international form only, with `+` and the country code, and never fills in a country. How much else than digits it reads
/// out of a text is each plan's own matter; the number that it gives, typed again, always gives itself.
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
