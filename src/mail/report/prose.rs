//! Bounces in words only: recognised by who sent them and by what they say.

use super::phrases::{
    DAEMONS, DELAYS, FINALS, GATEWAYS, MACHINES, NAMES, OPENINGS, ORIGINALS, REPLIES, SENTENCES, SUBJECTS, SYSTEMS,
};
use super::status::{Why, guessed};
use super::{
    DeliveryAction, DeliveryReport, MAX_RECIPIENTS, ReportedRecipient, original_ids, returns_headers, shortened,
};
use crate::mail::address::Mailbox;
use crate::mail::headers::{MailHeaders, ReturnPath};
use crate::mail::parsed::ParsedMail;

/// How much of the text is looked at, in bytes.
const MAX_PROSE_BYTES: usize = 64 * 1024;

/// Within how many characters a report says what it is.
const MAX_OPENING_CHARS: usize = 400;

/// How many lines are tried as the begin of returned headers.
const MAX_TRIES: usize = 200;

/// A mail that says in words that another was not delivered.
///
/// Its sender must be a mail system, and it must speak of a failure: where its name, its own headers or the way it begins make
/// that only likely, both in its subject or a code and in its text. An ordinary reply has at most one of these.
pub(super) fn report(mail: &ParsedMail) -> Option<DeliveryReport> {
    let text = beginning(&mail.text);
    let told = before_original(text);
    let folded = told.to_lowercase();
    let subject = mail.headers.subject.as_deref().unwrap_or_default().to_lowercase();
    let words = Words::of(&subject, &folded, mail);
    let returns = mail.report_parts.iter().any(returns_headers);
    let speaks = match sender(&mail.headers) {
        Sender::Daemon => words.weight() > 0 || returns,
        Sender::System => words.weight() > 0,
        Sender::Nobody => words.in_both() || words.in_sentence && returns,
        Sender::Likely => words.in_both(),
        Sender::Unknown => words.in_both() && words.is_formal,
    };
    if !speaks {
        return None;
    }
    let action = if is_delay(&subject, &folded) { DeliveryAction::Delayed } else { DeliveryAction::Failed };
    let status = guessed(&Why::of(told), action).or_else(|| guessed(&Why::of(&subject), action));
    let recipients = recipients(mail, told);
    Some(DeliveryReport {
        action,
        status,
        is_hard: action == DeliveryAction::Failed && status.is_some_and(super::EnhancedStatus::is_hard),
        recipients: recipients
            .into_iter()
            .map(|address| ReportedRecipient { address, original_address: None, action, status })
            .collect(),
        original_ids: original_ids(mail, &[]),
        diagnostic: diagnostic(told).map(shortened),
        is_standard: false,
    })
}

pub(super) fn beginning(text: &str) -> &str {
    let mut end = MAX_PROSE_BYTES.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

/// How sure it is that a mail system wrote a mail.
enum Sender {
    /// It has the name that no person has.
    Daemon,
    /// It has a name of mail systems, or says so in its headers.
    System,
    /// Its own bounces go nowhere.
    Nobody,
    /// Nobody reads its answers, or part of its name is of machines.
    Likely,
    Unknown,
}

fn sender(headers: &MailHeaders) -> Sender {
    let authors: Vec<(String, String)> = headers.from.iter().chain(&headers.sender).map(folded_names).collect();
    let is_any = |test: &dyn Fn(&str, &str) -> bool| authors.iter().any(|(local, name)| test(local, name));
    if is_any(&|local, _| DAEMONS.iter().any(|daemon| local.contains(daemon))) {
        return Sender::Daemon;
    }
    let named = is_any(&|local, name| {
        SYSTEMS.contains(&local) || NAMES.iter().any(|system| name.contains(system) || local.contains(system))
    });
    let marked =
        headers.sign("x-failed-recipients").is_some() || headers.sign("x-ms-exchange-message-is-ndr").is_some();
    let multipart_report =
        headers.sign("content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("multipart/report"));
    if named || marked || multipart_report {
        return Sender::System;
    }
    let null = match &headers.return_path {
        Some(ReturnPath::Null) => true,
        Some(ReturnPath::Address(address)) => {
            address.to_ascii_lowercase().contains("mailer-daemon") || address.starts_with("#@")
        }
        None => false,
    };
    let machine = is_any(&|local, _| {
        MACHINES.contains(&local) || local.split(|c: char| !c.is_alphanumeric()).any(|word| GATEWAYS.contains(&word))
    });
    if null {
        return Sender::Nobody;
    }
    if machine { Sender::Likely } else { Sender::Unknown }
}

/// The local part and the name of an author.
fn folded_names(author: &Mailbox) -> (String, String) {
    let local = author.address.rsplit_once('@').map_or(author.address.as_str(), |(local, _)| local);
    (local.to_lowercase(), author.name.as_deref().unwrap_or_default().to_lowercase())
}

/// Where a mail speaks of a failure.
struct Words {
    in_subject: bool,
    in_sentence: bool,
    in_code: bool,
    in_header: bool,
    /// Whether it begins as only mail systems begin, under a subject that nobody answers by.
    is_formal: bool,
}

impl Words {
    fn of(subject: &str, folded: &str, mail: &ParsedMail) -> Self {
        let opening = folded.char_indices().nth(MAX_OPENING_CHARS).and_then(|(end, _)| folded.get(..end));
        let opening = opening.unwrap_or(folded);
        Self {
            in_subject: SUBJECTS.iter().any(|mark| subject.contains(mark)),
            in_sentence: SENTENCES.iter().any(|sentence| folded.contains(sentence)),
            in_code: folded.lines().any(has_reply_code),
            in_header: mail.headers.sign("x-failed-recipients").is_some(),
            is_formal: SUBJECTS.iter().any(|mark| subject.starts_with(mark))
                && OPENINGS.iter().any(|formula| opening.contains(formula)),
        }
    }

    fn weight(&self) -> usize {
        [self.in_subject, self.in_sentence, self.in_code, self.in_header].into_iter().filter(|said| *said).count()
    }

    fn in_both(&self) -> bool {
        self.in_header || self.in_sentence && (self.in_subject || self.in_code)
    }
}

/// Whether a line gives a failing SMTP reply, such as `550 5.1.1` or `said: 550 no such user`.
fn has_reply_code(line: &str) -> bool {
    let code =
        |word: &str| word.len() == 3 && word.starts_with(['4', '5']) && word.bytes().all(|byte| byte.is_ascii_digit());
    let enhanced = super::EnhancedStatus::find(line).is_some_and(|status| status.class() > 2);
    let mut words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    enhanced || (words.any(code) && REPLIES.iter().any(|reply| line.contains(reply)))
}

fn is_delay(subject: &str, folded: &str) -> bool {
    let delays = DELAYS.iter().any(|delay| subject.contains(delay) || folded.contains(delay));
    delays && !FINALS.iter().any(|end| folded.contains(end))
}

/// The recipients that the text speaks of: what the header names, else the addresses in it that the report was not sent to.
fn recipients(mail: &ParsedMail, told: &str) -> Vec<String> {
    let named = mail.headers.sign("x-failed-recipients").map(Mailbox::all_in).unwrap_or_default();
    if !named.is_empty() {
        return named.into_iter().map(|mailbox| mailbox.address).take(MAX_RECIPIENTS).collect();
    }
    let mut found: Vec<String> = Vec::new();
    let people: Vec<&Mailbox> = mail.headers.people().collect();
    for word in told.split(|c: char| c.is_whitespace() || "<>()[]\",;:='`".contains(c)) {
        let address = word.trim_matches(|c: char| !c.is_alphanumeric());
        let plausible = address
            .rsplit_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.') && address.len() <= 254);
        let is_new = !found.iter().any(|known| known.eq_ignore_ascii_case(address));
        if plausible && is_new && !people.iter().any(|person| person.is(address)) {
            found.push(address.to_owned());
            if found.len() == 10 {
                break;
            }
        }
    }
    found.truncate(1);
    found
}

/// The line that says why.
fn diagnostic(told: &str) -> Option<&str> {
    told.lines().map(str::trim).find(|line| has_reply_code(&line.to_lowercase())).or_else(|| {
        told.lines().map(str::trim).find(|line| {
            let folded = line.to_lowercase();
            SENTENCES.iter().any(|sentence| folded.contains(sentence))
        })
    })
}

/// The headers of the mail that came back, from inside the text of the report.
pub(super) fn returned_headers(text: &str) -> Option<MailHeaders> {
    let text = beginning(text);
    let mut tries = 0;
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\n') {
        if is_header_line(line) {
            tries += 1;
            let headers = MailHeaders::from_raw(unquoted(rest).as_bytes());
            if headers.message_id.is_some() {
                return Some(headers);
            }
            rest = rest.find("\n\n").or_else(|| rest.find("\n\r\n")).and_then(|at| rest.get(at + 1..)).unwrap_or("");
        } else {
            rest = after;
        }
        if tries > MAX_TRIES {
            break;
        }
    }
    None
}

/// What a report itself says, before the mail that it returns.
fn before_original(text: &str) -> &str {
    let folded = text.to_ascii_lowercase();
    let at = ORIGINALS.iter().filter_map(|mark| folded.find(mark)).filter(|at| *at > 40).min();
    let at = at.or_else(|| ["\nreturn-path: <", "\nreceived: from "].iter().filter_map(|mark| folded.find(mark)).min());
    at.and_then(|at| text.get(..at)).unwrap_or(text)
}

/// Whether a line begins headers: one of those that every mail has at its top.
fn is_header_line(line: &str) -> bool {
    let line = line.trim_start_matches(['>', ' ', '|', '\t']);
    let Some((name, _)) = line.split_once(':') else { return false };
    [
        "return-path",
        "received",
        "message-id",
        "from",
        "date",
        "to",
        "subject",
        "x-original-to",
        "delivered-to",
        "mime-version",
    ]
    .iter()
    .any(|header| name.trim_end().eq_ignore_ascii_case(header))
}

/// A block of text up to the first empty line, without the marks of a quotation.
fn unquoted(text: &str) -> String {
    let is_mark = |c: char| matches!(c, '>' | ' ' | '|' | '\t');
    let first = text.lines().next().unwrap_or_default();
    let indent: String = first.chars().take_while(|c| is_mark(*c)).collect();
    let mut block = String::new();
    for line in text.lines().take(300) {
        let bare = line.strip_prefix(indent.as_str()).unwrap_or_else(|| line.trim_start_matches('>'));
        if bare.trim().is_empty() {
            break;
        }
        block.push_str(bare);
        block.push('\n');
    }
    block
}
