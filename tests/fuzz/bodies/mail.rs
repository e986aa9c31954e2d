//! Mail: whole, its headers, its ids, its subject, bounces.

use outbound::mail::{
    MailHeaders, MailId, Mailbox, OwnId, ParsedMail, ReportPart, ThreadingKey, ThreadingKeys, automatic, file_name,
    media_type, read_mail,
};
use outbound::model::Subject;

use super::cursor::Cursor;

/// A whole mail is read, and what it is told.
pub fn mail(data: &[u8]) {
    let mail = read_mail(data);
    let _ = outbound::mail::report(&mail);
    let _ = automatic(&mail.headers, &["care@shop.example"]);
}

/// Headers alone, as bytes and as pairs.
pub fn headers(data: &[u8]) {
    let headers = MailHeaders::from_raw(data);
    let _ = automatic(&headers, &["care@shop.example"]);
    let _ = (headers.author(), headers.people().count(), headers.destinations().count());
    let mut words = data.splitn(3, |byte| *byte == b'\n');
    let pair = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let _ = MailHeaders::from_pairs([pair]);
}

/// Message-IDs and mailboxes in any text; what was found is found again alone.
pub fn mail_ids(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for id in MailId::all_in(&text) {
        assert_eq!(MailId::parse(id.as_str()).as_ref(), Ok(&id));
        assert_eq!(MailId::all_in(&format!("<{}>", id.as_str())), [id]);
    }
    let _ = Mailbox::all_in(&text);
    let _ = (file_name::check_file_name(&text), file_name::extension(&text));
    let _ = (media_type::essence(&text), media_type::image_type(data));
}

/// A bounce, in its fields and in words.
pub fn report(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let headers = MailHeaders::from_pairs([("From", "MAILER-DAEMON@x")]);
    for kind in ["message/delivery-status", "message/disposition-notification", "message/feedback-report"] {
        let part = ReportPart { media_type: kind.into(), text: text.clone() };
        let told = ParsedMail { headers: headers.clone(), report_parts: vec![part], ..ParsedMail::default() };
        let _ = outbound::mail::report(&told);
    }
    let _ = outbound::mail::report(&ParsedMail { headers, text, ..ParsedMail::default() });
}

/// A subject; normalised once is normalised for good.
pub fn subject(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(subject) = Subject::parse(&text) {
        assert_eq!(Subject::parse(subject.as_str()), Ok(subject));
    }
    if let Some(subject) = Subject::lenient(&text) {
        let once = subject.normalised();
        if let Some(again) = Subject::lenient(&once).filter(|_| once.chars().count() <= 255) {
            assert_eq!(again.normalised(), once);
        }
        let _ = (subject.is_forward(), subject.is_reply());
    }
}

/// Our own ids and reply addresses: nobody makes one, and what we make we know, in its own scope alone.
pub fn own_ids(data: &[u8]) {
    let Ok(key) = ThreadingKey::new(b"a secret of the fuzzers") else { panic!("a key of 23 bytes") };
    let keys = ThreadingKeys::new(key);
    let mut cursor = Cursor::new(data);
    let (id, scope) = (cursor.array(), cursor.text());
    let text = String::from_utf8_lossy(cursor.rest());
    let (here, there) = (scope.as_bytes(), format!("{scope}!"));
    let is_ours = |read: OwnId| matches!(read, OwnId::Ours(_));
    assert!(!is_ours(keys.read_reply_address(here, &text)), "a forged reply address: {text}");
    for found in MailId::all_in(&text).into_iter().chain(MailId::parse(&text)) {
        assert!(!is_ours(keys.read_message_id(here, &found)), "a forged id: {found:?}");
    }
    if let Some(own) = keys.message_id(here, id, &text) {
        assert_eq!(keys.read_message_id(here, &own), OwnId::Ours(id));
        assert!(!is_ours(keys.read_message_id(there.as_bytes(), &own)), "{own:?} holds elsewhere");
        assert_eq!(MailId::all_in(&format!("<{}>", own.as_str())), [own]);
    }
    if let Ok(address) = keys.reply_address(here, id, &text) {
        assert_eq!(keys.read_reply_address(here, &address), OwnId::Ours(id));
        assert!(!is_ours(keys.read_reply_address(there.as_bytes(), &address)), "{address} holds elsewhere");
    }
}
