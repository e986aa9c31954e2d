//! What falls due, among ever more that does not: firing should cost what is fired.

use std::collections::BTreeMap;
use std::hint::black_box;

use chrono::TimeDelta;
use outbound::command::Park;

use crate::by_hand;
use crate::centre::{Centre, Outcome, beginning, command_id};
use crate::measure::{Scale, work};
use crate::table::{Unit, flat, other, subheading};

/// How many fall due at once.
const DUE: u32 = 50;

/// How often some fall due.
const TIMES: u32 = 20;

pub(crate) fn run(scale: Scale) -> Outcome {
    subheading("due timers: 50 that are due among ever more that are not");
    let sizes = [scale.pick(100, 1_000, 1_000), scale.pick(1_000, 100_000, 1_000_000)];
    let by_tree = sizes.map(by_tree);
    for (size, cost) in sizes.iter().zip(by_tree) {
        other(&format!("a BTreeMap of {size}, one deadline taken"), Unit::Nanoseconds, cost);
    }
    let of_each = |cost: fn(u32) -> Outcome<f64>| sizes.iter().map(|size| Ok((*size, cost(*size)?))).collect();
    let woken: Outcome<Vec<_>> = of_each(by_library);
    flat("one parked task woken, of so many", &woken?, Some(2.0));
    let looked: Outcome<Vec<_>> = of_each(nothing_due);
    flat("looking while nothing is due", &looked?, Some(2.0));
    Ok(())
}

/// The floor: deadlines in a tree, of which those that are due are taken.
fn by_tree(pending: u32) -> f64 {
    let deadline = |number: u32| (i64::from(number), by_hand::centre::id(1, number));
    let mut tree: BTreeMap<(i64, u128), u64> =
        (0..pending).map(|number| (deadline(number), u64::from(number))).collect();
    let mut least = f64::MAX;
    for time in (0..i64::from(pending.min(DUE * TIMES))).step_by(50) {
        let (taken, took) = work(|| {
            let mut taken = 0;
            while let Some(first) = tree.first_entry().filter(|first| first.key().0 < time + 50) {
                black_box(first.remove());
                taken += 1;
            }
            taken
        });
        least = least.min(took / f64::from(taken.max(1)));
    }
    least
}

/// A centre with so many parked tasks; those of each of some seconds fall due, the others in ten days.
fn parked(pending: u32) -> Outcome<Centre> {
    let centre = Centre::with_agents(100)?;
    for from in (0..pending).step_by(10_000) {
        for (number, (id, start)) in (from..).zip(centre.prepare(from..pending.min(from + 10_000))?) {
            let conversation = centre.desk.run(id, &start)?.conversation;
            let soon = TimeDelta::seconds(i64::from(number / DUE) + 1);
            let until = beginning() + if number < DUE * TIMES { soon } else { TimeDelta::days(10) };
            let park = Park { agent: start.agent, conversation, until, queue: None };
            centre.desk.run(command_id(3, number), &park)?;
        }
    }
    Ok(centre)
}

/// The least that firing one of those that are due costs.
fn by_library(pending: u32) -> Outcome<f64> {
    let centre = parked(pending)?;
    let mut least = f64::MAX;
    for _ in 0..TIMES.min(pending / DUE) {
        centre.desk.clock().advance(TimeDelta::seconds(1));
        let (swept, took) = work(|| centre.desk.fire_due(1_000));
        let swept = swept?;
        if swept.fired.len() != usize::try_from(DUE)? || !swept.stuck.is_empty() {
            return Err(format!("{} were fired, and {} are stuck", swept.fired.len(), swept.stuck.len()).into());
        }
        least = least.min(took / f64::from(DUE));
    }
    Ok(least)
}

/// The least that looking for what is due costs.
fn nothing_due(pending: u32) -> Outcome<f64> {
    let centre = parked(pending)?;
    let looked = (0..1_000).map(|_| work(|| centre.desk.fire_due(1_000).map(|swept| swept.fired.len())));
    looked
        .map(|(fired, took)| if fired? == 0 { Ok(took) } else { Err("something was due".into()) })
        .try_fold(f64::MAX, |least, took: Outcome<f64>| Ok(least.min(took?)))
}
