//! Mail as it comes: headers, ids, automatic answers, bounces, HTML. Knows nothing of the domain.
//!
//! What strangers send is read here, so nothing here fails: every function answers whatever the bytes are, in time linear in
//! their number, and keeps a bounded part of them.

mod address;
mod automatic;
mod date;
pub mod file_name;
mod headers;
pub mod html;
mod id;
pub mod media_type;
#[cfg(feature = "mime")]
mod mime;
mod own_id;
mod parsed;
mod report;
mod words;

pub use address::Mailbox;
pub use automatic::{Automatic, AutomaticKind, automatic};
pub use headers::{MailHeaders, ReturnPath, Sign};
pub(crate) use id::ends_of;
pub use id::{MAX_MAIL_ID_BYTES, MAX_MAIL_IDS, MailId, NotAMailId};
#[cfg(feature = "mime")]
pub use mime::{MAX_MAIL_BYTES, read_mail};
pub use own_id::{KeyTooShort, NoRoom, OwnId, ThreadingKey, ThreadingKeys};
pub use parsed::{MailAttachment, ParsedMail, ReportPart};
pub use report::{
    Complaint, DeliveryAction, DeliveryReport, EnhancedStatus, ReadReceipt, Report, ReportedRecipient, report,
};
