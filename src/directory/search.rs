//! Finding a name by what an agent types: case and accents do not count (R46).

/// Whether every word of `needle` occurs in `haystack`, whatever the case and the accents (R46).
///
/// A needle without words is found everywhere.
///
/// ```
/// use outbound::directory::search::matches;
///
/// assert!(matches("João da Conceição", "conceicao JOAO"));
/// assert!(!matches("João da Conceição", "joao silva"));
/// ```
#[must_use]
pub fn matches(haystack: &str, needle: &str) -> bool {
    Wanted::new(needle).all_in(&fold(haystack))
}

/// The words that are searched for, made ready once for many names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted(String);

impl Wanted {
    /// The words of what an agent types; without words, everything is wanted.
    #[must_use]
    pub fn new(needle: &str) -> Self {
        Self(fold(needle))
    }

    /// Whether all of the words occur in the name, or all of them in the id.
    pub(super) fn is_in(&self, searched: &Searched) -> bool {
        self.all_in(&searched.name) || self.all_in(&searched.id)
    }

    fn all_in(&self, folded: &str) -> bool {
        self.words().all(|word| folded.contains(word))
    }

    /// The words, of which none is empty.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.0.split_whitespace()
    }
}

/// A name and an id, made ready for being searched.
#[derive(Debug, Clone)]
pub(super) struct Searched {
    name: Box<str>,
    id: Box<str>,
}

impl Searched {
    pub(super) fn new(name: &str, id: &str) -> Self {
        Self { name: fold(name).into(), id: fold(id).into() }
    }

    /// The words of the name and of the id: whatever is found without white space in them is found in one of these.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.name.split_whitespace().chain(self.id.split_whitespace())
    }
}

/// A text without case and accents: two texts that fold to the same are the same to a search.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
            continue;
        }
        // By way of upper case: `ß`, `ſ` and `ς` meet `ss`, `s` and `σ` only there.
        for c in c.to_uppercase().flat_map(char::to_lowercase) {
            match plain(c) {
                Some(letters) => folded.push_str(letters),
                None => folded.push(c),
            }
        }
    }
    folded
}

/// What a lower-case Latin letter is without its accent; a combining mark is nothing.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{300}'..='\u{36f}' => "",
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ǐ' => "i",
        'ĳ' => "ij",
        'ĵ' => "j",
        'ķ' | 'ĸ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' | 'ŋ' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ǒ' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ǔ' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}
