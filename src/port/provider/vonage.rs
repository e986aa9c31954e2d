//! Vonage: the status and `err-code` of a delivery receipt, and the status of each message in the answer to a request.

use super::{Answer, Receipt, is};
use crate::model::{Cause, Status};

/// What the status of a delivery receipt says; none for `unknown`, and where the word is not known.
#[must_use]
pub fn status(word: &str) -> Option<Status> {
    Some(match word {
        _ if is(word, &["accepted", "buffered"]) => Status::Sent,
        _ if is(word, &["delivered"]) => Status::Delivered,
        _ if is(word, &["failed", "expired", "rejected"]) => Status::Failed,
        _ => return None,
    })
}

/// Why, by the `err-code` of a delivery receipt; unknown where the code is not known.
#[must_use]
pub const fn cause(code: u16) -> Cause {
    match code {
        // 53 is the filter for recipients who did not consent.
        9 | 53 => Cause::OptedOut,
        3 => Cause::NoSuchAddress,
        2 | 7 | 8 | 12 | 15 => Cause::Unreachable,
        4 | 6 | 13 | 14 | 50 | 51 | 52 | 54 => Cause::Blocked,
        10 => Cause::Content,
        11 => Cause::Configuration,
        16 => Cause::Busy,
        _ => Cause::Unknown,
    }
}

/// A delivery receipt; none where its word says nothing. A message of several parts has one for each part.
#[must_use]
pub fn receipt(word: &str, code: Option<u16>) -> Option<Receipt> {
    let worded = match word {
        _ if is(word, &["expired"]) => Cause::Unreachable,
        _ if is(word, &["rejected"]) => Cause::Blocked,
        _ => Cause::Unknown,
    };
    Some(Receipt::of(status(word)?, code.map(cause), worded))
}

/// The "no" of a message's status in the answer to a request; none for 0, which is a yes.
#[must_use]
pub const fn answer(code: u16) -> Option<Answer> {
    Some(match code {
        0 => return None,
        1 | 10 => Answer::of(Cause::Busy),
        5 => Answer::later(Cause::Unknown),
        2 | 3 | 6 | 12 => Answer::of(Cause::Content),
        7 => Answer::of(Cause::Blocked),
        33 => Answer::of(Cause::NoSuchAddress),
        4 | 8 | 9 | 11 | 14 | 15 | 22 | 23 | 29 | 32 => Answer::of(Cause::Configuration),
        _ => Answer::of(Cause::Unknown),
    })
}
