//! The floor and the library side by side, growing together.

use std::ops::Range;

use crate::by_hand;
use crate::centre::{Centre, Outcome, agents_for, none};
use crate::measure::work;

/// How many conversations are prepared at once.
const CHUNK: u32 = 10_000;

/// Both of them.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) floor: by_hand::centre::Centre,
    pub(crate) library: Centre,
    agents: u32,
}

/// The work that both did, in nanoseconds.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Took {
    pub(crate) floor: f64,
    pub(crate) library: f64,
}

impl Pair {
    /// Both, with agents for so many conversations, which are still to be started.
    pub(crate) fn for_conversations(conversations: u32) -> Outcome<Self> {
        let agents = agents_for(conversations);
        let (floor, library) = (by_hand::centre::Centre::with_agents(agents), Centre::with_agents(agents)?);
        Ok(Self { floor, library, agents })
    }

    /// Starts conversations with the floor; answers how many were not started.
    pub(crate) fn start_floor(&self, range: Range<u32>) -> usize {
        range.filter(|number| self.floor.start(*number, number % self.agents).is_err()).count()
    }

    /// Starts conversations with both, in turn.
    pub(crate) fn start(&self, range: Range<u32>) -> Outcome<Took> {
        let mut took = Took::default();
        for from in range.clone().step_by(usize::try_from(CHUNK)?) {
            let chunk = from..range.end.min(from + CHUNK);
            let prepared = self.library.prepare(chunk.clone())?;
            let (refused, floor) = work(|| self.start_floor(chunk));
            none("starts were refused by the floor", refused)?;
            let (refused, library) = work(|| self.library.start(&prepared));
            none("starts were refused", refused)?;
            took.floor += floor;
            took.library += library;
        }
        Ok(took)
    }
}
