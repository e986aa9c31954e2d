//! What providers say, in the library's own words: for hosts that implement [`Delivery`](super::Delivery) and take in receipts.
//!
//! Each provider has up to four functions of the same names: `status` for the word of a receipt, `cause` for its code,
//! `receipt` for the two together, and `answer` for the "no" to an attempt. Providers add codes and split old ones; a
//! code that is not known here is never an error: the receipt's word or the HTTP status ([`http::answer`]) says the rest.
//!
//! ```
//! use outbound::model::{Cause, Status};
//! use outbound::port::provider::{http, twilio};
//!
//! let receipt = twilio::receipt("undelivered", Some(30005)).unwrap();
//! assert_eq!((receipt.status, receipt.cause), (Status::Failed, Some(Cause::NoSuchAddress)));
//!
//! let answer = twilio::answer(99_999).or_else(|| http::answer(503)).unwrap();
//! assert!(answer.transient);
//! ```

pub mod http;
pub mod mail;
pub mod messagebird;
pub mod sinch;
pub mod smpp;
pub mod twilio;
pub mod vonage;

use serde::{Deserialize, Serialize};

use crate::model::{Cause, Status};

/// A provider's receipt: how far a message got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Receipt {
    /// How far it got.
    pub status: Status,
    /// Why it got no further; told of a failure only.
    pub cause: Option<Cause>,
}

impl Receipt {
    /// A failure takes its cause from the code, and where that says nothing from the word.
    fn of(status: Status, coded: Option<Cause>, worded: Cause) -> Self {
        let cause = || coded.filter(|cause| *cause != Cause::Unknown).unwrap_or(worded);
        Self { status, cause: (status == Status::Failed).then(cause) }
    }
}

/// A provider's "no" to an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Answer {
    /// Why.
    pub cause: Cause,
    /// Whether another attempt may succeed.
    pub transient: bool,
}

impl Answer {
    /// As the cause has it.
    const fn of(cause: Cause) -> Self {
        Self { cause, transient: cause.passes_with_time() }
    }

    /// Not now, whatever the cause.
    const fn later(cause: Cause) -> Self {
        Self { cause, transient: true }
    }
}

/// The same word in whatever case.
fn is(word: &str, names: &[&str]) -> bool {
    names.iter().any(|name| word.trim().eq_ignore_ascii_case(name))
}
