//! All rules of a start over what is loaded already, all reasons against it collected: the library, ifs by hand, and policy engines with
//! the same rules in their languages.
//!
//! What is measured is [`StartOutbound::allowed`](outbound::command::StartOutbound::allowed) over the records that a start loads.

#[cfg(feature = "cedar")]
mod cedar;
mod cel;
mod facts;
mod floor;
mod library;

use crate::allocations::allocated_by;
use crate::centre::Outcome;
use crate::measure::{Pieces, Scale};
use crate::table::{Unit, alone, heading, note, row, times_faster};

pub(crate) use self::floor::Floor;
pub(crate) use self::library::loaded;

/// One of the two questions: may an agent start, whom all rules allow; may one, whom several refuse?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Allowed,
    Refused,
}

impl Case {
    /// How many reasons are against it.
    pub(crate) const fn reasons(self) -> usize {
        match self {
            Self::Allowed => 0,
            Self::Refused => 5,
        }
    }
}

/// A policy engine that answers how many reasons it finds.
type Engine = (&'static str, Box<dyn Fn() -> usize>);

fn engines(case: Case) -> Outcome<Vec<Engine>> {
    let cel = cel::Cel::new(case)?;
    #[cfg_attr(not(feature = "cedar"), expect(unused_mut, reason = "one engine is optional"))]
    let mut engines: Vec<Engine> = vec![("CEL", Box::new(move || cel.reasons()))];
    #[cfg(feature = "cedar")]
    {
        let cedar = cedar::Cedar::new(case)?;
        engines.push(("Cedar", Box::new(move || cedar.reasons())));
    }
    Ok(engines)
}

pub(crate) fn run(scale: Scale) -> Outcome {
    heading("policy: all start rules over what is loaded", "floor");
    let times = scale.pick(200, 5_000, 5_000);
    for (case, what) in [(Case::Allowed, "all hold"), (Case::Refused, "five do not hold")] {
        let (floor, library, engines) = (Floor::new(case), loaded(case)?, engines(case)?);
        let (expected, found) = (case.reasons(), (floor.reasons(), library.reasons()));
        if found != (expected, expected) || engines.iter().any(|(_, reasons)| reasons() != case.reasons()) {
            return Err(
                format!("floor and library find {found:?} reasons, and not {expected}, or an engine differs").into()
            );
        }
        let (mut by_floor, mut by_library) = (Pieces::default(), Pieces::default());
        let mut by_engines = vec![Pieces::default(); engines.len()];
        for _ in 0..20 {
            by_floor.add(times, || (0..times).map(|_| floor.reasons()).sum::<usize>());
            by_library.add(times, || (0..times).map(|_| library.reasons()).sum::<usize>());
            for ((_, reasons), pieces) in engines.iter().zip(&mut by_engines) {
                pieces.add(times / 20, || (0..times / 20).map(|_| reasons()).sum::<usize>());
            }
        }
        row(what, Unit::Nanoseconds, by_floor.median(), by_library.median(), Some(3.0));
        for ((name, _), pieces) in engines.iter().zip(&by_engines) {
            times_faster(name, pieces.median(), by_library.median(), 30.0);
        }
    }
    Ok(())
}

/// What the rules allocate.
pub(crate) fn count(_: Scale) -> Outcome {
    heading("allocations of the rules", "floor");
    for (case, what) in [(Case::Allowed, "all rules hold"), (Case::Refused, "five rules do not hold")] {
        let (floor, library) = (Floor::new(case), loaded(case)?);
        let (_, by_floor) = allocated_by(|| floor.reasons());
        let (_, by_library) = allocated_by(|| library.reasons());
        match case {
            Case::Allowed => alone(what, Unit::Times, by_library.count, Some(0.0)),
            Case::Refused => row(what, Unit::Times, by_floor.count, by_library.count, None),
        }
    }
    note("a refusal owns its facts, for a desk to show and to be written down; a reason of the floor is an enum");
    Ok(())
}
