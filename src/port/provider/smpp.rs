//! SMPP 3.4 and 5.0: message states, the text of a delivery receipt, and the status of an answer.

use serde::{Deserialize, Serialize};

use super::{Answer, Receipt, is};
use crate::model::{Cause, Status};

/// How much of a text is looked at; a receipt is a short message.
const MAX_RECEIPT_CHARS: usize = 1024;

/// What the `stat` of a receipt's text says; none for `UNKNOWN`, and where the word is not known.
#[must_use]
pub fn status(word: &str) -> Option<Status> {
    Some(match word {
        _ if is(word, &["SCHEDULED"]) => Status::Queued,
        _ if is(word, &["ENROUTE", "ACCEPTD"]) => Status::Sent,
        _ if is(word, &["DELIVRD"]) => Status::Delivered,
        _ if is(word, &["EXPIRED", "DELETED", "UNDELIV", "REJECTD", "SKIPPED"]) => Status::Failed,
        _ => return None,
    })
}

/// The word for a `message_state` (parameter 0x0427); none where the state is not known.
#[must_use]
pub const fn word(state: u8) -> Option<&'static str> {
    Some(match state {
        0 => "SCHEDULED",
        1 => "ENROUTE",
        2 => "DELIVRD",
        3 => "EXPIRED",
        4 => "DELETED",
        5 => "UNDELIV",
        6 => "ACCEPTD",
        7 => "UNKNOWN",
        8 => "REJECTD",
        9 => "SKIPPED",
        _ => return None,
    })
}

/// Why, by the `stat` of a receipt: the codes in its `err` are each network's own.
#[must_use]
pub fn cause(word: &str) -> Cause {
    match word {
        _ if is(word, &["EXPIRED"]) => Cause::Unreachable,
        _ if is(word, &["REJECTD"]) => Cause::Blocked,
        _ => Cause::Unknown,
    }
}

/// A receipt by its `stat`; none where the word says nothing.
#[must_use]
pub fn receipt(word: &str) -> Option<Receipt> {
    Some(Receipt::of(status(word)?, None, cause(word)))
}

/// The "no" of a `command_status`; none for 0, which is a yes.
#[must_use]
pub const fn answer(command_status: u32) -> Option<Answer> {
    Some(match command_status {
        0 => return None,
        0x0b => Answer::of(Cause::NoSuchAddress),
        // A full queue, throttling.
        0x14 | 0x58 => Answer::of(Cause::Busy),
        // Length, priority, flags, class, times, parameters.
        0x01 | 0x02 | 0x06 | 0x07 | 0x42 | 0x43 | 0x61 | 0x62 | 0xc0..=0xc4 => Answer::of(Cause::Content),
        // Log-in, the sender, the service, and the types and plans of both numbers.
        0x0a | 0x0d..=0x0f | 0x15 | 0x48 | 0x49 | 0x50 | 0x51 | 0x53 => Answer::of(Cause::Configuration),
        // A session that is not bound yet, the system, a submission that failed, an application that asks for another attempt.
        0x04 | 0x08 | 0x45 | 0x64 => Answer::later(Cause::Unknown),
        // An application that will not have it.
        0x66 => Answer::of(Cause::Blocked),
        _ => Answer::of(Cause::Unknown),
    })
}

/// The text of a delivery receipt, as Appendix B of the specification has it and as networks write it.
///
/// Whether a text is a receipt the message's class says, not the text: a customer may write one as well.
///
/// ```
/// use outbound::port::provider::smpp::{self, ReceiptText};
///
/// let text = "id:0123456789 sub:001 dlvrd:001 submit date:2603011200 done date:2603011201 stat:DELIVRD err:000 text:Hello";
/// let read = ReceiptText::read(text).unwrap();
/// assert_eq!((read.id.as_deref(), read.stat.as_str(), read.err.as_deref()), (Some("0123456789"), "DELIVRD", Some("000")));
/// assert!(smpp::receipt(&read.stat).is_some());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReceiptText {
    /// What the provider calls the message; some leave it to parameter 0x001E.
    pub id: Option<String>,
    /// How many messages were submitted.
    pub submitted: Option<u32>,
    /// How many of them were delivered.
    pub delivered: Option<u32>,
    /// When it was submitted, in digits, in the provider's zone.
    pub submit_date: Option<String>,
    /// When it came to its end, in digits, in the provider's zone.
    pub done_date: Option<String>,
    /// How far it got.
    pub stat: String,
    /// The network's own code.
    pub err: Option<String>,
}

impl ReceiptText {
    /// Reads a text: the names in any order and case, and any of them missing but `stat`; none where that is missing.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text: String = text.chars().take(MAX_RECEIPT_CHARS).collect();
        let fields = before_the_message(&text);
        let field = |name: &str| value(fields, name).map(str::to_owned);
        let number = |name: &str| value(fields, name).and_then(|value| value.parse().ok());
        Some(Self {
            stat: field("stat:")?,
            id: field("id:"),
            submitted: number("sub:"),
            delivered: number("dlvrd:"),
            submit_date: field("submit date:"),
            done_date: field("done date:"),
            err: field("err:"),
        })
    }
}

/// The fields, without the message's own words behind `text:`, which could look like fields.
fn before_the_message(text: &str) -> &str {
    found(text, "text:").map_or(text, |(before, _)| before)
}

/// What stands behind a name up to the next space; none where that is nothing.
fn value<'a>(fields: &'a str, name: &str) -> Option<&'a str> {
    let (_, behind) = found(fields, name)?;
    behind.split(char::is_whitespace).next().filter(|value| !value.is_empty())
}

/// What stands before and behind a name that begins a word, in whatever case.
fn found<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let begins = |at: usize| text.get(at..at + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
    let mut before = ' ';
    let at = text.char_indices().find_map(|(at, c)| {
        let word = std::mem::replace(&mut before, c).is_whitespace();
        (word && begins(at)).then_some(at)
    })?;
    Some((text.get(..at)?, text.get(at + name.len()..)?))
}
