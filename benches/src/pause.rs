//! The longest that one command takes while the store grows.
//!
//! The same starts are run twice, and of each the shorter time counts: what the work itself needs, it needs both times; what the
//! machine adds falls on another command.

use std::collections::BTreeMap;

use crate::by_hand;
use crate::centre::{Centre, Outcome, agents_for, none};
use crate::measure::{Scale, nanoseconds};
use crate::table::{Unit, alone, heading, other};

use cpu_time::ThreadTime;

/// Five milliseconds.
const LONGEST: f64 = 5e6;

pub(crate) fn run(scale: Scale) -> Outcome {
    heading("worst pause of one start while the store grows", "floor");
    let live = scale.pick(10_000, 1_000_000, 5_000_000);
    let floor = Pauses::of_two_runs(|| {
        let agents = agents_for(live);
        let centre = by_hand::centre::Centre::with_agents(agents);
        each(0..live, |number| usize::from(centre.start(number, number % agents).is_err()))
    })?;
    other(&format!("longest of {live}, std's HashMap"), Unit::Nanoseconds, floor.longest);
    other("  longest but one in 10,000", Unit::Nanoseconds, floor.longest_but_one_in_10_000);
    let tree = Pauses::of_two_runs(|| {
        let mut tree = BTreeMap::new();
        let keys = (0..live).map(|number| by_hand::centre::id(1, number));
        each(keys, |key| usize::from(tree.insert(key, [0_u64; 16]).is_some()))
    })?;
    other("longest insertion of one record into a BTreeMap", Unit::Nanoseconds, tree.longest);
    let library = Pauses::of_two_runs(|| grow(live))?;
    alone(&format!("longest of {live}, MemoryStore"), Unit::Nanoseconds, library.longest, Some(LONGEST));
    alone("  longest but one in 10,000", Unit::Nanoseconds, library.longest_but_one_in_10_000, None);
    Ok(())
}

fn grow(live: u32) -> Outcome<Vec<f64>> {
    let centre = Centre::with_agents(agents_for(live))?;
    let mut took = Vec::new();
    for from in (0..live).step_by(10_000) {
        let prepared = centre.prepare(from..live.min(from + 10_000))?;
        took.extend(each(prepared, |(id, start)| usize::from(centre.desk.run(id, &start).is_err()))?);
    }
    Ok(took)
}

/// How long each piece of work takes; none may fail.
fn each<T>(of: impl IntoIterator<Item = T>, mut work: impl FnMut(T) -> usize) -> Outcome<Vec<f64>> {
    let of = of.into_iter();
    let mut took = Vec::with_capacity(of.size_hint().0);
    let mut failed = 0;
    for one in of {
        let begun = ThreadTime::now();
        failed += work(one);
        took.push(nanoseconds(begun.elapsed()));
    }
    none("starts failed", failed)?;
    Ok(took)
}

struct Pauses {
    longest: f64,
    longest_but_one_in_10_000: f64,
}

impl Pauses {
    fn of_two_runs(run: impl Fn() -> Outcome<Vec<f64>>) -> Outcome<Self> {
        let (first, second) = (run()?, run()?);
        let mut took: Vec<f64> = first.iter().zip(&second).map(|(one, other)| one.min(*other)).collect();
        took.sort_by(|one, other| other.total_cmp(one));
        let at = |place: usize| took.get(place).copied().unwrap_or_default();
        Ok(Self { longest: at(0), longest_but_one_in_10_000: at(took.len() / 10_000) })
    }
}
