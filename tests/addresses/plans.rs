//! The default number plan (R14).

use outbound::model::{AddressError, Channel, Libphonenumber, LineKind, Number, NumberPlan, NumberProblem, Recipient};
use proptest::prelude::*;

use crate::{cases, number_problem};

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
