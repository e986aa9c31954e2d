//! The second number plan (R14): it accepts what Google's library accepts, and says why not as the other plans do.

use outbound::model::{AddressError, LineKind, Number, NumberPlan, NumberProblem, Rlibphonenumber};
use proptest::prelude::*;

use crate::{cases, number_problem};

#[test]
fn r14_what_google_reads_is_read() {
    for (typed, number, line) in [
        ("+55 (0) 11 96123-4567", "+5511961234567", LineKind::Mobile),
        ("+1 800 FLOWERS", "+18003569377", LineKind::TollFree),
        ("+1 650 253 0000 ext 5", "+16502530000", LineKind::FixedOrMobile),
        ("tel:+447400123456", "+447400123456", LineKind::Mobile),
        ("+٩٦٦٥١٢٣٤٥٦٧٨", "+966512345678", LineKind::Mobile),
        ("+54 11 15 2345 6789", "+5491123456789", LineKind::Mobile),
        ("+225 01 23 45 67 89", "+2250123456789", LineKind::Mobile),
        ("+39 02 3661 8300", "+390236618300", LineKind::Fixed),
        ("+1 900 234 5678", "+19002345678", LineKind::PremiumRate),
        ("+33 884 01 23 45", "+33884012345", LineKind::SharedCost),
        ("+44 7012 345678", "+447012345678", LineKind::Personal),
        ("+44 7640 123456", "+447640123456", LineKind::Pager),
        ("+44 56 1234 5678", "+445612345678", LineKind::Voip),
        ("+44 55 1234 5678", "+445512345678", LineKind::Uan),
    ] {
        let found = Rlibphonenumber.parse(typed).map(|Number { e164, line }| (e164.to_text(), line));
        assert_eq!(found, Ok((number.to_owned(), line)), "{typed:?}");
    }
}

#[test]
fn r14_each_refusal_says_what_is_wrong() {
    for typed in ["11961234567", "(11) 96123-4567", "0055 11 96123-4567", "650 253 0000"] {
        assert_eq!(Rlibphonenumber.parse(typed), Err(AddressError::NoCountryCode), "{typed:?}");
    }
    for typed in ["+1 650 253 000", "+999 12345678", "+55 11 9612", "+551123"] {
        assert_eq!(Rlibphonenumber.parse(typed), Err(AddressError::NumberNotValid), "{typed:?}");
    }
    for (typed, problem) in [
        ("", NumberProblem::NoDigits),
        ("+", NumberProblem::NoDigits),
        ("joe", NumberProblem::Letter),
        ("+3367a829916", NumberProblem::Letter),
        ("+1 650,253", NumberProblem::Character),
        ("+0 650 253 0000", NumberProblem::LeadingZero),
        ("+55 1", NumberProblem::TooShort),
    ] {
        assert_eq!(number_problem(&Rlibphonenumber, typed), problem, "{typed:?}");
    }
    assert_eq!(Rlibphonenumber.parse(&"+1 ".repeat(1_000_000)), Err(AddressError::TooLong));
    // Valid in Germany, and longer than E.164 allows.
    assert_eq!(Rlibphonenumber.parse("+49868015624033723"), Err(AddressError::TooLong));
}

#[test]
fn r14_warming_up_changes_no_answer() {
    let before = Rlibphonenumber.parse("+5511961234567");
    Rlibphonenumber.warm_up();
    assert_eq!(Rlibphonenumber.parse("+5511961234567"), before);
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn r14_an_accepted_number_is_accepted_again_as_itself(
        typed in prop_oneof!["\\+[1-9][0-9]{5,13}", "\\+(1|39|44|49|54|55|7)[ 0-9()x-]{8,16}", "[+0-9A-Z ;=xt,#]{5,30}"],
    ) {
        if let Ok(number) = Rlibphonenumber.parse(&typed) {
            prop_assert_eq!(Rlibphonenumber.parse(&number.e164.to_text()), Ok(number), "{}", typed);
        }
    }

    /// What both accept is one number: a host may go from one plan to the other.
    #[cfg(feature = "phonenumber")]
    #[test]
    fn r14_the_plans_never_differ_about_whose_number_it_is(
        digits in prop_oneof!["[1-9][0-9]{5,13}", "(1|39|44|49|55|86|351|225|229|242|7)0?[1-9][0-9]{7,10}"],
    ) {
        let typed = format!("+{digits}");
        if let (Ok(one), Ok(two)) = (outbound::model::Libphonenumber.parse(&typed), Rlibphonenumber.parse(&typed)) {
            prop_assert_eq!(one.e164, two.e164, "{}", typed);
        }
    }

    #[test]
    fn r14_no_text_panics(typed in "\\PC*", digits in "\\+?[0-9 ().x-]{0,45}", any in any::<String>()) {
        for typed in [typed, digits, any] {
            let _ = Rlibphonenumber.parse(&typed);
        }
    }
}
