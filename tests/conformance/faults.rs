//! Faults by seed: the same seed goes wrong in the same way, and in the way that was asked for.

use chrono::{TimeZone, Utc};
use outbound::engine::{Changes, Guard, Loaded, Reads, Write};
use outbound::memory::MemoryStore;
use outbound::model::{CommandId, ConversationId, Key, Kind};
use outbound::port::{CommitError, Store};
use outbound::record::{Record, SubjectUse, Version, Versioned};
use outbound::testing::faults::{FaultyStore, Odds};

fn key() -> Key {
    Key::from_bytes(Kind::Subject, [7; 16])
}

/// The n-th version of one record.
fn nth(version: u64) -> Changes {
    let command = CommandId::new(Utc.with_ymd_and_hms(2026, 3, 2, 9, 0, 0).unwrap(), [1; 10]);
    let record = Record::Subject(SubjectUse { key: key(), conversation: ConversationId::of(command) }.into());
    let guard = Guard { key: key(), version: (version > 1).then(|| Version(version - 1)) };
    let write = Write { key: key(), versioned: Versioned { version: Version(version), record } };
    Changes { command, guards: vec![guard], writes: vec![write], index: Vec::new(), events: Vec::new() }
}

fn version(store: &impl Store) -> u64 {
    let Loaded { records, .. } = store.load(&Reads { keys: vec![key()], queries: Vec::new() }).unwrap();
    records.first().and_then(|(_, found)| found.as_ref()).map_or(0, |versioned| versioned.version.0)
}

/// What became of fifty commits: the answer, and whether it was written.
fn fates(seed: u64, odds: Odds) -> Vec<(&'static str, bool)> {
    let store = FaultyStore::new(MemoryStore::new(), seed, odds);
    let mut fates = Vec::new();
    for _ in 0..50 {
        let before = version(store.inner());
        let answer = match store.commit(nth(before + 1)) {
            Ok(()) => "ok",
            Err(CommitError::Conflict) => "conflict",
            Err(CommitError::Unknown(_)) => "unknown",
            Err(CommitError::Failed(_)) => "failed",
        };
        fates.push((answer, version(store.inner()) > before));
    }
    fates
}

#[test]
fn the_same_seed_goes_wrong_in_the_same_way() {
    assert_eq!(fates(7, Odds::ROUGH), fates(7, Odds::ROUGH));
    assert_ne!(fates(7, Odds::ROUGH), fates(8, Odds::ROUGH));
}

#[test]
fn each_fault_is_what_it_is_called() {
    let always = [
        (Odds { conflict: 255, ..Odds::default() }, ("conflict", false)),
        (Odds { unknown_but_applied: 255, ..Odds::default() }, ("unknown", true)),
        (Odds { unknown_not_applied: 255, ..Odds::default() }, ("unknown", false)),
        (Odds { failed: 255, ..Odds::default() }, ("failed", false)),
    ];
    for (odds, fate) in always {
        let fates = fates(1, odds);
        let others = fates.iter().filter(|other| **other != fate).count();
        assert!(others <= 2, "{odds:?}: {fates:?}");
        assert!(fates.iter().all(|other| *other == fate || *other == ("ok", true)), "{odds:?}: {fates:?}");
    }
    assert!(fates(1, Odds::default()).iter().all(|fate| *fate == ("ok", true)));
}

#[test]
fn a_stale_load_was_true_once() {
    let store = FaultyStore::new(MemoryStore::new(), 3, Odds { stale: 128, ..Odds::default() });
    let (mut old, mut last) = (0, 0);
    for round in 1..=60 {
        store.commit(nth(round)).unwrap();
        let seen = version(&store);
        assert!(last <= seen && seen <= round, "{last} was seen, then {seen}, of {round}");
        old += u32::from(seen < round);
        last = seen;
    }
    assert!((10..50).contains(&old), "{old} of 60 loads were old");
}
