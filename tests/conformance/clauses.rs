//! Every clause of the ports' documentation is proved by a check, and every check proves a clause that is there.

use std::collections::BTreeSet;
use std::path::Path;

use outbound::testing::conformance::{DELIVERY_CHECKS, MEDIA_CHECKS, STORE_CHECKS};

/// The clauses that a port's source numbers, as `load.2`: those of the trait with this name.
fn clauses(file: &str, of: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/port").join(file);
    let source = std::fs::read_to_string(path).unwrap();
    let body = source.split(&format!("pub trait {of}:")).nth(1).unwrap().split("\n}\n").next().unwrap();
    let mut clauses = BTreeSet::new();
    let mut numbers = Vec::new();
    for line in body.lines().map(str::trim) {
        let numbered = line.strip_prefix("/// ").and_then(|text| text.split_once(". "));
        if let Some(number) = numbered.and_then(|(number, _)| number.parse::<u32>().ok()) {
            numbers.push(number);
        }
        if let Some(method) = line.strip_prefix("fn ").and_then(|rest| rest.split('(').next()) {
            assert!(numbers.iter().zip(1..).all(|(number, place)| *number == place), "{method}: {numbers:?}");
            clauses.extend(numbers.drain(..).map(|number| format!("{method}.{number}")));
        }
    }
    clauses
}

#[test]
fn every_clause_of_a_store_is_proved_and_every_check_proves_one() {
    let proved: BTreeSet<String> = STORE_CHECKS.iter().map(|check| check.clause.to_owned()).collect();
    assert_eq!(proved, clauses("store.rs", "Store"));
}

#[test]
fn every_clause_of_a_delivery_is_proved_and_every_check_proves_one() {
    let proved: BTreeSet<String> = DELIVERY_CHECKS.iter().map(|check| check.clause.to_owned()).collect();
    assert_eq!(proved, clauses("delivery.rs", "Delivery"));
}

#[test]
fn every_clause_of_a_media_host_is_proved_and_every_check_proves_one() {
    let proved: BTreeSet<String> = MEDIA_CHECKS.iter().map(|check| check.clause.to_owned()).collect();
    assert_eq!(proved, clauses("delivery.rs", "MediaHost"));
}

#[test]
fn checks_have_names_of_their_own() {
    let names: BTreeSet<&str> = STORE_CHECKS.iter().map(|check| check.id).collect();
    assert_eq!(names.len(), STORE_CHECKS.len());
}
