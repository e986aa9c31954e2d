//! Explores the small worlds: every order in which commands load, decide and commit, processes die, answers are lost, receipts come
//! and time passes. Prints how many states each world has and how the commands of each kind ended; fails with the shortest way to
//! what should never be.

mod centre;
mod deed;
mod digested;
mod order;
mod properties;
mod scenario;
mod store;
mod verdict;

use std::process::ExitCode;
use std::time::Instant;

use stateright::{Checker, HasDiscoveries, Model, Path};

use crate::centre::{Centre, Happening, LONGEST_WAY, Phase, State};
use crate::order::KINDS;
use crate::scenario::Scenario;

fn main() -> ExitCode {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let (mut total, mut failed, mut ends) = (0, 0, vec![[0; 3]; KINDS.len()]);
    let began = Instant::now();
    for scenario in scenario::all().into_iter().filter(|it| it.name.contains(&wanted)) {
        let (states, holds) = explore(scenario, &mut ends);
        total += states;
        failed += usize::from(!holds);
    }
    println!("{total:>9} states in all, {:.1} s", began.elapsed().as_secs_f64());
    println!("\n{:>9} {:>9} {:>9}", "committed", "refused", "too slow");
    for (kind, [committed, refused, conflicted]) in KINDS.iter().zip(&ends).filter(|(_, ends)| **ends != [0; 3]) {
        println!("{committed:>9} {refused:>9} {conflicted:>9}  {kind}");
    }
    let idle: Vec<_> =
        KINDS.iter().zip(&ends).filter(|(_, [committed, refused, _])| committed + refused == 0).collect();
    match (failed, wanted.is_empty(), idle.as_slice()) {
        (0, true, [(kind, _), ..]) => println!("\nno world has {kind}"),
        (0, ..) => {
            println!("\nevery property holds in each");
            return ExitCode::SUCCESS;
        }
        (failed, ..) => println!("\n{failed} worlds are not as they should be"),
    }
    ExitCode::FAILURE
}

/// Explores one world; answers how many states it has, and whether every property holds.
fn explore(Scenario { name, centre }: Scenario, ends: &mut [[u64; 3]]) -> (usize, bool) {
    let began = Instant::now();
    let checker = centre.checker().threads(2).finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    let (states, depth) = (checker.unique_state_count(), checker.max_depth());
    println!("{states:>9} states, depth {depth:>3}, {:>6.1} s: {name}", began.elapsed().as_secs_f64());
    for (sum, of_world) in ends.iter_mut().zip(checker.model().tally.counts()) {
        sum.iter_mut().zip(of_world).for_each(|(sum, count)| *sum += count);
    }
    let mut holds = true;
    for property in checker.model().properties() {
        let found = checker.discovery(property.name);
        let is_example = property.expectation == stateright::Expectation::Sometimes;
        if found.is_some() != is_example {
            holds = false;
            println!("  not so: {}", property.name);
            if let Some(path) = found {
                tell(checker.model(), path);
            }
        }
    }
    (states, holds)
}

/// Prints the way to a state, and how it goes on from there when nothing goes wrong.
fn tell(centre: &Centre, path: Path<State, Happening>) {
    let mut last = path.last_state().clone();
    for (state, happening) in path.into_vec() {
        let step = happening.map(|happening| told(centre, &state, happening));
        println!("    {}: {}", state.now.time(), step.as_deref().unwrap_or("here it was found"));
    }
    for _ in 0..LONGEST_WAY {
        let Some(happening) = centre.quietly(&last).filter(|_| last.wrong.is_none()) else { break };
        println!("    {}: {}", last.now.time(), told(centre, &last, happening));
        let Some(next) = centre.next_state(&last, happening) else { break };
        last = next;
    }
    println!("    {}", last.wrong.as_deref().unwrap_or("nothing more happens"));
}

fn told(centre: &Centre, state: &State, happening: Happening) -> String {
    let of = match happening {
        Happening::Step(of) | Happening::Unheard(of) | Happening::Crash(of) | Happening::Provider(of, _) => of,
        Happening::Tick | Happening::SetUp | Happening::Lands => return format!("{happening:?}"),
    };
    let deeds = &centre.hands[of];
    let deed = deeds.get(usize::from(state.hands[of].done)).or(deeds.last());
    let step = match &state.hands[of].phase {
        Phase::Idle => "begins".to_owned(),
        Phase::Loading { at, .. } => format!("{} loads and decides", at.order.name()),
        Phase::Decided { order, .. } => format!("{} commits", order.name()),
        Phase::Sending(_) => "sends".to_owned(),
    };
    format!("{happening:?}: {step} ({deed:?})")
}
