//! Mail servers: replies of SMTP (RFC 5321), enhanced status codes (RFC 3463 and its registry), actions of delivery
//! reports (RFC 3464).

use super::{Answer, Receipt, is};
use crate::model::{Cause, Status};

/// What the action of a delivery report says; none where the word is not known.
#[must_use]
pub fn status(action: &str) -> Option<Status> {
    Some(match action {
        _ if is(action, &["delayed", "relayed", "expanded"]) => Status::Sent,
        _ if is(action, &["delivered"]) => Status::Delivered,
        _ if is(action, &["failed"]) => Status::Failed,
        _ => return None,
    })
}

/// Why, by an enhanced status code such as `5.1.1` or a reply code such as `550`; unknown where it is neither.
#[must_use]
pub fn cause(code: &str) -> Cause {
    let code = code.trim();
    match Enhanced::read(code) {
        Some(enhanced) => enhanced.cause(),
        None => number(code).map_or(Cause::Unknown, cause_of_reply),
    }
}

/// A delivery report's action with its status; none where the action is not known.
#[must_use]
pub fn receipt(action: &str, code: Option<&str>) -> Option<Receipt> {
    Some(Receipt::of(status(action)?, code.map(cause), Cause::Unknown))
}

/// The "no" of a server's reply, such as `550 5.1.1 no such user`; none where it says yes, or is no reply.
///
/// A reply of class 4 asks for another attempt, one of class 5 forbids it, whatever its words.
///
/// ```
/// use outbound::model::Cause;
/// use outbound::port::provider::mail;
///
/// let full = mail::answer("452 4.2.2 The mailbox is full").unwrap();
/// assert_eq!((full.cause, full.transient), (Cause::Unreachable, true));
/// let policy = mail::answer("550 5.7.1 Message rejected").unwrap();
/// assert_eq!((policy.cause, policy.transient), (Cause::Blocked, false));
/// ```
#[must_use]
pub fn answer(reply: &str) -> Option<Answer> {
    let reply = reply.trim_start();
    let (code, rest) = reply.split_at_checked(3)?;
    if !(rest.is_empty() || rest.starts_with([' ', '-', '\r', '\n'])) {
        return None;
    }
    let code = number(code).filter(|code| (400..600).contains(code))?;
    let first = rest.trim_start_matches('-').split_whitespace().next().unwrap_or_default();
    let enhanced = Enhanced::read(first).filter(|enhanced| enhanced.class == code / 100);
    let cause = match enhanced.map(Enhanced::cause) {
        Some(Cause::Unknown) | None => cause_of_reply(code),
        Some(cause) => cause,
    };
    Some(Answer { cause, transient: code < 500 })
}

/// Up to three digits, and nothing else.
fn number(text: &str) -> Option<u16> {
    let digits = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// An enhanced status code.
#[derive(Clone, Copy)]
struct Enhanced {
    class: u16,
    subject: u16,
    detail: u16,
}

impl Enhanced {
    fn read(text: &str) -> Option<Self> {
        let mut numbers = text.splitn(3, '.').map(number);
        let mut next = || numbers.next().flatten();
        let code = Self { class: next()?, subject: next()?, detail: next()? };
        matches!(code.class, 2 | 4 | 5).then_some(code)
    }

    const fn cause(self) -> Cause {
        Cause::of_mail_status(self.class, self.subject, self.detail)
    }
}

const fn cause_of_reply(code: u16) -> Cause {
    match code {
        421 | 452 => Cause::Busy,
        450 => Cause::Unreachable,
        521 | 550 | 551 | 553 | 556 => Cause::NoSuchAddress,
        552 => Cause::Unreachable,
        432 | 454 | 530 | 534 | 535 | 538 => Cause::Configuration,
        _ => Cause::Unknown,
    }
}
