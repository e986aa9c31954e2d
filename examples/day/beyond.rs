//! Beyond one day: a year, and a thousand million conversations. What is measured and what is computed is said of each figure.

use crate::day::Day;
use crate::measure::Hour;
use crate::organization::Size;
use crate::process::Memory;
use crate::units::{bytes, duration, roughly, thousands};

/// What the day came to.
pub(crate) struct Came {
    conversations: f64,
    messages: f64,
    commands: f64,
    events: f64,
    /// How long one core would be busy with the library's part, in seconds.
    core_seconds: f64,
    /// How much the process grew in the day, in bytes.
    grew: Option<f64>,
    /// The most commands in a second of the day, averaged over its busiest hour.
    peak: f64,
    /// What a command took on average in the morning, and with the day in the store, in nanoseconds.
    early: Option<f64>,
    late: Option<f64>,
}

const DAYS: f64 = 365.0;
const MANY: f64 = 1e9;

impl Came {
    pub(crate) fn of(day: &Day, before: Option<Memory>, after: Option<Memory>) -> Self {
        let (measure, whole) = (&day.centre.measure, day.centre.measure.whole());
        let each = |hour: usize| measure.hours.get(hour).and_then(Hour::a_second_of_a_core).map(|times| 1e9 / times);
        Self {
            conversations: whole.opened as f64,
            messages: (whole.received + whole.sent) as f64,
            commands: measure.commands() as f64,
            events: day.events as f64,
            core_seconds: whole.core_seconds(),
            grew: before.zip(after).map(|(before, after)| after.now.saturating_sub(before.now) as f64),
            peak: measure.hours.iter().map(|hour| hour.commands).max().unwrap_or(0) as f64 / 3_600.0,
            early: each(8),
            late: each(22),
        }
    }

    fn a_second(&self) -> f64 {
        self.commands / self.core_seconds.max(1e-9)
    }
}

pub(crate) fn tell(size: Size, came: &Came) {
    println!("\nBeyond the day\n──────────────");
    let row = |what: &str, figure: String, how: &str| println!("{what:<58}{figure:>16}  {how}");

    println!("This day, of {} agents and {} customers", thousands(size.agents), thousands(size.customers));
    row("  conversations", roughly(came.conversations), "measured");
    row("  messages, both ways", roughly(came.messages), "measured");
    row("  commands a conversation", format!("{:.1}", came.commands / came.conversations), "measured");
    row("  events a conversation", format!("{:.1}", came.events / came.conversations), "measured");
    row(
        "  commands a second of one core",
        roughly(came.a_second()),
        "measured, questions and reading the feed included",
    );
    row("  the library's time for one conversation, whole", each(came.core_seconds, came.conversations), "measured");
    row("  a command at 08:00, on average", or_not_told(came.early, duration), "measured, the store holds eight hours");
    row("  a command at 22:00, on average", or_not_told(came.late, duration), "measured, the store holds twenty-two");
    row("  commands a second in the busiest hour", roughly(came.peak), "measured, by the day's own clock");
    row(
        "  memory a conversation, with messages, events, index",
        of(came, 1.0),
        "measured: growth of the process, the simulation included",
    );

    println!("This organization, a year of such days");
    row("  conversations", roughly(came.conversations * DAYS), "computed from the day × 365");
    row("  commands", roughly(came.commands * DAYS), "computed from the day × 365");
    row("  one core is busy for", hours(came.core_seconds * DAYS), "computed from the library's time × 365");
    row("  of one core in the busiest hour", percent(came.peak / came.a_second()), "computed from peak ÷ throughput");
    row(
        "  memory, if nothing ever left it",
        of(came, came.conversations * DAYS),
        "computed from memory a conversation",
    );

    let organizations = MANY / (came.conversations * DAYS).max(1.0);
    println!("10⁹ conversations a year, sharded by organization");
    row("  organizations of this size", format!("{organizations:.1}"), "computed from 10⁹ ÷ a year's conversations");
    row(
        "  commands",
        roughly(came.commands / came.conversations * MANY),
        "computed from commands a conversation × 10⁹",
    );
    row(
        "  core hours",
        hours(came.core_seconds / came.conversations * MANY),
        "computed from time a conversation × 10⁹",
    );
    row(
        "  commands a second, were all at their busiest at once",
        roughly(came.peak * organizations),
        "computed from peak × organizations",
    );
    row(
        "  cores for that",
        format!("{:.2}", came.peak * organizations / came.a_second()),
        "computed; no two organizations share a record or a lock",
    );
    row("  memory for one day of all of them", of(came, MANY / DAYS), "computed from memory a conversation");
    row("  memory for all 10⁹", of(came, MANY), "computed from memory a conversation");
    println!(
        "Not in these figures: disks and networks. On a database a command costs its commit, some tens to hundreds of times what it \
         takes to decide it\n(`examples/stores`, `throughput`). Sharding by organization needs no code: a store is one organization's world."
    );
}

fn each(seconds: f64, count: f64) -> String {
    duration(seconds * 1e9 / count.max(1.0))
}

fn hours(seconds: f64) -> String {
    format!("{:.1} h", seconds / 3_600.0)
}

fn percent(part: f64) -> String {
    format!("{:.2} %", part * 100.0)
}

fn of(came: &Came, conversations: f64) -> String {
    or_not_told(came.grew.map(|grew| grew / came.conversations * conversations), bytes)
}

fn or_not_told(figure: Option<f64>, written: fn(f64) -> String) -> String {
    figure.map_or("not told".into(), written)
}
