//! Bounces in words only: recognised by who sent them and by what they say.

use super::status::guessed;
use super::{DeliveryAction, DeliveryReport, MAX_RECIPIENTS, ReportedRecipient, original_ids, shortened};
use crate::mail::address::Mailbox;
use crate::mail::headers::{MailHeaders, ReturnPath};
use crate::mail::parsed::ParsedMail;

/// How much of the text is looked at, in bytes.
const MAX_PROSE_BYTES: usize = 64 * 1024;

/// How many lines are tried as the begin of returned headers.
const MAX_TRIES: usize = 200;

/// A mail that says in words that another was not delivered.
///
/// Its sender must be a mail system (by its name, by the null sender or by its own headers), and it must speak of a failure, in
/// its subject or its text; an ordinary reply has at most one of the two.
pub(super) fn report(mail: &ParsedMail) -> Option<DeliveryReport> {
    let text = beginning(&mail.text);
    let told = before_original(text);
    let folded = told.to_lowercase();
    let subject = mail.headers.subject.as_deref().unwrap_or_default().to_lowercase();
    let by_system = sender(&mail.headers);
    let about = words(&subject, &folded, mail);
    if by_system == 0 || about == 0 || by_system + about < 3 {
        return None;
    }
    let action = if is_delay(&subject, &folded) { DeliveryAction::Delayed } else { DeliveryAction::Failed };
    let status = guessed(told, action).or_else(|| guessed(&subject, action));
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

fn beginning(text: &str) -> &str {
    let mut end = MAX_PROSE_BYTES.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

/// How far the sender is a mail system: 2 where its name says so, 1 where something else does.
fn sender(headers: &MailHeaders) -> u8 {
    let authors = headers.from.iter().chain(&headers.sender);
    let named = authors.into_iter().any(|author| {
        let local = author.address.rsplit_once('@').map_or(author.address.as_str(), |(local, _)| local).to_lowercase();
        let name = author.name.as_deref().unwrap_or_default().to_lowercase();
        SYSTEMS.iter().any(|system| local == *system)
            || NAMES.iter().any(|system| name.contains(system) || local.contains(system))
    });
    let marked =
        headers.sign("x-failed-recipients").is_some() || headers.sign("x-ms-exchange-message-is-ndr").is_some();
    let null = match &headers.return_path {
        Some(ReturnPath::Null) => true,
        Some(ReturnPath::Address(address)) => {
            address.to_ascii_lowercase().contains("mailer-daemon") || address.starts_with("#@")
        }
        None => false,
    };
    let multipart_report =
        headers.sign("content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("multipart/report"));
    let machine = headers.author().is_some_and(|author| {
        let folded = author.address.to_ascii_lowercase();
        MACHINES.iter().any(|machine| folded.starts_with(machine))
    });
    if named || marked || multipart_report { 2 } else { u8::from(null || machine) }
}

/// How far the words speak of a failure: subject, sentence and code each count.
fn words(subject: &str, folded: &str, mail: &ParsedMail) -> u8 {
    let subject = SUBJECTS.iter().any(|mark| subject.contains(mark));
    let sentence = SENTENCES.iter().any(|sentence| folded.contains(sentence));
    let code = folded.lines().any(has_reply_code);
    let failed = mail.headers.sign("x-failed-recipients").is_some();
    u8::from(subject) + 2 * u8::from(sentence) + u8::from(code) + 2 * u8::from(failed)
}

/// Whether a line gives a failing SMTP reply, such as `550 5.1.1` or `said: 550 no such user`.
fn has_reply_code(line: &str) -> bool {
    let code =
        |word: &str| word.len() == 3 && word.starts_with(['4', '5']) && word.bytes().all(|byte| byte.is_ascii_digit());
    let enhanced = super::EnhancedStatus::find(line).is_some_and(|status| status.class() > 2);
    let mut words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    enhanced || (words.any(code) && REPLIES.iter().any(|reply| line.contains(reply)))
}

const REPLIES: &[&str] = &["said", "smtp", "error", "rejected", "refused", "unknown", "mailbox", "user", "denied"];

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

/// Local parts of mail systems.
const SYSTEMS: &[&str] = &[
    "mailer-daemon",
    "post_master",
    "post-master",
    "mailerdaemon",
    "mailer_daemon",
    "mail-daemon",
    "maildaemon",
    "postmaster",
    "mdaemon",
    "mailsystem",
    "mail-system",
    "mail-delivery",
    "mailer",
    "mmdf",
    "uucp",
    "smtp",
    "bounce",
    "bounces",
    "mailadmin",
    "postoffice",
    "mta",
    "mailhub",
];

/// What addresses begin with that nobody reads.
const MACHINES: &[&str] = &["no-reply@", "noreply@", "no_reply@", "donotreply@", "do-not-reply@"];

/// What names and local parts of mail systems hold.
const NAMES: &[&str] = &[
    "mail delivery",
    "mailer-daemon",
    "mailer daemon",
    "delivery subsystem",
    "mail system",
    "system administrator",
    "mail administrator",
    "postmaster",
    "microsoft exchange",
    "delivery system",
    "internet mail delivery",
    "mail deliver",
    "mail transport",
    "mail router",
    "message delivery",
    "mailsystem",
    "mail server",
    "email server",
    "delivery notification",
    "delivery status",
    "delivery agent",
    "undeliverable",
    "mailer_daemon",
    "postoffice",
    "post office",
    "mail gateway",
    "messaging server",
    "mail notification",
    "mailadministrator",
    "administrateur système",
];

/// What subjects of bounces hold.
const SUBJECTS: &[&str] = &[
    "undeliver",
    "delivery status notification",
    "delivery failure",
    "delivery report",
    "failure notice",
    "returned mail",
    "mail delivery",
    "delivery failed",
    "delivery has failed",
    "delivery problem",
    "delivery error",
    "delivery notification",
    "could not be delivered",
    "couldn't be delivered",
    "not delivered",
    "non-delivery",
    "nondeliverable",
    "non delivery",
    "not deliverable",
    "returned to sender",
    "return to sender",
    "mail system error",
    "mail error",
    "mail failure",
    "mail failed",
    "message delayed",
    "delayed mail",
    "delivery delay",
    "delay notification",
    "warning: could not send",
    "could not send",
    "failed mail",
    "failed delivery",
    "failure delivery",
    "user unknown",
    "unknown user",
    "unknown recipient",
    "unzustellbar",
    "nicht zustellbar",
    "zustellung",
    "non remis",
    "non délivré",
    "échec de la remise",
    "échec de remise",
    "no se puede entregar",
    "no entregado",
    "error de entrega",
    "não entregue",
    "não foi possível entregar",
    "falha na entrega",
    "falha de entrega",
    "mancato recapito",
    "mancata consegna",
    "niet bezorgd",
    "onbestelbaar",
    "недостав",
    "не доставлен",
    "退信",
    "配信",
    "送信エラー",
    "メールエラー",
    "bounced",
    "bounce",
];

/// What the text of a bounce says.
const SENTENCES: &[&str] = &[
    "could not be delivered",
    "couldn't be delivered",
    "cannot be delivered",
    "can't be delivered",
    "can not be delivered",
    "wasn't able to deliver",
    "was not able to deliver",
    "unable to deliver",
    "undeliverable",
    "not be delivered",
    "was not delivered",
    "wasn't delivered",
    "has not been delivered",
    "not yet been delivered",
    "did not reach the following",
    "delivery to the following",
    "delivery failed",
    "delivery has failed",
    "delivery of your message",
    "failed to deliver",
    "failed permanently",
    "permanent fatal errors",
    "fatal errors",
    "transcript of session",
    "transcript of the session",
    "session transcript",
    "user unknown",
    "unknown user",
    "no such user",
    "mailbox is full",
    "mailbox full",
    "over quota",
    "quota exceeded",
    "following addresses had",
    "following address failed",
    "following address(es) failed",
    "following recipients",
    "following recipient(s)",
    "recipient was rejected",
    "recipients was rejected",
    "created automatically by mail delivery",
    "returned to the sender",
    "returned to you",
    "returning message to sender",
    "message is being returned",
    "message was returned",
    "being returned",
    "returned below",
    "delivery error",
    "delivery problem",
    "problem delivering",
    "error delivering",
    "recipient address rejected",
    "message could not be",
    "mail could not be",
    "message cannot be",
    "email could not be",
    "host unknown",
    "host not found",
    "domain not found",
    "could not send",
    "cannot send",
    "failed recipient",
    "delivery attempt",
    "could not deliver",
    "couldn't deliver",
    "message will be retried",
    "still being retried",
    "delivery delayed",
    "has been delayed",
    "was rejected",
    "has been rejected",
    "rejected your message",
    "was blocked",
    "is not deliverable",
    "not deliverable",
    "non-deliverable",
    "nondelivery",
    "non-delivery",
    "permanent error",
    "permanent failure",
    "temporary failure",
    "address not found",
    "address couldn't be found",
    "does not exist",
    "doesn't exist",
    "not listed in",
    "no longer valid",
    "konnte nicht zugestellt",
    "nicht zugestellt werden",
    "n'a pas pu être",
    "n'a pas été remis",
    "no se pudo entregar",
    "no ha podido ser",
    "não pôde ser entregue",
    "não foi possível entregar",
    "non è stato possibile",
    "не может быть доставлено",
    "не доставлено",
    "配信できません",
    "送信できません",
    "無法",
    "无法投递",
];

/// What says that it is tried again.
const DELAYS: &[&str] = &[
    "delayed",
    "delivery delay",
    "will be retried",
    "will keep trying",
    "still being retried",
    "still trying",
    "not yet been delivered",
    "not yet delivered",
    "will continue to be attempted",
    "do not need to resend",
    "you do not need to",
    "this is a warning message only",
    "this is only a warning",
    "warning: could not send",
    "attempts to deliver the message will continue",
    "will try again",
    "temporarily deferred",
    "will continue trying",
    "retry again",
    "delivery will be attempted",
];

/// What says that it is over, even where delays are spoken of.
const FINALS: &[&str] = &[
    "permanent",
    "given up",
    "giving up",
    "gave up",
    "failed permanently",
    "could not be delivered after",
    "has been returned",
    "fatal error",
    "too long in queue",
    "retry timeout exceeded",
];

/// What stands before the mail that came back.
const ORIGINALS: &[&str] = &[
    "--- below this line is a copy of the message",
    "this is a copy of the message",
    "this is a copy of your message",
    "original message follows",
    "--- returned message",
    "----- original message",
    "---- original message",
    "--original message",
    "unsent message below",
    "message header follows",
    "your original message",
    "message text follows",
    "original message -----",
    "original message headers",
    "message headers follow",
    "the header of the original message",
    "headers of the original",
    "copy of the original message",
    "--- undelivered message follows",
    "received message follows",
    "start of returned message",
    "returned message follows",
    "body of message generated response",
    "content of your message",
    "----- message header",
    "--- the original message",
    "here is your original",
    "original mail",
    "the message that caused",
    "first 20k of message",
];
