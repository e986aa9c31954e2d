//! The tables.

use crate::checks::{Checked, why_expected};
use crate::day::Day;
use crate::measure::{Hour, Kind};
use crate::process::memory;
use crate::units::{bytes, duration, thousands};

/// One line an hour, while the day goes on.
pub(crate) fn progress(day: &Day, hour: &Hour) {
    let board = day.board;
    println!(
        "{:>2}:00  {:>9} commands in {:>5.1} s  {:>7} open  {:>6} of {:>6} slots  {:>6} waiting  {:>6} unsent  {:>9}",
        day.centre.measure.hours.len(),
        thousands(hour.commands),
        hour.wall.as_secs_f64(),
        thousands(day.talks.len()),
        thousands(board.slots),
        thousands(board.signed_in),
        thousands(board.waiting),
        thousands(board.backlog),
        memory().map(|memory| bytes(memory.now as f64)).unwrap_or_default(),
    );
}

pub(crate) fn checked(checked: &Checked) {
    println!(
        "       checked {} records whole in {:.1} s ({}): {}",
        thousands(checked.records),
        checked.seconds,
        checked.what,
        if checked.broken.is_empty() { "every invariant holds" } else { "BROKEN" },
    );
}

fn heading(text: &str) {
    println!("\n{text}\n{}", "─".repeat(text.chars().count()));
}

pub(crate) fn hours(day: &Day) {
    heading("Hour by hour");
    println!(
        "{:<6}{:>11}{:>10}{:>10}{:>11}{:>11}{:>12}{:>9}{:>15}{:>16}",
        "from",
        "write first",
        "opened",
        "by agents",
        "received",
        "sent",
        "commands",
        "refused",
        "a second, sim.",
        "a second, core"
    );
    let row = |name: &str, hour: &Hour, seconds: f64| {
        println!(
            "{:<6}{:>11}{:>10}{:>10}{:>11}{:>11}{:>12}{:>9}{:>15.0}{:>16}",
            name,
            thousands(hour.arrivals),
            thousands(hour.opened),
            thousands(hour.started),
            thousands(hour.received),
            thousands(hour.sent),
            thousands(hour.commands),
            thousands(hour.refused),
            hour.commands as f64 / seconds,
            thousands(per_second(hour.commands, hour.at_work.as_secs_f64())),
        );
    };
    for (number, hour) in day.centre.measure.hours.iter().enumerate() {
        row(&format!("{number:02}:00"), hour, 3_600.0);
    }
    row("day", &day.centre.measure.whole(), 86_400.0);
}

fn per_second(count: u64, seconds: f64) -> u64 {
    format!("{:.0}", count as f64 / seconds.max(1e-9)).parse().unwrap_or(0)
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
    println!("{:<7}{:>12}{:>10}{:>9}  what", "at", "records", "took", "broken");
    for checked in &day.checked {
        println!(
            "{:02}:00  {:>12}{:>8.1} s{:>9}  {}",
            checked.hour,
            thousands(checked.records),
            checked.seconds,
            checked.broken.len(),
            checked.what
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
