//! The tables as they are printed.
#![expect(clippy::print_stdout, reason = "a benchmark talks to a person")]

/// What the figures of a row are.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unit {
    /// Of time.
    Nanoseconds,
    /// Of memory.
    Bytes,
    /// Of anything.
    Times,
}

impl Unit {
    fn show(self, figure: f64) -> String {
        match self {
            Self::Nanoseconds if figure < 1e4 => format!("{figure:.0} ns"),
            Self::Nanoseconds if figure < 1e7 => format!("{:.1} us", figure / 1e3),
            Self::Nanoseconds if figure < 1e10 => format!("{:.1} ms", figure / 1e6),
            Self::Nanoseconds => format!("{:.1} s", figure / 1e9),
            Self::Bytes => format!("{figure:.0} B"),
            Self::Times => format!("{figure:.1}"),
        }
    }
}

/// The heading of a table.
pub(crate) fn heading(what: &str, unlike_the_library: &str) {
    println!("\n{what:<58} {unlike_the_library:>12} {:>12} {:>9}", "outbound", "ratio");
}

/// The heading of a table without a floor.
pub(crate) fn subheading(what: &str) {
    println!("\n{what:<58} {:>12} {:>12} {:>9}", "", "outbound", "");
}

/// What the same answer costs out of ever more, and how many times as much it may out of the most.
pub(crate) fn flat(what: &str, costs: &[(u32, f64)], at_most: Option<f64>) {
    let (few, many) = (costs.first().map_or(0.0, |it| it.1), costs.last().map_or(0.0, |it| it.1));
    let ratio = many / few.max(1e-9);
    let last = format!("{ratio:>7.2} x{}", verdict(ratio, at_most));
    for (row, (size, cost)) in (1..).zip(costs) {
        let what = if row == 1 { what } else { "" };
        let verdict = if row == costs.len() { last.as_str() } else { "" };
        println!("{what:<58} {:>12} {:>12} {verdict}", format!("of {size}"), Unit::Nanoseconds.show(*cost));
    }
}

/// One row: what the floor and the library need for the same work, and how much of the floor's the library may need.
pub(crate) fn row(what: &str, unit: Unit, floor: f64, library: f64, at_most: Option<f64>) {
    let ratio = library / floor.max(1e-9);
    let (floor, library) = (unit.show(floor), unit.show(library));
    println!("{what:<58} {floor:>12} {library:>12} {ratio:>7.2} x{}", verdict(ratio, at_most));
}

/// One figure of the library's alone.
pub(crate) fn alone(what: &str, unit: Unit, library: f64, at_most: Option<f64>) {
    let (shown, verdict) = (unit.show(library), verdict(library, at_most));
    println!("{what:<58} {:>12} {shown:>12} {:>9}{verdict}", "", "");
}

/// A figure of something that is neither the library nor its floor.
pub(crate) fn other(what: &str, unit: Unit, figure: f64) {
    println!("{what:<58} {:>12}", unit.show(figure));
}

/// How often the library goes into what it is compared with, and how often it should at least.
pub(crate) fn times_faster(than: &str, other: f64, library: f64, at_least: f64) {
    let ratio = other / library.max(1e-9);
    let verdict = if ratio >= at_least { "held" } else { "MISSED" };
    let (what, other) = (format!("  faster than {than}"), Unit::Nanoseconds.show(other));
    let library = Unit::Nanoseconds.show(library);
    println!("{what:<58} {other:>12} {library:>12} {ratio:>7.1} x  at least {at_least}: {verdict}");
}

/// A remark.
pub(crate) fn note(text: &str) {
    println!("  {text}");
}

fn verdict(figure: f64, at_most: Option<f64>) -> String {
    let Some(at_most) = at_most else { return String::new() };
    let shown = if at_most < 100.0 { format!("{at_most:.1}") } else { format!("{at_most:.0}") };
    format!("  at most {shown}: {}", if figure <= at_most { "held" } else { "MISSED" })
}
