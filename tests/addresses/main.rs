//! What counts as an address (R14, R15): what is accepted, what is refused and why, and what an address never gives away.

#![expect(clippy::panic, reason = "the helpers of tests fail as tests do")]

#[cfg(any(feature = "phonenumber", feature = "rlibphonenumber"))]
mod corpus;
mod emails;
#[cfg(feature = "phonenumber")]
mod plans;
#[cfg(feature = "rlibphonenumber")]
mod second_plan;
mod variants;

use std::collections::HashSet;

use outbound::model::{
    Address, AddressError, Channel, E164, EmailAddress, EmailProblem, LineKind, Number, NumberPlan, NumberProblem,
    Recipient, ShapeOnly,
};
use proptest::prelude::*;

use crate::emails::address_like;

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

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(512))]

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
