//! MessageBird: the status and `statusErrorCode` of a status report, and the error codes of its API.

use super::{Answer, Receipt, is};
use crate::model::{Cause, Status};

/// What the status of a status report says; none where the word is not known.
#[must_use]
pub fn status(word: &str) -> Option<Status> {
    Some(match word {
        _ if is(word, &["scheduled"]) => Status::Queued,
        _ if is(word, &["sent", "buffered"]) => Status::Sent,
        _ if is(word, &["delivered"]) => Status::Delivered,
        _ if is(word, &["delivery_failed", "expired"]) => Status::Failed,
        _ => return None,
    })
}

/// Why, by a `statusErrorCode`: 103, and those of the mobile networks (3GPP TS 29.002); unknown where the code is not known.
#[must_use]
pub const fn cause(code: u16) -> Cause {
    match code {
        103 => Cause::OptedOut,
        1 | 11 => Cause::NoSuchAddress,
        5 | 6 | 27 | 31 | 32 | 33 => Cause::Unreachable,
        9 | 12 | 13 | 21 => Cause::Blocked,
        34 => Cause::Busy,
        _ => Cause::Unknown,
    }
}

/// A status report; none where its word is not known.
#[must_use]
pub fn receipt(word: &str, code: Option<u16>) -> Option<Receipt> {
    let worded = if is(word, &["expired"]) { Cause::Unreachable } else { Cause::Unknown };
    Some(Receipt::of(status(word)?, code.map(cause), worded))
}

/// The "no" of an error code of its API; none where the code is not known, and the HTTP status says the rest.
#[must_use]
pub const fn answer(code: u16) -> Option<Answer> {
    Some(match code {
        2 | 25 => Answer::of(Cause::Configuration),
        9 | 10 | 21 => Answer::of(Cause::Content),
        99 => Answer::later(Cause::Unknown),
        _ => return None,
    })
}
