//! What the status of an HTTP answer says, where the provider's own code says nothing.

use super::Answer;
use crate::model::Cause;

/// The "no" of an HTTP status; none where it says yes.
///
/// A redirect is a "no" too: nothing was taken where the request went. What the header `Retry-After` says goes into
/// [`SendResult::not_before`](crate::model::SendResult::not_before).
///
/// ```
/// use outbound::port::provider::http;
///
/// assert_eq!(http::answer(201), None);
/// assert!(http::answer(429).unwrap().transient && !http::answer(400).unwrap().transient);
/// ```
#[must_use]
pub const fn answer(status: u16) -> Option<Answer> {
    Some(match status {
        100..=299 => return None,
        401 | 402 | 403 | 407 => Answer::of(Cause::Configuration),
        429 => Answer::of(Cause::Busy),
        503 => Answer::of(Cause::Busy),
        408 | 409 | 423 | 425 | 500.. => Answer::later(Cause::Unknown),
        413 | 414 | 415 | 422 => Answer::of(Cause::Content),
        _ => Answer::of(Cause::Unknown),
    })
}
