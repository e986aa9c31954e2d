//! Events: in order, each once, and none behind a position that was given.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::model::Key;
use crate::port::{ErasedStore, EventQuery, Store};
use crate::record::Envelope;
use crate::testing::conformance::bench::{Bench, work};
use crate::testing::conformance::finding::{Finding, ensure};
use crate::testing::conformance::made::{Make, agent};

/// Three agents, to each of whom so many events happen, a few at a time and mixed.
fn mixed(store: &ErasedStore, rounds: u64) -> Result<(), Finding> {
    for round in 0..rounds {
        let (ana, bruno, carla) = (agent(1)?, agent(2)?, agent(3)?);
        let make = Make::by(round + 1).happens(&ana, round, 1).happens(&bruno, round * 2, 2);
        store.commit(make.happens(&carla, round * 3, 3).changes())?;
    }
    Ok(())
}

/// The numbers of a stream's events, read in pages.
fn stream(store: &ErasedStore, stream: Key, mut after: u64, limit: usize) -> Result<Vec<u64>, Finding> {
    let mut sequences = Vec::new();
    loop {
        let page = store.events(&EventQuery::Stream { stream, after, limit })?;
        let of_others = page.events.iter().find(|envelope| envelope.stream != stream);
        ensure!(of_others.is_none(), "the stream of {stream} holds an event of another: {of_others:?}");
        ensure!(page.events.len() <= limit, "a page of {limit} holds {} events", page.events.len());
        let last = page.events.last().map_or(after, |envelope| envelope.sequence);
        ensure!(page.next == last, "a page of a stream that ends with {last} says to go on behind {}", page.next);
        if page.events.is_empty() {
            return Ok(sequences);
        }
        ensure!(last > after, "a page behind {after} ends with {last}");
        sequences.extend(page.events.iter().map(|envelope| envelope.sequence));
        after = page.next;
    }
}

pub(in super::super) fn stream_comes_in_order(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    mixed(&store, 5)?;
    for (number, events) in [(1, 5), (2, 10), (3, 15)] {
        let whole = stream(&store, Key::presence(&agent(number)?), 0, usize::MAX)?;
        ensure!(whole.iter().copied().eq(1..=events), "a stream of {events} events came as {whole:?}");
    }
    Ok(())
}

pub(in super::super) fn stream_comes_in_pages(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    mixed(&store, 4)?;
    let carla = Key::presence(&agent(3)?);
    for limit in [1, 2, 5, 12, 100] {
        for after in [0, 1, 11, 12, 50] {
            let behind = stream(&store, carla, after, limit)?;
            ensure!(
                behind.iter().copied().eq(after + 1..=12),
                "of 12 events in pages of {limit}, behind {after} came {behind:?}"
            );
        }
    }
    let page = store.events(&EventQuery::Stream { stream: carla, after: 3, limit: 0 })?;
    ensure!(page.events.is_empty() && page.next == 3, "a page of none is {page:?}");
    Ok(())
}

pub(in super::super) fn stream_of_nothing_is_empty(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    mixed(&store, 1)?;
    for after in [0, 7] {
        let page = store.events(&EventQuery::Stream { stream: Key::presence(&agent(9)?), after, limit: 9 })?;
        ensure!(page.events.is_empty() && page.next == after, "a stream without events, behind {after}, is {page:?}");
    }
    Ok(())
}

/// Reads the feed on from a position to its end, in pages.
fn read_on(store: &ErasedStore, after: &mut u64, limit: usize, seen: &mut Seen) -> Result<(), Finding> {
    loop {
        let page = store.events(&EventQuery::Feed { after: *after, limit })?;
        ensure!(page.events.len() <= limit, "a page of {limit} holds {} events", page.events.len());
        if page.events.is_empty() {
            // Nothing was left out up to here, so that it may be gone on from as well.
            *after = page.next;
            return Ok(());
        }
        ensure!(page.next != *after, "a page with events says to go on where it began, at {after}");
        for envelope in &page.events {
            seen.take(envelope)?;
        }
        *after = page.next;
    }
}

/// How far the feed was seen, stream by stream.
#[derive(Default)]
struct Seen(BTreeMap<Key, u64>);

impl Seen {
    /// One more event, which must be the next of its stream: none twice, none left out, none out of order.
    fn take(&mut self, envelope: &Envelope) -> Result<(), Finding> {
        let last = self.0.entry(envelope.stream).or_default();
        let (expected, sequence) = (*last + 1, envelope.sequence);
        let stream = envelope.stream;
        ensure!(
            sequence == expected,
            "the feed gives event {sequence} of {stream} where {expected} should come: it was given before, or one \
             was left out, or one became visible behind a position that was given"
        );
        *last = sequence;
        Ok(())
    }

    fn all(&self, stream: Key, events: u64) -> Result<(), Finding> {
        let seen = self.0.get(&stream).copied().unwrap_or(0);
        ensure!(seen == events, "of {events} events of {stream} the feed gave {seen}");
        Ok(())
    }
}

pub(in super::super) fn feed_gives_each_once(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    mixed(&store, 4)?;
    for limit in [1, 2, 5, 24, usize::MAX] {
        let (mut seen, mut after) = (Seen::default(), 0);
        read_on(&store, &mut after, limit, &mut seen)?;
        for (number, events) in [(1, 4), (2, 8), (3, 12)] {
            seen.all(Key::presence(&agent(number)?), events)?;
        }
    }
    Ok(())
}

pub(in super::super) fn feed_goes_on(bench: &Bench<'_>) -> Result<(), Finding> {
    let place = bench.fresh();
    let store = place.open();
    let reader = place.another(&store);
    let (mut seen, mut after) = (Seen::default(), 0);
    read_on(&reader, &mut after, 2, &mut seen)?;
    for round in 0..6 {
        store.commit(Make::by(round + 1).happens(&agent(1)?, round * 3, 3).changes())?;
        read_on(&reader, &mut after, 2, &mut seen)?;
        seen.all(Key::presence(&agent(1)?), (round + 1) * 3)?;
    }
    let page = store.events(&EventQuery::Feed { after, limit: 0 })?;
    ensure!(page.events.is_empty(), "a page of none holds {:?}", page.events);
    Ok(())
}

pub(in super::super) fn feed_hides_nothing(bench: &Bench<'_>) -> Result<(), Finding> {
    let (writers, commits) = (4u64, 25u64);
    let place = bench.fresh();
    let store = place.open();
    let ended = AtomicBool::new(false);
    let write = |writer: u64, store: ErasedStore| {
        move || {
            let agent = agent(writer)?;
            for round in 0..commits {
                // Larger and smaller commits, so that one begun later may end earlier.
                let padding = if writer.is_multiple_of(2) { 40 } else { 0 };
                let number = 1 + writer * 1_000_000 + round * 1000;
                let make = Make::by(number).happens(&agent, round * 2, 2);
                store.commit((0..padding).fold(make, |make, pad| make.creates(number + pad, 0)).changes())?;
            }
            Ok(())
        }
    };
    let read = |store: ErasedStore| {
        let ended = &ended;
        move || {
            let (mut seen, mut after) = (Seen::default(), 0);
            let mut looks = 0u32;
            while looks == 0 || (!ended.load(Ordering::SeqCst) && looks < 1_000_000) {
                read_on(&store, &mut after, 7, &mut seen)?;
                looks += 1;
            }
            read_on(&store, &mut after, 7, &mut seen)?;
            (0..writers).try_for_each(|writer| seen.all(Key::presence(&agent(writer)?), commits * 2))
        }
    };
    let running = std::sync::atomic::AtomicU64::new(writers);
    let counted = |writer: u64, store: ErasedStore| {
        let (write, running, ended) = (write(writer, store), &running, &ended);
        move || {
            let outcome = write();
            if running.fetch_sub(1, Ordering::SeqCst) == 1 {
                ended.store(true, Ordering::SeqCst);
            }
            outcome
        }
    };
    let mut works = vec![work(read(place.another(&store)))];
    works.extend((0..writers).map(|writer| work(counted(writer, place.another(&store)))));
    bench.together(works)?.into_iter().collect()
}
