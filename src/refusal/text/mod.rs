//! The sentences of refusals, each in one place, keyed by code (B16). A language is one more file beside `english`.

mod english;

use super::{Code, Fact};

/// A language of the sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    English,
}

/// What is wrong, and what would make it pass; `{name}` stands for a fact.
pub(super) struct Text {
    pub(super) says: &'static str,
    pub(super) remedy: &'static str,
}

pub(super) const fn of(code: &Code, language: Language) -> Text {
    match language {
        Language::English => english::text(code),
    }
}

/// Puts the facts into a sentence; a name that no fact has stays as it is.
pub(super) fn fill(sentence: &str, facts: &[Fact]) -> String {
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
            Some(fact) => filled.push_str(&fact.value().to_string()),
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
