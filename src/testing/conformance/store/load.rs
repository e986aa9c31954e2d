//! Loading: every key answered, from one moment, as it was written.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::command::ReceiveMessage;
use crate::engine::Reads;
use crate::memory::MemoryStore;
use crate::model::{ConversationId, Key, Kind};
use crate::port::{ErasedStore, Store};
use crate::record::{Entry, Index, Query, Record};
use crate::testing::conformance::bench::{Bench, work};
use crate::testing::conformance::finding::{Finding, ensure};
use crate::testing::conformance::floor::Floor;
use crate::testing::conformance::made::{Make, answer, found, held, key, listed, load, small_now};
use crate::testing::conformance::story::tell;
use crate::testing::{events_of, world_of};

pub(in super::super) fn answers_every_key(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    store.commit(Make::by(1).creates(1, 10).creates(3, 30).changes())?;
    every_answer_is_right(&store, 5, |number| [1, 3].contains(&number).then_some(number * 10))
}

pub(in super::super) fn answers_many_keys(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    let many = (0..600).fold(Make::by(1), |make, number| make.creates(number * 2, number));
    store.commit(many.changes())?;
    every_answer_is_right(&store, 1200, |number| number.is_multiple_of(2).then_some(number / 2))
}

/// The first so many keys, asked for at once, are answered as expected.
fn every_answer_is_right(store: &ErasedStore, many: u64, expected: impl Fn(u64) -> Option<u64>) -> Result<(), Finding> {
    let loaded = load(store, (0..many).map(key))?;
    for number in 0..many {
        let found = answer(&loaded, key(number))?.and_then(|versioned| held(&versioned.record));
        let expected = expected(number);
        ensure!(found == expected, "record {number} was answered as {found:?}, and holds {expected:?}");
    }
    Ok(())
}

pub(in super::super) fn answers_every_query(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    let scope = |number: u128| ConversationId::from(uuid::Uuid::from_u128(number));
    store.commit(Make::by(1).creates(1, 1).adds(listed(scope(7), 1, key(1))).changes())?;
    let queries = vec![
        Query::transcript(scope(7), 5),
        Query::transcript(scope(8), 5),
        Query::records(Kind::Subject, 5),
        Query::records(Kind::Contact, 5),
    ];
    let reads = Reads { keys: vec![key(1), key(2)], queries };
    let loaded = store.load(&reads)?;
    let expected = [vec![listed(scope(7), 1, key(1))], vec![], vec![Entry::of_record(key(1))], vec![]];
    for (query, expected) in reads.queries.iter().zip(expected) {
        let found = found(&loaded, query)?;
        ensure!(found == expected, "{query:?} found {found:?}, and should find {expected:?}");
    }
    ensure!(answer(&loaded, key(1))?.is_some(), "a key that was asked for beside queries was not found");
    ensure!(answer(&loaded, key(2))?.is_none(), "a key without a record was answered with one");
    Ok(())
}

/// How many records are always written together.
const TOGETHER: u64 = 8;

pub(in super::super) fn sees_a_commit_whole(bench: &Bench<'_>) -> Result<(), Finding> {
    let place = bench.fresh();
    let store = place.open();
    let scope = ConversationId::from(uuid::Uuid::from_u128(1));
    let entry = |round: u64| listed(scope, i64::try_from(round).unwrap_or(0), key(0));
    let first = (0..TOGETHER).fold(Make::by(1), |make, number| make.creates(number, 0));
    store.commit(first.adds(entry(0)).changes())?;
    let (ended, looks) = (AtomicBool::new(false), AtomicU64::new(0));
    let write = || {
        // As long as it takes for the others to have looked often.
        let goes_on = |round: u64| round <= 60 || (round <= 3000 && looks.load(Ordering::SeqCst) < 200);
        let written = (1..).take_while(|round| goes_on(*round)).try_for_each(|round| {
            let make = Make::by(1 + round).removes(entry(round - 1)).adds(entry(round));
            let changes = (0..TOGETHER).fold(make, |make, number| make.replaces(number, round, round));
            store.commit(changes.changes()).map_err(Finding::from)
        });
        ended.store(true, Ordering::SeqCst);
        written
    };
    let watch = |store: ErasedStore| {
        let (ended, looks) = (&ended, &looks);
        move || {
            while looks.fetch_add(1, Ordering::SeqCst) < 1_000_000 {
                one_moment(&store, scope)?;
                if ended.load(Ordering::SeqCst) {
                    break;
                }
            }
            Ok(())
        }
    };
    let (one, other) = (place.another(&store), place.another(&store));
    bench.together(vec![work(write), work(watch(one)), work(watch(other))])?.into_iter().collect()
}

/// The records and the entry that are always written together say the same.
fn one_moment(store: &ErasedStore, scope: ConversationId) -> Result<(), Finding> {
    let query = Query::transcript(scope, 9);
    let loaded = store.load(&Reads { keys: (0..TOGETHER).map(key).collect(), queries: vec![query.clone()] })?;
    let mut rounds = BTreeSet::new();
    for number in 0..TOGETHER {
        rounds.insert(answer(&loaded, key(number))?.and_then(|versioned| held(&versioned.record)));
    }
    ensure!(rounds.len() == 1, "one load saw records of several moments: {rounds:?}");
    let entries: Vec<Option<u64>> =
        found(&loaded, &query)?.iter().map(|entry| u64::try_from(entry.order).ok()).collect();
    let same = entries.iter().eq(rounds.iter());
    ensure!(same, "one load saw records of the moment {rounds:?} and entries of {entries:?}");
    Ok(())
}

pub(in super::super) fn sees_what_was_committed(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    store.commit(Make::by(1).creates(1, 0).changes())?;
    for round in 1..20 {
        store.commit(Make::by(round + 1).replaces(1, round, round).changes())?;
        let seen = small_now(&store, 1)?;
        ensure!(seen == Some((round + 1, round)), "after commit {round} was answered, what is seen is {seen:?}");
    }
    Ok(())
}

pub(in super::super) fn does_not_write(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    load(&store, (0..10).map(key))?;
    let world = world_of(&store)?;
    ensure!(world.records().next().is_none(), "loading left records behind");
    ensure!(events_of(&store)?.is_empty(), "loading left events behind");
    store.commit((0..10).fold(Make::by(1), |make, number| make.creates(number, 1)).changes())?;
    Ok(())
}

pub(in super::super) fn gives_back_every_kind(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    tell(&Floor::staffed(store.clone())?)?;
    let memory = MemoryStore::new();
    tell(&Floor::staffed(ErasedStore::new(memory.clone()))?)?;
    let (world, expected) = (world_of(&store)?, memory.world());
    for kind in Kind::ALL {
        let told = expected.records().any(|versioned| versioned.record.key().kind() == kind);
        ensure!(told, "the suite is broken: its story has no record of the kind {}", kind.as_str());
    }
    for versioned in expected.records() {
        let key = versioned.record.key();
        let found = world.records().find(|found| found.record.key() == key);
        ensure!(found == Some(versioned), "{key} was committed as {versioned:?} and came back as {found:?}");
    }
    ensure!(world == expected, "there are records that nobody committed");
    let stream = |key: Key| key;
    let mut events = events_of(&store)?;
    let mut expected = memory.all_events();
    events.sort_by_key(|envelope| (stream(envelope.stream), envelope.sequence));
    expected.sort_by_key(|envelope| (stream(envelope.stream), envelope.sequence));
    ensure!(events == expected, "the events that came back are not those that were committed");
    Ok(())
}

pub(in super::super) fn gives_back_any_text(bench: &Bench<'_>) -> Result<(), Finding> {
    let texts = [
        "olá, ça va? Grüße, Ελληνικά, 日本語, العربية, עברית",
        "👩🏽\u{200d}🚀 𝔘𝔫𝔦 \u{10ffff} \u{feff}\u{202e}\u{2028} e\u{301} \u{e9}",
        r#"'; drop table records; -- "quoted" \back\slash \u0041 %s $1 ? :name {} null"#,
        " leading and trailing \t\r\n",
        "",
    ];
    texts.into_iter().try_for_each(|text| comes_back(bench, text))
}

pub(in super::super) fn gives_back_control_characters(bench: &Bench<'_>) -> Result<(), Finding> {
    let all: String = (0..=0x9f).filter_map(char::from_u32).collect();
    comes_back(bench, &all)
}

pub(in super::super) fn gives_back_long_texts(bench: &Bench<'_>) -> Result<(), Finding> {
    comes_back(bench, &"ação 😀 ".repeat(90_000))
}

/// A text that a customer wrote comes back as it was, to the record's reader and to the reader of events.
fn comes_back(bench: &Bench<'_>, text: &str) -> Result<(), Finding> {
    let floor = Floor::over(bench.fresh().open())?;
    let receive = ReceiveMessage::text("sms".try_into()?, "+351912345678", "in-1".try_into()?, text);
    let message = Key::message(floor.run(&receive)?.message);
    let loaded = load(floor.store(), [message])?;
    let Some(Record::Message(message)) = answer(&loaded, message)?.map(|versioned| &versioned.record) else {
        return Err(Finding::new("a message that was received is not there"));
    };
    let back = message.content().body.expose();
    if back != text {
        let place = back.chars().zip(text.chars()).position(|(one, other)| one != other);
        let (is, was) = (back.chars().count(), text.chars().count());
        return Err(Finding::new(format!(
            "a text of {was} characters came back with {is}; the first that differs is {place:?}"
        )));
    }
    let folded = crate::record::World::from_events(&events_of(floor.store())?);
    ensure!(folded.get(message.key()) == Some(&Record::Message(message.clone())), "its event does not say the same");
    Ok(())
}

pub(in super::super) fn gives_back_the_bounds_of_numbers(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    let edges = [[0; 16], [u8::MAX; 16]].map(|bytes| Key::from_bytes(Kind::Subject, bytes));
    let orders = [i64::MIN, -1, 0, i64::MAX];
    let scopes = [[0; 16], [u8::MAX; 16]];
    let mut make = Make::by(1);
    for key in edges {
        let conversation = ConversationId::from(uuid::Uuid::max());
        let record = Record::Subject(crate::record::SubjectUse { key, conversation }.into());
        make = make.writes(record, 0, 1);
        for scope in scopes {
            for order in orders {
                make = make.adds(Entry { index: Index::Transcript, scope, order, key });
            }
        }
    }
    store.commit(make.changes())?;
    let loaded = load(&store, edges)?;
    for key in edges {
        ensure!(answer(&loaded, key)?.is_some(), "the record under {key} did not come back");
    }
    for scope in scopes {
        let query = Query::transcript(ConversationId::from(uuid::Uuid::from_bytes(scope)), usize::MAX);
        let entries = crate::testing::conformance::made::find(&store, &query)?;
        let expected =
            orders.into_iter().flat_map(|order| edges.map(|key| Entry { index: Index::Transcript, scope, order, key }));
        ensure!(entries.iter().copied().eq(expected), "the entries of a scope came back as {entries:?}");
    }
    Ok(())
}
