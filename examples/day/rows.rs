//! The plot's panels with a row for each name: what each command took, and how often each reason was given.

use std::collections::BTreeMap;

use crate::day::Day;
use crate::measure::Kind;
use crate::plot::{LEFT, RIGHT, WIDTH};
use crate::svg::{Anchor, BLUE, GREEN, GREY, ORANGE, Page, RED};
use crate::tables::by_count;
use crate::units::{duration, thousands};

/// The height of a row, and how wide the names are.
const ROW: f64 = 21.0;
const NAMES: f64 = 200.0;

/// What each kind of work took, on a logarithmic scale: a line from the median to the longest, with a dot for each part.
/// Answers where the page ends.
pub(crate) fn latencies(page: &mut Page, day: &Day, top: f64) -> f64 {
    let kinds: Vec<&Kind> = by_count(day);
    let height = kinds.len() as f64 * ROW + 12.0;
    let (left, width) = (LEFT + NAMES, WIDTH - LEFT - RIGHT - NAMES);
    let longest = kinds.iter().map(|kind| kind.latency.longest()).max().unwrap_or(1) as f64;
    let (first, last) = (2.0, longest.log10().ceil().max(3.0));
    let x = |nanos: f64| left + width * (nanos.max(100.0).log10() - first) / (last - first);

    page.title((LEFT, top - 12.0), 14, "What each command took (logarithmic)");
    let parts = [("p50", BLUE), ("p99", GREEN), ("p99.9", ORANGE), ("max", RED)];
    for (place, (name, colour)) in parts.iter().enumerate() {
        let at = WIDTH - RIGHT - 290.0 + place as f64 * 80.0;
        page.dot((at, top - 16.0), 5.0, colour);
        page.text((at + 10.0, top - 12.0), Anchor::Start, 12, GREY, name);
    }
    let mut power = first;
    while power <= last {
        let nanos = 10_f64.powf(power);
        page.line((x(nanos), top), (x(nanos), top + height), "#e2e8f0", 1.0);
        page.text((x(nanos), top + height + 18.0), Anchor::Middle, 11, GREY, &duration(nanos));
        power += 1.0;
    }
    page.line((left, top + height), (left + width, top + height), GREY, 1.0);
    for (row, kind) in kinds.iter().enumerate() {
        let y = top + 15.0 + row as f64 * ROW;
        let latency = &kind.latency;
        let name = format!("{} × {}", kind.name, thousands(latency.count()));
        page.text((left - 10.0, y + 4.0), Anchor::End, 11, "rgb(26,32,44)", &name);
        let at = [0.5, 0.99, 0.999, 1.0].map(|part| x(latency.percentile(part) as f64));
        page.line((at[0], y), (at[3], y), "#cbd5e0", 2.0);
        for (at, (_, colour)) in at.into_iter().zip(parts).rev() {
            page.dot((at, y), 4.5, colour);
        }
    }
    let all = day.centre.measure.whole();
    let share = 100.0 * all.on_processor.as_secs_f64() / all.wall.as_secs_f64().max(1e-9);
    let note = format!(
        "In parentheses what is no command. The machine, which did other work too, gave this thread a processor for {share:.0} % of the time: the rest is in p99.9 and max."
    );
    page.text((LEFT, top + height + 44.0), Anchor::Start, 11, GREY, &note);
    top + height + 70.0
}

/// How often each reason came first, on a logarithmic scale. Answers where the page ends.
pub(crate) fn refusals(page: &mut Page, day: &Day, top: f64) -> f64 {
    let mut by_code: BTreeMap<&str, u64> = BTreeMap::new();
    for (code, times) in day.centre.measure.kinds.values().flat_map(|kind| &kind.refused) {
        *by_code.entry(code.as_str()).or_default() += times;
    }
    let mut by_times: Vec<(&str, u64)> = by_code.into_iter().collect();
    by_times.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    let (left, width) = (LEFT + NAMES, WIDTH - LEFT - RIGHT - NAMES);
    let most = by_times.first().map_or(1, |(_, times)| *times) as f64;
    page.title((LEFT, top - 12.0), 14, "Refusals by code (logarithmic)");
    for (row, (code, times)) in by_times.iter().enumerate() {
        let y = top + row as f64 * ROW;
        // Once is something, too.
        let long = width * 0.9 * (2.0 * *times as f64).ln() / (2.0 * most).ln();
        page.text((left - 10.0, y + 15.0), Anchor::End, 11, "rgb(26,32,44)", code);
        page.rect((left, y + 4.0), (long, ROW - 7.0), BLUE, 0.8);
        page.text((left + long + 8.0, y + 15.0), Anchor::Start, 11, GREY, &thousands(*times));
    }
    top + by_times.len() as f64 * ROW + 30.0
}
