//! Two threads on one store: with agents of their own, and with a few agents for both.
//!
//! What matters here is waiting for each other, so it is the time on the wall that counts: of many short pieces the fastest, which nobody
//! else on the machine disturbed.

use std::convert::Infallible;
use std::ops::Range;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};

use outbound::command::{Close, StartOutbound, WrapUp};
use outbound::engine::{Changes, Loaded, Reads};
use outbound::memory::MemoryStore;
use outbound::model::{AgentId, By, CommandId, ConversationId, Key};
use outbound::port::{CommitError, EventPage, EventQuery, Store};

use crate::by_hand;
use crate::centre::{Centre, Outcome, agents_for, command_id, none};
use crate::measure::{Scale, wall};
use crate::table::{Unit, alone, heading, note, row};

/// How often each kind of piece is measured.
const PIECES: u32 = 100;

/// How many agents both threads share.
const FEW: u32 = 4;

/// A store that counts its conflicts.
#[derive(Debug, Default)]
struct Watched {
    store: MemoryStore,
    conflicts: AtomicU32,
}

impl Store for Watched {
    type Error = Infallible;

    fn load(&self, reads: &Reads) -> Result<Loaded, Infallible> {
        self.store.load(reads)
    }

    fn commit(&self, changes: Changes) -> Result<(), CommitError<Infallible>> {
        let done = self.store.commit(changes);
        if done == Err(CommitError::Conflict) {
            self.conflicts.fetch_add(1, Ordering::Relaxed);
        }
        done
    }

    fn events(&self, query: &EventQuery) -> Result<EventPage, Infallible> {
        self.store.events(query)
    }
}

/// The shortest time of a piece, with one thread and with two that do as much each.
#[derive(Debug, Clone, Copy)]
struct Shortest {
    one: f64,
    two: f64,
}

impl Shortest {
    const NONE: Self = Self { one: f64::MAX, two: f64::MAX };

    /// Measures one more piece; answers how many of its operations failed.
    fn add<T: Send>(&mut self, [alone, first, second]: [T; 3], work: impl Fn(T) -> usize + Sync) -> usize {
        let (failed_alone, one) = wall(|| work(alone));
        let both = Barrier::new(2);
        let (failed, two) = std::thread::scope(|threads| {
            let other = threads.spawn(|| {
                both.wait();
                work(second)
            });
            both.wait();
            wall(|| work(first) + other.join().unwrap_or(usize::MAX / 2))
        });
        (self.one, self.two) = (self.one.min(one), self.two.min(two));
        failed_alone + failed
    }

    /// How much more two threads do than one.
    fn gain(self) -> f64 {
        2.0 * self.one / self.two
    }
}

pub(crate) fn run(scale: Scale) -> Outcome {
    let each = scale.pick(20, 500, 500);
    heading("two threads, each with its own agents (start)", "floor");
    let agents = agents_for(3 * PIECES * each);
    let (floor, library) =
        (by_hand::centre::Centre::with_agents(agents), Centre::over(Watched::default(), agents, |terms| terms)?);
    let (mut by_floor, mut by_library) = (Shortest::NONE, Shortest::NONE);
    for piece in 0..PIECES {
        let ranges = ranges(piece, each);
        let prepared = each_of(&ranges, |range| library.prepare(range))?;
        let start = |range: Range<u32>| range.filter(|number| floor.start(*number, number % agents).is_err()).count();
        none("starts were refused by the floor", by_floor.add(ranges, start))?;
        none("starts were refused", by_library.add(prepared, |prepared| library.start(&prepared)))?;
    }
    report(each, by_floor, by_library, 1.0);
    let conflicts = library.desk.store().conflicts.load(Ordering::Relaxed);
    alone("conflicts reported, where nothing was shared", Unit::Times, f64::from(conflicts), Some(0.0));
    few_agents(each / 2)
}

/// Start, close, wrap up, over and over, by the same few agents.
fn few_agents(each: u32) -> Outcome {
    heading("two threads, the same four agents (start, close, wrap up)", "floor");
    let (floor, library) =
        (by_hand::centre::Centre::with_agents(FEW), Centre::over(Watched::default(), FEW, |terms| terms)?);
    let (mut by_floor, mut by_library) = (Shortest::NONE, Shortest::NONE);
    for piece in 0..PIECES {
        let ranges = ranges(piece, each);
        let prepared = each_of(&ranges, |range| days(&library, range))?;
        let day = |number: &u32| {
            let (number, agent) = (*number, number % FEW);
            floor.start(number, agent).is_ok() && floor.close(number, agent) && floor.wrap_up(number, agent)
        };
        let by_hand = |range: Range<u32>| range.filter(|number| !day(number)).count();
        none("conversations were not handled by the floor", by_floor.add(ranges, by_hand))?;
        let by_desk = |days: Vec<Day>| days.iter().filter(|day| day.live(&library).is_err()).count();
        none("conversations were not handled", by_library.add(prepared, by_desk))?;
    }
    report(each, by_floor, by_library, 1.0);
    let conflicts = f64::from(library.desk.store().conflicts.load(Ordering::Relaxed));
    alone(
        "conflicts per 1,000 commands of two threads",
        Unit::Times,
        conflicts * 1e3 / f64::from(2 * PIECES * each * 3),
        None,
    );
    none_lost(&library, 3 * PIECES * each)
}

/// One conversation from its start to its end.
struct Day {
    start: (CommandId, StartOutbound),
    close: (CommandId, Close),
    wrap_up: (CommandId, WrapUp),
}

impl Day {
    fn live(&self, library: &Centre<Watched>) -> Outcome {
        library.desk.run(self.start.0, &self.start.1)?;
        library.desk.run(self.close.0, &self.close.1)?;
        library.desk.run(self.wrap_up.0, &self.wrap_up.1)?;
        Ok(())
    }
}

fn days(library: &Centre<Watched>, range: Range<u32>) -> Outcome<Vec<Day>> {
    let day = |(number, start): (u32, (CommandId, StartOutbound))| -> Outcome<_> {
        let (agent, conversation) = (start.1.agent.clone(), ConversationId::of(start.0));
        let close = Close { by: By::Agent(agent.clone()), conversation };
        let wrap_up = WrapUp { agent, conversation, reason: "none".parse()? };
        Ok(Day { start, close: (command_id(3, number), close), wrap_up: (command_id(4, number), wrap_up) })
    };
    range.clone().zip(library.prepare(range)?).map(day).collect()
}

/// Three ranges of numbers that nobody had before.
fn ranges(piece: u32, each: u32) -> [Range<u32>; 3] {
    let from = 3 * piece * each;
    [from..from + each, from + each..from + 2 * each, from + 2 * each..from + 3 * each]
}

fn each_of<T>(ranges: &[Range<u32>; 3], make: impl Fn(Range<u32>) -> Outcome<T>) -> Outcome<[T; 3]> {
    let [one, two, three] = ranges.clone();
    Ok([make(one)?, make(two)?, make(three)?])
}

fn report(each: u32, floor: Shortest, library: Shortest, at_least: f64) {
    let per = |time: f64| time / f64::from(each);
    row("one thread, an operation", Unit::Nanoseconds, per(floor.one), per(library.one), None);
    row("two threads, an operation of each", Unit::Nanoseconds, per(floor.two), per(library.two), None);
    row("two threads do so many times what one does", Unit::Times, floor.gain(), library.gain(), None);
    note(if library.gain() >= at_least { "two do no less than one: held" } else { "two do no less than one: MISSED" });
}

/// An update that was lost would be missing in the history of an agent.
fn none_lost(library: &Centre<Watched>, days: u32) -> Outcome {
    let events_of = |agent: &AgentId| -> Outcome<u64> {
        let query = EventQuery::Stream { stream: Key::presence(agent), after: 0, limit: usize::MAX };
        let page = library.desk.store().events(&query)?;
        let in_order = page.events.iter().zip(1..).all(|(event, number): (_, u64)| event.sequence == number);
        if in_order { Ok(page.next) } else { Err("the history of an agent has gaps".into()) }
    };
    let events = library.agents.iter().map(events_of).sum::<Outcome<u64>>()?;
    let expected = u64::from(FEW) + 3 * u64::from(days);
    if events == expected {
        note("no update of an agent was lost: held");
        Ok(())
    } else {
        Err(format!("{events} events of agents, and not {expected}: an update was lost").into())
    }
}
