//! Twilio: `MessageStatus`, and the error codes of its API and of its receipts.

use super::{Answer, Receipt, is};
use crate::model::{Cause, Status};

/// What a `MessageStatus` says; none where the word is not known.
#[must_use]
pub fn status(word: &str) -> Option<Status> {
    Some(match word {
        _ if is(word, &["accepted", "scheduled", "queued"]) => Status::Queued,
        _ if is(word, &["sending", "sent"]) => Status::Sent,
        _ if is(word, &["delivered"]) => Status::Delivered,
        _ if is(word, &["read"]) => Status::Read,
        _ if is(word, &["undelivered", "failed", "canceled"]) => Status::Failed,
        _ if is(word, &["receiving", "received"]) => Status::Received,
        _ => return None,
    })
}

/// Why, by an `ErrorCode`; unknown where the code is not known.
#[must_use]
pub fn cause(code: u32) -> Cause {
    known(code).unwrap_or_default()
}

/// A status callback; none where its word is not known.
#[must_use]
pub fn receipt(word: &str, code: Option<u32>) -> Option<Receipt> {
    Some(Receipt::of(status(word)?, code.map(cause), Cause::Unknown))
}

/// The "no" of an error code; none where the code is not known, and the HTTP status says the rest.
#[must_use]
pub fn answer(code: u32) -> Option<Answer> {
    known(code).map(Answer::of)
}

const fn known(code: u32) -> Option<Cause> {
    Some(match code {
        21610 => Cause::OptedOut,
        21211 | 21217 | 21421 | 21614 | 30005 | 30006 => Cause::NoSuchAddress,
        30003 | 30036 => Cause::Unreachable,
        30004 | 30007 | 30038 | 30450 => Cause::Blocked,
        21602 | 21605 | 21617 | 21619 | 30011 | 30019 => Cause::Content,
        // Credentials, trial accounts, senders and regions. 21612 speaks of the pair of sender and recipient, so it says
        // nothing against the recipient.
        20003 | 21212 | 21219 | 21408 | 21603 | 21606 | 21608 | 21612 => Cause::Configuration,
        30002 | 30010 | 30018 | 30024 | 30032 | 30034 | 30035 => Cause::Configuration,
        14107 | 20429 | 21611 | 30001 | 30017 | 30022 | 30023 | 30027 | 30410 | 63018 => Cause::Busy,
        30008 => Cause::Unknown,
        _ => return None,
    })
}
