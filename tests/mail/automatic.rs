//! B7: mail that no person wrote, and ordinary replies that are not to be taken for it.

use outbound::mail::{AutomaticKind, MailHeaders, automatic};

fn kind(pairs: &[(&str, &str)]) -> Option<(AutomaticKind, bool)> {
    let found = automatic(&MailHeaders::from_pairs(pairs.iter().copied()), &["care@shop.example"])?;
    assert!(!found.signs.is_empty());
    Some((found.kind, found.is_certain))
}

#[test]
fn b7_automatic_mail_is_recognised_by_its_headers() {
    use AutomaticKind::{AutoReply, Bulk, Generated, List, Loop, OutOfOffice};
    for (pairs, expected) in [
        (&[("Auto-Submitted", "auto-replied")][..], (AutoReply, true)),
        (&[("Auto-Submitted", "Auto-Replied (vacation); owner-email=\"a@b\"")], (AutoReply, true)),
        (&[("Auto-Submitted", "(comment) auto-generated")], (Generated, true)),
        (&[("Auto-Submitted", "auto-replied"), ("Subject", "Abwesenheitsnotiz: Rechnung")], (OutOfOffice, true)),
        (&[("Precedence", "auto_reply")], (AutoReply, true)),
        (&[("Precedence", "bulk")], (Bulk, false)),
        (&[("Precedence", "bulk"), ("Subject", "Out of Office: hello")], (OutOfOffice, true)),
        (&[("X-Autoreply", "yes")], (AutoReply, true)),
        (&[("X-Autorespond", "hello")], (AutoReply, true)),
        (&[("X-Auto-Response-Suppress", "All"), ("Subject", "Automatic reply: hello")], (AutoReply, true)),
        (&[("Return-Path", "<>")], (AutoReply, false)),
        (&[("Return-Path", "<>"), ("Subject", "Resposta automática: olá")], (AutoReply, true)),
        (&[("List-Id", "<list.example>")], (List, false)),
        (&[("List-Unsubscribe", "<mailto:x@y>")], (Bulk, false)),
        (&[("X-Apple-Action", "VACATION")], (AutoReply, true)),
        (&[("Subject", "AUTO: Doe, Joe is out of the office. (returning 05/01/2010)")], (OutOfOffice, true)),
        (&[("From", "Care <CARE@shop.example>")], (Loop, true)),
        (
            &[("From", "care@shop.example"), ("Auto-Submitted", "auto-replied"), ("Subject", "Out of office")],
            (Loop, true),
        ),
    ] {
        assert_eq!(kind(pairs), Some(expected), "{pairs:?}");
    }
}

#[test]
fn b7_absence_in_a_subject_alone_is_a_persons() {
    for subject in ["Re: AUTO: Joe is out of the office (returning 05/01)", "AUTO: our car is out of the office garage"]
    {
        assert_eq!(kind(&[("Subject", subject)]), None, "{subject}");
    }
}

#[test]
fn b7_no_ordinary_reply_is_taken_for_automatic() {
    for pairs in [
        &[("Auto-Submitted", "no")][..],
        &[("Auto-Submitted", "NO (a person); x=y")],
        &[("Auto-Submitted", "")],
        &[("X-Autoreply", "no")],
        &[("X-Auto-Response-Suppress", "DR, OOF, AutoReply")],
        &[("X-Auto-Response-Suppress", "All"), ("Subject", "Vacation in May")],
        &[("Subject", "Out of office")],
        &[("Subject", "Re: Automatic reply: hello"), ("X-Auto-Response-Suppress", "All")],
        &[("Precedence", "first-class")],
        &[("Return-Path", "<joe@x.com>"), ("From", "joe@x.com"), ("Subject", "Re: Out of Office")],
    ] {
        assert_eq!(kind(pairs), None, "{pairs:?}");
    }
}

#[test]
fn b7_a_newsletter_about_holidays_is_a_newsletter() {
    assert_eq!(
        kind(&[("List-Unsubscribe", "<mailto:x@y>"), ("Subject", "Vacation deals")]),
        Some((AutomaticKind::Bulk, false))
    );
    assert_eq!(kind(&[("List-Id", "<l>"), ("Subject", "Vacation")]), Some((AutomaticKind::List, false)));
}
