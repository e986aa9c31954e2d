//! Raw mail, whatever the bytes are.

use outbound::mail::{Report, read_mail, report};
use proptest::prelude::*;

const BOUNCE: &str = "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nYour mail could not be delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; joe@x.com\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <sent1@shop.example>\r\nSubject: hello\r\n\r\nhello\r\n--b--\r\n";

#[test]
fn b7_a_raw_bounce_names_the_mail_that_came_back() {
    for raw in [
        BOUNCE.to_owned(),
        BOUNCE.replace("\r\n", "\n"),
        BOUNCE.replace("\r\n", "\r"),
        format!("From x Mon Jan  1 10:00:00 2024\n{BOUNCE}"),
        format!("\r\n   \r\n{BOUNCE}"),
    ] {
        let Some(Report::Delivery(told)) = report(&read_mail(raw.as_bytes())) else { panic!("{raw:?}") };
        assert_eq!(told.original_ids[0].as_str(), "sent1@shop.example");
        assert_eq!(told.recipients[0].address, "joe@x.com");
        assert!(told.is_standard && told.is_hard);
    }
}

#[test]
fn b7_a_text_without_headers_stays_a_text() {
    let mail = read_mail(b"\n\nhello joe,\nsubject: none\n");
    assert!(mail.headers.subject.is_none() && mail.text.contains("hello joe"), "{}", mail.text);
}

#[test]
fn r34_the_parts_of_a_mail_are_kept_and_told_apart() {
    let raw = b"Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: multipart/related; boundary=r\n\n--r\nContent-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n<p>Ol=E1 <img src=3D\"cid:logo@x\"></p>\n--r\nContent-Type: image/png; name=logo.png\nContent-ID: <logo@x>\nContent-Disposition: inline\nContent-Transfer-Encoding: base64\n\nAQID\n--r--\n--m\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=\"a b.pdf\"\n\n%PDF\n--m--\n";
    let mail = read_mail(raw);
    assert!(mail.text.contains("Ol\u{e1}"), "{}", mail.text);
    assert!(mail.html.as_ref().unwrap().contains("<p>Ol\u{e1}"));
    let files: Vec<_> = mail
        .attachments
        .iter()
        .map(|file| {
            (
                file.name.as_deref().unwrap_or(""),
                file.media_type.as_str(),
                file.content_id.as_deref(),
                file.is_inline,
                file.bytes.len(),
            )
        })
        .collect();
    assert_eq!(
        files,
        [("logo.png", "image/png", Some("logo@x"), true, 3), ("a b.pdf", "application/pdf", None, false, 4)]
    );
}

#[test]
fn b7_what_is_no_mail_is_text_and_what_nests_too_deep_is_cut() {
    assert_eq!(read_mail(b"").text, "");
    assert!(read_mail(b"\0\0\xff\xfe").headers.message_id.is_none());
    let nested = format!("Message-ID: <a1@x>\n{}", "Content-Type: message/rfc822\n\n".repeat(200_000));
    let mail = read_mail(nested.as_bytes());
    assert!(mail.is_cut);
    assert_eq!(mail.headers.message_id.unwrap().as_str(), "a1@x");
    assert!(!read_mail(b"Subject: a\0b\n\nte\0xt").text.contains('\0'));
}

proptest! {
    #[test]
    fn b7_any_bytes_are_a_mail(bytes in proptest::collection::vec(any::<u8>(), 0..800)) {
        let _ = report(&read_mail(&bytes));
    }

    #[test]
    fn b7_a_damaged_bounce_is_a_mail(cuts in proptest::collection::vec((0..700_usize, any::<u8>()), 0..20), end in 0..700_usize) {
        let mut bytes = BOUNCE.as_bytes().to_vec();
        for (at, byte) in cuts {
            if let Some(old) = bytes.get_mut(at) {
                *old = byte;
            }
        }
        bytes.truncate(end);
        let _ = report(&read_mail(&bytes));
    }
}
