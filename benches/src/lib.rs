//! Measures the library against hand-written floors in the same run: every figure is a ratio to what the same work costs without the
//! library. See the package's `README.md`.

mod allocations;
mod by_hand;
mod centre;
mod clean_build;
mod cold_start;
mod half;
mod inbound_mail;
mod inbound_sms;
mod instructions;
mod measure;
mod memory;
mod pair;
mod pause;
mod policy;
mod queries;
mod start;
mod table;
mod threads;
mod timers;
mod work;

pub use centre::Outcome;
use measure::Scale;

/// One subject: its name, and how it is measured.
type Subject = (&'static str, fn(Scale) -> Outcome);

/// What takes time.
const TIMES: &[Subject] = &[
    ("policy", policy::run),
    ("start", start::run),
    ("threads", threads::run),
    ("counts", allocations::run),
    ("pause", pause::run),
    ("sms", inbound_sms::run),
    ("mail", inbound_mail::run),
    ("queries", queries::run),
    ("timers", timers::run),
    ("cold", cold_start::run),
];

/// What is measured only where it is named: it needs valgrind, or minutes.
const ON_REQUEST: &[Subject] = &[("instructions", instructions::run), ("build", clean_build::run)];

/// What is counted, by a binary of its own.
const COUNTS: &[Subject] = &[("policy", policy::count), ("start", start::count), ("memory", memory::count)];

/// Measures the subjects that are named, or all of them.
///
/// # Errors
/// The floor and the library did not do the same, or what is named is not there.
pub fn times(arguments: impl Iterator<Item = String>) -> Outcome {
    let arguments: Vec<String> = arguments.collect();
    match arguments.split_first() {
        Some((first, of_work)) if first == "work" => work::run(of_work),
        _ => run(TIMES, ON_REQUEST, &arguments),
    }
}

/// Counts allocations; the process must have `stats_alloc`'s counting allocator.
///
/// # Errors
/// The floor and the library did not do the same, or what is named is not there.
pub fn counts(arguments: impl Iterator<Item = String>) -> Outcome {
    run(COUNTS, &[], &arguments.collect::<Vec<_>>())
}

/// Measures the subjects that are named, of both lists; where none is, all of the first.
fn run(unless_named: &[Subject], on_request: &[Subject], arguments: &[String]) -> Outcome {
    let (options, named): (Vec<&String>, Vec<&String>) =
        arguments.iter().partition(|argument| argument.starts_with("--"));
    let scale = Scale::of(&options)?;
    let all = || unless_named.iter().chain(on_request);
    if let Some(unknown) = named.iter().find(|name| all().all(|(subject, _)| subject != *name)) {
        let names: Vec<&str> = all().map(|(name, _)| *name).collect();
        return Err(format!("`{unknown}` is none of {}", names.join(", ")).into());
    }
    if named.is_empty() {
        return unless_named.iter().try_for_each(|(_, run)| run(scale));
    }
    all().filter(|(name, _)| named.iter().any(|wanted| wanted == name)).try_for_each(|(_, run)| run(scale))
}
