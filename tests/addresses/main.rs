//! What counts as an address (R14, R15): what is accepted, what is refused and why, and what an address never gives away.

#![expect(clippy::panic, clippy::expect_used, reason = "the helpers of tests fail as tests do")]

mod corpus;

use std::collections::HashSet;

use outbound::model::{
    Address, AddressError, Channel, E164, EmailAddress, EmailProblem, LineKind, Number, NumberPlan, NumberProblem,
    Recipient, ShapeOnly,
};
use proptest::prelude::*;

fn number_problem(plan: &dyn NumberPlan, typed: &str) -> NumberProblem {
    match plan.parse(typed) {
        Err(AddressError::NotANumber { problem }) => problem,
        other => panic!("{typed:?}: {other:?}"),
    }
}

fn email(typed: &str) -> EmailAddress {
    EmailAddress::parse(typed).unwrap_or_else(|error| panic!("{typed:?}: {error}"))
}

fn email_problem(typed: &str) -> EmailProblem {
    match EmailAddress::parse(typed) {
        Err(AddressError::NotAnEmail { problem }) => problem,
        other => panic!("{typed:?}: {other:?}"),
    }
}

/// A plan of one line kind, to see what [`Recipient::resolve`] makes of it.
#[derive(Debug)]
struct Always(LineKind);

impl NumberPlan for Always {
    fn parse(&self, typed: &str) -> Result<Number, AddressError> {
        Ok(Number { e164: E164::parse(typed)?, line: self.0 })
    }
}

const EVERY_LINE: [LineKind; 11] = [
    LineKind::Mobile,
    LineKind::FixedOrMobile,
    LineKind::Fixed,
    LineKind::Voip,
    LineKind::Pager,
    LineKind::Personal,
    LineKind::TollFree,
    LineKind::PremiumRate,
    LineKind::SharedCost,
    LineKind::Uan,
    LineKind::Other,
];

#[test]
fn r14_e164_is_plus_and_5_to_15_digits() {
    for text in ["+12345", "+5511961234567", "+123456789012345"] {
        let number = E164::parse(text).unwrap();
        assert_eq!(number.to_text(), text);
        assert_eq!(format!("+{}", number.digits()), text);
    }
    let not_a_number = |problem| Err(AddressError::NotANumber { problem });
    assert_eq!(E164::parse("5511961234567"), Err(AddressError::NoCountryCode));
    assert_eq!(E164::parse(""), Err(AddressError::NoCountryCode));
    assert_eq!(E164::parse("+"), not_a_number(NumberProblem::NoDigits));
    assert_eq!(E164::parse("+1234"), not_a_number(NumberProblem::TooShort));
    assert_eq!(E164::parse("+1234567890123456"), Err(AddressError::TooLong));
    assert_eq!(E164::parse("+0123456"), not_a_number(NumberProblem::LeadingZero));
    assert_eq!(E164::parse("+55 11961234567"), not_a_number(NumberProblem::Character));
    assert_eq!(E164::parse("++5511961234567"), not_a_number(NumberProblem::Character));
    assert_eq!(E164::parse("+55x11961234567"), not_a_number(NumberProblem::Letter));
    assert_eq!(E164::parse("+٥٥١١٩٦١٢٣٤٥٦٧"), not_a_number(NumberProblem::Character));
}

#[test]
fn r14_e164_is_written_as_text_and_read_back_by_shape() {
    let number = E164::parse("+5511961234567").unwrap();
    let json = serde_json::to_string(&number).unwrap();
    assert_eq!(json, r#""+5511961234567""#);
    assert_eq!(serde_json::from_str::<E164>(&json).unwrap(), number);
    // A number that no plan knows any more is still read back.
    assert!(serde_json::from_str::<E164>(r#""+99912345678""#).is_ok());
    assert!(serde_json::from_str::<E164>(r#""5511961234567""#).is_err());
    assert!(serde_json::from_str::<E164>("5511961234567").is_err());
}

#[test]
fn r14_only_lines_that_may_be_mobile_receive_sms() {
    let recipient = Recipient::typed("+5511961234567");
    for line in EVERY_LINE {
        let may = matches!(line, LineKind::Mobile | LineKind::FixedOrMobile);
        assert_eq!(line.can_receive_sms(), may);
        let resolved = recipient.resolve(Channel::Sms, &Always(line));
        if may {
            assert_eq!(resolved, Ok(Address::Sms(E164::parse("+5511961234567").unwrap())));
        } else {
            assert_eq!(resolved, Err(AddressError::CannotReceiveSms { line }));
        }
        assert_eq!(serde_json::to_string(&line).unwrap(), format!("{:?}", line.as_str()));
    }
}

#[test]
fn r14_the_shape_is_checked_before_any_plan() {
    let plan = ShapeOnly;
    for typed in ["11 96123-4567", "5511961234567", "0055 11 96123-4567", "011 55 11 96123 4567"] {
        assert_eq!(plan.parse(typed), Err(AddressError::NoCountryCode), "{typed:?}");
    }
    for typed in ["", "   ", "+", "-", "( )"] {
        assert_eq!(number_problem(&plan, typed), NumberProblem::NoDigits, "{typed:?}");
    }
    for typed in
        ["+3367a829916", "tel:+33678299160", "+1 650 253 0000 ext 5", "+1 800 FLOWERS", "+I 650 253 OOOO", "joe"]
    {
        assert_eq!(number_problem(&plan, typed), NumberProblem::Letter, "{typed:?}");
    }
    for typed in [
        "+1 650 253 0000,5",
        "+1 650 253 0000;5",
        "+1#6502530000",
        "+1650*2530000",
        "+٥٥١١٩٦١٢٣",
        "+55\n11961234567",
        "+55\u{202e}11961234567",
    ] {
        assert_eq!(number_problem(&plan, typed), NumberProblem::Character, "{typed:?}");
    }
    for typed in ["++5511961234567", "55+11961234567", "+55 11 96123+4567"] {
        assert_eq!(number_problem(&plan, typed), NumberProblem::MisplacedPlus, "{typed:?}");
    }
    assert_eq!(number_problem(&plan, "+00 55 11 96123-4567"), NumberProblem::LeadingZero);
    assert_eq!(number_problem(&plan, "+55 1"), NumberProblem::TooShort);
    assert_eq!(plan.parse("+1234567890123456"), Err(AddressError::TooLong));
    assert_eq!(plan.parse(&"+1 ".repeat(1000)), Err(AddressError::TooLong));
    assert_eq!(plan.parse(&"1".repeat(1_000_000)), Err(AddressError::TooLong));
}

#[cfg(feature = "phonenumber")]
mod libphonenumber {
    use outbound::model::Libphonenumber;

    use super::*;

    fn accepted(typed: &str) -> (String, LineKind) {
        match Libphonenumber.parse(typed) {
            Ok(Number { e164, line }) => (e164.to_text(), line),
            Err(error) => panic!("{typed:?}: {error}"),
        }
    }

    fn refused(typed: &str) -> AddressError {
        match Libphonenumber.parse(typed) {
            Err(error) => error,
            Ok(number) => panic!("{typed:?}: {number:?}"),
        }
    }

    #[test]
    fn r14_one_number_has_one_form_however_it_is_typed() {
        for typed in [
            "+5511961234567",
            " +55 11 96123-4567 ",
            "+55 (11) 96123-4567",
            "(+55) 11 96123.4567",
            "+55\u{a0}11\u{a0}96123\u{a0}4567",
            "\u{a0}+55-11-96123-4567\t",
            "+55/11/961234567",
            "+55 (0) 11 96123-4567",
        ] {
            assert_eq!(accepted(typed), ("+5511961234567".into(), LineKind::Mobile), "{typed:?}");
        }
        assert_eq!(accepted("+44 (0)20 7946 0018"), ("+442079460018".into(), LineKind::Fixed));
        assert_eq!(accepted("+44 7400 123456"), ("+447400123456".into(), LineKind::Mobile));
        assert_eq!(accepted("+1 (650) 253-0000"), ("+16502530000".into(), LineKind::FixedOrMobile));
    }

    #[test]
    fn r14_a_number_without_country_code_is_refused() {
        for typed in [
            "11961234567",
            "(11) 96123-4567",
            "0055 11 96123-4567",
            "011 55 11 96123 4567",
            "650 253 0000",
            "020 7946 0018",
        ] {
            assert_eq!(refused(typed), AddressError::NoCountryCode, "{typed:?}");
        }
    }

    #[test]
    fn r14_a_number_that_its_country_does_not_give_out_is_refused() {
        for typed in [
            "+1 650 253 000",
            "+1 2530000",
            "+44 791234567",
            "+49 1234",
            "+999 12345678",
            "+55 11 9612",
            "+351 000 000 000",
        ] {
            assert_eq!(refused(typed), AddressError::NumberNotValid, "{typed:?}");
        }
    }

    #[test]
    fn r14_letters_are_never_read_as_keys() {
        assert_eq!(number_problem(&Libphonenumber, "+3367a829916"), NumberProblem::Letter);
        assert_eq!(number_problem(&Libphonenumber, "+1 65O 253 0000"), NumberProblem::Letter);
        assert_eq!(number_problem(&Libphonenumber, "+1 650 253 0000 ext"), NumberProblem::Letter);
    }

    #[test]
    fn r14_mobiles_that_begin_with_zero_keep_it_and_are_mobiles() {
        // Ivory Coast, Benin, Congo.
        for number in ["+2250123456789", "+2290195123456", "+242061234567"] {
            assert_eq!(accepted(number), (number.into(), LineKind::Mobile));
            assert!(Recipient::typed(number).resolve(Channel::Sms, &Libphonenumber).is_ok());
        }
    }

    #[test]
    fn r14_italian_fixed_lines_keep_their_zero_and_take_no_sms() {
        assert_eq!(accepted("+39 02 3661 8300"), ("+390236618300".into(), LineKind::Fixed));
        assert_eq!(accepted("+39 312 345 6789"), ("+393123456789".into(), LineKind::Mobile));
        let resolved = Recipient::typed("+39 02 3661 8300").resolve(Channel::Sms, &Libphonenumber);
        assert_eq!(resolved, Err(AddressError::CannotReceiveSms { line: LineKind::Fixed }));
    }

    #[test]
    fn r14_each_kind_of_line_is_told_apart() {
        for (number, line) in [
            ("+18002345678", LineKind::TollFree),
            ("+19002345678", LineKind::PremiumRate),
            ("+80012345678", LineKind::TollFree),
            ("+33884012345", LineKind::SharedCost),
            ("+447012345678", LineKind::Personal),
            ("+447640123456", LineKind::Pager),
            ("+445612345678", LineKind::Voip),
            ("+445512345678", LineKind::Uan),
        ] {
            assert_eq!(accepted(number), (number.into(), line));
        }
    }

    /// With a default country the parser turns these into other subscribers' numbers; no country can be given here.
    #[test]
    fn r14_no_default_country_corrupts_a_number() {
        assert_eq!(accepted("+49 1512 3456789").0, "+4915123456789");
        for number in [
            "+4915123456789",
            "+5511961234567",
            "+15102345678",
            "+34612345678",
            "+351912345678",
            "+819012345678",
            "+61412345678",
        ] {
            assert_eq!(accepted(number).0, number);
        }
    }

    #[test]
    fn r14_warming_up_changes_no_answer() {
        let before = Libphonenumber.parse("+5511961234567");
        Libphonenumber.warm_up();
        assert_eq!(Libphonenumber.parse("+5511961234567"), before);
    }

    #[test]
    fn r14_every_country_has_a_mobile_that_takes_sms() {
        use phonenumber::metadata::DATABASE;

        let mut refused = Vec::new();
        let mut seen = 0;
        for region in DATABASE.iter() {
            let Some(example) = region.descriptors().mobile().and_then(|mobile| mobile.example()) else { continue };
            let number = format!("+{}{example}", region.country_code());
            seen += 1;
            match Recipient::typed(number.as_str()).resolve(Channel::Sms, &Libphonenumber) {
                Ok(address) => assert_eq!(address.as_text(), number),
                Err(error) => refused.push(format!("{} {number}: {error}", region.id())),
            }
        }
        assert!(seen > 200, "{seen}");
        assert_eq!(refused, Vec::<String>::new());
    }

    proptest! {
        #![proptest_config(cases(512))]

        #[test]
        fn r14_an_accepted_number_is_the_typed_digits_less_one_trunk_zero(
            digits in prop_oneof!["[1-9][0-9]{5,13}", "(1|39|44|49|55|86|351|225|229|242|7)0?[1-9][0-9]{7,10}"],
        ) {
            let typed = format!("+{digits}");
            if let Ok(number) = Libphonenumber.parse(&typed) {
                let text = number.e164.to_text();
                let trunk_zero_out = (2..=4).any(|at| {
                    typed.split_at_checked(at).is_some_and(|(code, rest)| rest.strip_prefix('0').is_some_and(|rest| text == format!("{code}{rest}")))
                });
                prop_assert!(text == typed || trunk_zero_out, "{typed} gave {text}");
                // Its own form gives the same number again.
                prop_assert_eq!(Libphonenumber.parse(&text), Ok(number));
            }
        }

        #[test]
        fn r14_no_text_panics(typed in "\\PC*", digits in "\\+?[0-9 ().x-]{0,45}") {
            let _ = Libphonenumber.parse(&typed);
            let _ = Libphonenumber.parse(&digits);
        }
    }
}

#[test]
fn r15_the_address_is_kept_as_typed_and_has_one_canonical_form() {
    let typed = email("  Joe.Smith+News@Example.COM ");
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
        ("   ", EmailProblem::Empty),
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
        ("joe\u{202e}@example.com", EmailProblem::LocalCharacter),
        ("joe\u{200b}@example.com", EmailProblem::LocalCharacter),
        ("jose\u{301}@example.com", EmailProblem::LocalCharacter),
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
        ("joe@example.com, mary@example.com ", EmailProblem::LocalCharacter),
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
fn r15_a_local_part_in_other_letters_needs_smtputf8() {
    let typed = email("José@example.com");
    assert!(typed.needs_smtputf8());
    assert_eq!(typed.canonical(), "josé@example.com");
    assert_eq!(typed, email("JOSÉ@example.com"));
    assert_eq!(typed.for_sending(), "José@example.com");
    // Its lower case is two characters, of which one could not stand here.
    assert_eq!(email("İ@example.com").canonical(), "İ@example.com");
    // Its lower case is one byte longer, and the local part with it.
    assert_eq!(email_problem(&format!("{}@example.com", "\u{23a}".repeat(32))), EmailProblem::LocalTooLong);
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

#[test]
fn r14_r15_nothing_personal_is_shown_by_accident() {
    let number = E164::parse("+5511961234534").unwrap();
    let joe = email("joe.smith@example.com");
    assert_eq!(format!("{number:?}"), "E164(+55••••••34)");
    assert_eq!(format!("{:?}", E164::parse("+12305").unwrap()), "E164(+12••••••05)");
    assert_eq!(format!("{joe:?}"), "EmailAddress(j…@example.com)");
    assert_eq!(format!("{:?}", Address::Sms(number)), "Sms(E164(+55••••••34))");
    assert_eq!(format!("{:?}", Recipient::from(Address::Email(joe))), "Recipient(Email(EmailAddress(j…@example.com)))");
    assert_eq!(format!("{:?}", Recipient::typed("joe.smith@example.com")), "Recipient(typed, 21 bytes)");
    for typed in ["joe.smith", "+5511961234534x", "joe.smith@[1.2.3.4]", "jöe@smith"] {
        for error in [ShapeOnly.parse(typed).map(|_| ()), EmailAddress::parse(typed).map(|_| ())]
            .into_iter()
            .filter_map(Result::err)
        {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("joe") && !shown.contains("smith") && !shown.contains("96123"), "{shown}");
        }
    }
}

#[test]
fn r14_r15_every_message_is_one_lower_case_clause() {
    let mut errors = vec![
        AddressError::NoCountryCode,
        AddressError::TooLong,
        AddressError::NumberNotValid,
        AddressError::CannotReceiveSms { line: LineKind::TollFree },
        AddressError::OtherChannel { expected: Channel::Sms, found: Some(Channel::Email) },
        AddressError::OtherChannel { expected: Channel::Voice, found: None },
    ];
    for typed in ["+", "+1x", "+1,", "1+", "+1", "+000000"] {
        errors.extend(ShapeOnly.parse(typed).err());
    }
    for typed in
        ["", "\0", "a", "<a@b>", "@b", "a@", "a@b", "a@b.", "a@[b]", "a@b.1", "a@_.c", "\"a\"@b.c", "a..b@c.de"]
    {
        errors.extend(EmailAddress::parse(typed).err());
    }
    for error in errors {
        let text = error.to_string();
        assert!(text.starts_with(|c: char| c.is_lowercase()) && !text.ends_with('.'), "{text}");
    }
}

#[test]
fn r14_r15_a_recipient_resolves_on_its_own_channel_only() {
    let number = Address::Sms(E164::parse("+5511961234567").unwrap());
    let joe = Address::Email(email("Joe@example.com"));
    let resolve = |recipient: &Recipient, channel| recipient.resolve(channel, &ShapeOnly);

    assert_eq!(resolve(&"+55 11 96123-4567".into(), Channel::Sms), Ok(number.clone()));
    assert_eq!(resolve(&" joe@EXAMPLE.com".into(), Channel::Email), Ok(joe.clone()));
    assert!(matches!(resolve(&"joe@example.com".into(), Channel::Sms), Err(AddressError::NotANumber { .. })));
    assert_eq!(
        resolve(&"+5511961234567".into(), Channel::Email),
        Err(AddressError::NotAnEmail { problem: EmailProblem::NoAt })
    );

    for (address, own, other) in [(number, Channel::Sms, Channel::Email), (joe, Channel::Email, Channel::Sms)] {
        let recipient = Recipient::from(address.clone());
        assert_eq!(resolve(&recipient, own), Ok(address));
        for expected in [other, Channel::Voice, Channel::Chat] {
            assert_eq!(resolve(&recipient, expected), Err(AddressError::OtherChannel { expected, found: Some(own) }));
        }
    }
    for expected in [Channel::Voice, Channel::Chat] {
        let refusal = Err(AddressError::OtherChannel { expected, found: None });
        assert_eq!(resolve(&"+5511961234567".into(), expected), refusal);
    }
}

#[test]
fn r14_what_comes_from_outside_always_goes_through_the_plan() {
    // Parsed in this process, the number needs no plan; written down and read back, it does.
    let parsed = Recipient::from(Address::Sms(E164::parse("+5511961234567").unwrap()));
    let plan = Always(LineKind::Fixed);
    assert!(parsed.resolve(Channel::Sms, &plan).is_ok());
    let json = serde_json::to_string(&parsed).unwrap();
    assert_eq!(json, r#""+5511961234567""#);
    let read: Recipient = serde_json::from_str(&json).unwrap();
    assert_eq!(read.resolve(Channel::Sms, &plan), Err(AddressError::CannotReceiveSms { line: LineKind::Fixed }));
    assert!(serde_json::from_str::<Recipient>(r#"{"sms":"+5511961234567"}"#).is_err());
    // Yet it is the same recipient, for a command that is sent again.
    assert_eq!(read, parsed);
    assert_eq!(HashSet::from([read, parsed]).len(), 1);
}

/// Texts that look like addresses, to get past the first refusal.
fn address_like() -> impl Strategy<Value = String> {
    let local = prop_oneof!["[A-Za-z0-9.+_-]{1,20}", "\\PC{1,10}", "[\\p{L}]{1,12}", "\"\\PC{0,8}\""];
    let domain = prop_oneof![
        "[A-Za-z0-9-]{1,12}(\\.[A-Za-z]{2,6}){0,2}",
        "\\PC{1,12}",
        "\\p{L}{1,8}\\.\\p{L}{2,6}",
        "[ßüİſK。．.]{1,5}\\.com"
    ];
    (local, domain).prop_map(|(local, domain)| format!("{local}@{domain}"))
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
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
        }
    }

    #[test]
    fn r15_case_never_makes_two_addresses(local in "[A-Za-z0-9]{1,20}", domain in "[A-Za-z]{1,20}\\.[A-Za-z]{2,6}") {
        let typed = format!("{local}@{domain}");
        prop_assert_eq!(email(&typed), email(&typed.to_uppercase()));
        prop_assert_eq!(email(&typed), email(&typed.to_lowercase()));
    }

    #[test]
    fn r14_r15_no_text_panics(text in any::<String>(), like in address_like()) {
        for text in [text, like] {
            let _ = EmailAddress::parse(&text);
            let _ = E164::parse(&text);
            let _ = ShapeOnly.parse(&text);
            for channel in Channel::ALL {
                let _ = Recipient::typed(text.clone()).resolve(channel, &ShapeOnly);
            }
        }
    }

    #[test]
    fn r14_r15_a_recipient_read_back_is_the_typed_text(text in any::<String>()) {
        let recipient = Recipient::typed(text.clone());
        let json = serde_json::to_string(&recipient).unwrap();
        prop_assert_eq!(&json, &serde_json::to_string(&text).unwrap());
        prop_assert_eq!(serde_json::from_str::<Recipient>(&json).unwrap(), recipient);
    }

    #[test]
    fn r14_every_e164_survives_its_text(digits in "[1-9][0-9]{4,14}") {
        let number = E164::parse(&format!("+{digits}")).unwrap();
        prop_assert_eq!(E164::parse(&number.to_text()), Ok(number));
        prop_assert_eq!(ShapeOnly.parse(&number.to_text()).unwrap().e164, number);
    }
}
