//! What mails are known by (B2, B7).

use uuid::Uuid;

use crate::directory::Directory;
use crate::mail::MailId;
use crate::model::{Digest, EntryPointId, MessageId, ProviderId};

/// Where own ids hold: one entry point of one organization.
pub(super) fn scope(directory: &Directory, entry_point: &EntryPointId) -> Vec<u8> {
    let organization = directory.organization().id().as_str().as_bytes();
    let length = (organization.len() as u64).to_be_bytes();
    [length.as_slice(), organization, entry_point.as_str().as_bytes()].concat()
}

/// B2: what a mail is known by beside what its provider calls it: its Message-ID, or where that is longer than an id may be, a
/// digest of it.
pub(super) fn name_of(id: &MailId) -> ProviderId {
    ProviderId::parse(id.as_str()).unwrap_or_else(|_| ProviderId::of_mail(Digest::of(&[id.as_str().as_bytes()])))
}

/// The message of ours whose bits an own id carries.
pub(super) fn own_message(bits: [u8; 16]) -> MessageId {
    Uuid::from_bytes(bits).into()
}
