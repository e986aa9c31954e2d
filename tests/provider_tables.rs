//! What providers say, in the library's own words (B10).

use outbound::command::{ReceiptStatus, ReportDelivery};
use outbound::model::{Cause, Problem, SendResult, Status};
use outbound::port::provider::smpp::ReceiptText;
use outbound::port::provider::{Answer, Receipt, http, mail, messagebird, sinch, smpp, twilio, vonage};
use proptest::prelude::*;

type Words = fn(&str) -> Option<Status>;

/// A status, and the words that say it.
type Row<'a> = (Option<Status>, &'a [&'a str]);

fn no(cause: Cause, transient: bool) -> Option<Answer> {
    Some(Answer { cause, transient })
}

fn failed(cause: Cause) -> Option<Receipt> {
    Some(Receipt { status: Status::Failed, cause: Some(cause) })
}

fn went(status: Status) -> Option<Receipt> {
    Some(Receipt { status, cause: None })
}

#[test]
fn b10_a_receipt_becomes_its_command_and_a_no_the_answer() {
    let report = |word: &str, code| twilio::receipt(word, code)?.report("sms".parse().ok()?, "SM1".parse().ok()?, word);
    let told = |status, problem| {
        Some(ReportDelivery { entry_point: "sms".parse().unwrap(), provider: "SM1".parse().unwrap(), status, problem })
    };
    assert_eq!(report("sent", None), told(ReceiptStatus::Sent, None));
    assert_eq!(report("delivered", None), told(ReceiptStatus::Delivered, None));
    assert_eq!(report("read", None), told(ReceiptStatus::Read, None));
    let dead = Problem::new(Cause::NoSuchAddress, "undelivered");
    assert_eq!(report("undelivered", Some(30005)), told(ReceiptStatus::Failed, Some(dead)));
    assert_eq!((report("queued", None), report("received", None)), (None, None), "nothing of a message under way");
    assert_eq!(ReceiptStatus::of(Status::Expired), None);

    let busy = Answer { cause: Cause::Busy, transient: true };
    assert_eq!(busy.result("later"), SendResult::transient(Cause::Busy, "later"));
    let blocked = Answer { cause: Cause::Blocked, transient: false };
    assert_eq!(blocked.result("never"), SendResult::permanent(Cause::Blocked, "never"));
}

#[test]
fn b10_the_words_of_receipts() {
    let tables: [(Words, &[Row<'_>]); 6] = [
        (
            twilio::status,
            &[
                (Some(Status::Queued), &["accepted", "scheduled", "queued", "Queued", " queued "]),
                (Some(Status::Sent), &["sending", "sent", "SENT"]),
                (Some(Status::Delivered), &["delivered"]),
                (Some(Status::Read), &["read"]),
                (Some(Status::Failed), &["undelivered", "failed", "canceled"]),
                (Some(Status::Received), &["receiving", "received"]),
                (None, &["", "unknown", "partially_delivered", "sent!"]),
            ],
        ),
        (
            vonage::status,
            &[
                (Some(Status::Sent), &["accepted", "buffered"]),
                (Some(Status::Delivered), &["delivered"]),
                (Some(Status::Failed), &["failed", "expired", "rejected"]),
                (None, &["unknown", "", "submitted"]),
            ],
        ),
        (
            sinch::status,
            &[
                (Some(Status::Queued), &["Queued"]),
                (Some(Status::Sent), &["Dispatched", "DISPATCHED"]),
                (Some(Status::Delivered), &["Delivered"]),
                (Some(Status::Failed), &["Failed", "Rejected", "Expired", "Aborted", "Deleted", "Cancelled"]),
                (None, &["Unknown", ""]),
            ],
        ),
        (
            messagebird::status,
            &[
                (Some(Status::Queued), &["scheduled"]),
                (Some(Status::Sent), &["sent", "buffered"]),
                (Some(Status::Delivered), &["delivered"]),
                (Some(Status::Failed), &["delivery_failed", "expired"]),
                (None, &["failed", ""]),
            ],
        ),
        (
            smpp::status,
            &[
                (Some(Status::Queued), &["SCHEDULED"]),
                (Some(Status::Sent), &["ENROUTE", "ACCEPTD", "acceptd"]),
                (Some(Status::Delivered), &["DELIVRD"]),
                (Some(Status::Failed), &["EXPIRED", "DELETED", "UNDELIV", "REJECTD", "SKIPPED"]),
                (None, &["UNKNOWN", "DELIVR", ""]),
            ],
        ),
        (
            mail::status,
            &[
                (Some(Status::Sent), &["delayed", "relayed", "expanded"]),
                (Some(Status::Delivered), &["Delivered"]),
                (Some(Status::Failed), &["failed"]),
                (None, &["", "bounced"]),
            ],
        ),
    ];
    for (status, rows) in tables {
        for (expected, words) in rows {
            for word in *words {
                assert_eq!(status(word), *expected, "{word}");
            }
        }
    }
}

#[test]
fn b10_twilios_codes() {
    use Cause::*;
    let table: [(Cause, &[u32]); 8] = [
        (OptedOut, &[21610]),
        (NoSuchAddress, &[21211, 21614, 21217, 21421, 30005, 30006]),
        (Unreachable, &[30003, 30036]),
        (Blocked, &[30004, 30007, 30038, 30450]),
        (Content, &[21617, 21605, 21602, 21619, 30011, 30019]),
        (
            Configuration,
            &[20003, 21212, 21219, 21408, 21603, 21606, 21608, 21612, 30002, 30010, 30018, 30024, 30032, 30034, 30035],
        ),
        (Busy, &[21611, 30001, 20429, 14107, 30017, 30022, 30023, 30027, 30410, 63018]),
        (Unknown, &[30008]),
    ];
    for (cause, codes) in table {
        for code in codes {
            assert_eq!(twilio::cause(*code), cause, "{code}");
            assert_eq!(twilio::answer(*code), no(cause, matches!(cause, Unreachable | Busy)), "{code}");
        }
    }
    assert_eq!((twilio::cause(0), twilio::cause(21_000), twilio::cause(u32::MAX)), (Unknown, Unknown, Unknown));
    assert_eq!((twilio::answer(0), twilio::answer(21_000)), (None, None), "the HTTP status says the rest");
}

#[test]
fn b10_vonages_codes() {
    use Cause::*;
    let receipts: [(Cause, &[u16]); 8] = [
        (OptedOut, &[9, 53]),
        (NoSuchAddress, &[3]),
        (Unreachable, &[2, 7, 8, 12, 15]),
        (Blocked, &[4, 6, 13, 14, 50, 51, 52, 54]),
        (Content, &[10]),
        (Configuration, &[11]),
        (Busy, &[16]),
        (Unknown, &[0, 1, 5, 99, 17, u16::MAX]),
    ];
    for (cause, codes) in receipts {
        for code in codes {
            assert_eq!(vonage::cause(*code), cause, "{code}");
        }
    }
    let answers: [(Cause, bool, &[u16]); 6] = [
        (Busy, true, &[1, 10]),
        (Unknown, true, &[5]),
        (Content, false, &[2, 3, 6, 12]),
        (Blocked, false, &[7]),
        (NoSuchAddress, false, &[33]),
        (Configuration, false, &[4, 8, 9, 11, 14, 15, 22, 23, 29, 32]),
    ];
    for (cause, transient, codes) in answers {
        for code in codes {
            assert_eq!(vonage::answer(*code), no(cause, transient), "{code}");
        }
    }
    assert_eq!((vonage::answer(0), vonage::answer(77)), (None, no(Unknown, false)));
}

#[test]
fn b10_codes_of_sinch_and_messagebird() {
    use Cause::*;
    let sinch_codes: [(Cause, &[u16]); 5] = [
        (Unreachable, &[404, 406]),
        (Blocked, &[408]),
        (Content, &[405, 411]),
        (Configuration, &[402, 410, 412, 413]),
        (Unknown, &[0, 400, 401, 403, 407, 409, 414, u16::MAX]),
    ];
    for (cause, codes) in sinch_codes {
        for code in codes {
            assert_eq!(sinch::cause(*code), cause, "{code}");
        }
    }
    let messagebird_codes: [(Cause, &[u16]); 6] = [
        (OptedOut, &[103]),
        (NoSuchAddress, &[1, 11]),
        (Unreachable, &[5, 6, 27, 31, 32, 33]),
        (Blocked, &[9, 12, 13, 21]),
        (Busy, &[34]),
        (Unknown, &[0, 2, 35, 36, 104, u16::MAX]),
    ];
    for (cause, codes) in messagebird_codes {
        for code in codes {
            assert_eq!(messagebird::cause(*code), cause, "{code}");
        }
    }
    for (code, expected) in [
        (2, no(Configuration, false)),
        (25, no(Configuration, false)),
        (9, no(Content, false)),
        (10, no(Content, false)),
        (21, no(Content, false)),
        (99, no(Unknown, true)),
        (20, None),
        (0, None),
    ] {
        assert_eq!(messagebird::answer(code), expected, "{code}");
    }
}

#[test]
fn b10_smpps_states_and_answers() {
    use Cause::*;
    let states = [
        (0, Some(Status::Queued)),
        (1, Some(Status::Sent)),
        (2, Some(Status::Delivered)),
        (3, Some(Status::Failed)),
        (4, Some(Status::Failed)),
        (5, Some(Status::Failed)),
        (6, Some(Status::Sent)),
        (7, None),
        (8, Some(Status::Failed)),
        (9, Some(Status::Failed)),
        (10, None),
        (255, None),
    ];
    for (state, expected) in states {
        assert_eq!(smpp::word(state).and_then(smpp::status), expected, "{state}");
    }
    assert_eq!(smpp::word(7), Some("UNKNOWN"));
    let answers: [(Cause, bool, &[u32]); 7] = [
        (NoSuchAddress, false, &[0x0b]),
        (Busy, true, &[0x14, 0x58]),
        (Content, false, &[0x01, 0x02, 0x06, 0x07, 0x42, 0x43, 0x61, 0x62, 0xc0, 0xc4]),
        (Configuration, false, &[0x0a, 0x0d, 0x0e, 0x0f, 0x15, 0x48, 0x49, 0x50, 0x51, 0x53]),
        (Unknown, true, &[0x04, 0x08, 0x45, 0x64]),
        (Blocked, false, &[0x66]),
        (Unknown, false, &[0x65, 0xff, 0x400, u32::MAX]),
    ];
    for (cause, transient, codes) in answers {
        for code in codes {
            assert_eq!(smpp::answer(*code), no(cause, transient), "{code:#x}");
        }
    }
    assert_eq!(smpp::answer(0), None);
}

#[test]
fn b10_a_code_that_nobody_knows_leaves_the_word_to_say_it() {
    assert_eq!(twilio::receipt("undelivered", Some(39_999)), failed(Cause::Unknown));
    assert_eq!(twilio::receipt("undelivered", None), failed(Cause::Unknown));
    assert_eq!(twilio::receipt("failed", Some(21610)), failed(Cause::OptedOut));
    assert_eq!(twilio::receipt("delivered", Some(30003)), went(Status::Delivered), "a cause is of a failure");
    assert_eq!(twilio::receipt("levitating", Some(30003)), None);
    assert_eq!(vonage::receipt("expired", Some(1)), failed(Cause::Unreachable));
    assert_eq!(vonage::receipt("rejected", Some(0)), failed(Cause::Blocked));
    assert_eq!(vonage::receipt("rejected", Some(9)), failed(Cause::OptedOut));
    assert_eq!(vonage::receipt("failed", Some(777)), failed(Cause::Unknown));
    assert_eq!(vonage::receipt("unknown", Some(1)), None);
    assert_eq!(sinch::receipt("Expired", None), failed(Cause::Unreachable));
    assert_eq!(sinch::receipt("Rejected", None), failed(Cause::Blocked));
    assert_eq!(sinch::receipt("Aborted", Some(411)), failed(Cause::Content));
    assert_eq!(sinch::receipt("Dispatched", Some(401)), went(Status::Sent));
    assert_eq!(messagebird::receipt("expired", None), failed(Cause::Unreachable));
    assert_eq!(messagebird::receipt("delivery_failed", Some(103)), failed(Cause::OptedOut));
    assert_eq!(messagebird::receipt("delivery_failed", Some(9_999)), failed(Cause::Unknown));
    assert_eq!(smpp::receipt("EXPIRED"), failed(Cause::Unreachable));
    assert_eq!(smpp::receipt("REJECTD"), failed(Cause::Blocked));
    assert_eq!(smpp::receipt("UNDELIV"), failed(Cause::Unknown));
    assert_eq!(smpp::receipt("DELIVRD"), went(Status::Delivered));
    assert_eq!(smpp::receipt("UNKNOWN"), None);
    assert_eq!(mail::receipt("failed", Some("5.1.1")), failed(Cause::NoSuchAddress));
    assert_eq!(mail::receipt("failed", Some("what")), failed(Cause::Unknown));
    assert_eq!(mail::receipt("delayed", Some("4.4.7")), went(Status::Sent));
}

#[test]
fn b10_receipts_of_appendix_b_as_networks_write_them() {
    let read = |text: &str| ReceiptText::read(text).map(|read| (read.id.unwrap_or_default(), read.stat, read.err));
    let told = |id: &str, stat: &str, err: Option<&str>| Some((id.to_owned(), stat.to_owned(), err.map(str::to_owned)));
    let whole =
        "id:0123456789 sub:001 dlvrd:000 submit date:2603011200 done date:260301120159 stat:UNDELIV err:034 text:Hello";
    let receipt = ReceiptText::read(whole).unwrap();
    assert_eq!((receipt.submitted, receipt.delivered), (Some(1), Some(0)));
    assert_eq!(receipt.submit_date.as_deref(), Some("2603011200"));
    assert_eq!(receipt.done_date.as_deref(), Some("260301120159"));
    assert_eq!(read(whole), told("0123456789", "UNDELIV", Some("034")));
    for (text, expected) in [
        ("id:a-b-c stat:DELIVRD", told("a-b-c", "DELIVRD", None)),
        ("ID:7 STAT:DELIVRD ERR:000 Text:x", told("7", "DELIVRD", Some("000"))),
        ("stat:EXPIRED id:9", told("9", "EXPIRED", None)),
        ("stat:REJECTD err:", told("", "REJECTD", None)),
        ("id:1\tstat:DELIVRD\r\ntext:", told("1", "DELIVRD", None)),
        // The customer's own words are no fields.
        ("id:1 stat:DELIVRD text:stat:UNDELIV id:2", told("1", "DELIVRD", None)),
        ("id:1 sub:001 text:stat:DELIVRD", None),
        ("id:1 sub:001 text: stat:DELIVRD", None),
        // A name begins a word.
        ("id:1 laststat:UNDELIV stat:DELIVRD", told("1", "DELIVRD", None)),
        ("msgid:5 stat:DELIVRD", told("", "DELIVRD", None)),
        ("id:1 stat:", None),
        ("", None),
        ("Hello, where is my order?", None),
        ("id:é stat:ñ", told("é", "ñ", None)),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
    assert_eq!(ReceiptText::read("sub:-1 dlvrd:99999999999 stat:DELIVRD").unwrap().submitted, None);
    let far = format!("{} stat:DELIVRD", "x".repeat(5_000));
    assert_eq!(ReceiptText::read(&far), None, "a receipt is a short message");
    let long = ReceiptText::read(&format!("stat:DELIVRD id:{}", "7".repeat(1_000_000))).unwrap();
    assert!(long.id.unwrap().len() <= 1024);
}

#[test]
fn b10_enhanced_codes_and_replies_of_mail_servers() {
    use Cause::*;
    let codes: [(Cause, &[&str]); 7] = [
        (
            NoSuchAddress,
            &[
                "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1", "5.4.4", "5.7.17", "5.7.18", "550",
                "551", "553", "556", "521",
            ],
        ),
        (
            Unreachable,
            &[
                "4.1.1", "4.2.1", "4.2.2", "5.2.2", "4.3.2", "4.4.1", "4.4.2", "4.4.4", "4.4.7", "5.4.7", "450", "552",
                " 4.2.2 ",
            ],
        ),
        (Blocked, &["5.7.1", "4.7.1", "5.7.0", "5.7.509", "5.7.2"]),
        (Content, &["5.2.3", "5.3.4", "5.3.3", "5.6.0", "5.6.7"]),
        (Configuration, &["5.1.7", "5.1.8", "5.7.8", "5.7.11", "5.7.23", "5.7.26", "530", "535"]),
        (Busy, &["4.3.1", "4.4.5", "4.5.3", "4.7.28", "421", "452"]),
        (
            Unknown,
            &[
                "5.0.0", "5.1.0", "2.1.5", "451", "554", "", "5", "5.1", "5.1.1.1", "6.1.1", "x.y.z", "5.1.1234",
                "+5.1.1", "5.-1.1", "５.1.1", "55", "5500",
            ],
        ),
    ];
    for (cause, texts) in codes {
        for text in texts {
            assert_eq!(mail::cause(text), cause, "{text}");
        }
    }
}

#[test]
fn b10_whole_replies_of_mail_servers() {
    use Cause::*;
    for (reply, expected) in [
        ("550 5.1.1 <x@example.com>: no such user", no(NoSuchAddress, false)),
        ("550-5.1.1 The email account does not exist\r\n550 5.1.1 try again", no(NoSuchAddress, false)),
        ("550 5.7.1 rejected as spam", no(Blocked, false)),
        ("550 no such user", no(NoSuchAddress, false)),
        ("450 4.1.1 unverified", no(Unreachable, true)),
        ("451 4.7.1 greylisted, come back", no(Blocked, true)),
        ("452 4.2.2 mailbox full", no(Unreachable, true)),
        ("552 5.3.4 too big", no(Content, false)),
        ("421 too many connections", no(Busy, true)),
        ("451 local error", no(Unknown, true)),
        ("554 transaction failed", no(Unknown, false)),
        // A code that says nothing leaves it to the reply, and so does one of another class.
        ("550 5.0.0 gone", no(NoSuchAddress, false)),
        ("450 5.7.1 what now", no(Unreachable, true)),
        ("  535", no(Configuration, false)),
        ("250 2.1.5 ok", None),
        ("354 go on", None),
        ("5501 5.1.1", None),
        ("55é 5.1.1", None),
        ("no", None),
        ("", None),
        ("600 nobody", None),
    ] {
        assert_eq!(mail::answer(reply), expected, "{reply}");
    }
}

#[test]
fn b10_http_statuses() {
    use Cause::*;
    for (status, expected) in [
        (200, None),
        (202, None),
        (299, None),
        (302, no(Unknown, false)),
        (400, no(Unknown, false)),
        (401, no(Configuration, false)),
        (402, no(Configuration, false)),
        (403, no(Configuration, false)),
        (404, no(Unknown, false)),
        (408, no(Unknown, true)),
        (409, no(Unknown, true)),
        (413, no(Content, false)),
        (422, no(Content, false)),
        (425, no(Unknown, true)),
        (429, no(Busy, true)),
        (500, no(Unknown, true)),
        (502, no(Unknown, true)),
        (503, no(Busy, true)),
        (504, no(Unknown, true)),
        (0, no(Unknown, false)),
    ] {
        assert_eq!(http::answer(status), expected, "{status}");
    }
}

#[test]
fn b10_receipts_are_written_down() {
    let receipt = twilio::receipt("failed", Some(21610));
    let json = serde_json::to_string(&receipt).unwrap();
    assert_eq!(json, r#"{"status":"failed","cause":"opted_out"}"#);
    assert_eq!(serde_json::from_str::<Option<Receipt>>(&json).unwrap(), receipt);
}

proptest! {
    #[test]
    fn b10_nothing_that_a_provider_says_is_too_strange(word in any::<String>(), code in any::<u32>(), short in any::<u16>()) {
        for status in [twilio::status, vonage::status, sinch::status, messagebird::status, smpp::status, mail::status] as [Words; 6] {
            let _ = status(&word);
        }
        for receipt in [
            twilio::receipt("failed", Some(code)),
            vonage::receipt("failed", Some(short)),
            sinch::receipt("failed", Some(short)),
            messagebird::receipt("delivery_failed", Some(short)),
            mail::receipt("failed", Some(&word)),
        ] {
            let told = receipt.is_some_and(|receipt| receipt.status == Status::Failed && receipt.cause.is_some());
            prop_assert!(told);
        }
        let _ = mail::answer(&word);
        for answer in [twilio::answer(code), vonage::answer(short), messagebird::answer(short), smpp::answer(code), http::answer(short)] {
            prop_assert!(answer.is_none_or(|answer| answer.transient || !answer.cause.passes_with_time()));
        }
    }

    #[test]
    fn b10_any_receipts_text_ends_with_an_answer(
        fields in prop::collection::vec(prop_oneof![
            "(id|sub|dlvrd|submit date|done date|stat|err|text|STAT):[ -~é\u{2028}]{0,8} ",
            any::<String>(),
        ], 0..12),
    ) {
        let text = fields.concat();
        if let Some(read) = ReceiptText::read(&text) {
            prop_assert!(!read.stat.is_empty() && !read.stat.contains(char::is_whitespace));
            prop_assert!(text.contains(&read.stat));
        }
        let _ = mail::answer(&text);
    }
}
