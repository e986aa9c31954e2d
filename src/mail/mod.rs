//! Mail as it comes: headers, ids, automatic answers, bounces, HTML. Knows nothing of the domain.
//!
//! What strangers send is read here, so nothing here fails: every function answers whatever the bytes are, in time linear in
//! their number, and keeps a bounded part of them.

mod address;
mod date;
mod headers;
mod id;
mod own_id;
mod words;

pub use address::Mailbox;
pub use headers::{MailHeaders, ReturnPath, Sign};
pub use id::{MAX_MAIL_ID_BYTES, MAX_MAIL_IDS, MailId, NotAMailId};
pub use own_id::{KeyTooShort, NoRoom, OwnId, ThreadingKey, ThreadingKeys};
