//! The reference page of refusals is what the catalogue says. `UPDATE_GOLDEN=1` writes it anew.
#![expect(clippy::unwrap_used, reason = "a test reads and writes the page")]

use std::fmt::Write;
use std::path::Path;

use outbound::refusal::{Code, Language, Refusal};

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

#[test]
fn r13_the_reference_page_is_what_the_catalogue_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/refusal/REFUSALS.md");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), page(), "run with UPDATE_GOLDEN=1, and look at what changed");
}
