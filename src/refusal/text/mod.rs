//! The sentences of refusals, each in one place, keyed by code (B16). A language is one more file beside `english`.

mod english;
mod portuguese;
mod spanish;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Code, Fact, Value};
use crate::model::{Channel, Holder, MediaClass};

/// A language of the sentences; written down as its tag, such as `pt-BR`.
///
/// ```
/// use outbound::refusal::Language;
///
/// assert_eq!(Language::of_tag("pt-PT"), Some(Language::Portuguese));
/// assert_eq!(Language::of_tag("fr").unwrap_or_default(), Language::English);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Portuguese, as it is written in Brazil.
    Portuguese,
    /// Spanish, as it is understood in Spain and in America.
    Spanish,
}

/// The text is no tag of a language that the sentences are in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there are no sentences in the language `{0}`")]
pub struct UnknownLanguage(String);

impl Language {
    /// Every language, in order.
    pub const ALL: [Self; 3] = [Self::English, Self::Portuguese, Self::Spanish];

    /// Its tag: `en`, `pt-BR` or `es`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Portuguese => "pt-BR",
            Self::Spanish => "es",
        }
    }

    /// The language that a tag names, whatever region or script it adds (`es-419`, `pt_PT`); none where there are no
    /// sentences in it. A list with weights, as an HTTP header has it, is the host's to take apart.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let named = tag.split(['-', '_']).next()?;
        let is = |language: &Self| language.tag().split('-').next().is_some_and(|own| own.eq_ignore_ascii_case(named));
        Self::ALL.into_iter().find(is)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;
    fn from_str(tag: &str) -> Result<Self, UnknownLanguage> {
        Self::of_tag(tag).ok_or_else(|| UnknownLanguage(tag.chars().take(MAX_TAG_CHARS).collect()))
    }
}

/// The most characters of a stranger's text in an error.
const MAX_TAG_CHARS: usize = 40;

impl TryFrom<String> for Language {
    type Error = UnknownLanguage;
    fn try_from(tag: String) -> Result<Self, UnknownLanguage> {
        tag.parse()
    }
}

impl From<Language> for &'static str {
    fn from(language: Language) -> Self {
        language.tag()
    }
}

/// What is wrong, and what would make it pass; `{name}` stands for a fact.
pub(super) struct Text {
    pub(super) says: &'static str,
    pub(super) remedy: &'static str,
}

pub(super) const fn of(code: &Code, language: Language) -> Text {
    match language {
        Language::English => english::text(code),
        Language::Portuguese => portuguese::text(code),
        Language::Spanish => spanish::text(code),
    }
}

/// How a language says the values of facts that are words of the domain.
struct Words {
    channel: fn(Channel) -> &'static str,
    class: fn(MediaClass) -> &'static str,
    holder: fn(&Holder) -> String,
    /// A word or phrase by the English one, in which each number is a `#`; none where it is not one of the domain's.
    word: fn(&str) -> Option<&'static str>,
}

/// The facts whose texts are words of the domain; any other text is an id, or what somebody typed.
const NAMED_IN_WORDS: [&str; 12] =
    ["blending", "by", "found", "licence", "line", "opens", "problem", "scope", "state", "status", "unit", "what"];

/// A fact's value in a language. English is the language in which values are written down.
fn told(fact: &Fact, language: Language) -> String {
    let words = match language {
        Language::English => return fact.value().to_string(),
        Language::Portuguese => portuguese::WORDS,
        Language::Spanish => spanish::WORDS,
    };
    match fact.value() {
        Value::Channel(channel) => (words.channel)(*channel).into(),
        Value::Class(class) => (words.class)(*class).into(),
        Value::Holder(holder) => (words.holder)(holder),
        Value::Text(text) if NAMED_IN_WORDS.contains(&fact.name()) => in_words(text, words.word).into(),
        value => value.to_string(),
    }
}

/// A phrase in another language, with its own numbers; as it is, where that language does not know it.
fn in_words(english: &str, word: fn(&str) -> Option<&'static str>) -> Cow<'_, str> {
    let mut pattern = String::with_capacity(english.len());
    let mut in_number = false;
    for c in english.chars() {
        if !c.is_ascii_digit() {
            pattern.push(c);
        } else if !in_number {
            pattern.push('#');
        }
        in_number = c.is_ascii_digit();
    }
    let Some(phrase) = word(&pattern) else { return english.into() };
    let mut numbers = english.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    phrase.chars().map(|c| if c == '#' { numbers.next().unwrap_or("#").into() } else { c.to_string() }).collect()
}

/// How a host tells a fact, where it has words of its own for it.
pub(super) type InOwnWords<'a> = &'a dyn Fn(&Fact) -> Option<String>;

/// Puts the facts into a sentence; a name that no fact has stays as it is.
pub(super) fn fill(sentence: &str, facts: &[Fact], language: Language, own: InOwnWords<'_>) -> String {
    let mut filled = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        match facts.iter().find(|fact| fact.name() == name) {
            Some(fact) => filled.push_str(&own(fact).unwrap_or_else(|| told(fact, language))),
            None => {
                filled.push('{');
                filled.push_str(name);
                filled.push('}');
            }
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}
