//! SMS segments (B8): what a text costs, where it is cut, what made it UCS-2, and what comes nearest to that.

use outbound::sms::{Encoding, Segments, forced, is_gsm7, parts, plainer, replaced, septets};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// The default alphabet in the order of its codes, without the escape at 0x1b.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

fn cost(encoding: Encoding, text: &str) -> usize {
    match encoding {
        Encoding::Gsm7 => text.chars().map(|c| if EXTENSION.contains(c) { 2 } else { 1 }).sum(),
        Encoding::Ucs2 => text.encode_utf16().count(),
    }
}

#[test]
fn b08_the_alphabet_is_that_of_the_standard_and_nothing_else() {
    assert_eq!(BASIC.chars().count(), 127);
    for c in '\0'..=char::MAX {
        let expected = if BASIC.contains(c) {
            Some(1)
        } else if EXTENSION.contains(c) {
            Some(2)
        } else {
            None
        };
        assert_eq!(septets(c), expected, "{c:?}");
    }
}

#[test]
fn b08_segments_at_their_limits() {
    let cases = [
        (String::new(), Encoding::Gsm7, 1, 0, 160),
        ("a".repeat(160), Encoding::Gsm7, 1, 160, 0),
        ("a".repeat(161), Encoding::Gsm7, 2, 161, 145),
        ("a".repeat(306), Encoding::Gsm7, 2, 306, 0),
        ("a".repeat(307), Encoding::Gsm7, 3, 307, 152),
        ("€".repeat(80), Encoding::Gsm7, 1, 160, 0),
        ("€".repeat(81), Encoding::Gsm7, 2, 162, 143),
        // 76 pairs fill 152 of 153 septets: the pair is not cut, and a septet is lost in each part.
        ("€".repeat(153), Encoding::Gsm7, 3, 306, 151),
        ("\u{c}".repeat(80), Encoding::Gsm7, 1, 160, 0),
        ("ã".repeat(70), Encoding::Ucs2, 1, 70, 0),
        ("ã".repeat(71), Encoding::Ucs2, 2, 71, 63),
        ("ã".repeat(134), Encoding::Ucs2, 2, 134, 0),
        ("ã".repeat(135), Encoding::Ucs2, 3, 135, 66),
        ("😀".repeat(35), Encoding::Ucs2, 1, 70, 0),
        // 33 pairs of surrogates fill 66 of 67 units.
        ("😀".repeat(36), Encoding::Ucs2, 2, 72, 61),
        ("😀".repeat(67), Encoding::Ucs2, 3, 134, 65),
        // In UCS-2 what costs two septets costs one unit.
        (format!("ã{}", "€".repeat(69)), Encoding::Ucs2, 1, 70, 0),
        // A tab, a no-break space and a back-tick are not in the alphabet.
        ("\t".into(), Encoding::Ucs2, 1, 1, 69),
        ("\u{a0}".into(), Encoding::Ucs2, 1, 1, 69),
        ("`".into(), Encoding::Ucs2, 1, 1, 69),
        // Lower-case ç is not, upper-case Ç is.
        ("ç".into(), Encoding::Ucs2, 1, 1, 69),
        ("Ç".into(), Encoding::Gsm7, 1, 1, 159),
        // A letter and its accent as two are not.
        ("e\u{301}".into(), Encoding::Ucs2, 1, 2, 68),
        ("\r\n".into(), Encoding::Gsm7, 1, 2, 158),
    ];
    for (text, encoding, count, units, left) in cases {
        let segments = Segments::of(&text);
        let told = (segments.encoding(), segments.count(), segments.units(), segments.left());
        assert_eq!(told, (encoding, count, units, left), "{:?}", text.chars().take(3).collect::<String>());
    }
}

#[test]
fn b08_what_people_see_as_one_character_is_not_cut() {
    let whole = [
        "👨‍👩‍👧‍👦",
        "🇧🇷",
        "👍🏽",
        "1️⃣",
        "e\u{301}",
        "각",
        "\u{1112}\u{1161}\u{11ab}",
        "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        "नि",
        "กำ",
        "🏳️‍🌈",
    ];
    for character in whole {
        for before in 67 - character.encode_utf16().count() + 1..67 {
            let text = format!("{}{character}{}", "ж".repeat(before), "ж".repeat(60));
            let first = parts(&text).next().unwrap();
            assert_eq!(first, "ж".repeat(before), "{character} after {before}");
        }
    }
}

#[test]
fn b08_flags_are_paired_from_their_first_and_a_line_break_may_be_cut() {
    let flags = "🇧🇷".repeat(40);
    assert!(parts(&flags).all(|part| part.chars().count() % 2 == 0));
    let odd = format!("🇵{flags}");
    assert_eq!(parts(&odd).collect::<String>(), odd);
    let broken = format!("{}\r\n{}", "ж".repeat(66), "ж".repeat(66));
    assert_eq!(parts(&broken).next().map(|part| part.ends_with('\r')), Some(true));
}

#[test]
fn b08_a_character_longer_than_a_part_is_cut_all_the_same() {
    let towering = format!("a{}", "\u{301}".repeat(200));
    let lengths: Vec<usize> = parts(&towering).map(|part| part.chars().count()).collect();
    assert_eq!(lengths, [67, 67, 67]);
}

#[test]
fn b08_a_megabyte_is_cut_in_linear_time() {
    for unit in ["a", "€", "ã", "🇧🇷", "\u{301}", "👨‍👩‍👧‍👦", "\u{200d}", "क\u{94d}", "\u{1100}", "\r\n", "\u{600}"]
    {
        let text = unit.repeat(1_000_000 / unit.len());
        let segments = Segments::of(&text);
        assert_eq!(segments.parts().concat(), text);
        assert!(segments.count() >= 3_000, "{unit:?}");
    }
}

#[test]
fn b08_segments_are_written_down() {
    let segments = Segments::of("não");
    let json = serde_json::to_string(&segments).unwrap();
    assert_eq!(json, r#"{"encoding":"ucs2","units":3,"left":67,"parts":["não"]}"#);
    assert_eq!(serde_json::from_str::<Segments>(&json).unwrap(), segments);
}

#[test]
fn b08_what_forced_ucs2_is_told_with_place_count_and_replacement() {
    let told = forced("Amanhã às 10h “não” 👍🏽 e\u{301} não");
    let told: Vec<_> =
        told.iter().map(|it| (it.character.as_str(), it.count, it.first, it.replacement.as_deref())).collect();
    let expected = [
        ("ã", 3, 5, Some("a")),
        ("“", 1, 14, Some("\"")),
        ("”", 1, 18, Some("\"")),
        ("👍🏽", 1, 20, None),
        ("e\u{301}", 1, 23, Some("é")),
    ];
    assert_eq!(told, expected);
    assert_eq!(forced("Caffè {5} €\r\n"), []);
}

#[test]
fn b08_forced_characters_have_names_that_can_be_read() {
    let names = |text: &str| forced(text).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names("ã\u{a0}\u{200b}\t🙂"), ["ã (U+00E3)", "U+00A0", "U+200B", "U+0009", "🙂 (U+1F642)"]);
    assert_eq!(names("👍🏽"), ["👍🏽 (U+1F44D U+1F3FD)"]);
    assert_eq!(names(&format!("a{}", "\u{301}".repeat(9))), ["U+0061 U+0301 U+0301 U+0301 …"]);
}

#[test]
fn b08_the_nearest_of_gsm7() {
    let cases = [
        ("“São João” – já", "\"Sao Joao\" - ja"),
        ("ação, três, õ, ú, í, ó, â, ê, ô", "acao, tres, o, u, i, o, a, e, o"),
        ("ç Ç é É à ñ", "c Ç é É à ñ"),
        ("Ã Õ Á Í Ó Ú Â Ê Ô À È", "A O A I O U A E O A E"),
        ("‘it’s’ …", "'it's' ..."),
        ("a\u{a0}b\u{202f}c\u{3000}d\te", "a b c d e"),
        ("a\u{200b}b\u{feff}c\u{ad}d\u{2060}e\0", "abcde"),
        ("1º 2ª nº №5", "1o 2a no No5"),
        ("ＡＢＣ　ａｂｃ１２３！（～）", "ABC abc123!(~)"),
        ("𝐇𝐞𝐥𝐥𝐨 𝟘𝟡 ⓐⒷ x²", "Hello 09 aB x2"),
        ("ﬁ ﬂ ﬃ œ Œ ĳ", "fi fl ffi oe OE ij"),
        ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ ΓΔΘ", "ABEZHIKMNOPTYX ΓΔΘ"),
        ("Καλημέρα σας", "KAΛHMEPA ΣAΣ"),
        ("zażółć gęślą jaźń", "zazolc gesla jazn"),
        ("Őrült űr", "Örült ür"),
        ("ğışİŞ Việt Nam", "gisIS Viet Nam"),
        ("e\u{301}a\u{303}n\u{303}C\u{327}c\u{327}", "éañÇc"),
        ("₹5 ₽6 ₫7 5¢", "Rs5 RUB6 VND7 5c"),
        ("20°C ± ½ × 3 ÷ 4 → ≤", "20degC +/- 1/2 x 3 / 4 -> <="),
        ("©️ ™ 1️⃣", "(c) TM 1"),
        ("`x´", "'x'"),
        ("a\u{2028}b\u{85}c", "a\nb\nc"),
        // What has nothing near it stays whole: half of an emoji or a word is of no use to anybody.
        ("👨‍👩‍👧 ❤️ 🙂", "👨‍👩‍👧 ❤️ 🙂"),
        ("می‌خواهم", "می‌خواهم"),
        ("и\u{306}", "и\u{306}"),
        ("日本語", "日本語"),
        ("क्‍ष", "क्‍ष"),
    ];
    for (text, plain) in cases {
        assert_eq!(replaced(text), plain);
    }
}

#[test]
fn b08_every_printable_sign_of_ascii_in_another_dress_comes_back() {
    for (wide, plain) in ('\u{ff01}'..='\u{ff5e}').zip('!'..='~') {
        let expected = if plain == '`' { "'".into() } else { plain.to_string() };
        assert_eq!(replaced(&wide.to_string()), expected);
    }
    let alphabet: String = ('A'..='Z').chain('a'..='z').collect();
    let styled: String = ('\u{1d400}'..='\u{1d6a3}').collect();
    assert_eq!(replaced(&styled), alphabet.repeat(13));
}

#[test]
fn b08_what_a_plainer_text_saves() {
    let text = format!("“{}”", "a".repeat(150));
    let found = plainer(&text).unwrap();
    assert_eq!((found.segments, found.saves, found.text.len()), (1, 2, 152));
    assert_eq!(plainer("all of it is GSM-7"), None);
    assert_eq!(plainer("日本"), None);
    let longer = plainer(&format!("日{}", "½".repeat(69))).unwrap();
    assert_eq!((longer.segments, longer.saves), (4, 0), "more parts are no saving");
}

/// Texts out of what is hard: marks, joiners, flags, jamo, conjuncts, line breaks, and anything.
fn hard() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z €^\\[\\]{}\r\n\u{c}]{1,12}",
        3 => prop::sample::select(vec![
            "ã", "“", "…", "\u{a0}", "\u{200b}", "\u{200d}", "\u{301}", "\u{303}", "\u{fe0f}", "🇧", "🇷", "👨‍👩‍👧", "👍🏽", "1️⃣", "क्ष",
            "\u{94d}", "\u{1100}", "\u{1161}", "\r\n", "\u{600}", "𝐇", "©", "ж", "и\u{306}", "\t", "½", "Α", "ﬃ",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat())
}

/// What the parts must be, from the clusters of the whole text, for texts without one that is longer than a part.
fn by_clusters(text: &str) -> Vec<String> {
    let encoding = if is_gsm7(text) { Encoding::Gsm7 } else { Encoding::Ucs2 };
    if cost(encoding, text) <= encoding.single_limit() {
        return vec![text.to_owned()];
    }
    let whole =
        |cluster: &str| if cluster == "\r\n" { vec!["\r".into(), "\n".into()] } else { vec![cluster.to_owned()] };
    let (mut parts, mut last) = (Vec::new(), String::new());
    for cluster in text.graphemes(true).flat_map(whole) {
        if cost(encoding, &last) + cost(encoding, &cluster) > encoding.part_limit() {
            parts.push(std::mem::take(&mut last));
        }
        last.push_str(&cluster);
    }
    parts.push(last);
    parts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn b08_parts_join_to_the_text_and_keep_their_limit(text in hard()) {
        let segments = Segments::of(&text);
        prop_assert_eq!(segments.parts().concat(), text.clone());
        let encoding = segments.encoding();
        prop_assert_eq!(encoding, if is_gsm7(&text) { Encoding::Gsm7 } else { Encoding::Ucs2 });
        let limit = if segments.count() == 1 { encoding.single_limit() } else { encoding.part_limit() };
        for part in segments.parts() {
            prop_assert!(cost(encoding, part) <= limit);
            prop_assert!(!part.is_empty() || text.is_empty());
        }
        prop_assert_eq!(segments.units(), cost(encoding, &text));
        prop_assert_eq!(segments.left(), limit - cost(encoding, segments.parts().last().unwrap()));
        prop_assert_eq!(segments.count() == 1, cost(encoding, &text) <= encoding.single_limit());
    }

    #[test]
    fn b08_parts_are_as_long_as_whole_characters_let_them_be(text in hard()) {
        prop_assume!(text.graphemes(true).all(|cluster| cluster.encode_utf16().count() <= 67));
        let cut: Vec<String> = parts(&text).map(str::to_owned).collect();
        prop_assert_eq!(cut, by_clusters(&text));
    }

    #[test]
    fn b08_replacing_is_done_after_once_and_touches_no_gsm7(text in hard()) {
        let plain = replaced(&text);
        prop_assert_eq!(replaced(&plain), plain.clone());
        if is_gsm7(&text) {
            prop_assert_eq!(&plain, &text);
        }
        let all = forced(&text).iter().all(|it| it.replacement.is_some());
        prop_assert_eq!(is_gsm7(&plain), all);
        let kept = forced(&plain);
        prop_assert!(kept.iter().all(|it| it.replacement.is_none()), "{:?}", kept);
    }

    #[test]
    fn b08_what_forced_ucs2_is_all_of_it(text in hard()) {
        let forced = forced(&text);
        prop_assert_eq!(forced.is_empty(), is_gsm7(&text));
        let chars: Vec<char> = text.chars().collect();
        for it in &forced {
            let there: String = chars[it.first..].iter().take(it.character.chars().count()).collect();
            prop_assert_eq!(&there, &it.character);
            prop_assert!(!is_gsm7(&it.character) && it.count > 0);
        }
        let times = text.graphemes(true).filter(|cluster| !is_gsm7(cluster)).count();
        prop_assert_eq!(forced.iter().map(|it| it.count).sum::<usize>(), times);
    }
}

/// What Unicode itself says: the letter under all accents.
#[test]
fn b08_a_letter_with_accents_comes_nearest_to_its_letter() {
    for letter in ('\u{c0}'..='\u{24f}').chain('\u{1e00}'..='\u{1eff}').filter(|c| !is_gsm7(&c.to_string())) {
        let Some(base) = letter.nfd().next().filter(char::is_ascii_alphabetic) else { continue };
        let plain = replaced(&letter.to_string());
        assert!(is_gsm7(&plain), "{letter}");
        assert_eq!(plain.nfd().filter(char::is_ascii_alphabetic).collect::<String>(), base.to_string(), "{letter}");
    }
}

#[test]
fn b08_an_accent_behind_its_letter_is_put_onto_it_where_gsm7_has_both_as_one() {
    for letter in "èéùìòÇÅåÄÖÑÜäöñüà".chars() {
        assert_eq!(replaced(&letter.nfd().collect::<String>()), letter.to_string());
    }
}
