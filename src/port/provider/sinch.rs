//! Sinch: the status and code of a delivery report. What it refuses at once it tells by HTTP status
//! ([`http::answer`](super::http::answer)).

use super::{Receipt, is};
use crate::model::{Cause, Status};

/// What the status of a delivery report says; none for `Unknown`, and where the word is not known.
#[must_use]
pub fn status(word: &str) -> Option<Status> {
    Some(match word {
        _ if is(word, &["queued"]) => Status::Queued,
        _ if is(word, &["dispatched"]) => Status::Sent,
        _ if is(word, &["delivered"]) => Status::Delivered,
        _ if is(word, &["failed", "rejected", "expired", "aborted", "deleted", "cancelled"]) => Status::Failed,
        _ => return None,
    })
}

/// Why, by the code of a delivery report; unknown where the code is not known.
#[must_use]
pub const fn cause(code: u16) -> Cause {
    match code {
        404 | 406 => Cause::Unreachable,
        408 => Cause::Blocked,
        405 | 411 => Cause::Content,
        // An unroutable message speaks of the route as well as of the number, so it says nothing against the recipient.
        402 | 410 | 412 | 413 => Cause::Configuration,
        _ => Cause::Unknown,
    }
}

/// A delivery report; none where its word says nothing.
#[must_use]
pub fn receipt(word: &str, code: Option<u16>) -> Option<Receipt> {
    let worded = match word {
        _ if is(word, &["expired"]) => Cause::Unreachable,
        _ if is(word, &["rejected"]) => Cause::Blocked,
        _ => Cause::Unknown,
    };
    Some(Receipt::of(status(word)?, code.map(cause), worded))
}
