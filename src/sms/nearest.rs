//! What comes nearest to a character in GSM-7 (B8).

use unicode_segmentation::UnicodeSegmentation;

use super::alphabet::septets;

/// The text with every character replaced that has something near it in GSM-7.
///
/// What is GSM-7 stays as it is, and so does a character, as people see it, of which a part has nothing near it. Done
/// twice it changes nothing more.
///
/// ```
/// use outbound::sms::replaced;
///
/// assert_eq!(replaced("“São João” – 20 € …"), "\"Sao Joao\" - 20 € ...");
/// assert_eq!(replaced("日本"), "日本");
/// ```
#[must_use]
pub fn replaced(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.graphemes(true) {
        match replacement(character) {
            Some(replacement) => plain.push_str(&replacement),
            None => plain.push_str(character),
        }
    }
    plain
}

/// What comes nearest to one character as people see it; none where one of its code points has nothing near it.
///
/// All or nothing, since half of an emoji or of a Persian word would be neither GSM-7 nor what was meant.
pub(super) fn replacement(character: &str) -> Option<String> {
    let mut plain = String::new();
    for c in character.chars() {
        match c {
            _ if septets(c).is_some() => plain.push(c),
            _ if is_mark(c) => put_mark(&mut plain, c),
            _ => match letter(c).or_else(|| styled(c)) {
                Some(letter) => plain.push(letter),
                None => plain.push_str(sign(c)?),
            },
        }
    }
    Some(plain)
}

/// Accents and the like that stand behind their letter.
const fn is_mark(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36f}'
            | '\u{1ab0}'..='\u{1aff}'
            | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20f0}'
            | '\u{fe20}'..='\u{fe2f}'
    )
}

/// Puts an accent onto the letter before it where GSM-7 has the two as one, and leaves it out elsewhere.
fn put_mark(plain: &mut String, mark: char) {
    let letters = match mark {
        '\u{300}' => ["aà", "eè", "iì", "oò", "uù"].as_slice(),
        '\u{301}' => &["eé", "EÉ"],
        '\u{303}' => &["nñ", "NÑ"],
        '\u{308}' => &["aä", "oö", "uü", "AÄ", "OÖ", "UÜ"],
        '\u{30a}' => &["aå", "AÅ"],
        '\u{327}' => &["CÇ"],
        _ => &[],
    };
    let last = plain.chars().next_back();
    let joined = letters.iter().find_map(|pair| {
        let mut pair = pair.chars();
        (pair.next() == last).then(|| pair.next()).flatten()
    });
    if let Some(joined) = joined {
        plain.pop();
        plain.push(joined);
    }
}

/// Letters that differ from one of GSM-7 by an accent or a stroke, and Greek, of which GSM-7 has capitals only, and of
/// those only the ones that do not look like Latin.
const fn letter(c: char) -> Option<char> {
    let plain = match c {
        'À' | 'Á' | 'Â' | 'Ã' | 'Ā' | 'Ă' | 'Ą' | 'Ǎ' | 'Ǡ' | 'Ȁ' | 'Ȃ' | 'Ȧ' | 'Ḁ' | 'Ạ' | 'Ả' | 'Ấ' | 'Ầ' | 'Ẩ'
        | 'Ẫ' | 'Ậ' | 'Ắ' | 'Ằ' | 'Ẳ' | 'Ẵ' | 'Ặ' => 'A',
        'Ɓ' | 'Ḃ' | 'Ḅ' | 'Ḇ' => 'B',
        'Ć' | 'Ĉ' | 'Ċ' | 'Č' => 'C',
        'Ð' | 'Ď' | 'Đ' | 'Ɖ' | 'Ɗ' | 'Ḋ' | 'Ḍ' | 'Ḏ' | 'Ḑ' | 'Ḓ' => 'D',
        'È' | 'Ê' | 'Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' | 'Ə' | 'Ɛ' | 'Ȅ' | 'Ȇ' | 'Ȩ' | 'Ḕ' | 'Ḗ' | 'Ḙ' | 'Ḛ' | 'Ḝ'
        | 'Ẹ' | 'Ẻ' | 'Ẽ' | 'Ế' | 'Ề' | 'Ể' | 'Ễ' | 'Ệ' => 'E',
        'Ḟ' => 'F',
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' | 'Ǧ' | 'Ǵ' | 'Ḡ' => 'G',
        'Ĥ' | 'Ħ' | 'Ȟ' | 'Ḣ' | 'Ḥ' | 'Ḧ' | 'Ḩ' | 'Ḫ' => 'H',
        'Ì' | 'Í' | 'Î' | 'Ï' | 'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' | 'Ɨ' | 'Ǐ' | 'Ȉ' | 'Ȋ' | 'Ḭ' | 'Ḯ' | 'Ỉ' | 'Ị' => {
            'I'
        }
        'Ĵ' => 'J',
        'Ķ' | 'Ƙ' | 'Ǩ' | 'Ḱ' | 'Ḳ' | 'Ḵ' | 'K' => 'K',
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ŀ' | 'Ł' | 'Ḷ' | 'Ḹ' | 'Ḻ' | 'Ḽ' => 'L',
        'Ḿ' | 'Ṁ' | 'Ṃ' => 'M',
        'Ń' | 'Ņ' | 'Ň' | 'Ŋ' | 'Ɲ' | 'Ǹ' | 'Ƞ' | 'Ṅ' | 'Ṇ' | 'Ṉ' | 'Ṋ' => 'N',
        'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ō' | 'Ŏ' | 'Ɔ' | 'Ơ' | 'Ǒ' | 'Ǫ' | 'Ǭ' | 'Ȍ' | 'Ȏ' | 'Ȭ' | 'Ȯ' | 'Ȱ' | 'Ṍ' | 'Ṏ'
        | 'Ṑ' | 'Ṓ' | 'Ọ' | 'Ỏ' | 'Ố' | 'Ồ' | 'Ổ' | 'Ỗ' | 'Ộ' | 'Ớ' | 'Ờ' | 'Ở' | 'Ỡ' | 'Ợ' => {
            'O'
        }
        'Ṕ' | 'Ṗ' => 'P',
        'Ŕ' | 'Ŗ' | 'Ř' | 'Ȑ' | 'Ȓ' | 'Ṙ' | 'Ṛ' | 'Ṝ' | 'Ṟ' => 'R',
        'Ś' | 'Ŝ' | 'Ş' | 'Š' | 'Ș' | 'Ṡ' | 'Ṣ' | 'Ṥ' | 'Ṧ' | 'Ṩ' => 'S',
        'Ţ' | 'Ť' | 'Ŧ' | 'Ț' | 'Ṫ' | 'Ṭ' | 'Ṯ' | 'Ṱ' => 'T',
        'Ù' | 'Ú' | 'Û' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ų' | 'Ư' | 'Ǔ' | 'Ȕ' | 'Ȗ' | 'Ṳ' | 'Ṵ' | 'Ṷ' | 'Ṹ' | 'Ṻ' | 'Ụ'
        | 'Ủ' | 'Ứ' | 'Ừ' | 'Ử' | 'Ữ' | 'Ự' => 'U',
        'Ʋ' | 'Ṽ' | 'Ṿ' => 'V',
        'Ŵ' | 'Ẁ' | 'Ẃ' | 'Ẅ' | 'Ẇ' | 'Ẉ' => 'W',
        'Ẋ' | 'Ẍ' => 'X',
        'Ý' | 'Ŷ' | 'Ÿ' | 'Ƴ' | 'Ȳ' | 'Ẏ' | 'Ỳ' | 'Ỵ' | 'Ỷ' | 'Ỹ' => 'Y',
        'Ź' | 'Ż' | 'Ž' | 'Ƶ' | 'Ẑ' | 'Ẓ' | 'Ẕ' => 'Z',
        'ª' | 'á' | 'â' | 'ã' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ǡ' | 'ȁ' | 'ȃ' | 'ȧ' | 'ḁ' | 'ẚ' | 'ạ' | 'ả' | 'ấ' | 'ầ'
        | 'ẩ' | 'ẫ' | 'ậ' | 'ắ' | 'ằ' | 'ẳ' | 'ẵ' | 'ặ' => 'a',
        'ƀ' | 'ḃ' | 'ḅ' | 'ḇ' | 'ɓ' => 'b',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' | 'ḉ' => 'c',
        'ð' | 'ď' | 'đ' | 'ḋ' | 'ḍ' | 'ḏ' | 'ḑ' | 'ḓ' | 'ɖ' | 'ɗ' => 'd',
        'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ȅ' | 'ȇ' | 'ȩ' | 'ḕ' | 'ḗ' | 'ḙ' | 'ḛ' | 'ḝ' | 'ẹ' | 'ẻ' | 'ẽ'
        | 'ế' | 'ề' | 'ể' | 'ễ' | 'ệ' | 'ə' | 'ɛ' => 'e',
        'ƒ' | 'ḟ' => 'f',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' | 'ǧ' | 'ǵ' | 'ḡ' => 'g',
        'ĥ' | 'ħ' | 'ȟ' | 'ḣ' | 'ḥ' | 'ḧ' | 'ḩ' | 'ḫ' | 'ẖ' => 'h',
        'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ǐ' | 'ȉ' | 'ȋ' | 'ḭ' | 'ḯ' | 'ỉ' | 'ị' | 'ɨ' => {
            'i'
        }
        'ĵ' | 'ǰ' | 'ȷ' => 'j',
        'ķ' | 'ĸ' | 'ƙ' | 'ǩ' | 'ḱ' | 'ḳ' | 'ḵ' => 'k',
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' | 'ḷ' | 'ḹ' | 'ḻ' | 'ḽ' => 'l',
        'ḿ' | 'ṁ' | 'ṃ' => 'm',
        'ń' | 'ņ' | 'ň' | 'ŋ' | 'ƞ' | 'ǹ' | 'ṅ' | 'ṇ' | 'ṉ' | 'ṋ' | 'ɲ' => 'n',
        'º' | 'ó' | 'ô' | 'õ' | 'ō' | 'ŏ' | 'ơ' | 'ǒ' | 'ǫ' | 'ǭ' | 'ȍ' | 'ȏ' | 'ȭ' | 'ȯ' | 'ȱ' | 'ṍ' | 'ṏ' | 'ṑ'
        | 'ṓ' | 'ọ' | 'ỏ' | 'ố' | 'ồ' | 'ổ' | 'ỗ' | 'ộ' | 'ớ' | 'ờ' | 'ở' | 'ỡ' | 'ợ' | 'ɔ' => {
            'o'
        }
        'ṕ' | 'ṗ' => 'p',
        'ŕ' | 'ŗ' | 'ř' | 'ȑ' | 'ȓ' | 'ṙ' | 'ṛ' | 'ṝ' | 'ṟ' => 'r',
        'ś' | 'ŝ' | 'ş' | 'š' | 'ſ' | 'ș' | 'ṡ' | 'ṣ' | 'ṥ' | 'ṧ' | 'ṩ' => 's',
        'ţ' | 'ť' | 'ŧ' | 'ț' | 'ṫ' | 'ṭ' | 'ṯ' | 'ṱ' | 'ẗ' => 't',
        'µ' | 'ú' | 'û' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ų' | 'ư' | 'ǔ' | 'ȕ' | 'ȗ' | 'ṳ' | 'ṵ' | 'ṷ' | 'ṹ' | 'ṻ' | 'ụ'
        | 'ủ' | 'ứ' | 'ừ' | 'ử' | 'ữ' | 'ự' => 'u',
        'ṽ' | 'ṿ' | 'ʋ' => 'v',
        'ŵ' | 'ẁ' | 'ẃ' | 'ẅ' | 'ẇ' | 'ẉ' | 'ẘ' => 'w',
        'ẋ' | 'ẍ' => 'x',
        'ý' | 'ÿ' | 'ŷ' | 'ƴ' | 'ȳ' | 'ẏ' | 'ẙ' | 'ỳ' | 'ỵ' | 'ỷ' | 'ỹ' => 'y',
        'ź' | 'ż' | 'ž' | 'ƶ' | 'ẑ' | 'ẓ' | 'ẕ' => 'z',
        'Ǟ' => 'Ä',
        'Ǻ' | 'Å' => 'Å',
        'Ǣ' | 'Ǽ' => 'Æ',
        'Ḉ' => 'Ç',
        'Ő' | 'Ȫ' => 'Ö',
        'Ǿ' => 'Ø',
        'Ű' | 'Ǖ' | 'Ǘ' | 'Ǚ' | 'Ǜ' => 'Ü',
        'ǟ' => 'ä',
        'ǻ' => 'å',
        'ǣ' | 'ǽ' => 'æ',
        'ő' | 'ȫ' => 'ö',
        'ǿ' => 'ø',
        'ű' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' => 'ü',
        'Ɣ' => 'Γ',
        'Ά' | 'Α' | 'ά' | 'α' => 'A',
        'Β' | 'β' => 'B',
        'Έ' | 'Ε' | 'έ' | 'ε' => 'E',
        'Ή' | 'Η' | 'ή' | 'η' => 'H',
        'Ί' | 'ΐ' | 'Ι' | 'Ϊ' | 'ί' | 'ι' | 'ϊ' => 'I',
        'Κ' | 'κ' => 'K',
        'Μ' | 'μ' => 'M',
        'Ν' | 'ν' => 'N',
        'Ό' | 'Ο' | 'ο' | 'ό' => 'O',
        'Ρ' | 'ρ' => 'P',
        'Τ' | 'τ' => 'T',
        'Χ' | 'χ' => 'X',
        'Ύ' | 'Υ' | 'Ϋ' | 'ΰ' | 'υ' | 'ϋ' | 'ύ' => 'Y',
        'Ζ' | 'ζ' => 'Z',
        'γ' => 'Γ',
        'δ' => 'Δ',
        'θ' => 'Θ',
        'λ' => 'Λ',
        'ξ' => 'Ξ',
        'π' => 'Π',
        'ς' | 'σ' => 'Σ',
        'φ' => 'Φ',
        'ψ' => 'Ψ',
        'Ώ' | 'ω' | 'ώ' | 'Ω' => 'Ω',
        _ => return None,
    };
    Some(plain)
}

/// Full-width, mathematical, circled and raised letters and digits.
fn styled(c: char) -> Option<char> {
    let from = |first: char, length: u32, plain: char| {
        let distance = u32::from(c).checked_sub(u32::from(first))?;
        char::from_u32(u32::from(plain) + distance % length)
    };
    match c {
        '\u{ff40}' => Some('\''),
        '\u{ff01}'..='\u{ff5e}' => from('\u{ff01}', 94, '!'),
        '\u{1d400}'..='\u{1d6a3}' => {
            let nth = from('\u{1d400}', 52, '\0').map(u32::from)?;
            char::from_u32(if nth < 26 { u32::from('A') + nth } else { u32::from('a') + nth - 26 })
        }
        '\u{1d7ce}'..='\u{1d7ff}' => from('\u{1d7ce}', 10, '0'),
        'Ⓐ'..='Ⓩ' => from('Ⓐ', 26, 'A'),
        'ⓐ'..='ⓩ' => from('ⓐ', 26, 'a'),
        '⁴'..='⁹' => from('⁴', 6, '4'),
        '₀'..='₉' => from('₀', 10, '0'),
        '⁰' => Some('0'),
        '¹' => Some('1'),
        '²' => Some('2'),
        '³' => Some('3'),
        _ => None,
    }
}

/// What is no single letter: quotes, dashes, spaces, currencies, ligatures, and what cannot be seen and may go.
const fn sign(c: char) -> Option<&'static str> {
    let plain = match c {
        // Quotes.
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | '`' | '´' | '′' | '‵' | 'ʹ' | 'ʻ' | 'ʼ' | 'ʽ' | 'ˈ' | 'ˊ' | 'ˋ' | '❛'
        | '❜' => "'",
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '‶' | '¨' | 'ʺ' | '❝' | '❞' | '〝' | '〞' | '「' | '」' | '『'
        | '』' => "\"",
        // Dashes, bullets and dots.
        '\u{2010}'..='\u{2015}' | '⁃' | '−' | '¯' | '﹘' | '﹣' | '•' | '‣' | '◦' | '▪' | '●' | '■' => {
            "-"
        }
        '…' => "...",
        '‥' => "..",
        '·' | '・' | '。' | '｡' | '․' | '﹒' => ".",
        '、' | '､' | '﹐' | '﹑' | '¸' => ",",
        // Spaces and line breaks.
        '\t' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => " ",
        '\u{b}' | '\u{85}' | '\u{2028}' | '\u{2029}' => "\n",
        // What cannot be seen.
        '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{ad}' | '\u{180e}' => "",
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' => "",
        '\u{fe00}'..='\u{fe0f}' | '\u{feff}' => "",
        // Signs.
        '‼' => "!!",
        '⁇' => "??",
        '⁈' => "?!",
        '⁉' => "!?",
        '¦' | '∣' => "|",
        '×' | '✕' | '✖' => "x",
        '÷' | '⁄' | '∕' => "/",
        '±' => "+/-",
        '≤' => "<=",
        '≥' => ">=",
        '≠' => "!=",
        '≈' | '∼' | '˜' | '〜' => "~",
        'ˆ' => "^",
        '∗' | '★' | '☆' => "*",
        '←' => "<-",
        '→' => "->",
        '↔' => "<->",
        '⇒' => "=>",
        '【' => "[",
        '】' => "]",
        '°' => "deg",
        '№' => "No",
        '™' => "TM",
        '©' => "(c)",
        '®' => "(R)",
        '¼' => "1/4",
        '½' => "1/2",
        '¾' => "3/4",
        '⅓' => "1/3",
        '⅔' => "2/3",
        '‰' => "o/oo",
        '℃' => "degC",
        '℉' => "degF",
        // Currencies, by their codes.
        '¢' => "c",
        '₡' => "CRC",
        '₦' => "NGN",
        '₨' | '₹' => "Rs",
        '₩' => "KRW",
        '₪' => "ILS",
        '₫' => "VND",
        '₭' => "LAK",
        '₮' => "MNT",
        '₱' => "PHP",
        '₲' => "PYG",
        '₴' => "UAH",
        '₵' => "GHS",
        '₸' => "KZT",
        '₺' => "TRY",
        '₼' => "AZN",
        '₽' => "RUB",
        '₾' => "GEL",
        '₿' => "BTC",
        // Ligatures and letters that are two.
        'Œ' => "OE",
        'œ' => "oe",
        'Ĳ' => "IJ",
        'ĳ' => "ij",
        'ŉ' => "'n",
        'ẞ' => "SS",
        'Þ' => "Th",
        'þ' => "th",
        'Ǆ' => "DZ",
        'ǅ' => "Dz",
        'ǆ' => "dz",
        'Ǉ' => "LJ",
        'ǈ' => "Lj",
        'ǉ' => "lj",
        'Ǌ' => "NJ",
        'ǋ' => "Nj",
        'ǌ' => "nj",
        'Ǳ' => "DZ",
        'ǲ' => "Dz",
        'ǳ' => "dz",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        _ => return None,
    };
    Some(plain)
}
