//! Message-IDs out of headers that anybody wrote.

use outbound::mail::{MAX_MAIL_ID_BYTES, MAX_MAIL_IDS, MailHeaders, MailId};
use proptest::prelude::*;

fn found(header: &str) -> Vec<String> {
    MailId::all_in(header).iter().map(ToString::to_string).collect()
}

#[test]
fn b7_ids_are_found_in_every_header_that_the_world_writes() {
    let cases: [(&str, &[&str]); 27] = [
        ("<a1@x>", &["a1@x"]),
        (" <a1@x>\t<b2@x> ", &["a1@x", "b2@x"]),
        ("<a1@x>,<b2@x>, <c3@x>", &["a1@x", "b2@x", "c3@x"]),
        ("<a1@x><b2@x>", &["a1@x", "b2@x"]),
        ("<A1@X> <a1@x>", &["A1@X", "a1@x"]),
        ("a1@x", &["a1@x"]),
        ("a1@x, b2@x", &["a1@x", "b2@x"]),
        ("<long1\n folded@x>", &["long1folded@x"]),
        ("<a1@x> (Joe's message of \"Mon, 1 Jan\" <joe1@x>)", &["a1@x"]),
        ("(a comment <no1@x> (nested <no2@x>)) <a1@x>", &["a1@x"]),
        ("(never closed <a1@x>", &["a1@x"]),
        ("Message from Joe <joe@x> of \"Mon, 1 Jan 2024\" <a1@x>", &["a1@x"]),
        ("Your message of \"Mon, 1 Jan 2024\" <a1@x>", &["a1@x"]),
        ("<a1@x> from Joe at Jan 1, 24 10:00:00 am", &["a1@x"]),
        ("\"Joe Smith\" <joe.smith@example.com>'s message", &[]),
        ("Message from joe@example.com of Monday", &[]),
        ("Message a1@x of Monday", &["a1@x"]),
        ("<yes>", &[]),
        ("yes", &[]),
        ("<@x> <a@> <@>", &[]),
        ("<a1@x> <cut1@sho", &["a1@x"]),
        ("<cut1@sho <a1@x>", &["a1@x"]),
        ("ut1@x> <a1@x>", &["a1@x"]),
        ("<<a1@x>>", &["a1@x"]),
        ("", &[]),
        ("<a1@x@y>", &["a1@x@y"]),
        ("<a(b)1@x> (c)", &["a(b)1@x"]),
    ];
    for (header, expected) in cases {
        assert_eq!(found(header), expected, "{header}");
    }
}

#[test]
fn b7_an_id_named_twice_counts_once_where_it_was_named_last() {
    assert_eq!(found("<a1@x> <b2@x> <a1@x>"), ["b2@x", "a1@x"]);
}

#[test]
fn b7_of_many_ids_the_first_and_the_newest_are_kept() {
    let header: String = (0..250).map(|n| format!("<{n}@x> ")).collect();
    let ids = found(&header);
    assert_eq!(ids.len(), MAX_MAIL_IDS);
    assert_eq!((ids[0].as_str(), ids[1].as_str(), ids[99].as_str()), ("0@x", "151@x", "249@x"));
    let exactly: String = (0..100).map(|n| format!("<{n}@x> ")).collect();
    assert_eq!(found(&exactly).len(), 100);
}

#[test]
fn b7_an_id_has_an_end() {
    let id = |bytes: usize| format!("<{}@x>", "a".repeat(bytes - 2));
    assert_eq!(found(&id(MAX_MAIL_ID_BYTES)).len(), 1);
    assert!(found(&id(MAX_MAIL_ID_BYTES + 1)).is_empty());
}

#[test]
fn b7_one_id_is_parsed_or_refused() {
    assert_eq!(MailId::parse(" <a@x> ").unwrap().as_str(), "a@x");
    assert_eq!(MailId::parse("a@x").unwrap().local(), "a");
    for wrong in ["", "yes", "<yes>", "a b@x", "<a@x> <b@x>", "a\u{7}@x", "@x", "a@"] {
        assert!(MailId::parse(wrong).is_err(), "{wrong}");
    }
    let read: MailId = serde_json::from_str("\"a@x\"").unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), "\"a@x\"");
    assert!(serde_json::from_str::<MailId>("\"yes\"").is_err());
}

#[test]
fn b7_a_mail_answers_neither_itself_nor_a_person_it_names() {
    let headers = MailHeaders::from_pairs([
        ("Message-ID", "<own1@x>"),
        ("From", "Joe <Joe1@Example.com>"),
        ("To", "care@shop.example"),
        ("In-Reply-To", "<joe1@example.com>"),
        ("References", "<root1@x> <care@shop.example> <own1@x>"),
    ]);
    assert_eq!(headers.in_reply_to, []);
    assert_eq!(headers.references, [MailId::parse("root1@x").unwrap()]);
}

proptest! {
    #[test]
    fn b7_any_text_gives_sound_ids(text in "[ -~<>@, \\n()\\\\\"é]{0,200}") {
        for id in MailId::all_in(&text) {
            prop_assert_eq!(&MailId::parse(id.as_str()).unwrap(), &id);
            prop_assert!(id.as_str().contains('@') && !id.as_str().contains(['<', '>', ' ', '\n']));
        }
    }

    #[test]
    fn b7_ids_in_brackets_are_all_found(ids in proptest::collection::btree_set("[a-z0-9.]{1,20}@[a-z0-9.]{1,20}", 0..50), gap in "[ ,\\n\\t]{0,3}") {
        let header: Vec<String> = ids.iter().map(|id| format!("<{id}>")).collect();
        let expected: Vec<String> = ids.into_iter().collect();
        prop_assert_eq!(found(&header.join(&gap)), expected);
    }
}
