//! The reference page of refusals is what the catalogue says. `UPDATE_GOLDEN=1` writes it anew.
#![expect(clippy::unwrap_used, reason = "a test reads and writes the page")]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use outbound::model::{Key, Kind};
use outbound::refusal::{Code, HostCode, Language, Refusal, Retry};

fn page() -> String {
    let mut page = String::from(
        "Every code, in the order in which reasons are given. A code is never renamed, and never given another meaning; words in\n\
         braces are facts.\n\n| code | rule | category (HTTP) | says | what would make it pass |\n|---|---|---|---|---|\n",
    );
    for code in Code::ALL {
        let refusal = Refusal::new(code.clone(), Vec::new());
        let (says, remedy) = (refusal.says_template(Language::English), refusal.remedy_template(Language::English));
        let category = format!("{:?} ({})", code.category(), code.category().http_status());
        writeln!(page, "| `{code}` | {} | {category} | {says} | {remedy} |", code.rule()).unwrap();
    }
    page
}

/// The sentences alone, in a language other than English.
fn page_in(language: Language, name: &str) -> String {
    let mut page =
        format!("\n# Refusals in {name} (`{language}`)\n\n| code | says | what would make it pass |\n|---|---|---|\n");
    for code in Code::ALL {
        let refusal = Refusal::new(code.clone(), Vec::new());
        let (says, remedy) = (refusal.says_template(language), refusal.remedy_template(language));
        writeln!(page, "| `{code}` | {says} | {remedy} |").unwrap();
    }
    page
}

#[test]
fn r13_the_reference_page_is_what_the_catalogue_says() {
    is_written("REFUSALS.md", &page());
}

#[test]
fn b16_each_languages_page_is_what_the_catalogue_says() {
    is_written("REFUSALS.pt-BR.md", &page_in(Language::Portuguese, "Portuguese (Brazil)"));
    is_written("REFUSALS.es.md", &page_in(Language::Spanish, "Spanish"));
}

fn is_written(name: &str, page: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/refusal").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, page).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap();
    let differing: Vec<_> = page.lines().filter(|line| !written.contains(line)).collect();
    assert!(differing.is_empty(), "run with UPDATE_GOLDEN=1, and look at what changed: {differing:#?}");
    assert_eq!(written.len(), page.len(), "something is gone: run with UPDATE_GOLDEN=1, and look at what changed");
}

/// Every file in a folder and in those within it.
fn texts_in(folder: &Path) -> Vec<String> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let texts = |path: PathBuf| match path.is_dir() {
        true => texts_in(&path),
        false => vec![std::fs::read_to_string(path).unwrap()],
    };
    paths.flat_map(texts).collect()
}

#[test]
fn r13_every_code_that_a_commands_documentation_names_is_in_the_catalogue_and_every_code_is_named() {
    let mut named = std::collections::BTreeSet::new();
    for text in texts_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/command")) {
        let lists =
            text.split("/// Refused with ").skip(1).map(|rest| rest.split("#[derive").next().unwrap_or_default());
        named.extend(lists.flat_map(|list| list.split('`').skip(1).step_by(2)).map(str::to_owned).collect::<Vec<_>>());
    }
    let codes: std::collections::BTreeSet<String> = Code::ALL.iter().map(|code| code.as_str().to_owned()).collect();
    assert_eq!(named, codes);
}

#[test]
fn r13_categories_and_retries_read_as_words() {
    for code in Code::ALL {
        let name = format!("{:?}", code.category());
        let words: String = name.chars().flat_map(|c| c.is_uppercase().then_some(' ').into_iter().chain([c])).collect();
        assert_eq!(code.category().to_string(), words.trim().to_lowercase());
    }
    let key = Key::from_bytes(Kind::Subject, [7; 16]);
    let at = "2026-03-02T09:00:00Z".parse().unwrap();
    let retries = [
        (Retry::Never, "never".to_owned()),
        (Retry::WithOtherInput, "with other input".to_owned()),
        (Retry::At(at), "at 2026-03-02T09:00:00Z".to_owned()),
        (Retry::WhenChanged(key), format!("when `{key}` changes")),
        (Retry::Later, "later".to_owned()),
        (Retry::WhenSetUpChanges, "when the set-up changes".to_owned()),
    ];
    for (retry, words) in retries {
        assert_eq!(retry.to_string(), words);
    }
}

#[test]
fn b17_a_hosts_code_is_parsed_and_shown_as_it_is() {
    let code: HostCode = "acme.vip_only".parse().unwrap();
    assert_eq!(code.to_string(), "acme.vip_only");
    assert_eq!(Code::Host(code).to_string(), "acme.vip_only");
    assert!("vip".parse::<HostCode>().is_err() && "Acme.vip".parse::<HostCode>().is_err());
}
