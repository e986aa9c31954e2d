//! What providers say, in the library's own words: for hosts that implement [`Delivery`](super::Delivery) and take in receipts.
//!
//! Each provider has up to four functions of the same names: `status` for the word of a receipt, `cause` for its code,
//! `receipt` for the two together, and `answer` for the "no" to an attempt. Providers add codes and split old ones; a
//! code that is not known here is never an error: the receipt's word or the HTTP status ([`http::answer`]) says the rest.
//!
//! A receipt becomes the command that reports it, a "no" the answer to the attempt, each with the provider's own words:
//!
//! ```
//! use outbound::command::ReportDelivery;
//! use outbound::model::{Cause, EntryPointId, ProviderId, SendResult, Status};
//! use outbound::port::provider::{http, twilio};
//!
//! fn status_callback(number: EntryPointId, sid: ProviderId, word: &str, code: Option<u32>) -> Option<ReportDelivery> {
//!     twilio::receipt(word, code)?.report(number, sid, word)
//! }
//!
//! fn refused(status: u16, code: u32, text: &str) -> SendResult {
//!     match twilio::answer(code).or_else(|| http::answer(status)) {
//!         Some(answer) => answer.result(text),
//!         None => SendResult::transient(Cause::Unknown, text), // nobody knows whether it was taken
//!     }
//! }
//!
//! let report = status_callback("sms_care".parse()?, "SM1".parse()?, "undelivered", Some(30005)).unwrap();
//! assert_eq!((Status::from(report.status), report.problem.unwrap().cause()), (Status::Failed, Cause::NoSuchAddress));
//! assert!(matches!(refused(503, 99_999, "busy"), SendResult::Transient { .. }));
//! # Ok::<(), outbound::model::IdError>(())
//! ```

pub mod http;
pub mod mail;
pub mod messagebird;
pub mod sinch;
pub mod smpp;
pub mod twilio;
pub mod vonage;

use serde::{Deserialize, Serialize};

use crate::command::{ReceiptStatus, ReportDelivery};
use crate::model::{Cause, EntryPointId, Problem, ProviderId, SendResult, Status};

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

    /// The command that reports it, of what the provider behind an entry point calls so, in its own words; none where it says
    /// nothing of a message under way: that it waits at the provider, or that it came in.
    #[must_use]
    pub fn report(self, entry_point: EntryPointId, provider: ProviderId, text: &str) -> Option<ReportDelivery> {
        let problem = self.cause.map(|cause| Problem::new(cause, text));
        Some(ReportDelivery { entry_point, provider, status: ReceiptStatus::of(self.status)?, problem })
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

    /// The answer to the attempt, in the provider's own words.
    #[must_use]
    pub fn result(self, text: &str) -> SendResult {
        if self.transient { SendResult::transient(self.cause, text) } else { SendResult::permanent(self.cause, text) }
    }
}

/// The same word in whatever case.
fn is(word: &str, names: &[&str]) -> bool {
    names.iter().any(|name| word.trim().eq_ignore_ascii_case(name))
}
