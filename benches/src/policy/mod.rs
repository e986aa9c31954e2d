//! All rules of a start over what is loaded already, all reasons against it collected: the library, ifs by hand, and two policy engines
//! with the same rules in their languages.
//!
//! The library decides whole commands. What is measured is a step of a [`Run`](outbound::engine::Run) that has all it asked for, ended
//! by one more rule, the host's own, which always refuses, so that nothing is changed; the floor has that rule too.

mod cedar;
mod cel;
mod facts;
mod floor;
mod library;

use crate::allocations::so_far;
use crate::centre::Outcome;
use crate::measure::{Pieces, Scale};
use crate::table::{Unit, alone, heading, note, row, times_faster};

pub(crate) use self::floor::Floor;
use self::library::Counting;
pub(crate) use self::library::loaded;

/// One of the two questions: may an agent start, whom all rules allow; may one, whom several refuse?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Allowed,
    Refused,
}

impl Case {
    /// How many reasons are against it, but for the host's own rule, which is against both where it is asked.
    pub(crate) const fn reasons(self) -> usize {
        match self {
            Self::Allowed => 0,
            Self::Refused => 5,
        }
    }
}

pub(crate) fn run(scale: Scale) -> Outcome {
    heading("policy: all start rules over what is loaded", "floor");
    let times = scale.pick(200, 5_000, 5_000);
    for (case, what) in [(Case::Allowed, "all hold but the last, the host's own"), (Case::Refused, "five do not hold")]
    {
        let floor = Floor::new(case);
        let store = loaded(case)?;
        let mut library = store.run();
        let (cel, cedar) = (cel::Cel::new(case)?, cedar::Cedar::new(case)?);
        let counts = [floor.reasons(), library.reasons(), cel.reasons(), cedar.reasons()];
        let asked_last = usize::from(case == Case::Allowed);
        let expected = [asked_last, asked_last, 0, 0].map(|last| case.reasons() + last);
        if counts != expected {
            return Err(format!("floor, library, CEL and Cedar find {counts:?} reasons, and not {expected:?}").into());
        }
        let mut pieces = [(); 4].map(|()| Pieces::default());
        for _ in 0..20 {
            let [by_floor, by_library, by_cel, by_cedar] = &mut pieces;
            by_floor.add(times, || (0..times).map(|_| floor.reasons()).sum::<usize>());
            by_library.add(times, || (0..times).map(|_| library.reasons()).sum::<usize>());
            by_cel.add(times / 20, || (0..times / 20).map(|_| cel.reasons()).sum::<usize>());
            by_cedar.add(times / 20, || (0..times / 20).map(|_| cedar.reasons()).sum::<usize>());
        }
        let [by_floor, by_library, by_cel, by_cedar] = pieces.map(|pieces| pieces.median());
        row(what, Unit::Nanoseconds, by_floor, by_library, Some(3.0));
        let fastest = if by_cel < by_cedar { "CEL, the faster engine" } else { "Cedar, the faster engine" };
        times_faster(fastest, by_cel.min(by_cedar), by_library, 30.0);
        times_faster("the other engine", by_cel.max(by_cedar), by_library, 30.0);
    }
    Ok(())
}

/// What the rules allocate until the host's own is asked.
pub(crate) fn count(_: Scale) -> Outcome {
    heading("allocations of the rules", "floor");
    let store = loaded(Case::Allowed)?;
    let mut library = store.run();
    let before = so_far();
    library.reasons();
    let until_asked = u32::try_from(Counting::seen().saturating_sub(before))?;
    alone("all rules hold", Unit::Times, f64::from(until_asked), Some(0.0));
    let floor = Floor::new(Case::Refused);
    let store = loaded(Case::Refused)?;
    let mut library = store.run();
    let (_, by_floor) = crate::allocations::allocated_by(|| floor.reasons());
    let (_, by_library) = crate::allocations::allocated_by(|| library.reasons());
    row("five rules do not hold", Unit::Times, by_floor.count, by_library.count, None);
    note("a refusal owns its facts, for a desk to show and to be written down; a reason of the floor is an enum");
    Ok(())
}
