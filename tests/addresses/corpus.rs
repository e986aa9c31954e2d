//! A host's own corpus against the plans.
//!
//! `OUTBOUND_NUMBERS=<file> cargo test --release --all-features --test addresses corpus -- --ignored --nocapture`; each line
//! is the number in E.164 as the reference gives it (empty where it refuses), the kind of line, a class, and the text as
//! typed with `\n`, `\t` and `\r` written so, with tabs between them. Numbers beyond E.164's 15 digits count as refused.

use std::collections::BTreeMap;

use outbound::model::NumberPlan;

struct Tally {
    rows: usize,
    accepted: usize,
    accepted_as_reference: usize,
    decided_as_reference: usize,
    other_number: Vec<String>,
    apart: BTreeMap<String, usize>,
}

fn compare(plan: &dyn NumberPlan, corpus: &str) -> Tally {
    let mut tally = Tally {
        rows: 0,
        accepted: 0,
        accepted_as_reference: 0,
        decided_as_reference: 0,
        other_number: Vec::new(),
        apart: BTreeMap::new(),
    };
    for row in corpus.lines() {
        let mut fields =
            row.splitn(4, '\t').map(|field| field.replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r"));
        let mut next = || fields.next().unwrap_or_default();
        let (e164, line, class, typed) = (next(), next(), next(), next());
        let expected = (2..=16).contains(&e164.len()).then_some((e164, line));
        let found = plan.parse(&typed).ok().map(|number| (number.e164.to_text(), number.line.as_str().to_owned()));
        tally.rows += 1;
        tally.accepted += usize::from(found.is_some());
        tally.accepted_as_reference += usize::from(found.is_some() && found == expected);
        tally.decided_as_reference += usize::from(found == expected);
        if found != expected {
            let how = match (&found, &expected) {
                (Some((found, _)), Some((expected, _))) if found != expected => {
                    tally.other_number.push(format!("{typed:?}: {found}, the reference {expected}"));
                    "another number"
                }
                (Some(_), Some(_)) => "another line",
                (Some(_), None) => "accepted alone",
                (None, _) => "refused alone",
            };
            *tally.apart.entry(format!("{how}: {class}")).or_default() += 1;
        }
    }
    tally
}

/// Whole thousandths of a hundredth.
fn percent(part: usize, whole: usize) -> String {
    let thousandths = 100_000 * part / whole;
    format!("{}.{:03} %", thousandths / 1000, thousandths % 1000)
}

/// 210 ways to type numbers of all regions, and what Google's library made of them; the class says who accepts: `both` plans,
/// the second one with the `reference`, or `neither`.
const SAMPLE: &str = include_str!("sample.tsv");

#[cfg(feature = "rlibphonenumber")]
#[test]
fn r14_the_second_plan_answers_as_the_reference() {
    let tally = compare(&outbound::model::Rlibphonenumber, SAMPLE);
    assert_eq!((tally.rows, tally.decided_as_reference), (210, 210), "{:?}", tally.apart);
}

#[cfg(feature = "phonenumber")]
#[test]
fn r14_the_default_plan_refuses_what_it_would_have_to_guess_and_else_answers_as_the_reference() {
    let tally = compare(&outbound::model::Libphonenumber, SAMPLE);
    assert_eq!((tally.rows, tally.accepted, tally.accepted_as_reference), (210, 102, 102), "{:?}", tally.apart);
    assert_eq!(tally.apart, BTreeMap::from([("refused alone: reference".to_owned(), 50)]));
}

/// R14: the numbers of a file, read by every plan of this build.
#[test]
#[ignore = "needs a corpus: OUTBOUND_NUMBERS=<file>"]
fn r14_the_plans_decide_as_the_reference_does() {
    let path = std::env::var_os("OUTBOUND_NUMBERS").expect("OUTBOUND_NUMBERS names the corpus");
    let corpus = std::fs::read_to_string(path).unwrap();
    let plans: &[(&dyn NumberPlan, bool)] = &[
        #[cfg(feature = "phonenumber")]
        (&outbound::model::Libphonenumber, false),
        #[cfg(feature = "rlibphonenumber")]
        (&outbound::model::Rlibphonenumber, true),
    ];
    for (plan, exact) in plans {
        let tally = compare(*plan, &corpus);
        let decided = percent(tally.decided_as_reference, tally.rows);
        let accepted = percent(tally.accepted_as_reference, tally.accepted);
        println!("{plan:?}: {} rows, {decided} decided as by the reference", tally.rows);
        println!("  {} accepted, {accepted} of them as by the reference", tally.accepted);
        for (class, rows) in &tally.apart {
            println!("  {rows:6} {class}");
        }
        for other in &tally.other_number {
            println!("  {other}");
        }
        assert!(1000 * tally.accepted_as_reference >= 987 * tally.accepted, "{plan:?}");
        assert!(tally.other_number.is_empty(), "{plan:?}");
        assert!(!exact || tally.decided_as_reference == tally.rows, "{plan:?}");
    }
}
