//! Committing: whole or not at all, and only while every guard holds.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::engine::Changes;
use crate::model::{ConversationId, Key};
use crate::port::{BackendError, CommitError, ErasedStore, EventQuery, Store};
use crate::record::{Query, World};
use crate::testing::conformance::bench::{Bench, work};
use crate::testing::conformance::finding::{Finding, ensure};
use crate::testing::conformance::harness::Break;
use crate::testing::conformance::made::{Make, agent, find, key, listed, small_now};
use crate::testing::{events_of, world_of};

fn scope() -> ConversationId {
    ConversationId::from(uuid::Uuid::from_u128(1))
}

/// The store must answer that a guard does not hold.
fn conflicts(outcome: Result<(), CommitError<BackendError>>, what: &str) -> Result<(), Finding> {
    match outcome {
        Err(CommitError::Conflict) => Ok(()),
        Ok(()) => Err(Finding::new(format!("{what}: it was committed, and should be a conflict"))),
        Err(error) => Err(Finding::new(format!("{what}: it should be a conflict, and is: {error}"))),
    }
}

pub(in super::super) fn applies_everything(bench: &Bench<'_>) -> Result<(), Finding> {
    let place = bench.fresh();
    let store = place.open();
    let ana = agent(1)?;
    let make = Make::by(1).creates(1, 10).creates(2, 20).happens(&ana, 0, 3);
    store.commit(make.adds(listed(scope(), 1, key(1))).adds(listed(scope(), 2, key(2))).changes())?;
    let make = Make::by(2).replaces(1, 1, 11).creates(3, 30).happens(&ana, 3, 2);
    let moved = make.removes(listed(scope(), 1, key(1))).adds(listed(scope(), 3, key(3)));
    store.commit(moved.changes())?;
    for store in [place.another(&store), store] {
        let records = [small_now(&store, 1)?, small_now(&store, 2)?, small_now(&store, 3)?];
        ensure!(records == [Some((2, 11)), Some((1, 20)), Some((1, 30))], "version and number are {records:?}");
        let entries = find(&store, &Query::transcript(scope(), 9))?;
        let expected = [listed(scope(), 2, key(2)), listed(scope(), 3, key(3))];
        ensure!(entries == expected, "the entries are {entries:?}, and should be {expected:?}");
        let events = events_of(&store)?;
        let sequences: Vec<u64> = events.iter().map(|envelope| envelope.sequence).collect();
        ensure!(sequences == [1, 2, 3, 4, 5], "the events' numbers are {sequences:?}");
    }
    Ok(())
}

pub(in super::super) fn applies_nothing_on_conflict(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    let ana = agent(1)?;
    store.commit(Make::by(1).creates(4, 40).creates(5, 50).adds(listed(scope(), 4, key(4))).changes())?;
    let before = (world_of(&store)?, find(&store, &Query::transcript(scope(), 9))?, events_of(&store)?);
    // The stale guard comes first, in the middle, and last.
    for stale in [0, 5, 9] {
        let make = Make::by(2).creates(1, 1).replaces(4, 1, 41).creates(8, 8).happens(&ana, 0, 2);
        let make = make.removes(listed(scope(), 4, key(4))).adds(listed(scope(), 5, key(4)));
        conflicts(store.commit(make.rests_on(key(stale), 7).changes()), "a guard among others is stale")?;
        let after = (world_of(&store)?, find(&store, &Query::transcript(scope(), 9))?, events_of(&store)?);
        ensure!(after.0 == before.0, "a conflict left records behind");
        ensure!(after.1 == before.1, "a conflict left entries behind");
        ensure!(after.2 == before.2, "a conflict left events behind");
    }
    Ok(())
}

pub(in super::super) fn shows_no_half(bench: &Bench<'_>) -> Result<(), Finding> {
    let place = bench.fresh();
    let store = place.open();
    let changes = |number: u64| -> Result<Changes, Finding> {
        let make = Make::by(number).creates(number * 2, 1).creates(number * 2 + 1, 1);
        Ok(make.happens(&agent(number)?, 0, 2).adds(listed(scope(), 1, key(number * 2))).changes())
    };
    let (ended, looks) = (AtomicBool::new(false), AtomicU64::new(0));
    let write = || {
        // As long as it takes for the other to have looked often.
        let goes_on = |number: u64| number <= 40 || (number <= 400 && looks.load(Ordering::SeqCst) < 40);
        let mut numbers = (1..).take_while(|number| goes_on(*number));
        let written = numbers.try_for_each(|number| store.commit(changes(number)?).map_err(Finding::from));
        ended.store(true, Ordering::SeqCst);
        written
    };
    let reader = place.another(&store);
    let watch = || {
        while looks.fetch_add(1, Ordering::SeqCst) < 100_000 && !ended.load(Ordering::SeqCst) {
            events_have_their_records(&reader)?;
        }
        Ok(())
    };
    bench.together(vec![work(write), work(watch)])?.into_iter().collect::<Result<(), Finding>>()?;
    events_have_their_records(&store)
}

/// What the feed shows was done whole: the records of its events are there, and so are the entries.
fn events_have_their_records(store: &ErasedStore) -> Result<(), Finding> {
    let told = World::from_events(&events_of(store)?);
    let entries = find(store, &Query::transcript(scope(), 999))?.len();
    let world = world_of(store)?;
    let missing = told.presences().find(|presence| world.get(presence.key()).is_none());
    ensure!(missing.is_none(), "the feed shows events of a record that is not there: {missing:?}");
    let (told, there) = (told.presences().count(), world.presences().count());
    ensure!(told <= entries, "the feed shows {told} commits, of which {entries} left their entries");
    ensure!(entries <= there, "the entries show {entries} commits, of which {there} left their records");
    Ok(())
}

pub(in super::super) fn takes_exact_guards(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    store.commit(Make::by(1).creates(1, 1).changes())?;
    for version in 1..5 {
        store.commit(Make::by(1 + version).replaces(1, version, version).changes())?;
    }
    for other in [1, 4, 6, u64::from(u32::MAX)] {
        conflicts(store.commit(Make::by(9).replaces(1, other, 99).changes()), "a guard of another version")?;
    }
    let now = small_now(&store, 1)?;
    ensure!(now == Some((5, 4)), "after four changes it is {now:?}");
    Ok(())
}

pub(in super::super) fn checks_what_is_only_read(bench: &Bench<'_>) -> Result<(), Finding> {
    let place = bench.fresh();
    let one = place.open();
    let other = place.another(&one);
    one.commit(Make::by(1).creates(1, 0).creates(2, 0).changes())?;
    // Each of two decisions read both records; each writes another.
    one.commit(Make::by(2).replaces(1, 1, 1).rests_on(key(2), 1).changes())?;
    let late = other.commit(Make::by(3).replaces(2, 1, 1).rests_on(key(1), 1).changes());
    conflicts(late, "a record that was only read has changed")?;
    let now = small_now(&one, 2)?;
    ensure!(now == Some((1, 0)), "what was refused was written: {now:?}");
    // A decision may rest on what it does not write, without a conflict.
    other.commit(Make::by(4).replaces(2, 1, 2).rests_on(key(1), 2).changes())?;
    Ok(())
}

pub(in super::super) fn checks_guards_without_writes(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    store.commit(Make::by(1).creates(1, 0).changes())?;
    store.commit(Make::by(2).rests_on(key(1), 1).creates(2, 0).changes())?;
    conflicts(store.commit(Make::by(3).rests_on(key(1), 2).creates(3, 0).changes()), "a guard is ahead")?;
    conflicts(store.commit(Make::by(4).rests_on(key(9), 1).creates(4, 0).changes()), "a guarded record is absent")?;
    let left = [small_now(&store, 3)?, small_now(&store, 4)?];
    ensure!(left == [None, None], "what was refused was written: {left:?}");
    Ok(())
}

pub(in super::super) fn checks_every_one_of_many_guards(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    let many = 64;
    let read = 1..=many;
    store.commit(read.clone().fold(Make::by(1), |make, number| make.creates(number, 0)).changes())?;
    for stale in read.clone() {
        let others = read.clone().filter(|number| *number != stale);
        let make = others.fold(Make::by(2 + stale), |make, number| make.rests_on(key(number), 1));
        // What is written is the first in the order of locking, so that each of the others is last once.
        let changes = make.rests_on(key(stale), 2).creates(0, stale).changes();
        conflicts(store.commit(changes), &format!("guard {stale} of {many} is stale"))?;
    }
    Ok(())
}

pub(in super::super) fn creates_only_what_is_absent(bench: &Bench<'_>) -> Result<(), Finding> {
    let place = bench.fresh();
    let one = place.open();
    let other = place.another(&one);
    one.commit(Make::by(1).creates(1, 1).changes())?;
    conflicts(other.commit(Make::by(2).creates(1, 2).changes()), "the record was there already")?;
    conflicts(one.commit(Make::by(3).creates(0, 3).creates(1, 3).creates(2, 3).changes()), "one of three was there")?;
    let now = [small_now(&one, 0)?, small_now(&one, 1)?, small_now(&one, 2)?];
    ensure!(now == [None, Some((1, 1)), None], "after two refused creations there is {now:?}");
    Ok(())
}

pub(in super::super) fn replaces_only_what_is_there(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    conflicts(store.commit(Make::by(1).replaces(1, 1, 1).changes()), "the record is absent")?;
    let now = small_now(&store, 1)?;
    ensure!(now.is_none(), "a refused replacement made {now:?}");
    Ok(())
}

pub(in super::super) fn keeps_what_it_took(bench: &Bench<'_>) -> Result<(), Finding> {
    let place = bench.fresh();
    let left = {
        let store = place.open();
        let make = Make::by(1).creates(1, 1).happens(&agent(1)?, 0, 3);
        store.commit(make.adds(listed(scope(), 1, key(1))).changes())?;
        store.commit(Make::by(2).replaces(1, 1, 2).adds(listed(scope(), 2, key(1))).changes())?;
        held_by(&store)?
    };
    let found = held_by(&place.open())?;
    ensure!(found.0 == left.0, "records were lost when the store was opened again");
    ensure!(found.1 == left.1, "entries were lost when the store was opened again");
    ensure!(found.2 == left.2, "events were lost when the store was opened again");
    let store = place.open();
    conflicts(store.commit(Make::by(3).replaces(1, 1, 3).changes()), "the guard is of before the reopening")?;
    store.commit(Make::by(4).replaces(1, 2, 3).happens(&agent(1)?, 3, 1).changes())?;
    let page = store.events(&EventQuery::Stream { stream: Key::presence(&agent(1)?), after: 2, limit: 9 })?;
    ensure!(page.events.len() == 2, "after the reopening a stream goes on with {:?}", page.events);
    Ok(())
}

type Held = (World, Vec<crate::record::Entry>, Vec<crate::record::Envelope>);

fn held_by(store: &ErasedStore) -> Result<Held, Finding> {
    Ok((world_of(store)?, find(store, &Query::transcript(scope(), 9))?, events_of(store)?))
}

pub(in super::super) fn tells_what_it_does_not_know(bench: &Bench<'_>) -> Result<(), Finding> {
    for how in [Break::Before, Break::After] {
        let place = bench.fresh();
        let store = place.open();
        store.commit(Make::by(1).creates(1, 1).changes())?;
        place.break_next_commit(how);
        let outcome = store.commit(Make::by(2).replaces(1, 1, 2).creates(2, 2).changes());
        drop(store);
        let after = place.open();
        let now = (small_now(&after, 1)?, small_now(&after, 2)?);
        let (applied, untouched) = ((Some((2, 2)), Some((1, 2))), (Some((1, 1)), None));
        let said_rightly = match (&outcome, how) {
            (Err(CommitError::Unknown(_)), _) => now == applied || now == untouched,
            (Err(CommitError::Failed(_)), Break::Before) => now == untouched,
            _ => false,
        };
        ensure!(said_rightly, "a commit that broke ({how:?}) was answered as {outcome:?}, and there is {now:?}");
    }
    Ok(())
}
