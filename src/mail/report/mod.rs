//! What mail systems report about a mail: that it bounced, waits, arrived, was read, or annoyed somebody (RFC 3464, 8098, 5965).
//!
//! What real servers send without these standards is recognised by who sent it and by what it says.

mod fields;
mod phrases;
mod prose;
mod status;

use serde::{Deserialize, Serialize};

use super::address::Mailbox;
use super::headers::MailHeaders;
use super::id::MailId;
use super::parsed::{ParsedMail, ReportPart};
use super::words::{decode_words, first};
use fields::Fields;
pub use status::EnhancedStatus;
use status::Why;

/// How many recipients of one report are kept.
const MAX_RECIPIENTS: usize = 100;

/// How much of a diagnostic text is kept, in characters.
const MAX_DIAGNOSTIC_CHARS: usize = 1_000;

/// What a mail system, or somebody's mail program, reports about a mail of ours.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Report {
    /// How far it got.
    Delivery(DeliveryReport),
    /// Whether it was read.
    Read(ReadReceipt),
    /// Somebody complained about it.
    Complaint(Complaint),
}

/// How far a mail got.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DeliveryReport {
    /// The worst that happened to any recipient.
    pub action: DeliveryAction,
    /// Why, by the code of RFC 3463: reported, or guessed from the words.
    pub status: Option<EnhancedStatus>,
    /// Whether the address itself is at fault, so that nothing more should be sent to it.
    pub is_hard: bool,
    /// To whom it was not, or was, delivered.
    pub recipients: Vec<ReportedRecipient>,
    /// The Message-IDs of the mail that this is about, the likeliest first.
    pub original_ids: Vec<MailId>,
    /// What the last server said.
    pub diagnostic: Option<String>,
    /// Whether it follows RFC 3464; else it was recognised by its words.
    pub is_standard: bool,
}

/// What happened to a mail; ordered, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryAction {
    /// It will not be delivered.
    Failed,
    /// It was not delivered yet, and is tried again.
    Delayed,
    /// It was handed to a system that reports nothing.
    Relayed,
    /// It was handed to several addresses.
    Expanded,
    /// It was delivered.
    Delivered,
}

/// What is reported about one recipient.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReportedRecipient {
    /// The address as the last server knew it.
    pub address: String,
    /// The address that the mail was sent to, where that is told.
    pub original_address: Option<String>,
    /// What happened.
    pub action: DeliveryAction,
    /// Why.
    pub status: Option<EnhancedStatus>,
}

/// Somebody's mail program says that a mail was shown, or thrown away unread.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReadReceipt {
    /// Whether it was shown.
    pub is_read: bool,
    /// By whom.
    pub recipient: Option<String>,
    /// The Message-IDs of the mail that this is about.
    pub original_ids: Vec<MailId>,
}

/// Somebody called a mail spam, or wants no more of them.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Complaint {
    /// What they call it: `abuse`, `opt-out`, `fraud`, …
    pub kind: String,
    /// Who, where that is told.
    pub recipients: Vec<String>,
    /// The Message-IDs of the mail that this is about.
    pub original_ids: Vec<MailId>,
}

impl DeliveryAction {
    /// The action's name as RFC 3464 writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Delayed => "delayed",
            Self::Relayed => "relayed",
            Self::Expanded => "expanded",
            Self::Delivered => "delivered",
        }
    }

    fn read(text: &str) -> Option<Self> {
        let word: String = text.trim().chars().take_while(char::is_ascii_alphabetic).collect();
        Some(match word.to_ascii_lowercase().as_str() {
            "failed" | "failure" | "fail" | "error" => Self::Failed,
            "delayed" | "delay" | "deferred" => Self::Delayed,
            "relayed" => Self::Relayed,
            "expanded" => Self::Expanded,
            "delivered" | "deliverable" => Self::Delivered,
            _ => return None,
        })
    }
}

impl Report {
    /// The Message-IDs of the mail that it is about, the likeliest first.
    #[must_use]
    pub fn original_ids(&self) -> &[MailId] {
        match self {
            Self::Delivery(delivery) => &delivery.original_ids,
            Self::Read(receipt) => &receipt.original_ids,
            Self::Complaint(complaint) => &complaint.original_ids,
        }
    }
}

/// What a mail reports, if it is a report.
#[must_use]
pub fn report(mail: &ParsedMail) -> Option<Report> {
    let part = |kinds: &[&str]| mail.report_parts.iter().find(|part| kinds.contains(&part.media_type.as_str()));
    if let Some(part) = part(&["message/feedback-report"]) {
        return Some(Report::Complaint(complaint(mail, part)));
    }
    if let Some(part) = part(&["message/disposition-notification", "message/global-disposition-notification"]) {
        return Some(Report::Read(read_receipt(mail, part)));
    }
    let delivery = part(&["message/delivery-status", "message/global-delivery-status", "message/delivery_status"]);
    if let Some(report) = delivery.and_then(|part| standard(mail, &part.text)) {
        return Some(Report::Delivery(report));
    }
    if let Some(complaint) = hotmail_complaint(mail) {
        return Some(Report::Complaint(complaint));
    }
    prose::report(mail).map(Report::Delivery)
}

/// Hotmail's complaints, older than the standard: the mail itself, under a subject of its own.
fn hotmail_complaint(mail: &ParsedMail) -> Option<Complaint> {
    let subject = mail.headers.subject.as_deref().unwrap_or_default().to_ascii_lowercase();
    let returned = mail.report_parts.iter().find(|part| returns_headers(part))?;
    subject.starts_with("complaint about message from").then(|| {
        let told = Fields::blocks(&returned.text);
        let to = told.first().and_then(|block| block.get(&["x-hmxmroriginalrecipient"]));
        let recipients = to.map(Mailbox::all_in).unwrap_or_default();
        Complaint {
            kind: "abuse".into(),
            recipients: recipients.into_iter().map(|mailbox| mailbox.address).collect(),
            original_ids: original_ids(mail, &[]),
        }
    })
}

/// RFC 3464: blocks of fields, of which the first is about the mail and each other about a recipient.
fn standard(mail: &ParsedMail, text: &str) -> Option<DeliveryReport> {
    let blocks = Fields::blocks(text);
    let per_recipient =
        |block: &&Fields| block.get(&["action", "status", "final-recipient", "original-recipient"]).is_some();
    let about: Vec<&Fields> = blocks.iter().filter(per_recipient).take(MAX_RECIPIENTS).collect();
    if about.is_empty() {
        return None;
    }
    let diagnostic =
        about.iter().find_map(|block| block.get(&["diagnostic-code", "x-diagnostic-code", "x-supplementary-info"]));
    let words = format!("{}\n{}", diagnostic.unwrap_or_default(), prose::beginning(&mail.text));
    let why = Why::of(&words);
    let recipients: Vec<ReportedRecipient> = about.iter().map(|block| recipient(block, &why)).collect();
    let action = recipients.iter().map(|recipient| recipient.action).min()?;
    let status =
        recipients.iter().filter(|recipient| recipient.action == action).find_map(|recipient| recipient.status);
    let diagnostic = diagnostic.map(status::without_type);
    Some(DeliveryReport {
        action,
        status,
        is_hard: action == DeliveryAction::Failed && status.is_some_and(EnhancedStatus::is_hard),
        recipients: recipients.into_iter().filter(|recipient| !recipient.address.is_empty()).collect(),
        original_ids: original_ids(mail, &blocks),
        diagnostic: diagnostic.map(shortened),
        is_standard: true,
    })
}

fn recipient(block: &Fields, why: &Why<'_>) -> ReportedRecipient {
    let told = block.get(&["status"]).and_then(EnhancedStatus::find);
    let own = block.get(&["diagnostic-code"]).map(Why::of);
    let said = own.as_ref().unwrap_or(why);
    let action = block.get(&["action"]).and_then(DeliveryAction::read);
    let action = action.unwrap_or(match told.map(EnhancedStatus::class) {
        Some(2) => DeliveryAction::Delivered,
        Some(4) => DeliveryAction::Delayed,
        _ => DeliveryAction::Failed,
    });
    let original_address = block.get(&["original-recipient"]).map(address_of).filter(|address| !address.is_empty());
    let address =
        block.get(&["final-recipient", "x-actual-recipient"]).map(address_of).filter(|address| !address.is_empty());
    let address = address.or_else(|| original_address.clone()).unwrap_or_default();
    ReportedRecipient { address, original_address, action, status: status::refined(told, said, action) }
}

/// The address behind its type, `rfc822; joe@example.com`.
fn address_of(field: &str) -> String {
    let bare = field.split_once(';').map_or(field, |(_, address)| address);
    Mailbox::all_in(bare).into_iter().next().map(|mailbox| mailbox.address).unwrap_or_default()
}

fn shortened(text: &str) -> String {
    first(MAX_DIAGNOSTIC_CHARS, decode_words(text).trim()).into()
}

/// The ids of the mail that a report is about: from its fields, from the headers that it returns, from its own headers.
fn original_ids(mail: &ParsedMail, blocks: &[Fields]) -> Vec<MailId> {
    let fields = ["original-message-id", "x-original-message-id", "message-id", "x-sender-message-id"];
    let told = blocks.iter().filter_map(|block| block.get(&fields)).flat_map(MailId::all_in);
    let returned = mail.report_parts.iter().filter(|part| returns_headers(part)).filter_map(returned_id);
    let inside = prose::returned_headers(&mail.text).and_then(|headers| headers.message_id);
    let own = mail.headers.in_reply_to.iter().chain(mail.headers.references.iter().rev()).cloned();
    let mut ids: Vec<MailId> = Vec::new();
    for id in told.chain(returned).chain(inside).chain(own.take(10)) {
        if !ids.contains(&id) && Some(&id) != mail.headers.message_id.as_ref() {
            ids.push(id);
        }
    }
    ids
}

fn returns_headers(part: &ReportPart) -> bool {
    matches!(
        part.media_type.as_str(),
        "message/rfc822"
            | "text/rfc822-headers"
            | "message/rfc822-headers"
            | "message/global"
            | "message/global-headers"
            | "text/rfc822"
    )
}

fn returned_id(part: &ReportPart) -> Option<MailId> {
    let text = part.text.trim_start();
    MailHeaders::from_raw(text.as_bytes()).message_id.or_else(|| prose::returned_headers(text)?.message_id)
}

fn read_receipt(mail: &ParsedMail, part: &ReportPart) -> ReadReceipt {
    let blocks = Fields::blocks(&part.text);
    let get = |names: &[&str]| blocks.iter().find_map(|block| block.get(names));
    let disposition = get(&["disposition"]).unwrap_or_default().to_ascii_lowercase();
    ReadReceipt {
        is_read: ["displayed", "processed", "dispatched"].iter().any(|word| disposition.contains(word))
            && !disposition.contains("deleted"),
        recipient: get(&["final-recipient", "original-recipient"])
            .map(address_of)
            .filter(|address| !address.is_empty()),
        original_ids: original_ids(mail, &blocks),
    }
}

fn complaint(mail: &ParsedMail, part: &ReportPart) -> Complaint {
    let blocks = Fields::blocks(&part.text);
    let kind = blocks.iter().find_map(|block| block.get(&["feedback-type"])).unwrap_or("abuse");
    let recipients = blocks.iter().flat_map(|block| block.all("original-rcpt-to")).flat_map(Mailbox::all_in);
    Complaint {
        kind: kind.trim().to_ascii_lowercase().chars().take(40).collect(),
        recipients: recipients.map(|mailbox| mailbox.address).take(MAX_RECIPIENTS).collect(),
        original_ids: original_ids(mail, &blocks),
    }
}

macro_rules! print_without_people {
    ($($type:ident { $($field:ident),* })*) => {$(
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($type))$(.field(stringify!($field), &self.$field))*.finish_non_exhaustive()
            }
        }
    )*};
}

print_without_people! {
    DeliveryReport { action, status, is_hard, recipients, original_ids, is_standard }
    ReportedRecipient { action, status }
    ReadReceipt { is_read, original_ids }
    Complaint { kind, original_ids }
}
