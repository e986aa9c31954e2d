//! The tables.

use crate::checks::{OF_EVERYTHING, OF_THE_RECORDS, why_expected};
use crate::day::Day;
use crate::measure::{Hour, Kind};
use crate::process::memory;
use crate::units::{bytes, duration, thousands, whole};

/// One line an hour, while the day goes on.
pub(crate) fn progress(day: &Day, hour: &Hour) {
    let (board, hours) = (day.board, day.centre.measure.hours.len());
    let checked = day.checked.last().filter(|checked| checked.hour == hours);
    let checked = checked.map(|checked| format!("{} records checked", thousands(checked.records)));
    println!(
        "{hours:>2}:00 {:>10} commands in {:>5.1} s {:>7} open {:>7} of {:>6} slots {:>7} waiting {:>7} unsent {:>7}  {}",
        thousands(hour.commands),
        hour.wall.as_secs_f64(),
        thousands(day.talks.len()),
        thousands(board.slots),
        thousands(board.signed_in),
        thousands(board.waiting),
        thousands(board.backlog),
        memory().map(|memory| bytes(memory.now as f64)).unwrap_or_default(),
        checked.unwrap_or_default(),
    );
}

fn heading(text: &str) {
    println!("\n{text}\n{}", "─".repeat(text.chars().count()));
}

pub(crate) fn hours(day: &Day) {
    heading("Hour by hour");
    println!(
        "{:<6}{:>12}{:>10}{:>10}{:>11}{:>11}{:>12}{:>9}{:>11}{:>12}{:>12}",
        "from",
        "write first",
        "opened",
        "by agents",
        "received",
        "sent",
        "commands",
        "refused",
        "wall",
        "a second",
        "of a core"
    );
    let row = |name: &str, hour: &Hour| {
        println!(
            "{:<6}{:>12}{:>10}{:>10}{:>11}{:>11}{:>12}{:>9}{:>9.2} s{:>12}{:>12}",
            name,
            thousands(hour.arrivals),
            thousands(hour.opened),
            thousands(hour.started),
            thousands(hour.received),
            thousands(hour.sent),
            thousands(hour.commands),
            thousands(hour.refused),
            hour.wall.as_secs_f64(),
            thousands(whole(hour.commands as f64 / hour.wall.as_secs_f64().max(1e-9))),
            hour.a_second_of_a_core().map_or("–".into(), |times| thousands(whole(times))),
        );
    };
    for (number, hour) in day.centre.measure.hours.iter().enumerate() {
        row(&format!("{number:02}:00"), hour);
    }
    row("day", &day.centre.measure.whole());
    println!(
        "A second of wall time holds the simulation and whatever else runs on the machine; a second of a core only the library's work."
    );
}

/// The kinds of work, those first that come most often.
pub(crate) fn by_count(day: &Day) -> Vec<&Kind> {
    let mut kinds: Vec<&Kind> = day.centre.measure.kinds.values().collect();
    kinds.sort_by_key(|kind| (!kind.is_command(), std::cmp::Reverse(kind.latency.count())));
    kinds
}

pub(crate) fn commands(day: &Day) {
    heading("What each command took (through the desk, on the store in memory; in parentheses what is no command)");
    println!(
        "{:<26}{:>12}{:>11}{:>10}{:>10}{:>10}{:>10}{:>10}{:>8}",
        "", "run", "refused", "mean", "p50", "p99", "p99.9", "max", "of all"
    );
    let all = day.centre.measure.at_work();
    for kind in by_count(day) {
        let latency = &kind.latency;
        let part = |part| duration(latency.percentile(part) as f64);
        println!(
            "{:<26}{:>12}{:>11}{:>10}{:>10}{:>10}{:>10}{:>10}{:>6.1} %",
            kind.name,
            thousands(latency.count()),
            thousands(kind.refusals()),
            duration(latency.mean()),
            part(0.5),
            part(0.99),
            part(0.999),
            duration(latency.longest() as f64),
            100.0 * latency.seconds() / all.max(1e-9),
        );
    }
    let whole = day.centre.measure.whole();
    println!(
        "The machine gave this thread a processor for {:.0} % of the time; the rest is in the means, the p99.9 and the longest.",
        100.0 * whole.on_processor.as_secs_f64() / whole.wall.as_secs_f64().max(1e-9)
    );
}

pub(crate) fn refusals(day: &Day) {
    heading("Refusals, by their first reason");
    for kind in by_count(day) {
        let mut refused = kind.refused.clone();
        refused.sort_by_key(|(code, times)| (std::cmp::Reverse(*times), code.as_str().to_owned()));
        for (code, times) in refused {
            let why = why_expected(&code).unwrap_or("NOT EXPECTED");
            println!("{:<26}{:<40}{:>10}  {why}", kind.name, code.as_str(), thousands(times));
        }
    }
}

pub(crate) fn invariants(day: &Day) {
    heading("What must always hold, looked at over the whole store");
    println!("{:>6}{:>14}{:>11}{:>11}{:>9}  what", "times", "most records", "longest", "in all", "broken");
    for what in [OF_THE_RECORDS, OF_EVERYTHING] {
        let looks = || day.checked.iter().filter(|checked| checked.what == what);
        println!(
            "{:>6}{:>14}{:>9.1} s{:>9.1} s{:>9}  {what}",
            looks().count(),
            thousands(looks().map(|look| look.records).max().unwrap_or(0)),
            looks().map(|look| look.seconds).fold(0.0, f64::max),
            looks().map(|look| look.seconds).sum::<f64>(),
            looks().map(|look| look.broken.len()).sum::<usize>(),
        );
    }
    let provider = &day.provider;
    let again = provider.taken.values().filter(|times| **times > 1).count();
    println!(
        "The providers took {} messages, {} of them again under the same key, and said {} times \"not now\".",
        thousands(provider.taken.len()),
        thousands(again),
        thousands(provider.in_vain)
    );
    println!(
        "Fingerprint of all {} events: {:016x} (the same seed, the same day).",
        thousands(day.events),
        day.fingerprint
    );
}
