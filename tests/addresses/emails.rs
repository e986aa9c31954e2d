//! E-mail addresses (R15): one key for one mailbox, and for one only.

use std::collections::HashSet;

use outbound::model::{Address, AddressError, Channel, E164, EmailAddress, EmailProblem, Key, Recipient, ShapeOnly};
use proptest::prelude::*;

use crate::{cases, email, email_problem};

#[test]
fn r15_the_address_is_kept_as_typed_and_has_one_canonical_form() {
    let typed = email("Joe.Smith+News@Example.COM");
    assert_eq!(typed.as_typed(), "Joe.Smith+News@Example.COM");
    assert_eq!(typed.canonical(), "joe.smith+news@example.com");
    assert_eq!(typed.domain(), "example.com");
    assert_eq!(typed.for_sending(), "Joe.Smith+News@Example.COM");
    assert!(!typed.needs_smtputf8());
}

/// `email_address` compares and hashes by two different rules.
#[test]
fn r15_equal_addresses_are_found_in_a_set() {
    let set = HashSet::from([email("joe@example.com")]);
    assert!(set.contains(&email("JOE@EXAMPLE.com")));
    assert_eq!(email("joe@example.com"), email("Joe@Example.Com"));
    assert_eq!(email("joe@example.com").cmp(&email("Joe@Example.Com")), std::cmp::Ordering::Equal);
    assert_ne!(email("joe@example.com"), email("j.oe@example.com"));
    assert_ne!(email("joe@example.com"), email("joe+tag@example.com"));
}

#[test]
fn r15_each_refusal_says_what_is_wrong() {
    let long_label = format!("joe@{}.com", "a".repeat(64));
    let long_local = format!("{}@example.com", "a".repeat(65));
    for (typed, problem) in [
        ("", EmailProblem::Empty),
        ("   ", EmailProblem::NoAt),
        (" joe@example.com", EmailProblem::LocalCharacter),
        ("joe@example.com ", EmailProblem::NotADomain),
        ("joe", EmailProblem::NoAt),
        ("example.com", EmailProblem::NoAt),
        ("@example.com", EmailProblem::LocalEmpty),
        ("joe@", EmailProblem::DomainEmpty),
        ("Joe <joe@example.com>", EmailProblem::DisplayName),
        ("<joe@example.com>", EmailProblem::DisplayName),
        (r#""Joe" <joe@example.com>"#, EmailProblem::DisplayName),
        (r#""a@b"@example.com"#, EmailProblem::QuotedLocal),
        (r#""joe"@example.com"#, EmailProblem::QuotedLocal),
        (r#""User <u@x.com>"@example.com"#, EmailProblem::QuotedLocal),
        (r#"""@example.com"#, EmailProblem::QuotedLocal),
        (long_local.as_str(), EmailProblem::LocalTooLong),
        ("joe smith@example.com", EmailProblem::LocalCharacter),
        (".joe@example.com", EmailProblem::LocalCharacter),
        ("joe.@example.com", EmailProblem::LocalCharacter),
        ("jo..e@example.com", EmailProblem::LocalCharacter),
        ("joe@mary@example.com", EmailProblem::LocalCharacter),
        ("joe,mary@example.com", EmailProblem::LocalCharacter),
        ("(joe)mary@example.com", EmailProblem::LocalCharacter),
        ("mailto:joe@example.com", EmailProblem::LocalCharacter),
        ("joe@example.com.", EmailProblem::TrailingDot),
        ("joe@[192.0.2.1]", EmailProblem::IpLiteral),
        ("joe@[junk]", EmailProblem::IpLiteral),
        ("joe@[IPv6:::1]", EmailProblem::IpLiteral),
        ("joe@1.2.3.4", EmailProblem::NumericTopLevel),
        ("joe@example.123", EmailProblem::NumericTopLevel),
        ("joe@localhost", EmailProblem::NoTopLevel),
        ("joe@exa_mple.com", EmailProblem::NotADomain),
        ("joe@iana!icann.org", EmailProblem::NotADomain),
        ("joe@-example.com", EmailProblem::NotADomain),
        ("joe@example-.com", EmailProblem::NotADomain),
        ("joe@ab--cd.com", EmailProblem::NotADomain),
        ("joe@example..com", EmailProblem::NotADomain),
        ("joe@.example.com", EmailProblem::NotADomain),
        ("joe@exam ple.com", EmailProblem::NotADomain),
        ("joe@example.com (work)", EmailProblem::NotADomain),
        ("joe@example.com, mary@example.com", EmailProblem::LocalCharacter),
        (long_label.as_str(), EmailProblem::NotADomain),
    ] {
        assert_eq!(email_problem(typed), problem, "{typed:?}");
    }
}

#[test]
fn r15_no_address_can_begin_a_header_of_its_own() {
    for typed in [
        "Evil\r\nBcc: x@y.z <joe@example.com>",
        "joe@example.com\r\nBcc: x@y.z",
        "joe@example.com\n",
        "\rjoe@example.com",
        "jo\0e@example.com",
        "joe@exam\tple.com",
        "joe@example.com\u{85}",
        "joe\u{2028}@example.com",
        "joe@example.com\u{7f}",
    ] {
        assert_eq!(email_problem(typed), EmailProblem::ControlCharacter, "{typed:?}");
    }
}

#[test]
fn r15_an_address_has_at_most_254_bytes() {
    let of_length = |length: usize| {
        let local = "a".repeat(64);
        let label = "b".repeat(61);
        let rest = length - local.len() - "@...com".len() - 2 * label.len();
        format!("{local}@{label}.{label}.{}.com", "c".repeat(rest))
    };
    assert_eq!(email(&of_length(253)).canonical().len(), 253);
    assert_eq!(email(&of_length(254)).canonical().len(), 254);
    assert_eq!(email_problem(&of_length(255)), EmailProblem::TooLong);
    assert_eq!(email_problem(&format!("{}@example.com", "a".repeat(1_000_000))), EmailProblem::TooLong);
}

#[test]
fn r15_spaces_around_a_typed_address_are_not_part_of_it() {
    for typed in [" joe@example.com", "joe@example.com  ", "\u{a0}joe@example.com\u{3000}"] {
        let resolved = Recipient::typed(typed).resolve(Channel::Email, &ShapeOnly);
        assert_eq!(resolved, Ok(Address::Email(email("joe@example.com"))), "{typed:?}");
    }
    for typed in ["joe@example.com\n", "\tjoe@example.com", "joe@example.com\u{2028}"] {
        let problem = EmailProblem::ControlCharacter;
        let resolved = Recipient::typed(typed).resolve(Channel::Email, &ShapeOnly);
        assert_eq!(resolved, Err(AddressError::NotAnEmail { problem }), "{typed:?}");
    }
}

#[cfg(feature = "idn")]
#[test]
fn r15_a_local_part_in_other_letters_needs_smtputf8() {
    let typed = email("José@Example.com");
    assert!(typed.needs_smtputf8());
    assert_eq!(typed.canonical(), "josé@example.com");
    assert_eq!(typed, email("JOSÉ@example.com"));
    assert_eq!(typed.for_sending(), "José@example.com");
    // Its lower case is one byte longer, and the local part with it.
    assert_eq!(email_problem(&format!("{}@example.com", "\u{23a}".repeat(32))), EmailProblem::LocalTooLong);
    for typed in
        ["उदाहरण@example.com", "ครูสมชาย@example.com", "伊昭傑@郵件.商務", "νίκος@example.com", "ñoñó1234@iana.org"]
    {
        assert_eq!(email(typed).as_typed(), typed);
        assert!(email(typed).needs_smtputf8());
    }
}

#[cfg(feature = "idn")]
#[test]
fn r15_one_mailbox_has_one_key() {
    for (one, same) in [
        ("josé@example.com", "jose\u{301}@example.com"),
        ("josé@example.com", "JOSE\u{301}@example.com"),
        ("한국@example.com", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}@example.com"),
        ("νίκος@example.com", "ΝΊΚΟΣ@example.com"),
        ("å@example.com", "\u{212b}@example.com"),
        ("straße@example.com", "STRAẞE@example.com"),
        ("жук@example.com", "ЖУК@example.com"),
    ] {
        assert_eq!(email(one), email(same), "{one} {same}");
        assert_eq!(email(one).canonical(), email(same).canonical());
        assert_eq!(Key::contact(&Address::Email(email(one))), Key::contact(&Address::Email(email(same))));
    }
    // As typed for people, composed for servers.
    let decomposed = email("Jose\u{301}@example.com");
    assert_eq!(
        (decomposed.as_typed(), decomposed.for_sending().as_ref()),
        ("Jose\u{301}@example.com", "José@example.com")
    );
}

#[cfg(feature = "idn")]
#[test]
fn r15_two_mailboxes_have_two_keys() {
    for (one, other) in [
        ("ali@example.com", "alı@example.com"),
        ("iris@example.com", "İris@example.com"),
        ("strasse@example.com", "straße@example.com"),
        ("sam@example.com", "ſam@example.com"),
        ("jose@example.com", "josé@example.com"),
        ("joe@example.com", "ｊｏｅ@example.com"),
        ("paul@example.com", "рaul@example.com"),
        ("joe@faß.de", "joe@fass.de"),
        ("joe@example.com", "j.oe@example.com"),
        ("joe@example.com", "joe+news@example.com"),
        ("joe@example.com", "joe@mail.example.com"),
    ] {
        assert_ne!(email(one), email(other), "{one} {other}");
        assert_ne!(Key::contact(&Address::Email(email(one))), Key::contact(&Address::Email(email(other))));
    }
}

#[cfg(feature = "idn")]
#[test]
fn r15_what_is_seen_as_another_letter_or_not_at_all_is_refused() {
    for typed in [
        "\u{212a}ate@example.com",
        "joe\u{202e}@example.com",
        "joe\u{200b}@example.com",
        "joe\u{200d}@example.com",
        "joe\u{3164}@example.com",
        "joe\u{feff}@example.com",
        "joe\u{37e}@example.com",
        "joe\u{fe0f}@example.com",
        "joe™@example.com",
        "😀@example.com",
    ] {
        assert_eq!(email_problem(typed), EmailProblem::LocalCharacter, "{typed:?}");
    }
}

#[cfg(feature = "idn")]
#[test]
fn r15_an_international_domain_is_kept_in_ascii() {
    let typed = email("Joe@MÜNCHEN.de");
    assert_eq!(typed.as_typed(), "Joe@MÜNCHEN.de");
    assert_eq!(typed.canonical(), "joe@xn--mnchen-3ya.de");
    assert_eq!(typed.domain(), "xn--mnchen-3ya.de");
    assert_eq!(typed.for_sending(), "Joe@xn--mnchen-3ya.de");
    assert!(!typed.needs_smtputf8());
    for same in [
        "joe@mu\u{308}nchen.de",
        "joe@münchen。de",
        "joe@ｍünchen．de",
        "joe@xn--mnchen-3ya.de",
        "joe@XN--MNCHEN-3YA.DE",
    ] {
        assert_eq!(email(same), typed, "{same:?}");
    }
    assert_eq!(email("joe@faß.de").domain(), "xn--fa-hia.de");
    assert_ne!(email("joe@faß.de"), email("joe@fass.de"));
    assert_eq!(email("joe@उदाहरण.भारत").domain(), "xn--p1b6ci4b4b3a.xn--h2brj9c");
    assert_eq!(email_problem("joe@münchen。"), EmailProblem::TrailingDot);
    for not_a_domain in ["joe@xn--a.com", "joe@exam＠ple.com", "joe@exam\u{202e}ple.com", "joe@例え\u{2028}.jp"] {
        assert!(EmailAddress::parse(not_a_domain).is_err(), "{not_a_domain:?}");
    }
}

#[cfg(not(feature = "idn"))]
#[test]
fn r15_an_international_domain_is_refused_by_name_without_idn() {
    assert_eq!(email_problem("joe@münchen.de"), EmailProblem::NonAsciiDomain);
    assert_eq!(email_problem("josé@example.com"), EmailProblem::NonAsciiLocal);
    assert_eq!(email("joe@XN--MNCHEN-3YA.de").domain(), "xn--mnchen-3ya.de");
}

#[test]
fn r15_an_address_is_written_as_typed_and_checked_when_read() {
    let typed = email("Joe@Example.com");
    let json = serde_json::to_string(&typed).unwrap();
    assert_eq!(json, r#""Joe@Example.com""#);
    assert_eq!(serde_json::from_str::<EmailAddress>(&json).unwrap().as_typed(), "Joe@Example.com");
    // `email_address` itself reads with its loose rules.
    for loose in [r#""Joe <joe@example.com>""#, r#""joe@localhost""#, r#""joe@[1.2.3.4]""#, r#""joe@example.com\r\n""#]
    {
        assert!(serde_json::from_str::<EmailAddress>(loose).is_err(), "{loose}");
    }
    let address = Address::Email(typed);
    assert_eq!(serde_json::to_string(&address).unwrap(), r#"{"email":"Joe@Example.com"}"#);
    let sms = Address::Sms(E164::parse("+5511961234567").unwrap());
    assert_eq!(serde_json::to_string(&sms).unwrap(), r#"{"sms":"+5511961234567"}"#);
    assert_eq!(serde_json::from_str::<Address>(r#"{"sms":"+5511961234567"}"#).unwrap(), sms);
    assert_eq!((sms.channel(), sms.as_text().as_ref()), (Channel::Sms, "+5511961234567"));
    assert_eq!((address.channel(), address.as_text().as_ref()), (Channel::Email, "Joe@Example.com"));
}

/// Texts that look like addresses, to get past the first refusal.
pub(crate) fn address_like() -> impl Strategy<Value = String> {
    let local = prop_oneof![
        "[A-Za-z0-9.+_-]{1,20}",
        "\\PC{1,10}",
        "[\\p{L}\\p{M}]{1,12}",
        "[iıİIſsßẞςσΣeé\u{301}\u{345}\u{327}]{1,8}",
        "\"\\PC{0,8}\""
    ];
    let domain = prop_oneof![
        "[A-Za-z0-9-]{1,12}(\\.[A-Za-z]{2,6}){0,2}",
        "\\PC{1,12}",
        "\\p{L}{1,8}\\.\\p{L}{2,6}",
        "[ßüİſK。．.]{1,5}\\.com"
    ];
    (local, domain).prop_map(|(local, domain)| format!("{local}@{domain}"))
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn r15_the_canonical_form_is_its_own_canonical_form(typed in address_like()) {
        if let Ok(address) = EmailAddress::parse(&typed) {
            let again = EmailAddress::parse(address.canonical());
            prop_assert_eq!(again.as_ref().map(EmailAddress::canonical), Ok(address.canonical()));
            prop_assert_eq!(again.as_ref(), Ok(&address));
            let sent = EmailAddress::parse(&address.for_sending());
            prop_assert_eq!(sent.as_ref(), Ok(&address));
            prop_assert!(address.domain().is_ascii() && address.for_sending().len() <= 254);
            let domain = address.canonical().rsplit_once('@').map(|(_, domain)| domain);
            prop_assert_eq!(domain, Some(address.domain()));
            let key = |address: &EmailAddress| Key::contact(&Address::Email(address.clone()));
            prop_assert_eq!(sent.as_ref().map(key), Ok(key(&address)));
            let json = serde_json::to_string(&address).unwrap();
            let read: EmailAddress = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(read.as_typed(), address.as_typed());
        }
    }

    #[test]
    fn r15_keys_are_equal_where_canonical_forms_are(one in address_like(), two in address_like()) {
        if let (Ok(one), Ok(two)) = (EmailAddress::parse(&one), EmailAddress::parse(&two)) {
            let same = one.canonical() == two.canonical();
            prop_assert_eq!(one == two, same);
            prop_assert_eq!(Key::contact(&Address::Email(one)) == Key::contact(&Address::Email(two)), same);
        }
    }

    #[test]
    fn r15_case_never_makes_two_addresses(local in "[A-Za-z0-9]{1,20}", domain in "[A-Za-z]{1,20}\\.[A-Za-z]{2,6}") {
        let typed = format!("{local}@{domain}");
        prop_assert_eq!(email(&typed), email(&typed.to_uppercase()));
        prop_assert_eq!(email(&typed), email(&typed.to_lowercase()));
    }
}
