//! The gate: how many instructions the library takes for what the floor does, counted by callgrind and so the same on every run.
//!
//! It is ratios that are held, not counts, so that another compiler changes both sides.
#![expect(clippy::disallowed_types, reason = "callgrind runs this program once more")]

use std::collections::BTreeMap;
use std::process::Command;

use crate::centre::Outcome;
use crate::half::{HALF, Side};
use crate::measure::Scale;
use crate::table::{Unit, heading, row};

/// The works, and how many times the floor's instructions each takes now. Who makes one better lowers it there.
const HELD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/held.json");

/// A ratio may be a twentieth over what is held.
const TOLERATED: f64 = 1.05;

pub(crate) fn run(_: Scale) -> Outcome {
    heading("instructions of one operation, counted by callgrind", "floor");
    let held: BTreeMap<String, f64> = serde_json::from_str(&std::fs::read_to_string(HELD)?)?;
    let mut worse = Vec::new();
    for (name, held) in &held {
        let (floor, library) = (each(name, Side::Floor)?, each(name, Side::Library)?);
        row(name, Unit::Times, floor, library, Some(held * TOLERATED));
        if library / floor > held * TOLERATED {
            worse.push(name.as_str());
        }
    }
    if worse.is_empty() { Ok(()) } else { Err(format!("worse than it was: {}", worse.join("; ")).into()) }
}

/// The instructions of one operation: the least of three counts, since std's hash maps are seeded anew in each process.
fn each(name: &str, side: Side) -> Outcome<f64> {
    (0..3).try_fold(f64::MAX, |least, _| {
        let (one, two) = (counted(name, side, "1")?, counted(name, side, "2")?);
        Ok(least.min((two - one) / f64::from(HALF)))
    })
}

/// The instructions of a whole process.
fn counted(name: &str, side: Side, halves: &str) -> Outcome<f64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(std::env::current_exe()?);
    let ended = valgrind.args(["work", name, side.as_str(), halves]).output();
    let ended = ended.map_err(|problem| format!("`valgrind` cannot be run, and it is needed here: {problem}"))?;
    let said = String::from_utf8_lossy(&ended.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected :")).map(|(_, count)| count.trim());
    match collected.and_then(|count| count.parse().ok()) {
        Some(count) if ended.status.success() => Ok(count),
        _ => Err(format!("callgrind did not count `{name}`: {said}").into()),
    }
}
