//! Queries: in order, within their bounds, scope by scope, page by page.

use chrono::{DateTime, Utc};

use crate::model::{ConversationId, Key, Kind};
use crate::port::{ErasedStore, Store};
use crate::record::{Cursor, Entry, Index, Query};
use crate::testing::conformance::bench::Bench;
use crate::testing::conformance::finding::{Finding, ensure};
use crate::testing::conformance::made::{Make, agent, find, key, listed, second};

fn scope(number: u128) -> ConversationId {
    ConversationId::from(uuid::Uuid::from_u128(number))
}

/// The entry of what falls due at a time.
fn due(index: Index, at: DateTime<Utc>, key: Key) -> Entry {
    Entry { index, scope: [0; 16], order: at.timestamp_micros(), key }
}

/// Commits entries, each with its record.
fn put(store: &ErasedStore, by: u64, entries: impl IntoIterator<Item = Entry>) -> Result<(), Finding> {
    let mut make = Make::by(by);
    for entry in entries {
        make = make.adds(entry);
    }
    Ok(store.commit(make.changes())?)
}

fn records(store: &ErasedStore, many: u64) -> Result<(), Finding> {
    Ok(store.commit((0..many).fold(Make::by(1), |make, number| make.creates(number, 0)).changes())?)
}

fn is(found: &[Entry], expected: &[Entry], what: &str) -> Result<(), Finding> {
    ensure!(found == expected, "{what}: found {found:?}, and should find {expected:?}");
    Ok(())
}

pub(in super::super) fn come_in_order(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    records(&store, 4)?;
    let places = [(5, 1), (-3, 2), (5, 0), (0, 3), (-3, 1), (1 << 40, 0), (-(1 << 40), 3), (255, 2), (256, 1)];
    let mut entries = places.map(|(order, number)| listed(scope(1), order, key(number)));
    put(&store, 2, entries)?;
    entries.sort_unstable();
    is(&find(&store, &Query::transcript(scope(1), 99))?, &entries, "entries by place, then by key")
}

pub(in super::super) fn keep_within_their_bound(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    records(&store, 5)?;
    let entries: Vec<Entry> = (0..5).map(|nth| due(Index::Due, second(nth), key(nth.unsigned_abs()))).collect();
    put(&store, 2, entries.clone())?;
    for (until, many) in [(-1, 0), (0, 1), (2, 3), (4, 5), (9, 5)] {
        let found = find(&store, &Query::due(second(until), 99))?;
        is(&found, entries.get(..many).unwrap_or_default(), &format!("what falls due by second {until}, inclusive"))?;
    }
    let found = find(&store, &Query::outbox(second(9), 99))?;
    is(&found, &[], "another index")
}

pub(in super::super) fn go_on_behind_their_cursor(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    records(&store, 4)?;
    // Three in one place, so that the key decides.
    let places = [(1, 0), (2, 0), (2, 1), (2, 3), (3, 2)];
    let entries = places.map(|(order, number)| listed(scope(1), order, key(number)));
    put(&store, 2, entries)?;
    for (at, entry) in entries.iter().enumerate() {
        let behind = entries.get(at + 1..).unwrap_or_default();
        let found = find(&store, &Query::transcript(scope(1), 99).after(entry.cursor()))?;
        is(&found, behind, &format!("behind entry {at}"))?;
    }
    // A cursor need not stand on an entry that is still there.
    let between = Cursor { order: 2, key: key(2) };
    let found = find(&store, &Query::transcript(scope(1), 99).after(between))?;
    is(&found, entries.get(3..).unwrap_or_default(), "behind a place where there is nothing")?;
    let beyond = Cursor { order: i64::MAX, key: key(9) };
    is(&find(&store, &Query::transcript(scope(1), 99).after(beyond))?, &[], "behind everything")?;
    let times = (0..4).map(|nth| due(Index::Due, second(nth), key(nth.unsigned_abs())));
    put(&store, 3, times.clone())?;
    let late = Cursor { order: second(3).timestamp_micros(), key: key(3) };
    is(&find(&store, &Query::due(second(1), 99).after(late))?, &[], "a cursor beyond the bound")
}

pub(in super::super) fn answer_at_most_their_limit(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    records(&store, 1)?;
    let entries: Vec<Entry> = (0..700).map(|order| listed(scope(1), order, key(0))).collect();
    put(&store, 2, entries.clone())?;
    for limit in [0, 1, 2, 699, 700, 701, usize::MAX] {
        let found = find(&store, &Query::transcript(scope(1), limit))?;
        let first = entries.get(..limit.min(700)).unwrap_or_default();
        ensure!(found == first, "with the limit {limit} a query found {} entries of 700", found.len());
    }
    Ok(())
}

pub(in super::super) fn keep_scopes_apart(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    records(&store, 3)?;
    let apart = [scope(1), scope(2), scope(u128::MAX), scope(1 << 120)];
    let mut entries: Vec<Entry> = (0..).zip(apart).map(|(nth, scope)| listed(scope, i64::from(nth), key(0))).collect();
    // The same scope and place in other indexes.
    for index in [Index::Waiting, Index::Customer, Index::History] {
        entries.push(Entry { index, order: 7, ..listed(scope(1), 0, key(1)) });
    }
    for index in [Index::Due, Index::Outbox] {
        entries.push(due(index, second(1), key(2)));
    }
    put(&store, 2, entries.clone())?;
    for (nth, scope) in apart.into_iter().enumerate() {
        let own = entries.get(nth..=nth).unwrap_or_default();
        is(&find(&store, &Query::transcript(scope, 99))?, own, &format!("scope {nth}"))?;
    }
    let [due_only, outbox_only] = [Index::Due, Index::Outbox].map(|index| [due(index, second(1), key(2))]);
    is(&find(&store, &Query::due(second(9), 99))?, &due_only, "the index of what falls due")?;
    is(&find(&store, &Query::outbox(second(9), 99))?, &outbox_only, "the index of the outbox")
}

pub(in super::super) fn page_while_rows_change(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    records(&store, 2)?;
    let entry = |order: i64| listed(scope(1), order, key(0));
    put(&store, 2, (0..30).map(|nth| entry(nth * 10)))?;
    let (mut seen, mut query, mut by) = (Vec::new(), Query::transcript(scope(1), 4), 3);
    loop {
        let page = find(&store, &query)?;
        let Some(last) = page.last() else { break };
        ensure!(seen.len() < 100, "paging does not come to its end");
        // Behind the page rows go and come, also the one that the cursor stands on; before it and behind it they come.
        let make = Make::by(by).removes(*last).adds(entry(last.order - 5));
        let make = if last.order < 250 { make.adds(entry(last.order + 5)) } else { make };
        by += 1;
        store.commit(make.changes())?;
        query = Query::transcript(scope(1), 4).after(last.cursor());
        seen.extend(page.into_iter().map(|entry| entry.order));
    }
    ensure!(seen.is_sorted_by(|one, next| one < next), "an entry came twice, or out of order: {seen:?}");
    let missed: Vec<i64> = (0..30).map(|nth| nth * 10).filter(|order| !seen.contains(order)).collect();
    ensure!(missed.is_empty(), "entries that were there all the time were left out: {missed:?}");
    Ok(())
}

pub(in super::super) fn list_records_by_kind(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    let kinds = (1..=5).try_fold(Make::by(1), |make, number| Ok::<_, Finding>(make.happens(&agent(number)?, 0, 1)))?;
    let numbers = [1, 2, 255, 256, 65_535, u64::MAX >> 1, u64::MAX];
    store.commit(numbers.into_iter().fold(kinds, |make, number| make.creates(number, 0)).changes())?;
    let subjects: Vec<Entry> = numbers.map(|number| Entry::of_record(key(number))).to_vec();
    is(&find(&store, &Query::records(Kind::Subject, 99))?, &subjects, "all records of a kind")?;
    is(&find(&store, &Query::records(Kind::Contact, 99))?, &[], "all records of a kind without any")?;
    is(&find(&store, &Query::records(Kind::Subject, 3))?, subjects.get(..3).unwrap_or_default(), "three of them")?;
    for (at, entry) in subjects.iter().enumerate() {
        let found = find(&store, &Query::records(Kind::Subject, 2).after(entry.cursor()))?;
        let behind: Vec<Entry> = subjects.iter().skip(at + 1).take(2).copied().collect();
        is(&found, &behind, &format!("two behind record {at}"))?;
    }
    let presences = find(&store, &Query::records(Kind::Presence, usize::MAX))?;
    let sorted = presences.is_sorted_by(|one, next| one.key < next.key);
    ensure!(presences.len() == 5 && sorted, "five presences were listed as {presences:?}");
    Ok(())
}
