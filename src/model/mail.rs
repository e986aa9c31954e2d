//! What is kept of an e-mail beside what it says, and by which ids a reply to ours finds its way back (B7).

use serde::{Deserialize, Serialize};

use super::address::{Address, EmailAddress};
use super::evidence::Binding;
use crate::mail::{Automatic, MailHeaders, MailId, Report, ends_of};

/// The most ids of earlier mails that one mail of ours names: the first, and the newest.
pub const MAX_REFERENCES: usize = 20;

/// The most bytes of these ids together, beside the newest: mail systems refuse headers that are much longer.
const MAX_REFERENCE_BYTES: usize = 2_000;

/// The most people of one mail who are kept.
pub const MAX_PEOPLE: usize = 50;

/// What the headers of an e-mail that came in said, and what was made of it (B7).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MailTrace {
    /// Where it belongs, how sure that is, and why.
    #[serde(default)]
    pub binding: Binding,
    /// Why it is taken for automatic, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic: Option<Automatic>,
    /// What it reports about a mail of ours, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
    /// Its Message-ID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MailId>,
    /// The mails before it, the oldest first, as far as a reply names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<MailId>,
    /// Whom it was addressed or copied to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<EmailAddress>,
}

impl MailTrace {
    /// What is kept of headers.
    pub(crate) fn of(headers: &MailHeaders) -> Self {
        let people = headers.to.iter().chain(&headers.cc).take(MAX_PEOPLE);
        Self {
            message_id: headers.message_id.clone(),
            references: within(ends_of(&headers.references).chain(ends_of(&headers.in_reply_to))),
            people: people.filter_map(|person| EmailAddress::parse(&person.address).ok()).collect(),
            ..Self::default()
        }
    }

    /// Whether the mail was addressed or copied to somebody.
    pub(crate) fn went_to(&self, address: &Address) -> bool {
        self.people.iter().any(|person| Address::Email(person.clone()).key() == address.key())
    }
}

/// The mail that an e-mail of ours answers (B7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// Its Message-ID.
    pub message_id: MailId,
    /// That and the mails before it, the oldest first.
    pub references: Vec<MailId>,
}

impl Answers {
    /// The mail with a Message-ID, after others.
    pub(crate) fn to(message_id: MailId, before: &[MailId]) -> Self {
        let references = within(before.iter().chain([&message_id]));
        Self { message_id, references }
    }
}

/// By which ids a reply to an e-mail of ours finds its way back (B7).
///
/// In a header each id stands in angle brackets, which a [`MailId`] is shown without: `Message-ID: <{id}>`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MailIds {
    /// The Message-ID that it is to have: one that nobody else can make. None without keys; then the provider makes one, and tells
    /// it by [`SendResult::known_as`](super::SendResult::known_as).
    pub message_id: Option<MailId>,
    /// The mail that it answers, for In-Reply-To.
    pub in_reply_to: Option<MailId>,
    /// The mails before it, the oldest first, for References.
    pub references: Vec<MailId>,
    /// An address that replies may be sent to, for Reply-To, where the host's mail system takes in `local+token@domain`.
    pub reply_to: Option<String>,
}

/// The first id and the newest ones, each once, in their order.
fn within<'a>(ids: impl Iterator<Item = &'a MailId>) -> Vec<MailId> {
    let mut all: Vec<&MailId> = Vec::new();
    for id in ids {
        if !all.contains(&id) {
            all.push(id);
        }
    }
    let Some((first, rest)) = all.split_first() else { return Vec::new() };
    let mut room = MAX_REFERENCE_BYTES.saturating_sub(first.as_str().len());
    let mut newest: Vec<&MailId> = Vec::new();
    for id in rest.iter().rev().take(MAX_REFERENCES - 1) {
        // The very newest is what is answered.
        if !newest.is_empty() && id.as_str().len() > room {
            break;
        }
        room = room.saturating_sub(id.as_str().len());
        newest.push(id);
    }
    [*first].into_iter().chain(newest.into_iter().rev()).cloned().collect()
}
