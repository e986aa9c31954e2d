//! Random histories: whatever many jobs did at once, some order of doing it one after the other explains it.

use std::collections::{BTreeMap, BTreeSet};

use crate::port::{CommitError, ErasedStore, Store};
use crate::testing::chance::draw;
use crate::testing::conformance::bench::{Bench, work};
use crate::testing::conformance::finding::{Finding, ensure};
use crate::testing::conformance::made::{Make, answer, held, key, load, small_now};

const KEYS: u64 = 5;
const JOBS: u64 = 4;
const EACH: u64 = 30;

/// One thing that a job did: what it saw of each record, by version, and which of them it wrote. A load alone writes nothing.
#[derive(Debug, Clone)]
struct Deed {
    saw: BTreeMap<u64, Sight>,
    wrote: BTreeSet<u64>,
    by: u64,
}

/// A record's version, and the number it holds: that of the deed that wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sight {
    version: u64,
    number: u64,
}

pub(in super::super) fn can_be_put_in_order(bench: &Bench<'_>) -> Result<(), Finding> {
    for seed in 0..3 {
        let place = bench.fresh();
        let store = place.open();
        store.commit((0..KEYS).fold(Make::by(1), |make, number| make.creates(number, 0)).changes())?;
        let job = |job: u64| {
            let store = place.another(&store);
            work(move || deeds_of(&store, draw(seed, job), job))
        };
        let mut deeds = Vec::new();
        for done in bench.together((0..JOBS).map(job).collect())? {
            deeds.extend(done?);
        }
        let mut last = BTreeMap::new();
        for number in 0..KEYS {
            if let Some((version, number_held)) = small_now(&store, number)? {
                last.insert(number, Sight { version, number: number_held });
            }
        }
        deeds.push(Deed { saw: last, wrote: BTreeSet::new(), by: 0 });
        in_some_order(&deeds).map_err(|finding| Finding::new(format!("seed {seed}: {finding}")))?;
    }
    Ok(())
}

/// What one job does: it loads a few records, and mostly writes some of them while it rests on the others.
fn deeds_of(store: &ErasedStore, seed: u64, job: u64) -> Result<Vec<Deed>, Finding> {
    let mut deeds = Vec::new();
    for nth in 0..EACH {
        let chance = draw(seed, nth);
        let by = 2 + job * EACH + nth;
        let looked_at: BTreeSet<u64> = [chance, chance >> 8, chance >> 16].map(|word| word % 256 % KEYS).into();
        let loaded = load(store, looked_at.iter().map(|number| key(*number)))?;
        let mut saw = BTreeMap::new();
        for number in &looked_at {
            let found = answer(&loaded, key(*number))?.ok_or_else(|| Finding::new("a record is gone"))?;
            let sight = Sight { version: found.version.0, number: held(&found.record).unwrap_or(u64::MAX) };
            saw.insert(*number, sight);
        }
        deeds.push(Deed { saw: saw.clone(), wrote: BTreeSet::new(), by });
        let wrote: BTreeSet<u64> =
            looked_at.iter().copied().filter(|number| (chance >> (24 + number)).is_multiple_of(2)).collect();
        if wrote.is_empty() {
            continue;
        }
        let make = saw.iter().fold(Make::by(by), |make, (number, sight)| {
            if wrote.contains(number) {
                make.replaces(*number, sight.version, by)
            } else {
                make.rests_on(key(*number), sight.version)
            }
        });
        match store.commit(make.changes()) {
            Ok(()) => deeds.push(Deed { saw, wrote, by }),
            Err(CommitError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(deeds)
}

/// Whether an order of the deeds explains what each of them saw: who saw a version comes behind who wrote it and before who
/// wrote the next.
fn in_some_order(deeds: &[Deed]) -> Result<(), Finding> {
    let writers = writers(deeds)?;
    let mut before: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (place, deed) in deeds.iter().enumerate() {
        for (number, sight) in &deed.saw {
            if let Some(writer) = writers.get(&(*number, sight.version)) {
                let wrote = deeds.get(*writer).map_or(0, |deed| deed.by);
                let (seen, version) = (sight.number, sight.version);
                ensure!(
                    seen == wrote,
                    "version {version} of record {number} was written as {wrote} and seen as {seen}"
                );
                before.entry(place).or_default().insert(*writer);
            } else {
                let version = sight.version;
                ensure!(version == 1, "version {version} of record {number} was seen, and nobody wrote it");
            }
            let next = writers.get(&(*number, sight.version + 1)).filter(|next| **next != place);
            if let Some(next) = next {
                before.entry(*next).or_default().insert(place);
            }
        }
    }
    no_circle(deeds.len(), before)
}

/// Who wrote each version of each record: one deed each, and no version is left out.
fn writers(deeds: &[Deed]) -> Result<BTreeMap<(u64, u64), usize>, Finding> {
    let mut writers = BTreeMap::new();
    for (place, deed) in deeds.iter().enumerate() {
        for number in &deed.wrote {
            let version = deed.saw.get(number).map_or(0, |sight| sight.version) + 1;
            let other = writers.insert((*number, version), place);
            ensure!(other.is_none(), "version {version} of record {number} was written twice: an update was lost");
        }
    }
    for (number, version) in writers.keys() {
        let follows = *version == 2 || writers.contains_key(&(*number, version - 1));
        ensure!(follows, "version {version} of record {number} follows on none");
    }
    Ok(writers)
}

/// Takes away, again and again, the deeds that have nothing before them; a circle is left over.
fn no_circle(deeds: usize, mut before: BTreeMap<usize, BTreeSet<usize>>) -> Result<(), Finding> {
    let mut after: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (deed, befores) in &before {
        for earlier in befores {
            after.entry(*earlier).or_default().push(*deed);
        }
    }
    let mut free: Vec<usize> = (0..deeds).filter(|deed| !before.contains_key(deed)).collect();
    while let Some(deed) = free.pop() {
        for later in after.remove(&deed).unwrap_or_default() {
            if let Some(befores) = before.get_mut(&later) {
                befores.remove(&deed);
                if befores.is_empty() {
                    before.remove(&later);
                    free.push(later);
                }
            }
        }
    }
    ensure!(before.is_empty(), "no order explains what {} commits and loads saw of each other", before.len());
    Ok(())
}
