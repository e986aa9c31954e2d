//! The two national numbers of one phone (B9).

use outbound::model::{Address, E164, Key};
use proptest::prelude::*;

use crate::cases;

fn number(text: &str) -> E164 {
    E164::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn key(number: E164) -> Key {
    Key::contact(&Address::Sms(number))
}

/// Each phone's number as its country's plan has it today, and the other one.
const PAIRS: [(&str, &str); 11] = [
    ("+5511961234567", "+551161234567"),
    ("+5511981234567", "+551181234567"),
    ("+5521999999999", "+552199999999"),
    ("+5554987654321", "+555487654321"),
    ("+5567996543210", "+556796543210"),
    ("+525512345678", "+5215512345678"),
    ("+529991234567", "+5219991234567"),
    ("+522221234567", "+5212221234567"),
    ("+5491123456789", "+541123456789"),
    ("+5493511234567", "+543511234567"),
    ("+5492966123456", "+542966123456"),
];

#[test]
fn b09_the_two_numbers_of_a_phone_lead_to_one_contact() {
    for (today, other) in PAIRS {
        let (today, other) = (number(today), number(other));
        assert_eq!((today.variant(), other.variant()), (Some(other), Some(today)), "{}", today.to_text());
        assert_eq!((today.matching_form(), other.matching_form()), (today, today));
        assert_eq!(key(today), key(other));
        // They stay two numbers: each is kept, shown and dialled as it was given.
        assert_ne!(today, other);
        assert_eq!(Address::Sms(other).as_text(), other.to_text());
    }
}

#[test]
fn b09_other_phones_have_one_number() {
    for alone in [
        // Brazil's fixed lines, beside the mobiles that have a 9 before the same digits.
        "+551123456789",
        "+551133334444",
        "+551151234567",
        "+5511923456789",
        "+5511951234567",
        // Radio phones kept eight digits.
        "+551178123456",
        "+5511978123456",
        // No area, no mobile, no phone.
        "+552061234567",
        "+5520961234567",
        "+551061234567",
        "+55119612345",
        "+55119961234567",
        "+558001234567",
        "+5511861234567",
        // Mexico: no area code begins with 0 or 1.
        "+521551234567",
        "+5210512345678",
        "+5225512345678",
        "+52155123456789",
        // Argentina: other than geographic numbers, and other lengths.
        "+548101234567",
        "+549810123456",
        "+5498101234567",
        "+54112345678",
        "+541212345678",
        // The digits of the three countries elsewhere.
        "+15511961234",
        "+351961234567",
        "+5491123456",
        "+49151123456789",
        "+2250123456789",
        "+2290195123456",
        "+22995123456",
    ] {
        let alone = number(alone);
        assert_eq!(alone.variant(), None, "{}", alone.to_text());
        assert_eq!(alone.matching_form(), alone);
    }
}

#[test]
fn b09_brazils_ninth_digit_is_for_mobiles_of_every_area_and_for_nothing_else() {
    let areas = "11 12 13 14 15 16 17 18 19 21 22 24 27 28 31 32 33 34 35 37 38 41 42 43 44 45 46 47 48 49 51 53 54 55 61 62 63 64 65 66 67 \
                 68 69 71 73 74 75 77 79 81 82 83 84 85 86 87 88 89 91 92 93 94 95 96 97 98 99";
    for area in 10..100 {
        let exists = areas.split_whitespace().any(|known| known == area.to_string());
        for first in 0..10 {
            let short = number(&format!("+55{area}{first}1234567"));
            let long = number(&format!("+55{area}9{first}1234567"));
            let is_mobile = exists && [6, 8, 9].contains(&first);
            assert_eq!(short.variant(), is_mobile.then_some(long), "{}", short.to_text());
            assert_eq!(long.variant(), is_mobile.then_some(short), "{}", long.to_text());
            assert_eq!(key(short) == key(long), is_mobile);
        }
    }
}

#[test]
fn b09_a_number_is_written_down_as_it_was_given() {
    let short = number("+551161234567");
    assert_eq!(serde_json::to_string(&short).unwrap(), r#""+551161234567""#);
    assert_eq!(serde_json::from_str::<E164>(r#""+551161234567""#).unwrap(), short);
}

proptest! {
    #![proptest_config(cases(2048))]

    #[test]
    fn b09_variants_are_pairs_and_keys_are_equal_where_the_matching_forms_are(
        one in "\\+(55[1-9][1-9]9?[2-9][0-9]{7}|521?[0-9]{10}|549?[0-9]{10}|[1-9][0-9]{4,14})",
        two in "\\+(55[1-9][1-9]9?[2-9][0-9]{7}|521?[0-9]{10}|549?[0-9]{10}|[1-9][0-9]{4,14})",
    ) {
        let (one, two) = (number(&one), number(&two));
        prop_assert_eq!(one.matching_form().matching_form(), one.matching_form());
        prop_assert_eq!(key(one.matching_form()), key(one));
        prop_assert_eq!(key(number(&one.to_text())), key(one));
        match one.variant() {
            Some(other) => {
                prop_assert_ne!(other, one);
                prop_assert_eq!(other.variant(), Some(one));
                prop_assert_eq!(other.matching_form(), one.matching_form());
                prop_assert!([one, other].contains(&one.matching_form()));
                prop_assert_eq!(key(number(&other.to_text())), key(one));
            }
            None => prop_assert_eq!(one.matching_form(), one),
        }
        prop_assert_eq!(key(one) == key(two), one.matching_form() == two.matching_form());
        prop_assert_eq!(key(one) == key(two), one == two || one.variant() == Some(two));
    }
}
