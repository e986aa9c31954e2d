//! Every rule has its test, and every refusal code one test that it passes and one that it refuses.

use std::collections::BTreeSet;
use std::path::Path;

use outbound::refusal::Code;

/// Codes without a passing case: what they refuse is never possible.
const ALWAYS_REFUSED: [Code; 1] = [Code::ConferenceNotSupported];

fn sources() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules");
    let mut texts = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().is_some_and(|name| name != "coverage.rs") {
            texts.push(std::fs::read_to_string(path).unwrap());
        }
    }
    texts.join("\n")
}

/// The codes that are named in the statements that call a method.
fn codes_named_with(sources: &str, method: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for statement in sources.split(';').filter(|statement| statement.contains(method)) {
        let codes = statement.split("Code::").skip(1);
        named.extend(codes.map(|rest| rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>()));
    }
    named
}

#[test]
fn every_code_has_a_test_that_passes_it_and_one_that_refuses_it() {
    let sources = sources();
    let (passed, refused) = (codes_named_with(&sources, ".passes("), codes_named_with(&sources, ".refuses("));
    let lacking = |named: &BTreeSet<String>| -> Vec<&str> {
        Code::ALL.iter().map(Code::variant).filter(|code| !named.contains(*code)).collect()
    };
    assert_eq!(lacking(&refused), Vec::<&str>::new(), "codes that no test refuses with");
    let impossible: Vec<&str> = ALWAYS_REFUSED.iter().map(Code::variant).collect();
    assert_eq!(lacking(&passed), impossible, "codes that no test passes");
}

#[test]
fn every_rule_has_a_test_of_its_name() {
    let sources = sources();
    let rules = (1..=50).map(|number| format!("fn r{number:02}_"));
    let beyond = (1..=17).map(|number| format!("fn b{number:02}_"));
    let lacking: Vec<String> = rules.chain(beyond).filter(|name| !sources.contains(name)).collect();
    assert_eq!(lacking, Vec::<String>::new(), "rules without a test");
}
