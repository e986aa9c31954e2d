//! Keywords: whole messages by which a recipient stops messages, takes them again, or asks for help.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The longest keyword, in characters.
pub const MAX_KEYWORD_CHARS: usize = 40;

/// What a keyword asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keyword {
    /// No more messages.
    OptOut,
    /// Messages again.
    OptIn,
    /// Help.
    Help,
}

/// The words that stop messages.
const OPT_OUT: [&str; 43] = [
    // English; the United States' rules name the first seven.
    "stop",
    "quit",
    "end",
    "revoke",
    "opt out",
    "cancel",
    "unsubscribe",
    "optout",
    "opt-out",
    "stopall",
    "stop all",
    // Portuguese.
    "parar",
    "pare",
    "sair",
    "descadastrar",
    "cancelar inscricao",
    // Spanish.
    "baja",
    "detener",
    "darme de baja",
    "cancelar suscripcion",
    // French.
    "arret",
    "arrete",
    "arreter",
    "arretez",
    "desabonner",
    "desinscription",
    "desinscrire",
    // German.
    "stopp",
    "halt",
    "abmelden",
    "abbestellen",
    "austragen",
    // Italian.
    "ferma",
    "fermare",
    "cancellami",
    "disiscrivi",
    "disiscrivimi",
    // Dutch, Polish, Russian.
    "afmelden",
    "stoppen",
    "zatrzymaj",
    "стоп",
    "остановить",
    "отписаться",
];

/// The words that take messages again.
const OPT_IN: [&str; 15] = [
    "start",
    "unstop",
    "subscribe",
    "opt in",
    "optin",
    "opt-in", // English.
    "receber",
    "reativar", // Portuguese.
    "alta",
    "recibir", // Spanish.
    "nonarret",
    "reprendre", // French.
    "anmelden",  // German.
    "iscrivimi",
    "riprendi", // Italian.
];

/// The words that ask for help.
const HELP: [&str; 9] = ["help", "info", "ajuda", "ayuda", "aide", "hilfe", "aiuto", "hulp", "помощь"];

/// How a telephone begins the line that it writes below a message, folded.
const SIGNATURES: [&str; 8] =
    ["sent from", "enviado do", "enviado desde", "enviado de", "envoye de", "gesendet von", "von meinem", "inviato da"];

/// Why a text is not a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeywordError {
    /// Nothing is left of it without white space and punctuation.
    #[error("it has no letter or digit")]
    Blank,
    /// Longer than [`MAX_KEYWORD_CHARS`].
    #[error("it is longer than {MAX_KEYWORD_CHARS} characters")]
    TooLong,
    /// Several lines, which a message's signature would have.
    #[error("it has several lines")]
    Lines,
}

/// The keywords that an organization knows.
///
/// A message is a keyword only as a whole: `STOP` is one, `STOP PLEASE` and `please stop` are not. What does not count:
/// upper and lower case, accents (`ARRÊT`, `ARRET`), full-width letters, white space of any kind, invisible characters, quotes, full
/// stops, commas and exclamation marks around the word, and a signature below it that says what it is: lines that begin with a dash,
/// or a telephone's own line such as `Sent from my phone`. A question mark counts: `Stop?` asks something.
///
/// The standard words stop messages in English, Portuguese, Spanish, French, German, Italian, Dutch, Polish and Russian. `CANCEL`,
/// `END` and `QUIT` are among them though they may answer something else, since the rules of the United States name them as
/// words that stop messages; `YES`, `NO`, `SIM`, `SI`, `OUI`, `JA` and the other languages' words for cancelling are not. An
/// organization adds and removes words as it needs.
///
/// ```
/// use outbound::sms::{Keyword, Keywords};
///
/// let keywords = Keywords::standard();
/// assert_eq!(keywords.of(" «Arrêt.» "), Some(Keyword::OptOut));
/// assert_eq!(keywords.of("STOP PLEASE"), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keywords {
    words: BTreeMap<String, Keyword>,
}

impl Default for Keywords {
    fn default() -> Self {
        Self::standard()
    }
}

impl Keywords {
    /// The standard words.
    #[must_use]
    pub fn standard() -> Self {
        let lists: [(&[&str], Keyword); 3] =
            [(&OPT_OUT, Keyword::OptOut), (&OPT_IN, Keyword::OptIn), (&HELP, Keyword::Help)];
        let mut words = BTreeMap::new();
        for (list, means) in lists {
            words.extend(list.iter().map(|word| ((*word).to_owned(), means)));
        }
        Self { words }
    }

    /// Adds a word, or gives a word another meaning.
    ///
    /// # Errors
    /// [`KeywordError`] where no message could ever be the word.
    pub fn add(&mut self, word: &str, means: Keyword) -> Result<(), KeywordError> {
        let mut lines = word.lines().filter(|line| !line.trim().is_empty());
        if (lines.next(), lines.next()).1.is_some() {
            return Err(KeywordError::Lines);
        }
        let word = folded(word).ok_or(KeywordError::TooLong)?;
        if word.is_empty() {
            return Err(KeywordError::Blank);
        }
        self.words.insert(word, means);
        Ok(())
    }

    /// Takes a word away; answers whether it was there.
    pub fn remove(&mut self, word: &str) -> bool {
        folded(word).is_some_and(|word| self.words.remove(&word).is_some())
    }

    /// What a message asks for, where it is a keyword as a whole.
    #[must_use]
    pub fn of(&self, message: &str) -> Option<Keyword> {
        let mut lines = message.lines().filter(|line| !is_blank(line));
        let word = folded(lines.next()?)?;
        let means = self.words.get(&word)?;
        lines.next().is_none_or(is_signature).then_some(*means)
    }
}

fn is_blank(line: &str) -> bool {
    line.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// Whether a line begins a signature, which everything below it belongs to.
fn is_signature(line: &str) -> bool {
    let line = line.trim_start();
    if line.starts_with(['-', '–', '—', '_']) {
        return true;
    }
    let beginning: String = line.chars().take(MAX_KEYWORD_CHARS).collect();
    folded(&beginning).is_some_and(|line| SIGNATURES.iter().any(|known| line.starts_with(known)))
}

/// The form in which keywords are compared; none where the text is too long for one.
fn folded(text: &str) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c) || is_around(c));
    let seen = text.chars().filter(|c| !is_invisible(*c));
    // Nearly every message is longer than a keyword, and none of these is folded.
    if seen.clone().filter(|c| !c.is_whitespace()).nth(MAX_KEYWORD_CHARS).is_some() {
        return None;
    }
    let mut folded = String::new();
    let mut gap = false;
    for c in seen {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if gap {
            folded.push(' ');
        }
        gap = false;
        folded.extend(narrow(c).to_lowercase().filter_map(plain));
    }
    Some(folded)
}

/// What may stand around a keyword: quotes, and the marks that end a sentence which asks nothing.
const fn is_around(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '¡'
            | ','
            | ';'
            | '…'
            | '。'
            | '！'
            | '．'
            | '"'
            | '\''
            | '`'
            | '´'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '“'
            | '”'
            | '„'
            | '‘'
            | '’'
            | '‚'
    )
}

/// What nobody sees: zero-width spaces and joiners, marks of direction, soft hyphens, variation selectors.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

/// A full-width letter, digit or sign as its ordinary one.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        _ => c,
    }
}

/// A lower-case letter without its accent; a combining mark is nothing.
const fn plain(c: char) -> Option<char> {
    Some(match c {
        '\u{300}'..='\u{36f}' => return None,
        'à'..='å' | 'ą' => 'a',
        'ç' | 'ć' => 'c',
        'è'..='ë' | 'ę' => 'e',
        'ì'..='ï' | 'ı' => 'i',
        'ñ' | 'ń' => 'n',
        'ò'..='ö' => 'o',
        'ś' => 's',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' => 'z',
        'ł' => 'l',
        'ё' => 'е',
        'й' => 'и',
        _ => c,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(message: &str) -> Option<Keyword> {
        Keywords::standard().of(message)
    }

    #[test]
    fn b5_every_word_is_known_in_the_form_in_which_it_is_compared() {
        let keywords = Keywords::standard();
        assert_eq!(keywords.words.len(), OPT_OUT.len() + OPT_IN.len() + HELP.len(), "no word twice");
        for (word, means) in &keywords.words {
            assert_eq!(folded(word).as_ref(), Some(word));
            for said in [word.clone(), word.to_uppercase(), format!(" {word}. "), format!("\u{a0}\"{word}!\"\n")] {
                assert_eq!(keywords.of(&said), Some(*means), "{said:?}");
            }
            for more in [format!("{word} please"), format!("please {word}"), format!("{word}?"), format!("{word}1")] {
                assert_eq!(keywords.of(&more), None, "{more:?}");
            }
        }
    }

    #[test]
    fn b5_whole_messages_that_stop() {
        for said in [
            "STOP",
            "stop",
            " Stop ",
            "STOP.",
            "\"STOP\"",
            "«Stop»",
            "STOP!!!",
            "stop…",
            "'stop'.",
            "“Stop.”",
            "\u{a0}STOP\u{a0}",
            "S\u{200b}TOP\u{feff}",
            "\u{200f}stop",
            "ＳＴＯＰ",
            "ＳＴＯＰ！",
            "\u{3000}stop",
            "stop\u{fe0f}",
            "ARRÊT",
            "ARRET",
            "Arre\u{302}t",
            "arrêtez",
            "désinscription",
            "OPT-OUT",
            "Opt Out",
            "OPTOUT",
            "StopAll",
            "stop   all",
            "QUIT",
            "End",
            "cancel",
            "REVOKE",
            "Unsubscribe",
            "SAIR",
            "Parar",
            "PARE",
            "BAJA",
            "Detener",
            "Cancelar suscripción",
            "HALT",
            "Stopp",
            "Abmelden",
            "FERMA",
            "ZATRZYMAJ",
            "ОСТАНОВИТЬ",
            "остановить",
            "СТОП",
            "STOP\n",
            "\r\n\r\nSTOP\r\n\r\n",
            " \n\u{200b}\nSTOP\n \n\u{a0}",
            "STOP\n-- \nRita Gomes\nAcme",
            "STOP\n-Rita",
            "stop\n\n— Rita",
            "STOP\nSent from my iPhone",
            "Parar\nEnviado do meu telemóvel",
            "arrêt\nEnvoyé de mon iPhone",
            "Stopp\nVon meinem iPhone gesendet",
            "ferma\nInviato da iPhone",
            "baja\nEnviado desde mi móvil",
        ] {
            assert_eq!(of(said), Some(Keyword::OptOut), "{said:?}");
        }
    }

    #[test]
    fn b5_what_only_holds_a_keyword_is_none() {
        for said in [
            "",
            " ",
            "\n",
            ".",
            "\u{200b}",
            "STOP PLEASE",
            "please stop",
            "PLEASE CANCEL",
            "please stop all messages",
            "Stop?",
            "don't stop",
            "stop it",
            "S T O P",
            "STOPP!?",
            "stop,but why",
            "(stop)x",
            "st0p",
            "non-stop",
            "stopstop",
            "STOP\nRita",
            "STOP\nbut first tell me my balance",
            "stop\n\nsending it to the old address",
            "Rita\nSTOP",
            "#stop",
            "NO",
            "No.",
            "YES",
            "Yes",
            "SIM",
            "SI",
            "Sí",
            "OUI",
            "JA",
            "NEIN",
            "NÃO",
            "CANCELAR",
            "Annuler",
            "salir",
            "basta",
            "1",
            "ok",
            "thanks",
            "END of the month",
            "cancel my order",
            "info@acme.example",
        ] {
            assert_eq!(of(said), None, "{said:?}");
        }
    }

    #[test]
    fn b5_what_takes_messages_again_and_what_asks_for_help() {
        for said in ["START", "unstop", "Subscribe.", "OPT IN", "opt-in", "Recibir", "receber", "Reprendre"] {
            assert_eq!(of(said), Some(Keyword::OptIn), "{said:?}");
        }
        for said in ["HELP", "Info", "ajuda", "AYUDA!", "aide", "Hilfe", "aiuto", "ПОМОЩЬ"] {
            assert_eq!(of(said), Some(Keyword::Help), "{said:?}");
        }
    }

    #[test]
    fn b5_an_organization_adds_and_removes_words() {
        let mut keywords = Keywords::standard();
        assert!(keywords.remove(" Cancel "));
        assert!(!keywords.remove("cancel"), "it is gone");
        assert_eq!(keywords.of("CANCEL"), None);
        keywords.add("Não quero", Keyword::OptOut).unwrap();
        assert_eq!(keywords.of("NAO  QUERO!"), Some(Keyword::OptOut));
        keywords.add("HALT", Keyword::Help).unwrap();
        assert_eq!(keywords.of("halt"), Some(Keyword::Help), "another meaning");
        assert_eq!(keywords.add(" .\u{200b} ", Keyword::Help), Err(KeywordError::Blank));
        assert_eq!(keywords.add(&"x".repeat(41), Keyword::Help), Err(KeywordError::TooLong));
        assert_eq!(keywords.add("a\nb", Keyword::Help), Err(KeywordError::Lines));
        keywords.add(&"x".repeat(40), Keyword::Help).unwrap();
        assert_eq!(keywords.of(&"X".repeat(40)), Some(Keyword::Help));
        // White space counts for nothing.
        let (one, other) = ("x".repeat(20), "y".repeat(20));
        keywords.add(&format!("{one} {other}"), Keyword::Help).unwrap();
        assert_eq!(keywords.of(&format!("{one} \t {other}")), Some(Keyword::Help));
    }

    #[test]
    fn b5_a_message_without_end_is_no_keyword_and_is_looked_at_once() {
        let long = format!("stop{}", "\u{301}".repeat(5_000_000));
        assert_eq!(of(&long), None);
        assert_eq!(of(&" ".repeat(5_000_000)), None);
        assert_eq!(of(&format!("{}stop", "\u{200b}".repeat(2_000_000))), Some(Keyword::OptOut));
        assert_eq!(of(&format!("stop\n-{}", "x".repeat(2_000_000))), Some(Keyword::OptOut));
    }

    proptest::proptest! {
        #[test]
        fn b5_no_text_panics_and_folding_again_changes_nothing(text in ".{0,60}") {
            let _ = of(&text);
            if let Some(once) = folded(&text) {
                proptest::prop_assert!(folded(&once).is_none_or(|twice| twice == once));
            }
        }
    }
}
