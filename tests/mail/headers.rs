//! Headers, folded and encoded as they come.

use std::time::{Duration, Instant};

use outbound::mail::{MailHeaders, Mailbox, ReturnPath};
use proptest::prelude::*;

fn subject(raw: impl AsRef<[u8]>) -> String {
    MailHeaders::from_pairs([("Subject", raw)]).subject.unwrap_or_default()
}

#[test]
fn b7_subjects_are_decoded_as_far_as_they_go() {
    for (raw, expected) in [
        ("Hello", "Hello"),
        (" folded\r\n over lines", "folded over lines"),
        ("=?UTF-8?Q?Ol=C3=A1?=", "Olá"),
        ("=?utf-8?b?T2zDoQ==?=", "Olá"),
        ("=?utf-8?b?T2zDoQ?=", "Olá"),
        ("=?iso-8859-1?Q?Ol=E1_mundo?=", "Olá mundo"),
        ("=?windows-1252?q?=80_20?=", "€ 20"),
        ("Re: =?utf-8?q?a?= =?utf-8?q?b?= c", "Re: ab c"),
        ("=?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "€"),
        ("=?utf-8*pt?q?a?=", "a"),
        ("=?nonsense?q?Ol=E1?=", "Olá"),
        ("=?utf-8?q?=C3?=", "Ã"),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("=?utf-8?q?no end", "=?utf-8?q?no end"),
        ("=?utf-8?b?!!!?= x", "=?utf-8?b?!!!?= x"),
        ("=?utf-8?q?a_b?=tail", "a btail"),
        ("=?utf-8?q?new=0Aline?=", "newline"),
        ("a=?b", "a=?b"),
    ] {
        assert_eq!(subject(raw), expected, "{raw}");
    }
    assert_eq!(subject(b"Ol\xe1"), "Olá", "bare 8-bit");
    assert_eq!(subject("Olá"), "Olá", "bare UTF-8");
    assert_eq!(subject(b"nul\0byte"), "nulbyte");
}

#[cfg(feature = "mime")]
#[test]
fn b7_subjects_in_the_alphabets_of_asia_are_decoded() {
    assert_eq!(subject("=?gb2312?B?u9i4tDog1qc=?="), "回复: 支");
    assert_eq!(subject("=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?="), "日本");
}

#[test]
fn b7_addresses_are_read_as_far_as_they_go() {
    let cases: [(&str, &[(&str, &str)]); 13] = [
        ("joe@x.com", &[("", "joe@x.com")]),
        ("Joe <joe@x.com>, \"Smith, Ann\" <ann@x.com>", &[("Joe", "joe@x.com"), ("Smith, Ann", "ann@x.com")]),
        ("joe@x.com (Joe (the) Plumber)", &[("Joe (the) Plumber", "joe@x.com")]),
        ("=?utf-8?q?Jo=C3=A3o?= <joao@x.com>", &[("João", "joao@x.com")]),
        ("Friends: a@x.com, b@x.com;, c@x.com", &[("", "a@x.com"), ("", "b@x.com"), ("", "c@x.com")]),
        ("undisclosed-recipients:;", &[]),
        ("<>", &[]),
        ("\"a \\\" b\" <q@x.com>", &[("a \" b", "q@x.com")]),
        ("<@relay.com,@other.com:joe@x.com>", &[("", "joe@x.com")]),
        ("<mailto:joe@x.com>", &[("", "joe@x.com")]),
        ("Joe <joe@x.com", &[("Joe", "joe@x.com")]),
        ("MAILER-DAEMON", &[("", "MAILER-DAEMON")]),
        ("\"unclosed <joe@x.com>", &[("", "<joe@x.com>")]),
    ];
    for (raw, expected) in cases {
        let read = Mailbox::all_in(raw);
        let read: Vec<_> =
            read.iter().map(|mailbox| (mailbox.name.as_deref().unwrap_or(""), mailbox.address.as_str())).collect();
        assert_eq!(read, expected, "{raw}");
    }
    assert_eq!(Mailbox::all_in(&"a@x.com,".repeat(10_000)).len(), 200);
}

#[test]
fn b7_a_raw_mail_gives_its_headers_whatever_ends_its_lines() {
    let lines = [
        "From someone Mon Jan  1 00:00:00 2024",
        "Return-Path: <>",
        "Message-Id : <a1@x>",
        "References: <r1@x>",
        "\t<r2@x>",
        "not a header",
        "SUBJECT: one",
        "Subject: two",
        "Date: Mon, 1 Jan 2024 10:00:00 +0200 (EET)",
        "Delivered-To: care+token@shop.example",
        "Auto-Submitted: auto-replied",
        "List-Id: <list.x>",
        "X-Unknown: 1",
        "",
        "Message-ID: <body@x>",
    ];
    for end in ["\n", "\r\n", "\r", "\r\r\n"] {
        let headers = MailHeaders::from_raw(lines.join(end).as_bytes());
        assert_eq!(headers.message_id.as_ref().unwrap().as_str(), "a1@x", "{end:?}");
        assert_eq!(headers.references.len(), 2);
        assert_eq!(headers.subject.as_deref(), Some("one"));
        assert_eq!(headers.return_path, Some(ReturnPath::Null));
        assert_eq!(headers.date.unwrap().to_rfc3339(), "2024-01-01T08:00:00+00:00");
        assert_eq!(headers.delivered_to, ["care+token@shop.example"]);
        assert_eq!(headers.sign("auto-submitted"), Some("auto-replied"));
        assert_eq!(headers.signs.len(), 2);
    }
}

#[test]
fn b7_headers_can_be_written_down_and_print_no_person() {
    let headers = MailHeaders::from_pairs([("From", "Joe <joe@x.com>"), ("Subject", "secret"), ("To", "ann@x.com")]);
    let json = serde_json::to_string(&headers).unwrap();
    assert_eq!(serde_json::from_str::<MailHeaders>(&json).unwrap(), headers);
    assert_eq!(serde_json::from_str::<MailHeaders>("{}").unwrap(), MailHeaders::default());
    let printed = format!("{headers:?}");
    assert!(!printed.contains("joe") && !printed.contains("Joe") && !printed.contains("secret"), "{printed}");
}

#[test]
fn b7_of_texts_without_end_so_many_characters_are_kept() {
    let long = "é".repeat(3_000);
    let from = format!("{long} <joe@x.com>");
    let headers = MailHeaders::from_pairs([("Subject", &long), ("X-Loop", &long), ("From", &from)]);
    let kept = |text: Option<&str>| text.map(|text| text.chars().count());
    assert_eq!(kept(headers.subject.as_deref()), Some(2_000));
    assert_eq!(kept(headers.sign("x-loop")), Some(1_000));
    assert_eq!(kept(headers.from[0].name.as_deref()), Some(500));
    let short = MailHeaders::from_pairs([("Subject", "é"), ("X-Loop", "é")]);
    assert_eq!((short.subject.as_deref(), short.sign("x-loop")), (Some("é"), Some("é")));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test measures how long it takes")]
fn b7_encoded_words_made_to_stall_are_read_in_time() {
    for word in ["=?a?q?x", "=?a?b?AAAA", "=?a?q?x =?a?b?!", "=?a?b?AAAA?x"] {
        for end in ["", "?="] {
            let raw = format!("{}{end}", word.repeat(250_000 / word.len()));
            let begin = Instant::now();
            assert!(!subject(&raw).is_empty());
            assert!(begin.elapsed() < Duration::from_secs(5), "{word} {end}: {:?}", begin.elapsed());
        }
    }
}

#[test]
fn b7_dates_are_read_leniently() {
    for (raw, expected) in [
        ("Mon, 1 Jan 2024 10:00:00 GMT", Some("2024-01-01T10:00:00+00:00")),
        ("1 Jan 2024 10:00 EST", Some("2024-01-01T15:00:00+00:00")),
        ("Xyz, 01 Jan 24 10:00:00", Some("2024-01-01T10:00:00+00:00")),
        ("yesterday", None),
        ("", None),
    ] {
        let read = MailHeaders::from_pairs([("Date", raw)]).date.map(|date| date.to_rfc3339());
        assert_eq!(read.as_deref(), expected, "{raw}");
    }
}

proptest! {
    #[test]
    fn b7_any_bytes_are_headers(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = MailHeaders::from_raw(&bytes);
        for name in ["Subject", "From", "References", "Date", "Return-Path"] {
            let _ = MailHeaders::from_pairs([(name, &bytes)]);
        }
    }

    #[test]
    fn b7_any_text_is_a_subject(text in "(=\\?(utf-8|gb2312|x)\\?[bqBQ]\\?[ -~]{0,12}\\?=|[ -~é€]{0,5}){0,6}") {
        let read = subject(&text);
        prop_assert!(!read.contains(char::is_control));
    }
}
