//! The whole start of an outbound conversation on the store in memory, among so many that live.

use crate::allocations::allocated_by;
use crate::centre::{Outcome, none};
use crate::measure::{Pieces, Scale};
use crate::pair::Pair;
use crate::table::{Unit, heading, row};

/// What an operation costs among so many.
struct Cost {
    floor: f64,
    library: f64,
}

pub(crate) fn run(scale: Scale) -> Outcome {
    heading("start outbound, whole command, on MemoryStore", "floor");
    let sizes: &[u32] = scale.pick(
        &[1_000, 10_000],
        &[1_000, 10_000, 100_000, 1_000_000],
        &[1_000, 10_000, 100_000, 1_000_000, 5_000_000],
    );
    let mut least: Option<Cost> = None;
    for live in sizes {
        let cost = among(*live)?;
        let at_most = if *live < 100_000 { 3.0 } else { 2.0 };
        row(&format!("among {live} live conversations"), Unit::Nanoseconds, cost.floor, cost.library, Some(at_most));
        match &least {
            None => least = Some(cost),
            Some(least) => {
                let (floor, library) = (cost.floor / least.floor, cost.library / least.library);
                row("  times what it costs among the fewest", Unit::Times, floor, library, Some(1.0));
            }
        }
    }
    Ok(())
}

/// The middle of twenty pieces of each, in turn; a small world is made anew for each, so that it stays small.
fn among(live: u32) -> Outcome<Cost> {
    let each = (live / 4).min(2_500);
    let (mut floor, mut library) = (Pieces::default(), Pieces::default());
    let make = || -> Outcome<_> {
        let pair = Pair::for_conversations(live + 20 * each)?;
        pair.start(0..live)?;
        Ok(pair)
    };
    let mut pair = make()?;
    for piece in 0..20 {
        let from = if live > 10_000 { live + piece * each } else { live };
        if from == live && piece > 0 {
            pair = make()?;
        }
        let range = from..from + each;
        let prepared = pair.library.prepare(range.clone())?;
        none("starts were refused by the floor", floor.add(each, || pair.start_floor(range)))?;
        none("starts were refused", library.add(each, || pair.library.start(&prepared)))?;
    }
    Ok(Cost { floor: floor.median(), library: library.median() })
}

/// How often a start allocates.
pub(crate) fn count(_: Scale) -> Outcome {
    heading("allocations", "floor");
    let pair = Pair::for_conversations(2_000)?;
    pair.start(0..1_000)?;
    let prepared = pair.library.prepare(1_000..2_000)?;
    let (refused, floor) = allocated_by(|| pair.start_floor(1_000..2_000));
    none("starts were refused by the floor", refused)?;
    let (refused, library) = allocated_by(|| pair.library.start(&prepared));
    none("starts were refused", refused)?;
    row("allocations of a start", Unit::Times, floor.count / 1e3, library.count / 1e3, None);
    Ok(())
}
