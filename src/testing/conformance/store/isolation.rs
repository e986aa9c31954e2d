//! Isolation: commits at the same time are as if one came after the other.

use crate::engine::Changes;
use crate::model::Key;
use crate::port::{BackendError, CommitError, ErasedStore, Store};
use crate::testing::conformance::bench::{Bench, work};
use crate::testing::conformance::finding::{Finding, ensure};
use crate::testing::conformance::made::{Make, answer, held, key, load, small_now};

/// How often a job tries again when others were faster.
const PATIENCE: u32 = 10_000;

/// Whether it was committed; anything but a conflict is a finding.
fn committed(outcome: Result<(), CommitError<BackendError>>) -> Result<bool, Finding> {
    match outcome {
        Ok(()) => Ok(true),
        Err(CommitError::Conflict) => Ok(false),
        Err(error) => {
            Err(Finding::new(format!("commits at the same time should succeed or be conflicts, but: {error}")))
        }
    }
}

fn version_and_number(store: &ErasedStore, number: u64) -> Result<(u64, u64), Finding> {
    small_now(store, number)?.ok_or_else(|| Finding::new(format!("record {number} is gone")))
}

pub(in super::super) fn loses_no_update(bench: &Bench<'_>) -> Result<(), Finding> {
    let (jobs, each) = (4u64, 15u64);
    let place = bench.fresh();
    let store = place.open();
    store.commit(Make::by(1).creates(1, 0).changes())?;
    let count = |job: u64, store: ErasedStore| {
        move || {
            for nth in 0..each {
                increment(&store, 2 + job * each + nth)?;
            }
            Ok(())
        }
    };
    let works = (0..jobs).map(|job| work(count(job, place.another(&store)))).collect();
    bench.together(works)?.into_iter().collect::<Result<(), Finding>>()?;
    let (version, number) = version_and_number(&store, 1)?;
    let (done, expected) = (version.saturating_sub(1), jobs * each);
    ensure!(number == expected, "{expected} increments were committed, and the number is {number}");
    ensure!(done == expected, "{expected} increments were committed, and the version counts {done}");
    Ok(())
}

fn increment(store: &ErasedStore, by: u64) -> Result<(), Finding> {
    for _ in 0..PATIENCE {
        let (version, number) = version_and_number(store, 1)?;
        if committed(store.commit(Make::by(by).replaces(1, version, number + 1).changes()))? {
            return Ok(());
        }
    }
    Err(Finding::new("an increment was never committed, however often it was tried"))
}

/// How often jobs meet.
const MEETINGS: u64 = 60;

/// Over how many pairs of records two jobs go when they meet: over one alone they would often miss each other, since beginning takes
/// longer than a commit.
const PAIRS: u64 = 10;

pub(in super::super) fn lets_no_skew_through(bench: &Bench<'_>) -> Result<(), Finding> {
    let place = bench.fresh();
    let store = place.open();
    let connections = (place.another(&store), place.another(&store));
    for meeting in 0..MEETINGS / 6 {
        let pairs: Vec<(u64, u64)> =
            (meeting * PAIRS..(meeting + 1) * PAIRS).map(|pair| (pair * 2, pair * 2 + 1)).collect();
        for (x, y) in &pairs {
            store.commit(Make::by(x * 2 + 1).creates(*x, 0).creates(*y, 0).changes())?;
        }
        // Each saw both, and each takes one, which it may only while the other is free.
        let take = |by: u64, taken: u64, free: u64| Make::by(by).replaces(taken, 1, 1).rests_on(key(free), 1).changes();
        let ones: Vec<_> = pairs.iter().map(|(x, y)| take(x * 2 + 2, *x, *y)).collect();
        let others: Vec<_> = pairs.iter().map(|(x, y)| take(x * 2 + 3, *y, *x)).collect();
        let all = |store: &ErasedStore, commits: Vec<Changes>| {
            let store = store.clone();
            work(move || commits.into_iter().map(|changes| committed(store.commit(changes))).collect::<Vec<_>>())
        };
        let works = vec![all(&connections.0, ones), all(&connections.1, others)];
        let mut taken = vec![0_u64; pairs.len()];
        for outcomes in bench.together(works)? {
            for (taken, outcome) in taken.iter_mut().zip(outcomes) {
                *taken += u64::from(outcome?);
            }
        }
        for ((x, y), taken) in pairs.into_iter().zip(taken) {
            ensure!(taken <= 1, "two commits passed that each read what the other wrote, over records {x} and {y}");
            let now = (version_and_number(&store, x)?.1, version_and_number(&store, y)?.1);
            ensure!(now.0 + now.1 == taken, "{taken} of two were committed, and the numbers are {now:?}");
        }
    }
    Ok(())
}

pub(in super::super) fn survives_opposite_orders(bench: &Bench<'_>) -> Result<(), Finding> {
    let place = bench.fresh();
    let store = place.open();
    let (accounts, jobs, each) = (4u64, 4u64, 12u64);
    store.commit((0..accounts).fold(Make::by(1), |make, number| make.creates(number, 100)).changes())?;
    let transfers = |job: u64, store: ErasedStore| {
        move || {
            for nth in 0..each {
                // Half of the jobs go up through the accounts, half of them down; each rests on a third.
                let step = if job.is_multiple_of(2) { 1 } else { accounts - 1 };
                let from = (job + nth) % accounts;
                let (to, beside) = ((from + step) % accounts, (from + 2) % accounts);
                transfer(&store, 2 + job * each + nth, from, to, beside)?;
            }
            Ok(())
        }
    };
    let works = (0..jobs).map(|job| work(transfers(job, place.another(&store)))).collect();
    bench.together(works)?.into_iter().collect::<Result<(), Finding>>()?;
    let mut sum = 0;
    for number in 0..accounts {
        sum += version_and_number(&store, number)?.1;
    }
    ensure!(sum == accounts * 100, "what was moved about was {} and is {sum}", accounts * 100);
    Ok(())
}

fn transfer(store: &ErasedStore, by: u64, from: u64, to: u64, beside: u64) -> Result<(), Finding> {
    for _ in 0..PATIENCE {
        let loaded = load(store, [from, to, beside].map(key))?;
        let see = |of: Key| {
            let versioned = answer(&loaded, of)?.ok_or_else(|| Finding::new("an account is gone"))?;
            Ok::<_, Finding>((versioned.version.0, held(&versioned.record).unwrap_or(0)))
        };
        let (source, target, other) = (see(key(from))?, see(key(to))?, see(key(beside))?);
        let make = Make::by(by).replaces(from, source.0, source.1.saturating_sub(1));
        let make = make.replaces(to, target.0, target.1 + u64::from(source.1 > 0)).rests_on(key(beside), other.0);
        if committed(store.commit(make.changes()))? {
            return Ok(());
        }
    }
    Err(Finding::new("a transfer was never committed, however often it was tried"))
}

pub(in super::super) fn lets_one_of_many_create(bench: &Bench<'_>) -> Result<(), Finding> {
    let place = bench.fresh();
    let store = place.open();
    let connections: Vec<ErasedStore> = (0..3).map(|_| place.another(&store)).collect();
    for meeting in 0..MEETINGS / 2 {
        let create = |(job, store): (u64, ErasedStore)| {
            let own = 1_000_000 + meeting * 10 + job;
            let changes = Make::by(own).creates(meeting, job).creates(own, job).changes();
            work(move || store.commit(changes))
        };
        let works = (0..).zip(connections.iter().cloned()).map(create).collect();
        let mut won = Vec::new();
        for (outcome, job) in bench.together(works)?.into_iter().zip(0..) {
            if committed(outcome)? {
                won.push(job);
            }
            let left = small_now(&store, 1_000_000 + meeting * 10 + job)?.is_some();
            ensure!(left == won.contains(&job), "job {job} left what it should not have, or did not what it should");
        }
        let now = small_now(&store, meeting)?.map(|(_, number)| number);
        ensure!(won.len() == 1, "{} of three created the same record, in meeting {meeting}", won.len());
        ensure!(now == won.first().copied(), "{won:?} created it, and it holds {now:?}");
    }
    Ok(())
}
