//! Why a text is not an address.

use super::MAX_EMAIL_BYTES;
use crate::model::channel::Channel;
use crate::model::number_plan::LineKind;

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
    /// The part before the `@` has other letters than ASCII, and this build has no feature `idn`.
    #[error("the part before the `@` has other letters than ASCII, which this system does not take")]
    NonAsciiLocal,
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
