//! R27, B7: subjects as mail programs of the world change them.

use outbound::model::Subject;

fn normalised(text: &str) -> String {
    Subject::parse(text).unwrap().normalised()
}

#[test]
fn r27_the_marks_of_many_languages_are_no_part_of_a_subject() {
    for mark in [
        "Re:",
        "RE:",
        "re :",
        "Re[2]:",
        "RE(3):",
        "Re^2:",
        "Re：",
        "AW:",
        "Antw.:",
        "Antwort:",
        "RES:",
        "RES.:",
        "Réf. :",
        "Rép:",
        "ENC:",
        "Odp:",
        "RV:",
        "SV:",
        "TR:",
        "WG:",
        "R:",
        "YNT:",
        "İLT:",
        "ilt:",
        "ΣΧΕΤ:",
        "FS:",
        "YML:",
        "תגובה:",
        "إعادة توجيه:",
        "REF:",
        "VB:",
        "答复:",
        "答复：",
        "回复:",
        "回覆：",
        "转发:",
        "Fwd:",
        "FW:",
        "Re: AW: Fwd:",
    ] {
        assert_eq!(normalised(&format!("{mark} Fatura 10")), "fatura 10", "{mark}");
    }
    for kept in ["Order: late", "Reply: yes", "12:30 meeting", "Re", "Re:", "Really: no"] {
        assert_eq!(normalised(kept), kept.to_lowercase(), "{kept}");
    }
}

#[test]
fn r27_tags_tell_subjects_apart() {
    assert_ne!(normalised("[Pedido 10] Fatura"), normalised("[Pedido 11] Fatura"));
    assert_ne!(normalised("Re: [Pedido 10] Fatura"), normalised("Fatura"));
}

#[test]
fn r27_one_subject_has_many_spellings() {
    for (one, other) in [
        ("Fatura\u{a0}de  maio", "fatura de maio"),
        ("Cafe\u{301}", "café"),
        ("RE\u{301}P: x", "x"),
        ("zero\u{200b}width", "zerowidth"),
        ("\u{feff}Re: x", "x"),
    ] {
        assert_eq!(normalised(one), normalised(other), "{one}");
    }
}

#[test]
fn b7_a_forward_is_told_from_a_reply() {
    for (text, forward, reply) in [
        ("Fwd: x", true, false),
        ("WG: x", true, false),
        ("ENC: x", true, false),
        ("TR: x", true, false),
        ("RV: x", true, false),
        ("转发：x", true, false),
        ("Re: Fwd: x", true, true),
        ("AW: x", false, true),
        ("RES: x", false, true),
        ("x", false, false),
        ("Forward: x", false, false),
    ] {
        let subject = Subject::parse(text).unwrap();
        assert_eq!((subject.is_forward(), subject.is_reply()), (forward, reply), "{text}");
    }
}

#[test]
fn r27_a_subject_that_comes_in_is_cut_where_it_is_too_long_and_one_line_in_any_case() {
    let lenient = |text: &str| Subject::lenient(text).map(|subject| subject.as_str().to_owned());
    let longest = "é".repeat(255);
    assert_eq!(lenient(&longest), Some(longest.clone()));
    assert_eq!(lenient(&format!("{longest}é")), Some(longest.clone()));
    assert_eq!(lenient(&format!("  {longest}")), Some(longest.chars().skip(2).collect()));
    assert_eq!(lenient(" one\r\n two\t"), Some("one   two".into()));
    assert_eq!(lenient("one\u{2028}two\u{2029}"), Some("one two".into()));
    assert_eq!(lenient(" \n "), None);
}
