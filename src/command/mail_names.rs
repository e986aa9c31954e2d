//! What mails are known by (B2, B7).

use std::borrow::Cow;

use uuid::Uuid;

use crate::mail::MailId;
use crate::model::{Digest, EmailAddress, MessageId, ProviderId};

/// B2: what a mail is known by beside what its provider calls it: its Message-ID, or where that is longer than an id may be, a
/// digest of it.
pub(super) fn name_of(id: &MailId) -> ProviderId {
    ProviderId::parse(id.as_str()).unwrap_or_else(|_| ProviderId::of_mail(Digest::of(&[id.as_str().as_bytes()])))
}

/// The message of ours whose bits an own id carries.
pub(super) fn own_message(bits: [u8; 16]) -> MessageId {
    Uuid::from_bytes(bits).into()
}

/// An address of ours as headers have it: other letters than ASCII behind the `@` are in ASCII there.
pub(super) fn in_ascii(sender: &str) -> Cow<'_, str> {
    if sender.is_ascii() {
        return sender.into();
    }
    EmailAddress::parse(sender).map_or_else(|_| sender.into(), |address| address.for_sending().into_owned().into())
}
