//! What mails are known by (B2, B7).

use uuid::Uuid;

use crate::mail::MailId;
use crate::model::{Digest, MessageId, ProviderId};

/// B2: what a mail is known by beside what its provider calls it: its Message-ID, or where that is longer than an id may be, a
/// digest of it.
pub(super) fn name_of(id: &MailId) -> ProviderId {
    ProviderId::parse(id.as_str()).unwrap_or_else(|_| ProviderId::of_mail(Digest::of(&[id.as_str().as_bytes()])))
}

/// The message of ours whose bits an own id carries.
pub(super) fn own_message(bits: [u8; 16]) -> MessageId {
    Uuid::from_bytes(bits).into()
}
