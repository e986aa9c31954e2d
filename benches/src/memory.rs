//! What a live conversation keeps in memory: records, index entries and events of its start.

use crate::allocations::allocated_by;
use crate::centre::{Outcome, none};
use crate::measure::Scale;
use crate::pair::Pair;
use crate::table::{Unit, heading, row};

pub(crate) fn count(scale: Scale) -> Outcome {
    heading("memory per live conversation", "floor");
    let sizes: &[u32] = scale.pick(&[1_000], &[1_000, 100_000, 1_000_000], &[1_000, 100_000, 1_000_000, 5_000_000]);
    sizes.iter().try_for_each(|live| of(*live))
}

/// The bytes that are there after the starts and were not before, in pieces, so that what is only prepared is not counted.
fn of(live: u32) -> Outcome {
    let pair = Pair::for_conversations(live)?;
    let (mut floor, mut library) = (0.0, 0.0);
    for from in (0..live).step_by(10_000) {
        let range = from..live.min(from + 10_000);
        let prepared = pair.library.prepare(range.clone())?;
        let (refused, by_floor) = allocated_by(|| pair.start_floor(range));
        none("starts were refused by the floor", refused)?;
        let (refused, by_library) = allocated_by(|| pair.library.start(&prepared));
        none("starts were refused", refused)?;
        floor += by_floor.kept;
        library += by_library.kept;
    }
    let each = |kept: f64| kept / f64::from(live);
    row(&format!("{live} conversations"), Unit::Bytes, each(floor), each(library), Some(2.0));
    Ok(())
}
