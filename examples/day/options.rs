//! The arguments.

use std::error::Error;
use std::path::PathBuf;

use crate::organization::Size;

pub(crate) struct Options {
    pub(crate) size: Size,
    pub(crate) seed: u64,
    /// Every how many hours the invariants are checked over the whole store.
    pub(crate) check_every: usize,
    pub(crate) plot: PathBuf,
}

/// Up to so many customers the whole store is checked every hour; beyond, every six hours.
const CHECKED_HOURLY: usize = 100_000;

impl Options {
    pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let mut size = Size { agents: 10_000, customers: 1_000_000 };
        let (mut seed, mut check_every, mut plot) = (1, None, PathBuf::from("target/day.svg"));
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
            match argument.as_str() {
                "--small" => size = Size { agents: 100, customers: 10_000 },
                "--agents" => size.agents = value()?.parse()?,
                "--customers" => size.customers = value()?.parse()?,
                "--seed" => seed = value()?.parse()?,
                "--check-every" => check_every = Some(value()?.parse()?),
                "--plot" => plot = value()?.into(),
                other => return Err(format!("{other} is no option; see the beginning of examples/day/main.rs").into()),
            }
        }
        if size.agents == 0 || size.customers < size.units() || size.customers > 10_000_000 || check_every == Some(0) {
            return Err("a day needs an agent, a customer for each team, at most 10,000,000 of them, and hours".into());
        }
        let check_every = check_every.unwrap_or(if size.customers <= CHECKED_HOURLY { 1 } else { 6 });
        Ok(Self { size, seed, check_every, plot })
    }
}
