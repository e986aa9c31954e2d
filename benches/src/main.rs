//! Measures the library against hand-written floors, in the same run: every figure is a ratio to what the same work costs
//! without the library. `cargo run --release --package outbound-benches` prints the table; `-- --quick` runs it once, small.
#![expect(clippy::print_stdout, reason = "a benchmark talks to a person")]

mod allocations;
mod floor;
mod subject;

use std::error::Error;
use std::time::Duration;

use allocations::allocated_by;
use floor::CallCentre;
use subject::{Subject, time};

/// One row: what the floor and the library cost for the same work.
struct Row {
    what: String,
    floor: Duration,
    library: Duration,
    times: u32,
}

impl Row {
    fn print(&self) {
        let each = |total: Duration| total.as_secs_f64() * 1e9 / f64::from(self.times.max(1));
        let (floor, library) = (each(self.floor), each(self.library));
        println!("{:<46} {floor:>9.0} ns {library:>9.0} ns {:>7.1} x", self.what, library / floor.max(1e-9));
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let sizes: &[u32] = if quick { &[1_000] } else { &[1_000, 10_000, 100_000, 1_000_000] };
    println!("{:<46} {:>12} {:>12} {:>9}", "", "floor", "outbound", "ratio");
    for size in sizes {
        start_among(*size)?;
    }
    refusals(if quick { 1_000 } else { 100_000 })?;
    allocations_of_a_start()
}

/// Four conversations an agent, of five slots.
const fn agents_for(conversations: u32) -> u32 {
    conversations / 4 + 1
}

/// The whole start of an outbound conversation, on the store in memory, among so many that live.
fn start_among(live: u32) -> Result<(), Box<dyn Error>> {
    let times = (live / 10).clamp(1_000, 50_000);
    let agents = agents_for(live + times);
    let (mut floor, subject) = (CallCentre::with_agents(agents), Subject::with_agents(agents)?);
    floor.start_all(0..live);
    let mut refused = subject.start(&subject.prepare(0..live)?);
    let what = format!("start outbound, {live} live conversations");
    let mut row = Row { what, floor: Duration::ZERO, library: Duration::ZERO, times };
    // Ten pieces of each in turn, so that a slow moment of the machine falls on both.
    for piece in 0..10 {
        let range = live + piece * times / 10..live + (piece + 1) * times / 10;
        let prepared = subject.prepare(range.clone())?;
        row.floor += time(|| floor.start_all(range));
        row.library += time(|| refused += subject.start(&prepared));
    }
    row.print();
    none_refused(refused)
}

/// A start that three rules refuse, all reasons collected.
fn refusals(times: u32) -> Result<(), Box<dyn Error>> {
    let (floor, subject) = (CallCentre::with_agents(1), Subject::with_agents(1)?);
    let prepared = subject.prepare_refused(times)?;
    let mut reasons = (0, 0);
    let row = Row {
        what: "a start refused for three reasons".into(),
        floor: time(|| reasons.0 = (0..times).map(|number| floor.refuse(number)).sum()),
        library: time(|| reasons.1 = subject.refuse(&prepared)),
        times,
    };
    row.print();
    if reasons.0 == reasons.1 { Ok(()) } else { Err(format!("the floor and the library disagree: {reasons:?}").into()) }
}

/// What a start allocates, and what it leaves behind.
fn allocations_of_a_start() -> Result<(), Box<dyn Error>> {
    let agents = agents_for(2_000);
    let (mut floor, subject) = (CallCentre::with_agents(agents), Subject::with_agents(agents)?);
    floor.start_all(0..1_000);
    let mut refused = subject.start(&subject.prepare(0..1_000)?);
    let prepared = subject.prepare(1_000..2_000)?;
    let ((), by_floor) = allocated_by(|| floor.start_all(1_000..2_000));
    let (more, by_library) = allocated_by(|| subject.start(&prepared));
    refused += more;
    println!("{:<46} {:>12.1} {:>12.1}", "allocations of a start", by_floor.count / 1e3, by_library.count / 1e3);
    println!(
        "{:<46} {:>10.0} B {:>10.0} B",
        "bytes that a start leaves behind",
        by_floor.kept / 1e3,
        by_library.kept / 1e3
    );
    none_refused(refused)
}

fn none_refused(refused: usize) -> Result<(), Box<dyn Error>> {
    if refused == 0 { Ok(()) } else { Err(format!("{refused} starts were refused").into()) }
}
