//! Explores the small worlds and prints how many states each has.

mod centre;
mod deed;
mod order;
mod properties;
mod scenario;
mod store;

use std::time::Instant;

use stateright::{Checker, Model};

fn main() {
    let wanted = std::env::args().nth(1);
    let mut total = 0;
    for scenario in
        scenario::all().into_iter().filter(|it| wanted.as_ref().is_none_or(|part| it.name.contains(part.as_str())))
    {
        let began = Instant::now();
        let checker = scenario.centre.checker().threads(2).spawn_dfs().join();
        let states = checker.unique_state_count();
        total += states;
        println!(
            "{states:>9} states, depth {:>3}, {:>6.1} s: {}",
            checker.max_depth(),
            began.elapsed().as_secs_f64(),
            scenario.name
        );
        checker.assert_properties();
    }
    println!("{total:>9} states in all; every property holds in each");
}
