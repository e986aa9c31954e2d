//! B7, B10: what mail systems report, by the standard and in words of their own.

use std::time::{Duration, Instant};

use outbound::mail::{
    DeliveryAction, DeliveryReport, EnhancedStatus, MailAttachment, MailHeaders, ParsedMail, Report, ReportPart, report,
};

fn mail(headers: &[(&str, &str)], text: &str, parts: &[(&str, &str)]) -> ParsedMail {
    let part =
        |(media_type, text): &(&str, &str)| ReportPart { media_type: (*media_type).into(), text: (*text).into() };
    ParsedMail {
        headers: MailHeaders::from_pairs(headers.iter().copied()),
        text: text.into(),
        report_parts: parts.iter().map(part).collect(),
        ..ParsedMail::default()
    }
}

#[track_caller]
fn delivery(mail: &ParsedMail) -> DeliveryReport {
    match report(mail) {
        Some(Report::Delivery(report)) => report,
        other => panic!("{other:?} is no delivery report"),
    }
}

fn status(text: &str) -> Option<EnhancedStatus> {
    text.parse().ok()
}

const DAEMON: (&str, &str) = ("From", "Mail Delivery System <MAILER-DAEMON@mx.example>");

/// A delivery-status part about one recipient.
fn fields(action: &str, code: &str, diagnostic: &str) -> String {
    format!(
        "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; Joe@x.com\nOriginal-Recipient: rfc822;joe@alias.com\nAction: {action}\nStatus: {code}\nDiagnostic-Code: smtp;\n {diagnostic}\n"
    )
}

#[test]
fn b7_a_standard_report_tells_recipient_status_and_original() {
    let returned = "Received: from x\nMessage-ID: <sent1@shop.example>\nSubject: hello\n\nbody";
    let text = fields("failed", "5.1.1 (bad)", "550 5.1.1 User unknown");
    let told = delivery(&mail(&[DAEMON], "sorry", &[("message/delivery-status", &text), ("message/rfc822", returned)]));
    assert_eq!(
        (told.action, told.status, told.is_hard, told.is_standard),
        (DeliveryAction::Failed, status("5.1.1"), true, true)
    );
    assert_eq!(told.recipients[0].address, "Joe@x.com");
    assert_eq!(told.recipients[0].original_address.as_deref(), Some("joe@alias.com"));
    assert_eq!(told.original_ids[0].as_str(), "sent1@shop.example");
    assert_eq!(told.diagnostic.as_deref(), Some("550 5.1.1 User unknown"));
}

#[test]
fn b7_what_is_hard_is_the_address_itself() {
    for (action, code, diagnostic, expected, hard) in [
        ("failed", "5.1.1", "", "5.1.1", true),
        ("failed", "5.2.1", "", "5.2.1", true),
        ("failed", "5.2.2", "mailbox full", "5.2.2", false),
        ("failed", "5.0.0", "550 Mailbox quota exceeded", "5.2.2", false),
        ("failed", "5.0.0", "550 user unknown", "5.1.1", true),
        ("failed", "5.0.0", "550 5.1.1 gone", "5.1.1", true),
        ("failed", "5.4.4", "host not found", "5.4.4", true),
        ("failed", "5.7.1", "spam refused", "5.7.1", false),
        ("failed", "5.6.0", "strange", "5.6.0", false),
        ("failed", "4.4.7", "expired", "4.4.7", false),
        ("delayed", "4.1.1", "user unknown", "4.1.1", false),
        ("delivered", "2.0.0", "250 ok", "2.0.0", false),
    ] {
        let told = delivery(&mail(&[DAEMON], "", &[("message/delivery-status", &fields(action, code, diagnostic))]));
        assert_eq!(
            (told.action.as_str(), told.status, told.is_hard),
            (action, status(expected), hard),
            "{code} {diagnostic}"
        );
    }
}

#[test]
fn b7_of_several_recipients_the_worst_counts() {
    let text = format!("{}\n{}", fields("delivered", "2.0.0", ""), fields("failed", "5.1.1", ""));
    let told = delivery(&mail(&[], "", &[("message/delivery-status", &text)]));
    assert_eq!((told.action, told.recipients.len()), (DeliveryAction::Failed, 2));
}

#[test]
fn b7_bounces_in_words_are_recognised() {
    let original =
        "\n\nReturn-Path: <care@shop.example>\nMessage-ID: <sent1@shop.example>\nFrom: care@shop.example\n\nhello";
    for (headers, text, action, code) in [
        (
            &[("From", "MAILER-DAEMON@x"), ("Subject", "failure notice")][..],
            "Hi. This is the qmail-send program at x.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<joe@x.com>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.",
            DeliveryAction::Failed,
            "5.1.1",
        ),
        (
            &[("From", "MAILER-DAEMON <>"), ("Subject", "Mail delivery failed"), ("X-Failed-Recipients", "joe@x.com")],
            "A message that you sent could not be delivered.\n\n  joe@x.com\n    mailbox is full: retry timeout exceeded",
            DeliveryAction::Failed,
            "5.2.2",
        ),
        (
            &[DAEMON, ("Subject", "Warning: could not send message for past 4 hours")],
            "Your message to joe@x.com has been delayed. It will be retried.",
            DeliveryAction::Delayed,
            "",
        ),
        (
            &[("From", "System Administrator <postmaster@x>"), ("Subject", "Undeliverable: hello")],
            "Your message did not reach the following recipient(s):\n\njoe@x.com on Thu\n The recipient name is not recognized",
            DeliveryAction::Failed,
            "5.1.1",
        ),
        (
            &[("From", "x@y"), ("Return-Path", "<>"), ("Subject", "Returned mail")],
            "joe@x.com: 550 5.1.1 unknown user",
            DeliveryAction::Failed,
            "5.1.1",
        ),
    ] {
        let told = delivery(&mail(headers, &format!("{text}{original}"), &[]));
        assert_eq!((told.action, told.is_standard), (action, false), "{text}");
        assert_eq!(told.status.map(|status| status.to_string()).unwrap_or_default(), code, "{text}");
        assert_eq!(told.recipients[0].address, "joe@x.com", "{text}");
        assert_eq!(told.original_ids[0].as_str(), "sent1@shop.example", "{text}");
    }
}

#[test]
fn b7_a_mail_system_without_a_name_is_known_by_how_it_writes() {
    let failed =
        "--- Non-Delivery Report ---\nThe email below could not be delivered to the following user:\n\njoe@x.com\n";
    for (headers, text) in [
        (&[("From", "E5_SMTP_Service@x"), ("Subject", "Returned Mail")][..], "Failed recipients: joe@x.com: no"),
        (&[("From", "virus.gateway@x"), ("Subject", "Delivery failure")], "It could not be delivered to joe@x.com"),
        (&[("From", "ndr@x"), ("Subject", "Mail delivery failed")], "It was not delivered to joe@x.com"),
        (&[("From", "MAILER-DAEMON@x"), ("Subject", "Processing Error")], "It was returned because of joe@x.com"),
        (&[("From", "admin@x"), ("Subject", "Non-Delivery: Your message")], failed),
        (&[("From", "no-reply@x"), ("Subject", "Undeliverable: hi")], "joe@x.com does not exist."),
    ] {
        let told = delivery(&mail(headers, text, &[]));
        assert_eq!((told.action, told.is_standard), (DeliveryAction::Failed, false), "{headers:?}");
        assert_eq!(told.recipients[0].address, "joe@x.com", "{headers:?}");
    }
    let silent =
        mail(&[("From", "MAILER-DAEMON@x")], "<joe@x.com>:", &[("message/rfc822", "Message-ID: <sent1@s>\n\n")]);
    assert_eq!(delivery(&silent).original_ids[0].as_str(), "sent1@s");
    let unsigned = [("From", "no-reply@x"), ("Return-Path", "<>"), ("Subject", "Mail")];
    let text = "Could not be delivered to: <joe@x.com>";
    assert_eq!(report(&mail(&unsigned, text, &[])), None);
    delivery(&mail(&unsigned, text, &[("message/rfc822", "Message-ID: <sent1@s>\n\n")]));
    for (headers, text) in [
        (&[("From", "joe@x.com"), ("Subject", "Re: Non-Delivery: Your message")][..], failed),
        (&[("From", "joe@x.com"), ("Subject", "Fwd: Undeliverable: hi")], failed),
        (&[("From", "joe@x.com"), ("Subject", "help")], failed),
        (&[("From", "joe@x.com"), ("Subject", "Undeliverable: hi")], "I got this back, it could not be delivered."),
        (
            &[("From", "no-reply@x"), ("Subject", "Your order")],
            "Your order has been delayed; it could not be delivered.",
        ),
        (&[("From", "sam.gateway@x"), ("Subject", "Invoice")], "That invoice does not exist."),
        (&[("From", "joe@x.com"), ("Subject", "Away")], "The old address does not exist."),
        (&[("From", "postmaster@x")], "A question."),
        (&[("From", "<>"), ("Subject", "Ticket by unknown user")], "A ticket by an unknown user."),
    ] {
        let returned = [("message/rfc822", "Message-ID: <sent1@s>\n\n")];
        assert_eq!(report(&mail(headers, text, &returned)), None, "{headers:?}");
    }
}

#[test]
fn b7_no_ordinary_reply_is_taken_for_a_bounce() {
    for (headers, text) in [
        (
            &[("From", "joe@x.com"), ("Subject", "Re: Undeliverable: hello")][..],
            "> could not be delivered, 550 5.1.1 user unknown",
        ),
        (
            &[("From", "joe@x.com"), ("Subject", "My parcel was not delivered")],
            "It could not be delivered, they say. Mailbox full?",
        ),
        (&[("From", "joe@x.com"), ("Subject", "delivery failed")], "why? error 550 in your shop"),
        (&[("From", "postmaster@x.com"), ("Subject", "Re: your question")], "Thanks, that works."),
        (&[("From", "joe@x.com"), ("Return-Path", "<>"), ("Subject", "Out of office")], "I am away until Monday."),
        (&[("From", "no-reply@shop.com"), ("Subject", "Your order")], "It will be delivered tomorrow."),
    ] {
        assert_eq!(report(&mail(headers, text, &[])), None, "{headers:?}");
    }
    let forwarded = mail(
        &[("From", "joe@x.com"), ("Subject", "look")],
        "see",
        &[("message/rfc822", "Subject: failure notice\n\nuser unknown")],
    );
    assert_eq!(report(&forwarded), None);
}

#[test]
fn b7_read_receipts_and_complaints_are_no_bounces() {
    let text = "Final-Recipient: rfc822;joe@x.com\nOriginal-Message-ID: <sent1@shop.example>\nDisposition: manual-action/MDN-sent-manually; displayed\n";
    let Some(Report::Read(read)) = report(&mail(&[], "", &[("message/disposition-notification", text)])) else {
        panic!()
    };
    assert!(read.is_read && read.recipient.as_deref() == Some("joe@x.com"));
    assert_eq!(read.original_ids[0].as_str(), "sent1@shop.example");
    let deleted = text.replace("displayed", "deleted");
    let Some(Report::Read(read)) = report(&mail(&[], "", &[("message/disposition-notification", &deleted)])) else {
        panic!()
    };
    assert!(!read.is_read);

    let text = "Feedback-Type: Abuse\nOriginal-Rcpt-To: <joe@x.com>\n";
    let Some(Report::Complaint(told)) = report(&mail(&[], "", &[("message/feedback-report", text)])) else { panic!() };
    assert_eq!((told.kind.as_str(), told.recipients), ("abuse", vec!["joe@x.com".to_owned()]));
}

#[test]
fn b7_a_report_can_be_written_down_and_prints_no_person() {
    let told =
        report(&mail(&[DAEMON], "", &[("message/delivery-status", &fields("failed", "5.1.1", "550 for joe@x.com"))]))
            .unwrap();
    let json = serde_json::to_string(&told).unwrap();
    assert!(json.contains(r#""status":"5.1.1""#), "{json}");
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), told);
    let printed = format!("{told:?}");
    assert!(!printed.to_lowercase().contains("joe"), "{printed}");
    for wrong in ["", "5", "5.1", "3.1.1", "5.1.1.1", "5.1111.1", "5.x.1"] {
        assert_eq!(status(wrong), None, "{wrong}");
    }
}

#[test]
fn b7_a_complaint_of_hotmails_is_known_by_its_subject() {
    let returned = "X-HmXmrOriginalRecipient: <joe@hotmail.example>\nMessage-ID: <sent1@shop.example>\n\nbody";
    let headers = [("From", "staff@hotmail.example"), ("Subject", "Complaint about message from 203.0.113.7")];
    let Some(Report::Complaint(told)) = report(&mail(&headers, "", &[("message/rfc822", returned)])) else {
        panic!("it is a complaint")
    };
    assert_eq!((told.kind.as_str(), told.recipients), ("abuse", vec!["joe@hotmail.example".to_owned()]));
    assert_eq!(told.original_ids[0].as_str(), "sent1@shop.example");
    let other = [headers[0], ("Subject", "About message from 203.0.113.7")];
    assert!(!matches!(report(&mail(&other, "", &[("message/rfc822", returned)])), Some(Report::Complaint(_))));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test measures how long it takes")]
fn b7_a_report_made_to_stall_is_read_in_time() {
    let recipients: String = (0..100).map(|n| format!("Final-Recipient: rfc822; {n}@example.com\n\n")).collect();
    let text = "words that say nothing, ".repeat(40_000);
    let begin = Instant::now();
    let report = delivery(&mail(&[DAEMON], &text, &[("message/delivery-status", &recipients)]));
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    assert_eq!((report.recipients.len(), report.status), (100, None));
    // What it says stands at its beginning, and counts for each recipient.
    let text = format!("user unknown\n{text}");
    let report = delivery(&mail(&[DAEMON], &text, &[("message/delivery-status", &recipients)]));
    assert!(report.recipients.iter().all(|recipient| recipient.status == status("5.1.1")));
}

#[test]
fn what_a_mail_says_is_not_shown_for_debugging() {
    let part = ReportPart { media_type: "message/rfc822".into(), text: "secret".into() };
    let file = MailAttachment {
        name: Some("secret.pdf".into()),
        media_type: "application/pdf".into(),
        bytes: b"secret".to_vec(),
        content_id: None,
        is_inline: false,
    };
    let text = "secret".to_owned();
    let told = ParsedMail {
        headers: MailHeaders::from_pairs([
            ("From", "secret@x.example"),
            ("Return-Path", "<secret@x.example>"),
            ("X-Autoreply", "secret"),
            ("Subject", "secret"),
        ]),
        html: Some(text.clone()),
        text,
        attachments: vec![file],
        report_parts: vec![part],
        ..ParsedMail::default()
    };
    let shown = format!("{told:?}");
    assert!(!shown.contains("secret"), "{shown}");
    assert!(shown.contains("application/pdf, 6 bytes") && shown.contains("message/rfc822, 6 bytes"), "{shown}");
    assert_eq!(format!("{:?}", told.headers.return_path), "Some(ReturnPath(•••))");
    let null = MailHeaders::from_pairs([("Return-Path", "<>")]);
    assert_eq!(format!("{:?}", null.return_path), "Some(ReturnPath(null))");
}
