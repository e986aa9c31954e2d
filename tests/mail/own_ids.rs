//! Message-IDs and reply addresses that nobody else can make.

use outbound::mail::{KeyTooShort, MailId, NoRoom, OwnId, ThreadingKey, ThreadingKeys};
use proptest::prelude::*;

const SCOPE: &[u8] = b"acme/mail_care";

fn key(secret: u8) -> ThreadingKey {
    ThreadingKey::new(&[secret; 32]).unwrap()
}

fn keys() -> ThreadingKeys {
    ThreadingKeys::new(key(7))
}

#[test]
fn b7_an_id_of_ours_says_which_message_it_is() {
    let id = keys().message_id(SCOPE, [9; 16], "shop.example").unwrap();
    assert_eq!(keys().read_message_id(SCOPE, &id), OwnId::Ours([9; 16]));
    assert!(id.as_str().len() < 78, "{id}");
    let shouted = MailId::parse(&id.as_str().to_uppercase()).unwrap();
    assert_eq!(keys().read_message_id(SCOPE, &shouted), OwnId::Ours([9; 16]));
    for domain in ["", "a b", "x>\r\nBcc: y", "care@shop.example"] {
        assert_eq!(keys().message_id(SCOPE, [9; 16], domain), None, "{domain:?}");
    }
}

#[test]
fn b7_an_id_holds_in_its_scope_under_its_key_and_for_its_purpose_only() {
    let id = keys().message_id(SCOPE, [9; 16], "x.example").unwrap();
    assert_eq!(keys().read_message_id(b"acme/mail_sales", &id), OwnId::NotHere);
    assert_eq!(ThreadingKeys::new(key(8)).read_message_id(SCOPE, &id), OwnId::NotHere);
    let as_token = format!("care+{}@x.example", id.local());
    assert_eq!(keys().read_reply_address(SCOPE, &as_token), OwnId::NotHere);
    assert_eq!(keys().read_message_id(SCOPE, &MailId::parse("someone@x.example").unwrap()), OwnId::Foreign);
}

#[test]
fn b7_every_changed_letter_is_a_forgery() {
    let id = keys().message_id(SCOPE, [9; 16], "x").unwrap();
    let local = id.local();
    for at in 2..local.len() {
        for letter in ["a", "7", "m"].into_iter().filter(|letter| &local[at..=at] != *letter) {
            let forged = MailId::parse(&format!("{}{letter}{}@x", &local[..at], &local[at + 1..])).unwrap();
            assert!(!matches!(keys().read_message_id(SCOPE, &forged), OwnId::Ours(_)), "{forged}");
        }
    }
    for wrong in [&local[..local.len() - 1], &format!("{local}a"), &local.replace('o', "p")] {
        let wrong = MailId::parse(&format!("{wrong}@x")).unwrap();
        assert_eq!(keys().read_message_id(SCOPE, &wrong), OwnId::Foreign);
    }
}

#[test]
fn b7_an_older_key_still_holds() {
    let old = keys().message_id(SCOPE, [9; 16], "x").unwrap();
    let rotated = ThreadingKeys::new(key(8)).with_former(key(7));
    assert_eq!(rotated.read_message_id(SCOPE, &old), OwnId::Ours([9; 16]));
    let new = rotated.message_id(SCOPE, [9; 16], "x").unwrap();
    assert_eq!(keys().read_message_id(SCOPE, &new), OwnId::NotHere, "the current key signs");
}

#[test]
fn b7_a_reply_address_carries_its_token() {
    let address = keys().reply_address(SCOPE, [9; 16], "care@shop.example").unwrap();
    assert!(address.starts_with("care+") && address.ends_with("@shop.example"));
    assert_eq!(keys().read_reply_address(SCOPE, &address), OwnId::Ours([9; 16]));
    assert_eq!(keys().read_reply_address(SCOPE, &address.to_uppercase()), OwnId::Ours([9; 16]));
    assert_eq!(keys().read_reply_address(SCOPE, &address.replace('+', "-")), OwnId::Ours([9; 16]));
    assert_eq!(keys().read_reply_address(b"other", &address), OwnId::NotHere);
    let as_id = MailId::parse(&address.replace("care+", "")).unwrap();
    assert_eq!(keys().read_message_id(SCOPE, &as_id), OwnId::NotHere);
    for foreign in ["care@shop.example", "care+tag@shop.example", "care", "", "+@"] {
        assert_eq!(keys().read_reply_address(SCOPE, foreign), OwnId::Foreign, "{foreign}");
    }
    let longest = format!("{}@x", "a".repeat(19));
    assert_eq!(keys().reply_address(SCOPE, [9; 16], &longest).unwrap().rsplit_once('@').unwrap().0.len(), 64);
    let problem = keys().reply_address(SCOPE, [9; 16], &format!("a{longest}")).unwrap_err();
    assert_eq!(problem, NoRoom::LocalTooLong(20));
    assert_eq!(problem.to_string(), "its local part has 20 bytes, and with a token 19 are the most");
    assert_eq!(keys().reply_address(SCOPE, [9; 16], "care"), Err(NoRoom::NotAnAddress));
}

#[test]
fn b7_a_key_is_no_guess_and_prints_nothing() {
    assert_eq!(ThreadingKey::new(&[1; 15]).unwrap_err(), KeyTooShort(15));
    assert!(ThreadingKey::new(&[1; 16]).is_ok());
    assert_eq!(format!("{:?}", key(7)), "ThreadingKey(•••)");
}

#[test]
fn b7_the_form_of_an_id_stays_for_ever() {
    let id = keys().message_id(SCOPE, *b"0123456789abcdef", "x").unwrap();
    assert_eq!(id.as_str(), "o1gaytemzugu3doobzmfrggzdfm2wd64munj4k2hdy2i@x");
}

proptest! {
    #[test]
    fn b7_what_is_made_is_read(id in any::<[u8; 16]>(), scope in proptest::collection::vec(any::<u8>(), 0..40)) {
        let made = keys().message_id(&scope, id, "x.example").unwrap();
        prop_assert_eq!(keys().read_message_id(&scope, &made), OwnId::Ours(id));
        let address = keys().reply_address(&scope, id, "care@x.example").unwrap();
        prop_assert_eq!(keys().read_reply_address(&scope, &address), OwnId::Ours(id));
    }

    #[test]
    fn b7_no_text_is_ours_by_chance(local in "o1[a-z2-7]{42}") {
        let id = MailId::parse(&format!("{local}@x")).unwrap();
        prop_assert!(!matches!(keys().read_message_id(SCOPE, &id), OwnId::Ours(_)));
        prop_assert_eq!(keys().read_reply_address(SCOPE, &format!("care+{local}x@x")), OwnId::Foreign);
    }
}

#[test]
fn b7_what_is_no_address_gets_no_token() {
    for text in ["", "care", "care at acme.example"] {
        assert_eq!(keys().reply_address(SCOPE, [9; 16], text), Err(NoRoom::NotAnAddress), "{text:?}");
    }
}
